"""whoever waits has a rank: when they came, less the head start of what presses; `priority` is read no more"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

WAITING = sa.text("owner in ('queue', 'callback')")


def upgrade() -> None:
    op.alter_column('conversation', 'priority', server_default=sa.text('0'))
    urgency = sa.Column('urgency', sa.String(length=12), server_default='normal', nullable=False)
    op.add_column('conversation', urgency)
    op.add_column('conversation', sa.Column('rank_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE conversation SET rank_at = queued_at WHERE queued_at IS NOT NULL')
    _index('coalesce(rank_at, queued_at)')


def downgrade() -> None:
    _index('priority desc', 'queued_at')
    op.drop_column('conversation', 'rank_at')
    op.drop_column('conversation', 'urgency')
    op.alter_column('conversation', 'priority', server_default=None)


def _index(*by: str) -> None:
    op.drop_index('ix_conversation_waiting', 'conversation')
    order = [sa.text(one) for one in ('owner desc', 'front desc', *by, 'id')]
    op.create_index('ix_conversation_waiting', 'conversation', order, postgresql_where=WAITING)
