"""whoever was erased before erasing ended their conversations waits for nobody"""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

# What NoteErasure appends, and the row as the fold of it: the words are gone, and so is who they were from.
_END = """
WITH gone AS (
  SELECT c.id, c.last_seq, c.owner <> 'closed' AS is_open, NOT EXISTS (
    SELECT FROM conversation_event e WHERE e.conversation_id = c.id AND e.type = 'words.erased'
  ) AS unsaid
  FROM conversation c
  WHERE NOT c.erased AND (
    c.customer_id IN (SELECT id FROM customer WHERE erased_at IS NOT NULL)
    OR c.id IN (SELECT conversation_id FROM conversation_event WHERE type = 'words.erased')
  )
  FOR UPDATE
), closed AS (
  INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)
  SELECT id, last_seq + 1, 'conversation.closed', 'system', 'all', '{"owner": "closed", "reason": "erased"}', now()
  FROM gone WHERE is_open
), erased AS (
  INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)
  SELECT id, last_seq + is_open::int + 1, 'words.erased', 'system', 'all', '{}', now() FROM gone WHERE unsaid
)
UPDATE conversation c SET
  erased = true, owner = 'closed', agent_id = NULL, agent_name = NULL, queued_at = NULL, front = false,
  callback_due_at = NULL, human_requested = false, human_requested_at = NULL, unanswered_seq = NULL,
  reply_due_at = NULL, last_seq = c.last_seq + gone.is_open::int + gone.unsaid::int,
  last_at = CASE WHEN gone.is_open OR gone.unsaid THEN now() ELSE c.last_at END,
  outcome = CASE WHEN gone.is_open THEN NULL ELSE c.outcome END,
  closed_at = CASE WHEN gone.is_open THEN now() ELSE c.closed_at END
FROM gone WHERE c.id = gone.id
"""


def upgrade() -> None:
    op.execute(_END)


def downgrade() -> None:
    """What was said is said."""
