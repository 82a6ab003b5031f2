"""The only SQL of routing: presence of agents, who waits in which order, what handling took."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.conversation.tables import HELD, SERVING_SQL, WAITING
from warmline.routing.model import CHATS_PER_AGENT, OnlineAgent
from warmline.staff.model import Permission, can

PAGE = 200
"""Rows read at a time."""
BATCH = 1000
"""Conversations that one round of a sweep takes up."""
LOG_PAGE = 20_000
"""Entries of the log read at a time, of which the changes of owner are kept."""

_SEEN = "seen_at > now() - CAST(:within AS interval)"
"""By the database's clock, which also writes `seen_at`: the clocks of two nodes are never compared."""
_TOUCH = text(
    "INSERT INTO agent_connection (staff_id, node, seen_at) SELECT id, :node, now()"
    " FROM unnest(CAST(:ids AS uuid[])) AS seen(id) ORDER BY id"
    " ON CONFLICT (staff_id, node) DO UPDATE SET seen_at = excluded.seen_at"
)
_FORGET = text("DELETE FROM agent_connection WHERE seen_at < now() - interval '1 day'")
_WAITING_GROUPS = text(f"SELECT DISTINCT skill FROM conversation WHERE {WAITING}")
_PLACES = text(
    "SELECT id, owner, place.skill, callback_due_at, ahead, urgency FROM (SELECT id, owner, conversation.skill,"
    f" callback_due_at, urgency, line, row_number() OVER (PARTITION BY line ORDER BY {SERVING_SQL}) - 1 AS ahead"
    " FROM conversation JOIN unnest(CAST(:lines AS int[]), CAST(:members AS text[])) AS member(line, skill)"
    f" ON member.skill = coalesce(conversation.skill, '') WHERE {WAITING}) place"
    " JOIN unnest(CAST(:own AS int[]), CAST(:groups AS text[])) AS mine(line, skill)"
    " ON mine.line = place.line AND mine.skill = coalesce(place.skill, '') WHERE id = ANY(CAST(:ids AS uuid[]))"
)
_ONLINE = text(
    "SELECT s.roles, s.chats, ARRAY(SELECT k.skill_id FROM staff_skill k WHERE k.staff_id = s.id) AS skills,"
    " (SELECT count(*) FROM conversation c WHERE c.owner = 'agent' AND c.agent_id = s.id) AS load"
    " FROM staff_account s WHERE s.presence = 'available' AND s.disabled_at IS NULL"
    f" AND EXISTS (SELECT FROM agent_connection a WHERE a.staff_id = s.id AND {_SEEN})"
)
_GROUPS = text("SELECT id FROM skill_group")
_BEFORE_PEOPLE = text(f"SELECT count(*) FROM conversation WHERE ({WAITING} OR {HELD}) AND conversation.skill = :skill")
_CONNECTED = text(
    f"SELECT DISTINCT staff_id FROM agent_connection WHERE staff_id = ANY(CAST(:ids AS uuid[])) AND {_SEEN}"
)
_LOAD = text(
    "SELECT agent_id, count(*) FROM conversation WHERE owner = 'agent' AND agent_id = ANY(CAST(:ids AS uuid[]))"
    " GROUP BY agent_id"
)
_VANISHED = text(
    "SELECT c.id, c.agent_id, c.agent_name, c.locale FROM conversation c WHERE c.owner = 'agent'"
    f" AND NOT EXISTS (SELECT FROM agent_connection a WHERE a.staff_id = c.agent_id AND {_SEEN})"
    f" ORDER BY c.queued_at LIMIT {BATCH}"
)
_BESIDE = text(
    "SELECT c.id, c.locale, c.agent_name, CAST(b ->> 'id' AS uuid) AS agent_id, b ->> 'name' AS name"
    f" FROM conversation c CROSS JOIN LATERAL jsonb_array_elements(c.beside) b WHERE c.beside <> '[]' LIMIT {BATCH}"
)
_QUEUED_GROUPS = text("SELECT DISTINCT skill FROM conversation WHERE owner = 'queue'")
_STRANDED = text(
    "SELECT id, locale, CASE WHEN front THEN (SELECT e.type FROM conversation_event e WHERE e.conversation_id = id"
    " AND e.type IN ('agent.vanished', 'conversation.transferred', 'callback.due') ORDER BY e.seq DESC LIMIT 1) END"
    " AS promised_by FROM conversation WHERE owner = 'queue'"
    f" AND coalesce(skill, '') = ANY(CAST(:groups AS text[])) ORDER BY {SERVING_SQL} LIMIT {PAGE}"
)
_DUE = text(
    "SELECT id FROM conversation WHERE owner = 'callback' AND callback_due_at <= :now"
    f" ORDER BY callback_due_at LIMIT {BATCH}"
)
_PROMISED = text(
    "SELECT id, skill, callback_due_at FROM conversation WHERE owner = 'callback' AND callback_due_at <= :until"
    f" ORDER BY callback_due_at, queued_at LIMIT {BATCH}"
)
_QUEUED_COUNTS = text("SELECT skill, count(*) FROM conversation WHERE owner = 'queue' GROUP BY skill")
_HANDLED = text(
    "SELECT extract(epoch FROM ended.at - e.at)::float FROM (SELECT conversation_id, seq, at FROM conversation_event"
    " WHERE type = 'conversation.accepted' ORDER BY xid DESC, position DESC LIMIT 200) e"
    " CROSS JOIN LATERAL (SELECT at FROM conversation_event n WHERE n.conversation_id = e.conversation_id"
    " AND n.seq > e.seq AND n.type IN ('conversation.closed', 'conversation.handed_back',"
    " 'conversation.transferred', 'callback.scheduled') ORDER BY n.seq LIMIT 1) ended"
)
_LOG_START = text(
    "SELECT CAST(CAST(xid AS text) AS bigint), position FROM conversation_event"
    " ORDER BY xid DESC, position DESC OFFSET :back LIMIT 1"
)
_TURNED = text(
    "WITH page AS MATERIALIZED (SELECT xid, position, conversation_id, type, payload, at FROM conversation_event"
    " WHERE (xid, position) > (CAST(CAST(:xid AS text) AS xid8), :position)"
    " AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, position LIMIT :page)"
    " SELECT CAST(CAST(xid AS text) AS bigint) AS xid, position, conversation_id, payload ->> 'owner' AS owner,"
    " coalesce(payload ->> 'skill', c.skill, '') AS skill, CASE WHEN type = 'handoff.requested'"
    " THEN coalesce(payload ->> 'urgency', 'normal') ELSE 'front' END AS urgency,"
    " payload ->> 'agent_id' AS agent_id, extract(epoch FROM at)::float AS at"
    " FROM page JOIN conversation c ON c.id = conversation_id WHERE payload ? 'owner'"
    " OR (xid, position) = (SELECT xid, position FROM page ORDER BY xid DESC, position DESC LIMIT 1)"
    " ORDER BY page.xid, position"
)


