"""The only SQL of the wall: a bounded set of reads, whatever the history is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.conversation.events import Urgency
from warmline.conversation.tables import HELD, SERVING_SQL, WAITING
from warmline.routing.inbox import FEELINGS, FELT_WITHIN
from warmline.routing.model import CHATS_PER_AGENT
from warmline.routing.wall.figures import Contact, Felt, Met, Seat
from warmline.staff.model import Permission, Presence, Role, can

LONGEST_OPEN = timedelta(days=7)
"""Of today's arrivals, those in a conversation that began longer ago are not looked for."""
MOST_CONTACTS = 20_000
"""On a day with more, the figures are those of the latest."""
LOOKED_AT = 500
"""Feelings are read of so many who wait, the next served first, and so many with agents, the latest first."""
PAGE = 500

_LINES = text(
    "SELECT owner, coalesce(skill, '') AS skill, channel, urgency, count(*) AS count, min(queued_at) AS since"
    f" FROM conversation WHERE {WAITING} OR {HELD} GROUP BY 1, 2, 3, 4"
)
_SEATS = text(
    "SELECT s.roles, s.presence, s.presence_reason, s.chats,"
    " EXISTS (SELECT FROM staff_skill k WHERE k.staff_id = s.id) AS skilled,"
    " EXISTS (SELECT FROM agent_connection a WHERE a.staff_id = s.id"
    " AND a.seen_at > now() - CAST(:within AS interval)) AS seen,"
    " EXISTS (SELECT FROM agent_rest r WHERE r.staff_id = s.id AND r.free_from > :now) AS wrapping_up,"
    " EXISTS (SELECT FROM conversation c WHERE c.offered_to = s.id AND c.offered_to IS NOT NULL) AS offered,"
    " (SELECT count(*) FROM conversation c WHERE c.owner = 'agent' AND c.agent_id = s.id) AS load"
    " FROM staff_account s WHERE s.disabled_at IS NULL"
)
_CALLBACKS = text(
    "SELECT id, callback_due_at <= :now AS late FROM conversation WHERE owner = 'callback'"
    f" AND callback_due_at <= :until ORDER BY callback_due_at LIMIT {LOOKED_AT}"
)
_COLUMNS = "id, customer_id, owner, skill, channel, agent_name, elder, urgency, queued_at, last_seq"
_OPEN = text(
    f"(SELECT {_COLUMNS} FROM conversation WHERE {WAITING} AND queued_at IS NOT NULL"
    f" ORDER BY {SERVING_SQL} LIMIT {LOOKED_AT})"
    f" UNION ALL (SELECT {_COLUMNS} FROM conversation WHERE {HELD} AND queued_at IS NOT NULL"
    f" ORDER BY queued_at DESC LIMIT {LOOKED_AT})"
)
_CONTACTS = text(
    "SELECT extract(epoch FROM came.at)::float AS at, coalesce(came.skill, c.skill, '') AS skill, met.type AS met,"
    " extract(epoch FROM coalesce(met.at, :now) - came.at)::float AS waited,"
    " extract(epoch FROM said.at - came.at)::float AS to_human"
    " FROM (SELECT conversation_id, seq, at, payload ->> 'skill' AS skill FROM conversation_event e"
    " WHERE e.type IN ('handoff.requested', 'callback.due') AND e.conversation_id >= :first AND e.at >= :since"
    " AND NOT EXISTS (SELECT FROM conversation_event n WHERE n.conversation_id = e.conversation_id"
    " AND n.seq IN (e.seq + 1, e.seq + 2) AND n.type = 'callback.scheduled' AND n.at = e.at)"
    f" ORDER BY conversation_id DESC, seq DESC LIMIT {MOST_CONTACTS}) came"
    " LEFT JOIN conversation c ON c.id = came.conversation_id"
    " LEFT JOIN LATERAL (SELECT seq, at, type FROM conversation_event n WHERE n.conversation_id = came.conversation_id"
    " AND n.seq > came.seq AND n.type IN ('conversation.accepted', 'conversation.closed', 'callback.scheduled',"
    " 'conversation.handed_back') ORDER BY n.seq LIMIT 1) met ON true"
    " LEFT JOIN LATERAL (SELECT at FROM conversation_event n WHERE met.type = 'conversation.accepted'"
    " AND n.conversation_id = came.conversation_id AND n.seq > met.seq AND n.type = 'message.posted'"
    " AND n.author = 'agent' ORDER BY n.seq LIMIT 1) said ON true"
)
"""Who is given a time in the same breath comes before people when it is due."""
_MET: dict[str, Met] = {
    "conversation.accepted": "answered",
    "callback.scheduled": "later",
    "conversation.closed": "abandoned",
    "conversation.handed_back": "abandoned",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """So many conversations that stand alike: who owns them, the group, the channel, what presses."""

    owner: str
    skill: str
    channel: str
    urgency: str
    count: int
    since: datetime | None


async def list_lines(connection: AsyncConnection) -> list[Standing]:
    """Return how many wait or are with an agent, by group, channel and urgency."""
    return [Standing(*row) for row in (await connection.execute(_LINES)).all()]


async def list_seats(connection: AsyncConnection, now: datetime, within: timedelta) -> list[Seat]:
    """Return how those stand who serve customers, by role or by a skill."""
    rows = (await connection.execute(_SEATS, {"now": now, "within": within})).all()
    return [
        Seat(
            Presence(row.presence), row.presence_reason, row.seen, row.load, row.chats or CHATS_PER_AGENT,
            row.offered, row.wrapping_up,
        )
        for row in rows
        if (row.skilled or Role.AGENT in row.roles) and can(row.roles, Permission.CONVERSATIONS_SERVE)
    ]  # fmt: skip


async def list_callbacks(connection: AsyncConnection, now: datetime, until: datetime) -> list[tuple[UUID, bool]]:
    """Return the callbacks due until then, and whether their time has gone by."""
    rows = (await connection.execute(_CALLBACKS, {"now": now, "until": until})).all()
    return [(row.id, row.late) for row in rows]


async def list_felt(connection: AsyncConnection) -> list[Felt]:
    """Return conversations that wait or are with an agent, with what was last heard in the customer's words."""
    rows = (await connection.execute(_OPEN)).all()
    found = [_felt(row) for row in rows]
    parameters = {"ids": [one.id for one in found], "after": [max(0, one.last_seq - FELT_WITHIN) for one in found]}
    heard = {row.id: tuple(row.feeling.split("+")) for row in (await connection.execute(FEELINGS, parameters)).all()}
    return [replace(one, feelings=heard.get(one.id, ())) for one in found]


def _felt(row: Any) -> Felt:
    return Felt(
        id=row.id,
        customer_id=row.customer_id,
        owner=row.owner,
        skill=row.skill,
        channel=row.channel,
        agent_name=row.agent_name,
        elder=row.elder,
        urgency=Urgency(row.urgency),
        since=row.queued_at,
        last_seq=row.last_seq,
    )


async def list_contacts(connection: AsyncConnection, since: datetime, now: datetime) -> Sequence[Contact]:
    """Return who came before people since then, and what became of it."""
    # A conversation's id tells when it began (UUIDv7), so the index of these rare events bounds the read.
    first = UUID(int=int((since - LONGEST_OPEN).timestamp() * 1000) << 80)
    parameters = {"since": since, "now": now, "first": first}
    found: list[Contact] = []
    # A cursor, page by page: reading thousands of rows at once would hold up the event loop.
    result = await connection.stream(_CONTACTS, parameters, execution_options={"yield_per": PAGE})
    async for rows in result.partitions(PAGE):
        found += [
            Contact(row.at, row.skill, _MET[row.met] if row.met else None, max(0.0, row.waited), row.to_human)
            for row in rows
        ]
    return found
