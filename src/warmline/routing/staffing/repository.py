"""The only SQL of staffing: when people came before people, and how long the latest of them waited and were served.

A conversation's id tells when it began (UUIDv7), so the index of these rare events bounds both reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST_OPEN = timedelta(days=28)
"""A conversation that began longer before than this is not looked for."""
LATEST = 2000

_COMING = (
    "e.type IN ('handoff.requested', 'callback.due') AND e.conversation_id >= :first AND e.at >= :since"
    " AND NOT EXISTS (SELECT FROM conversation_event n WHERE n.conversation_id = e.conversation_id"
    " AND n.seq IN (e.seq + 1, e.seq + 2) AND n.type = 'callback.scheduled' AND n.at = e.at)"
)
"""Who is given a time in the same breath comes before people when it is due."""
_ARRIVALS = text(
    "SELECT extract(epoch FROM date_bin('15 minutes', e.at, timestamptz 'epoch'))::bigint AS quarter, count(*)"
    f" FROM conversation_event e WHERE {_COMING} AND e.at < :until GROUP BY 1"
)
_CONTACTS = text(
    "SELECT extract(epoch FROM came.at)::float AS at, extract(epoch FROM met.at - came.at)::float AS waited,"
    " met.type = 'conversation.accepted' AS served, extract(epoch FROM done.at - met.at)::float AS service"
    f" FROM (SELECT conversation_id, seq, at FROM conversation_event e WHERE {_COMING}"
    f" ORDER BY conversation_id DESC, seq DESC LIMIT {LATEST}) came"
    " CROSS JOIN LATERAL (SELECT seq, at, type FROM conversation_event n WHERE n.conversation_id = came.conversation_id"
    " AND n.seq > came.seq AND n.type IN ('conversation.accepted', 'conversation.closed', 'callback.scheduled',"
    " 'conversation.handed_back') ORDER BY n.seq LIMIT 1) met"
    " LEFT JOIN LATERAL (SELECT at FROM conversation_event n WHERE met.type = 'conversation.accepted'"
    " AND n.conversation_id = came.conversation_id AND n.seq > met.seq AND n.type IN ('conversation.closed',"
    " 'conversation.handed_back', 'conversation.transferred', 'callback.scheduled') ORDER BY n.seq LIMIT 1) done"
    " ON true"
)


@dataclass(frozen=True, slots=True)
class PastContact:
    """Somebody who came before people: a `Contact`. Everybody queues, if only until an agent takes them."""

    at: float
    waited: float
    served: bool
    service: float
    server: str | None
    kind: str = ""
    priority: int = 0
    queued: bool = True


async def count_arrivals(connection: AsyncConnection, since: datetime, until: datetime) -> dict[int, int]:
    """Return how many came, by the start of the quarter of an hour in Unix seconds."""
    found = await connection.execute(_ARRIVALS, {"since": since, "until": until, "first": _first_id(since)})
    return {row.quarter: row[1] for row in found}


async def list_contacts(connection: AsyncConnection, since: datetime) -> list[PastContact]:
    """Return the latest who came and whose wait has ended; the service of who is still served is 0."""
    found = await connection.execute(_CONTACTS, {"since": since, "first": _first_id(since)})
    return [
        PastContact(row.at, max(0.0, row.waited), row.served, row.service or 0.0, "agent" if row.service else None)
        for row in found
    ]


def _first_id(since: datetime) -> UUID:
    """The least id a conversation begun then can have."""
    return UUID(int=int((since - LONGEST_OPEN).timestamp() * 1000) << 80)
