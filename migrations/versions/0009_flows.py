"""flows: every version that was ever live, which one is, and drafts"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'flow',
        sa.Column('id', sa.String(length=60), nullable=False),
        sa.Column('live_version', sa.Integer(), nullable=True),
        sa.Column('draft', sa.Text(), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_by', sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_flow')),
    )
    op.create_table(
        'flow_version',
        sa.Column('flow_id', sa.String(length=60), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('published_by', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['flow_id'], ['flow.id'], name=op.f('fk_flow_version_flow_id_flow')),
        sa.PrimaryKeyConstraint('flow_id', 'version', name=op.f('pk_flow_version')),
    )


def downgrade() -> None:
    op.drop_table('flow_version')
    op.drop_table('flow')
