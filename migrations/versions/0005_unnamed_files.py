"""files that no message came to name can be told from the others"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attachment', sa.Column('named', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index('ix_attachment_unnamed', 'attachment', ['created_at'], postgresql_where=sa.text('not named'))


def downgrade() -> None:
    op.drop_index('ix_attachment_unnamed', 'attachment')
    op.drop_column('attachment', 'named')
