"""an open recap is known; a client id belongs to its speaker"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CLIENT_ID = 'uq_conversation_event_client_id'


def upgrade() -> None:
    op.add_column('conversation', sa.Column('recap_open', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE conversation c SET recap_open = true FROM (SELECT DISTINCT ON (conversation_id) conversation_id, type"
        " FROM conversation_event WHERE type IN ('recap.proposed', 'recap.answered')"
        " ORDER BY conversation_id, seq DESC) e WHERE e.conversation_id = c.id AND e.type = 'recap.proposed'"
    )
    op.drop_constraint(CLIENT_ID, 'conversation_event')
    op.create_index(
        CLIENT_ID,
        'conversation_event',
        ['conversation_id', 'client_id', 'author_id'],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text('client_id is not null'),
    )


def downgrade() -> None:
    op.drop_index(CLIENT_ID, 'conversation_event')
    op.create_unique_constraint(CLIENT_ID, 'conversation_event', ['conversation_id', 'client_id'])
    op.drop_column('conversation', 'recap_open')
