"""a language that someone chose for their desk can be told from the one an account began with"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('staff_account', sa.Column('locale_chosen', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('staff_account', 'locale_chosen')
