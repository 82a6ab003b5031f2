"""what clients of the erased called their messages may hold words, and goes as these did"""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE conversation_event e SET client_id = '~' || e.seq,"
        " payload = e.payload || jsonb_build_object('client_id', '~' || e.seq)"
        " FROM conversation c WHERE c.id = e.conversation_id AND c.erased AND e.client_id NOT LIKE '~%'"
    )


def downgrade() -> None:
    """What is gone is gone."""
