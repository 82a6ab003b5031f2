"""cases and promises"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_conversation',
    sa.Column('case_id', sa.UUID(), nullable=False),
    sa.Column('conversation_id', sa.UUID(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('case_id', 'conversation_id', name=op.f('pk_case_conversation'))
    )
    op.create_index('ix_case_conversation_conversation', 'case_conversation', ['conversation_id'], unique=False)
    op.create_table('case_count',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_case_count'))
    )
    op.create_table('case_cursor',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('xid', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_case_cursor'))
    )
    op.create_table('case_event',
    sa.Column('subject_id', sa.UUID(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.UUID(), nullable=False),
    sa.Column('type', sa.String(length=40), nullable=False),
    sa.Column('by_id', sa.UUID(), nullable=True),
    sa.Column('by_name', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('subject_id', 'seq', name=op.f('pk_case_event'))
    )
    op.create_index(op.f('ix_case_event_customer_id'), 'case_event', ['customer_id'], unique=False)
    op.create_table('case_file',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.UUID(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('owner_id', sa.UUID(), nullable=True),
    sa.Column('owner_name', sa.Text(), nullable=True),
    sa.Column('skill', sa.String(length=60), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.UUID(), nullable=True),
    sa.Column('opened_by_name', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.UUID(), nullable=True),
    sa.Column('changed_by_name', sa.Text(), nullable=True),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('number', name=op.f('uq_case_file_number'))
    )
    op.create_index('ix_case_file_changed', 'case_file', ['changed_at'], unique=False)
    op.create_index('ix_case_file_customer', 'case_file', ['customer_id', 'opened_at'], unique=False)
    op.create_index('ix_case_file_owner', 'case_file', ['owner_id'], unique=False, postgresql_where=sa.text("status in ('open', 'in_progress', 'waiting_customer')"))
    op.create_index('ix_case_file_running', 'case_file', ['due_at'], unique=False, postgresql_where=sa.text("status in ('open', 'in_progress', 'waiting_customer')"))
    op.create_table('promise',
    sa.Column('id', sa.UUID(), nullable=False),
    sa.Column('customer_id', sa.UUID(), nullable=False),
    sa.Column('conversation_id', sa.UUID(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.UUID(), nullable=True),
    sa.Column('promiser', sa.String(length=20), nullable=False),
    sa.Column('owner_id', sa.UUID(), nullable=True),
    sa.Column('owner_name', sa.Text(), nullable=True),
    sa.Column('skill', sa.String(length=60), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('breaks_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('whole_day', sa.Boolean(), nullable=False),
    sa.Column('callback', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.UUID(), nullable=True),
    sa.Column('changed_by_name', sa.Text(), nullable=True),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise'))
    )
    op.create_index('ix_promise_breaking', 'promise', ['breaks_at'], unique=False, postgresql_where=sa.text("status = 'confirmed'"))
    op.create_index('ix_promise_case', 'promise', ['case_id'], unique=False, postgresql_where=sa.text('case_id is not null'))
    op.create_index('ix_promise_customer', 'promise', ['customer_id', 'due_at'], unique=False)
    op.create_index('ix_promise_owed', 'promise', ['due_at'], unique=False, postgresql_where=sa.text("status in ('proposed', 'confirmed') or (status = 'broken' and done_at is null)"))
    op.create_index('ix_promise_reminding', 'promise', ['remind_at'], unique=False, postgresql_where=sa.text("status = 'confirmed' and reminded_at is null"))
    op.create_index('uq_promise_source', 'promise', ['conversation_id', 'seq', 'place'], unique=True)


def downgrade() -> None:
    op.drop_index('uq_promise_source', table_name='promise')
    op.drop_index('ix_promise_reminding', table_name='promise', postgresql_where=sa.text("status = 'confirmed' and reminded_at is null"))
    op.drop_index('ix_promise_owed', table_name='promise', postgresql_where=sa.text("status in ('proposed', 'confirmed') or (status = 'broken' and done_at is null)"))
    op.drop_index('ix_promise_customer', table_name='promise')
    op.drop_index('ix_promise_case', table_name='promise', postgresql_where=sa.text('case_id is not null'))
    op.drop_index('ix_promise_breaking', table_name='promise', postgresql_where=sa.text("status = 'confirmed'"))
    op.drop_table('promise')
    op.drop_index('ix_case_file_running', table_name='case_file', postgresql_where=sa.text("status in ('open', 'in_progress', 'waiting_customer')"))
    op.drop_index('ix_case_file_owner', table_name='case_file', postgresql_where=sa.text("status in ('open', 'in_progress', 'waiting_customer')"))
    op.drop_index('ix_case_file_customer', table_name='case_file')
    op.drop_index('ix_case_file_changed', table_name='case_file')
    op.drop_table('case_file')
    op.drop_index(op.f('ix_case_event_customer_id'), table_name='case_event')
    op.drop_table('case_event')
    op.drop_table('case_cursor')
    op.drop_table('case_count')
    op.drop_index('ix_case_conversation_conversation', table_name='case_conversation')
    op.drop_table('case_conversation')
