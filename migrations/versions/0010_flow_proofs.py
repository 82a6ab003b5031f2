"""flow_proofs: what was proved, by the digest of the text and of all it was proved with"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'flow_proof',
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('flow_id', sa.String(length=60), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('started_by', sa.String(length=80), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_flow_proof')),
    )


def downgrade() -> None:
    op.drop_table('flow_proof')
