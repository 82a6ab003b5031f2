"""levels of skills, languages, how many at once; why somebody is on a break; wrap-up"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('staff_skill', sa.Column('level', sa.SmallInteger(), server_default=sa.text('2'), nullable=False))
    reason = sa.Column('presence_reason', sa.String(length=40), server_default='', nullable=False)
    op.add_column('staff_account', reason)
    languages = sa.Column(
        'languages', postgresql.ARRAY(sa.String(length=10)), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column('staff_account', languages)
    op.add_column('staff_account', sa.Column('chats', sa.SmallInteger(), nullable=True))
    op.create_table(
        'agent_rest',
        sa.Column('staff_id', sa.Uuid(), nullable=False),
        sa.Column('freed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('free_from', sa.DateTime(timezone=True), nullable=False),
        sa.Column('pause_offered', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint('staff_id'),
    )


def downgrade() -> None:
    op.drop_table('agent_rest')
    for name in ('chats', 'languages', 'presence_reason'):
        op.drop_column('staff_account', name)
    op.drop_column('staff_skill', 'level')
