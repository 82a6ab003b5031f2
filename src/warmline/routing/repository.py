"""The only SQL of routing: presence of agents, who waits in which order, what handling took."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.routing.model import OnlineAgent
from warmline.routing.tables import agent_connection
from warmline.staff.model import Permission, can

_WAITING = text(
    "SELECT id, owner, skill, callback_due_at FROM conversation WHERE owner IN ('queue', 'callback')"
    " ORDER BY owner DESC, front DESC, priority DESC, queued_at LIMIT :limit"
)
_ONLINE = text(
    "SELECT s.roles, ARRAY(SELECT k.skill_id FROM staff_skill k WHERE k.staff_id = s.id) AS skills,"
    " (SELECT count(*) FROM conversation c WHERE c.owner = 'agent' AND c.agent_id = s.id) AS load"
    " FROM staff_account s WHERE s.presence = 'available' AND s.disabled_at IS NULL"
    " AND EXISTS (SELECT FROM agent_connection a WHERE a.staff_id = s.id AND a.seen_at > :since)"
)
_LOAD = text(
    "SELECT agent_id, count(*) FROM conversation WHERE owner = 'agent' AND agent_id = ANY(CAST(:ids AS uuid[]))"
    " GROUP BY agent_id"
)
_VANISHED = text(
    "SELECT c.id, c.agent_id, c.agent_name, c.locale FROM conversation c WHERE c.owner = 'agent'"
    " AND NOT EXISTS (SELECT FROM agent_connection a"
    " WHERE a.staff_id = c.agent_id AND a.seen_at > :since) LIMIT 200"
)
_QUEUED_GROUPS = text("SELECT DISTINCT skill FROM conversation WHERE owner = 'queue'")
_STRANDED = text(
    "SELECT id, locale, front FROM conversation WHERE owner = 'queue'"
    " AND coalesce(skill, '') = ANY(CAST(:groups AS text[])) ORDER BY queued_at LIMIT 200"
)
_DUE = text("SELECT id FROM conversation WHERE owner = 'callback' AND callback_due_at <= :now LIMIT 200")
_HANDLED = text(
    "SELECT extract(epoch FROM ended.at - e.at)::float FROM (SELECT conversation_id, seq, at FROM conversation_event"
    " WHERE type = 'conversation.accepted' ORDER BY xid DESC, position DESC LIMIT 200) e"
    " CROSS JOIN LATERAL (SELECT at FROM conversation_event n WHERE n.conversation_id = e.conversation_id"
    " AND n.seq > e.seq AND n.type IN ('conversation.closed', 'conversation.handed_back',"
    " 'conversation.transferred', 'callback.scheduled') ORDER BY n.seq LIMIT 1) ended"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the waiting order."""

    id: UUID
    owner: str
    skill: str | None
    callback_due_at: datetime | None


async def touch(connection: AsyncConnection, staff_ids: Collection[UUID], node: str, now: datetime) -> None:
    """Note that these agents are connected to `node` now."""
    if not staff_ids:
        return
    rows = [{"staff_id": staff_id, "node": node, "seen_at": now} for staff_id in sorted(staff_ids)]
    statement = insert(agent_connection).values(rows)
    keys = [agent_connection.c.staff_id, agent_connection.c.node]
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"seen_at": statement.excluded.seen_at})
    )


async def list_waiting(connection: AsyncConnection, *, limit: int = 10_000) -> list[Waiting]:
    """Return the waiting conversations, queue first, in the order in which they are served."""
    return [Waiting(*row) for row in (await connection.execute(_WAITING, {"limit": limit})).all()]


async def list_online(connection: AsyncConnection, since: datetime) -> list[OnlineAgent]:
    """Return the available agents who were seen after `since`."""
    rows = (await connection.execute(_ONLINE, {"since": since})).all()
    return [
        OnlineAgent(None if can(row.roles, Permission.CONVERSATIONS_SUPERVISE) else frozenset(row.skills), row.load)
        for row in rows
    ]


async def count_load(connection: AsyncConnection, staff_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many conversations each of these agents holds."""
    rows = (await connection.execute(_LOAD, {"ids": list(staff_ids)})).all()
    return {row[0]: row[1] for row in rows}


async def list_vanished(connection: AsyncConnection, since: datetime) -> list[Any]:
    """Return conversations whose agent was last seen before `since`."""
    return list((await connection.execute(_VANISHED, {"since": since})).all())


async def list_queued_groups(connection: AsyncConnection) -> list[str | None]:
    """Return the skill groups that anyone in the queue waits for; None for whoever waits for no group."""
    return [row.skill for row in (await connection.execute(_QUEUED_GROUPS)).all()]


async def list_queued(connection: AsyncConnection, groups: Collection[str | None]) -> list[Any]:
    """Return the conversations in the queue of these groups, longest first."""
    named = [group or "" for group in groups]
    return list((await connection.execute(_STRANDED, {"groups": named})).all())


async def list_due(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Return the callbacks whose time has come."""
    return [row.id for row in (await connection.execute(_DUE, {"now": now})).all()]


async def list_handle_seconds(connection: AsyncConnection) -> list[float]:
    """Return how long the most recent conversations with agents took."""
    return [row[0] for row in (await connection.execute(_HANDLED)).all()]
