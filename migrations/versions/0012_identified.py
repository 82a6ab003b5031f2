"""conversations by whom their customer was shown to be, for what was said before"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

IDENTIFIED = sa.text("type = 'turn.decided' and payload ? 'identified_as'")


def upgrade() -> None:
    columns = [sa.text("(payload ->> 'identified_as')"), 'at']
    op.create_index('ix_conversation_event_identified', 'conversation_event', columns, postgresql_where=IDENTIFIED)


def downgrade() -> None:
    op.drop_index('ix_conversation_event_identified', 'conversation_event')
