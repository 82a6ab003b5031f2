"""What was decided, done and promised in a customer's conversations of late: two reads by index, no words of theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.conversation.events import Event
from warmline.conversation.repository import read_event
from warmline.conversation.tables import IDENTIFIED
from warmline.kit.crypto import Cipher

MOST_CONVERSATIONS, MOST_EVENTS = 20, 600
"""The newest conversations, and so many entries of them; more than that tells nothing more."""

_CONVERSATIONS = text(
    "(SELECT id, customer_id, last_at FROM conversation WHERE customer_id = ANY(:ids) AND last_at > :since)"
    " UNION SELECT c.id, c.customer_id, c.last_at FROM conversation_event e JOIN conversation c"
    f" ON c.id = e.conversation_id WHERE {IDENTIFIED} AND e.payload ->> 'identified_as' = ANY(:names)"
    " AND e.at > :since ORDER BY last_at DESC LIMIT :limit"
)
_KINDS = (
    "conversation.started", "conversation.reopened", "turn.decided", "action.taken", "callback.scheduled",
    "conversation.accepted", "conversation.handed_back",
)  # fmt: skip
_DECISIONS = text(
    "SELECT e.*, b.sealed, b.seq AS body_seq FROM conversation_event e"
    " LEFT JOIN message_body b ON b.conversation_id = e.conversation_id AND b.seq = e.seq"
    " WHERE e.conversation_id = ANY(:ids) AND e.at > :since AND e.type = ANY(:kinds)"
    " ORDER BY e.at DESC, e.seq DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation and whose it is."""

    id: UUID
    customer_id: UUID


async def list_conversations(
    connection: AsyncConnection, customer_ids: Collection[UUID], since: datetime
) -> list[Place]:
    """Return the conversations of these customers, or of whoever was shown to be one of them, newest first."""
    ids = list(customer_ids)
    names = [str(one) for one in ids]
    found = await connection.execute(
        _CONVERSATIONS, {"ids": ids, "names": names, "since": since, "limit": MOST_CONVERSATIONS}
    )
    return [Place(row.id, row.customer_id) for row in found.all()]


async def read_decisions(
    connection: AsyncConnection, places: Sequence[Place], since: datetime, ciphers: Mapping[UUID, Cipher]
) -> list[tuple[Place, list[Event]]]:
    """Return each conversation's entries of these kinds, oldest first."""
    if not places:
        return []
    wanted = {"ids": [one.id for one in places], "since": since, "kinds": list(_KINDS), "limit": MOST_EVENTS}
    rows = (await connection.execute(_DECISIONS, wanted)).all()
    logs: dict[UUID, list[Event]] = {one.id: [] for one in places}
    owners = {one.id: one.customer_id for one in places}
    for row in reversed(rows):
        logs[row.conversation_id].append(read_event(row, ciphers.get(owners[row.conversation_id])))
    return [(one, logs[one.id]) for one in places]