@dataclass(frozen=True, slots=True)
class Turned:
    """A conversation came to another owner, `at` seconds of the epoch. `urgency` is `front` for who goes first."""

    id: UUID
    owner: str
    skill: str
    urgency: str
    agent_id: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits, with `ahead` before it in its line."""

    id: UUID
    owner: str
    skill: str | None
    callback_due_at: datetime | None
    ahead: int
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class Vanished:
    """A conversation whose agent is gone."""

    id: UUID
    agent_id: UUID
    agent_name: str
    locale: str


async def touch(connection: AsyncConnection, staff_ids: Collection[UUID], node: str) -> None:
    """Note that these agents are connected to `node` now."""
    if staff_ids:
        await connection.execute(_TOUCH, {"ids": list(staff_ids), "node": node})


async def forget_connections(connection: AsyncConnection) -> int:
    """Delete what was last seen over a day ago, such as connections to nodes that are no more; return how many."""
    return (await connection.execute(_FORGET)).rowcount


async def list_waiting_groups(connection: AsyncConnection) -> list[str | None]:
    """Return the skill groups that anyone waits for, in the queue or for a callback; None for whoever needs none."""
    return [row.skill for row in (await connection.execute(_WAITING_GROUPS)).all()]


async def list_places(
    connection: AsyncConnection, lines: Mapping[str | None, frozenset[str | None]], ids: Collection[UUID]
) -> AsyncIterator[list[Waiting]]:
    """Yield, a page at a time, those of `ids` who wait; `lines` says with which groups each stands in line."""
    numbers = {line: number for number, line in enumerate(set(lines.values()))}
    members = [(number, group or "") for line, number in numbers.items() for group in line]
    own = [(numbers[line], group or "") for group, line in lines.items()]
    parameters = {
        "ids": list(ids),
        "lines": [number for number, _ in members],
        "members": [group for _, group in members],
        "own": [number for number, _ in own],
        "groups": [group for _, group in own],
    }
    # A cursor, page by page: reading thousands of rows at once would hold up the event loop.
    result = await connection.stream(_PLACES, parameters, execution_options={"yield_per": PAGE})
    async for rows in result.partitions(PAGE):
        yield [Waiting(*row) for row in rows]


async def list_online(connection: AsyncConnection, within: timedelta) -> list[OnlineAgent]:
    """Return the available agents who were seen `within` that time."""
    rows = (await connection.execute(_ONLINE, {"within": within})).all()
    return [
        OnlineAgent(
            None if can(row.roles, Permission.CONVERSATIONS_SUPERVISE) else frozenset(row.skills),
            row.load,
            row.chats or CHATS_PER_AGENT,
        )
        for row in rows
    ]


async def list_groups(connection: AsyncConnection) -> frozenset[str]:
    """Return the skill groups there are."""
    return frozenset((await connection.execute(_GROUPS)).scalars())


async def count_before_people(connection: AsyncConnection, skill: str) -> int:
    """Return how many conversations wait for this group, or are with an agent for it."""
    return int((await connection.execute(_BEFORE_PEOPLE, {"skill": skill})).scalar_one())


async def list_connected(connection: AsyncConnection, staff_ids: Collection[UUID], within: timedelta) -> set[UUID]:
    """Return which of these agents were seen `within` that time, on any node."""
    found = await connection.execute(_CONNECTED, {"ids": list(staff_ids), "within": within})
    return {row.staff_id for row in found}


async def count_load(connection: AsyncConnection, staff_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many conversations each of these agents holds."""
    rows = (await connection.execute(_LOAD, {"ids": list(staff_ids)})).all()
    return {row[0]: row[1] for row in rows}


