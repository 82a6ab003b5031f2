"""colleagues beside a conversation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

SOMEBODY = sa.text("beside <> '[]'")


def upgrade() -> None:
    beside = sa.Column('beside', postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
    op.add_column('conversation', beside)
    op.add_column('conversation', sa.Column('watch_told', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_index(
        'ix_conversation_beside', 'conversation', ['beside'], postgresql_using='gin', postgresql_where=SOMEBODY
    )


def downgrade() -> None:
    op.drop_index('ix_conversation_beside', 'conversation')
    op.drop_column('conversation', 'watch_told')
    op.drop_column('conversation', 'beside')
