"""The SQL of offers: who waits, who is free for whom, which offers are over; and who needs a moment first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.conversation.tables import SERVING_SQL
from warmline.routing.assignment import Agent, Waiting
from warmline.routing.rules import RoutingRules
from warmline.routing.urgency import DISTRESSED
from warmline.staff.model import Permission, Role, can

ROUND_LOCK = 38
"""One round at a time, on whatever node."""

_TRY_ROUND = text("SELECT pg_try_advisory_xact_lock(:lock)")
_THERE = (
    "s.presence = 'available' AND s.disabled_at IS NULL AND EXISTS (SELECT FROM agent_connection a"
    " WHERE a.staff_id = s.id AND a.seen_at > now() - CAST(:within AS interval))"
)
_AGENTS = text(
    "SELECT s.id, s.name, s.roles, s.languages, s.chats, s.presence_at, r.freed_at, r.free_from,"
    " (SELECT jsonb_object_agg(k.skill_id, k.level) FROM staff_skill k WHERE k.staff_id = s.id) AS levels,"
    " ARRAY(SELECT c.channel FROM conversation c WHERE c.owner = 'agent' AND c.agent_id = s.id"
    " UNION ALL SELECT c.channel FROM conversation c WHERE c.offered_to = s.id AND c.offered_to IS NOT NULL) AS held"
    f" FROM staff_account s LEFT JOIN agent_rest r ON r.staff_id = s.id WHERE {_THERE}"
)
_WAITING = text(
    "SELECT w.*, (SELECT p.last_staff_id FROM conversation p WHERE p.customer_id = w.customer_id AND p.id <> w.id"
    " AND p.last_staff_id IS NOT NULL AND p.last_at > :since ORDER BY p.last_at DESC LIMIT 1) AS previous"
    " FROM (SELECT id, customer_id, channel, locale, skill, queued_at, urgency, last_staff_id, passed_by, passed_at"
    " FROM conversation WHERE owner IN ('queue', 'callback') AND owner = 'queue' AND offered_to IS NULL"
    " AND EXISTS (SELECT FROM unnest(CAST(:groups AS text[]), CAST(:languages AS text[]), CAST(:after AS int[]))"
    " AS able(skill, language, after) WHERE able.skill = coalesce(conversation.skill, '')"
    " AND able.language IN ('', conversation.locale)"
    " AND conversation.queued_at <= CAST(:now AS timestamptz) - able.after * interval '1 second')"
    f" ORDER BY {SERVING_SQL} LIMIT :limit) w"
)
_OPEN = text(
    "SELECT c.id, c.offered_to, c.offered_until <= :now AS over, EXISTS (SELECT FROM staff_account s"
    f" WHERE s.id = c.offered_to AND {_THERE}) AS there FROM conversation c WHERE c.offered_to IS NOT NULL"
)
_REST = text(
    "INSERT INTO agent_rest (staff_id, freed_at, free_from, pause_offered)"
    " SELECT id, :now, :free_from, heavy FROM unnest(CAST(:ids AS uuid[]), CAST(:heavy AS boolean[])) AS l(id, heavy)"
    " ORDER BY id ON CONFLICT (staff_id) DO UPDATE SET freed_at = excluded.freed_at,"
    " free_from = greatest(agent_rest.free_from, excluded.free_from),"
    " pause_offered = agent_rest.pause_offered OR excluded.pause_offered"
)
_READY = text("UPDATE agent_rest SET free_from = least(free_from, :now), pause_offered = false WHERE staff_id = :id")
_RESTS = text("SELECT free_from, pause_offered FROM agent_rest WHERE staff_id = :id")
_TAKEN_AT = text(
    "SELECT conversation_id, max(at) AS at FROM conversation_event WHERE conversation_id = ANY(CAST(:ids AS uuid[]))"
    " AND type = 'conversation.accepted' GROUP BY conversation_id"
)


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer that stands: whether its time has come, and whether its agent is there."""

    conversation_id: UUID
    agent_id: UUID
    over: bool
    there: bool


