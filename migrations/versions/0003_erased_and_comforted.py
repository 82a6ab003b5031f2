"""an erased customer's conversation is known to be over; sentences of comfort said are kept with the state"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('conversation', sa.Column('erased', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        'conversation',
        sa.Column('comforted', postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.execute(
        "UPDATE conversation SET erased = true WHERE owner = 'closed'"
        " AND id IN (SELECT conversation_id FROM conversation_event WHERE type = 'words.erased')"
    )


def downgrade() -> None:
    op.drop_column('conversation', 'comforted')
    op.drop_column('conversation', 'erased')
