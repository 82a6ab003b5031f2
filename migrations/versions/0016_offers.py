"""who waits is offered to one agent at a time; who passed is known"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

OFFERED = sa.text('offered_to is not null')


def upgrade() -> None:
    op.add_column('conversation', sa.Column('offered_to', sa.Uuid(), nullable=True))
    op.add_column('conversation', sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True))
    passed_by = sa.Column('passed_by', postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False)
    op.add_column('conversation', passed_by)
    op.add_column('conversation', sa.Column('passed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_conversation_offered', 'conversation', ['offered_to'], postgresql_where=OFFERED)


def downgrade() -> None:
    op.drop_index('ix_conversation_offered', 'conversation')
    for name in ('passed_at', 'passed_by', 'offered_until', 'offered_to'):
        op.drop_column('conversation', name)