async def try_round(connection: AsyncConnection) -> bool:
    """Tell whether this transaction is the one that goes round now; the others leave it to that one."""
    return bool(await connection.scalar(_TRY_ROUND, {"lock": ROUND_LOCK}))


async def list_open(connection: AsyncConnection, now: datetime, within: timedelta) -> list[OpenOffer]:
    """Return the offers that stand."""
    return [OpenOffer(*row) for row in (await connection.execute(_OPEN, {"now": now, "within": within})).all()]


async def list_agents(connection: AsyncConnection, rules: RoutingRules, within: timedelta) -> list[Agent]:
    """Return who is there and takes customers, by role or by a skill."""
    rows = (await connection.execute(_AGENTS, {"within": within})).all()
    return [_agent(row, rules) for row in rows if _serves(row)]


def _serves(row: Any) -> bool:
    return (bool(row.levels) or Role.AGENT in row.roles) and can(row.roles, Permission.CONVERSATIONS_SERVE)


def _agent(row: Any, rules: RoutingRules) -> Agent:
    return Agent(
        id=row.id,
        name=row.name,
        skills=row.levels or {},
        idle_since=max(row.presence_at, row.freed_at or row.presence_at),
        languages=frozenset(row.languages),
        load=sum(rules.weight(channel, row.chats) for channel in row.held),
        chats=row.chats,
        free_from=row.free_from,
    )


async def list_waiting(
    connection: AsyncConnection, able: Collection[tuple[str, str, int]], now: datetime, since: datetime, limit: int
) -> list[Waiting]:
    """Return the first who wait, in the order of serving, of those whom somebody free can take.

    `able`: group ('' for none), language ('' for any) and the wait in seconds from which; `since`: so far back it is
    looked for who served them before.
    """
    groups, languages, after = (list(column) for column in zip(*able, strict=True))
    parameters = {"groups": groups, "languages": languages, "after": after, "now": now, "since": since, "limit": limit}
    return [_waiting(row) for row in (await connection.execute(_WAITING, parameters)).all()]


def _waiting(row: Any) -> Waiting:
    return Waiting(
        id=row.id,
        channel=row.channel,
        language=row.locale,
        skill=row.skill,
        queued_at=row.queued_at,
        distressed=row.urgency in DISTRESSED,
        own=row.last_staff_id,
        previous=row.previous,
        passed_by=frozenset(row.passed_by),
        passed_at=row.passed_at,
    )


async def note_rest(
    connection: AsyncConnection, left: Sequence[tuple[UUID, bool]], now: datetime, free_from: datetime
) -> None:
    """Note that a conversation ended for each of these agents, and whether it was a heavy one."""
    heavy: dict[UUID, bool] = {}
    for agent_id, one in left:
        heavy[agent_id] = heavy.get(agent_id, False) or one
    parameters = {"ids": list(heavy), "heavy": list(heavy.values()), "now": now, "free_from": free_from}
    await connection.execute(_REST, parameters)


async def end_rest(connection: AsyncConnection, agent_id: UUID, now: datetime) -> None:
    """This agent is ready, and has answered whether to pause."""
    await connection.execute(_READY, {"id": agent_id, "now": now})


async def get_rest(connection: AsyncConnection, agent_id: UUID) -> tuple[datetime | None, bool]:
    """Return until when an agent wraps up, and whether a pause is offered."""
    row = (await connection.execute(_RESTS, {"id": agent_id})).one_or_none()
    return (row.free_from, row.pause_offered) if row else (None, False)


async def list_taken_at(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return since when each of these conversations has been with its agent."""
    rows = (await connection.execute(_TAKEN_AT, {"ids": list(ids)})).all() if ids else ()
    return {row.conversation_id: row.at for row in rows}