async def list_vanished(connection: AsyncConnection, within: timedelta) -> list[Vanished]:
    """Return conversations whose agent was not seen `within` that time."""
    return [Vanished(*row) for row in (await connection.execute(_VANISHED, {"within": within})).all()]


async def list_beside(connection: AsyncConnection) -> list[Any]:
    """Return who is beside a conversation. Columns: id, locale, agent_name (who has it), agent_id, name."""
    return list((await connection.execute(_BESIDE)).all())


async def list_queued_groups(connection: AsyncConnection) -> list[str | None]:
    """Return the skill groups that anyone in the queue waits for; None for whoever waits for no group."""
    return [row.skill for row in (await connection.execute(_QUEUED_GROUPS)).all()]


async def list_queued(connection: AsyncConnection, groups: Collection[str | None]) -> list[Any]:
    """Return the conversations in the queue of these groups, in the order of serving.

    Columns: id, locale, `promised_by`: what brought them to the front, and told the customer that somebody would come.
    """
    named = [group or "" for group in groups]
    return list((await connection.execute(_STRANDED, {"groups": named})).all())


async def list_due(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Return the callbacks whose time has come."""
    return [row.id for row in (await connection.execute(_DUE, {"now": now})).all()]


async def list_promised(connection: AsyncConnection, until: datetime) -> list[Any]:
    """Return the callbacks due until then, the soonest first. Columns: id, skill, callback_due_at."""
    return list((await connection.execute(_PROMISED, {"until": until})).all())


async def count_queued(connection: AsyncConnection) -> dict[str | None, int]:
    """Return how many wait in the queue, by skill group; None for whoever waits for no group."""
    return {row[0]: row[1] for row in (await connection.execute(_QUEUED_COUNTS)).all()}


async def list_handle_seconds(connection: AsyncConnection) -> list[float]:
    """Return how long the most recent conversations with agents took."""
    return [row[0] for row in (await connection.execute(_HANDLED)).all()]


async def find_log_start(connection: AsyncConnection, back: int) -> tuple[int, int]:
    """Return the cursor `back` entries before the log's end, or before its beginning."""
    row = (await connection.execute(_LOG_START, {"back": back})).first()
    return (int(row[0]), int(row[1])) if row else (0, 0)


async def list_turned(connection: AsyncConnection, cursor: tuple[int, int]) -> tuple[list[Turned], tuple[int, int]]:
    """Return the changes of owner in the next `LOG_PAGE` entries that nothing can still precede, and the new cursor."""
    parameters = {"xid": str(cursor[0]), "position": cursor[1], "page": LOG_PAGE}
    rows = (await connection.execute(_TURNED, parameters)).all()
    turned = [Turned(*row[2:]) for row in rows if row.owner is not None]
    return turned, (rows[-1].xid, rows[-1].position) if rows else cursor
