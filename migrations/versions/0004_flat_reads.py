"""what desks, waits and the gaps read comes from an index in its order, however long the history"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

WAITING = sa.text("owner in ('queue', 'callback')")
TURNING = sa.text(
    "type in ('handoff.requested', 'agent.vanished', 'conversation.transferred', 'callback.due',"
    " 'callback.scheduled', 'conversation.closed', 'conversation.handed_back')"
)
ACCEPTED = sa.text("type = 'conversation.accepted'")
MISSED = sa.text(
    "type = 'turn.decided' and (payload ->> 'decision' = 'offer_human' or payload ->> 'reason' like 'not\\_known%')"
)


def upgrade() -> None:
    op.drop_index('ix_conversation_waiting', 'conversation')
    order = [sa.text('owner desc'), sa.text('front desc'), sa.text('priority desc'), 'queued_at', 'id']
    op.create_index('ix_conversation_waiting', 'conversation', order, postgresql_where=WAITING)
    events = 'conversation_event'
    op.create_index('ix_conversation_event_turning', events, ['conversation_id', 'seq'], postgresql_where=TURNING)
    op.create_index('ix_conversation_event_accepted', events, ['xid', 'position'], postgresql_where=ACCEPTED)
    op.create_index('ix_conversation_event_missed', events, ['at'], postgresql_where=MISSED)


def downgrade() -> None:
    for name in ('missed', 'accepted', 'turning'):
        op.drop_index(f'ix_conversation_event_{name}', 'conversation_event')
    op.drop_index('ix_conversation_waiting', 'conversation')
    op.create_index('ix_conversation_waiting', 'conversation', ['queued_at'], postgresql_where=WAITING)
