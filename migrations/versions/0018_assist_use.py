"""what became of suggestions, and what worked before"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

WORKED = sa.text(
    "type = 'conversation.closed' and payload ->> 'outcome' = 'solved'"
    " or type = 'recap.answered' and payload ->> 'agreed' = 'true' or type = 'feedback.given' and payload ->> 'value' = 'up'"
)


def upgrade() -> None:
    op.create_table(
        'assist_use',
        sa.Column('conversation_id', sa.UUID(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('ref', sa.String(length=80), nullable=False),
        sa.Column('origin', sa.String(length=12), nullable=False),
        sa.Column('outcome', sa.String(length=10), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('conversation_id', 'seq', 'ref', name=op.f('pk_assist_use')),
    )
    op.create_index('ix_assist_use_ref', 'assist_use', ['ref', 'at'])
    op.create_index('ix_conversation_event_worked', 'conversation_event', ['at'], postgresql_where=WORKED)


def downgrade() -> None:
    op.drop_index('ix_conversation_event_worked', 'conversation_event')
    op.drop_table('assist_use')
