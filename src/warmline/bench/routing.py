"""`warmline bench routing`: offers a second by one to eight workers, none twice, nobody starved; the pure round."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from warmline.bench.report import Row
from warmline.bootstrap import Node, build_node
from warmline.conversation.events import Urgency
from warmline.kit.console import progress
from warmline.kit.embedded_postgres import running_postgres
from warmline.migrate import migrate
from warmline.routing.assignment import Agent, Assigned, Waiting, decide_assignment
from warmline.routing.offering import Offering
from warmline.routing.rules import FULL, GroupRules, Overflow, RoutingRules
from warmline.settings import Settings

SEED = 37
WAITING, AGENTS = 10_000, 1_000
ROUNDS = 5
GROUPS = tuple(f"g{number}" for number in range(20))
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
WORKERS = (1, 2, 4, 8)
QUEUE, STAFF = 1_200, 100
LONGEST_SECONDS = 60
DAY_MINUTES = 480
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RULES = RoutingRules(groups={group: GroupRules(overflow=Overflow(to=GROUPS[0], after=120)) for group in GROUPS[1:]})

_PEOPLE = text(
    "INSERT INTO staff_account (id, email, name, roles, locale, presence, presence_at, created_at)"
    " SELECT gen_random_uuid(), 'a' || g || '@bench.example', 'Agent ' || g, '{agent}', 'zh-Hans', 'available',"
    " now(), now() FROM generate_series(1, :staff) g"
)
_SEEN = text(
    "INSERT INTO agent_connection (staff_id, node, seen_at) SELECT id, 'bench', now() FROM staff_account"
    " ON CONFLICT (staff_id, node) DO UPDATE SET seen_at = now()"
)
_QUEUE = text(
    "INSERT INTO conversation (id, customer_id, channel, locale, elder, opened_at, owner, front, human_requested,"
    " queued_at, rank_at, last_seq, last_customer_seq, last_staff_seq, customer_read_seq, staff_read_seq)"
    " SELECT gen_random_uuid(), gen_random_uuid(), 'web', 'zh-Hans', false, now(), 'queue', false, true,"
    " at, at, 0, 0, 0, 0, 0 FROM (SELECT now() - g * interval '1 second' AS at FROM generate_series(1, :queue) g) come"
)
_TAKE = text(
    "UPDATE conversation SET owner = 'closed', offered_to = NULL, offered_until = NULL, rank_at = NULL,"
    " queued_at = NULL WHERE offered_to IS NOT NULL"
)
_TWICE = text(
    "SELECT count(*) FROM (SELECT conversation_id FROM conversation_event WHERE type = 'offer.made'"
    " GROUP BY conversation_id HAVING count(*) > 1) twice"
)
_OVER = text(
    "SELECT count(*) FROM (SELECT offered_to FROM conversation WHERE offered_to IS NOT NULL GROUP BY offered_to"
    " HAVING count(*) > 3) laden"
)
_EMPTY = text("TRUNCATE conversation, conversation_event, staff_account, agent_connection CASCADE")


async def run_routing(*, waiting: int = WAITING, agents: int = AGENTS) -> list[Row]:
    """Measure the pure round beside a scan of all pairs, then rounds against a real database; return the rows."""
    progress(f"{waiting:,} waiting × {agents:,} agents …")
    rows = await asyncio.to_thread(_measure_round, waiting, agents)
    progress("a day of arrivals …")
    rows += await asyncio.to_thread(_measure_starvation)
    async with _node() as node:
        for workers in WORKERS:
            progress(f"{workers} workers …")
            rows += await _measure_workers(node, workers)
    return rows


def _measure_round(waiting: int, agents: int) -> list[Row]:
    people, queue = make_agents(agents), make_waiting(waiting)
    ours, cpu, given = _time(lambda: decide_assignment(queue, people, RULES, START), ROUNDS)
    naive, naive_cpu, _ = _time(lambda: scan_all(queue, people, RULES, START), 1)
    return [
        Row(f"one round, {waiting:,} waiting × {agents:,} agents", ours, "ms", naive, ours / naive),
        Row("the same in CPU time, which a shared machine changes least", cpu, "ms", naive_cpu, cpu / naive_cpu),
        Row("offers made in it", float(len(given)), ""),
    ]


def _time(work: Callable[[], Sequence[Assigned]], rounds: int) -> tuple[float, float, Sequence[Assigned]]:
    """Return the median time in milliseconds, by the clock and of the CPU, and what came of it."""
    took: list[float] = []
    cpu: list[float] = []
    for _ in range(rounds):
        started, worked = time.perf_counter(), time.thread_time()
        given = work()
        took.append((time.perf_counter() - started) * 1e3)
        cpu.append((time.thread_time() - worked) * 1e3)
    return sorted(took)[rounds // 2], sorted(cpu)[rounds // 2], given


def make_agents(count: int) -> list[Agent]:
    """Return agents of one to four groups, some of whom are busy."""
    draw = random.Random(SEED)
    return [
        Agent(
            UUID(int=10**6 + number),
            f"Agent {number}",
            {group: draw.randint(1, 3) for group in draw.sample(GROUPS, draw.randint(1, 4))},
            START - timedelta(seconds=draw.random() * 900),
            frozenset(draw.sample(LANGUAGES, draw.randint(0, 2))),
            draw.choice([0, 20, 40, FULL]),
            draw.choice([None, None, 2, 5]),
        )
        for number in range(count)
    ]


def make_waiting(count: int) -> list[Waiting]:
    """Return those who wait, the first first: a tenth in distress, a third known to an agent, some for a call."""
    draw = random.Random(SEED + 1)
    return [
        Waiting(
            UUID(int=number),
            "web" if draw.random() < 0.9 else "call",
            draw.choice(LANGUAGES),
            draw.choice(GROUPS),
            START - timedelta(seconds=1800 - number * 0.15),
            draw.random() < 0.1,
            None,
            UUID(int=10**6 + draw.randrange(AGENTS)) if draw.random() < 0.3 else None,
        )
        for number in range(count)
    ]


def scan_all(waiting: Sequence[Waiting], agents: Sequence[Agent], rules: RoutingRules, now: datetime) -> list[Assigned]:
    """The plain way: for each who waits look at every agent, and take the one who suits best."""
    load = {one.id: one.load for one in agents}
    given: list[Assigned] = []
    for one in waiting:
        groups = rules.reach(one.skill, (now - one.queued_at).total_seconds())
        best: tuple[object, Agent] | None = None
        for agent in agents:
            if load[agent.id] + rules.weight(one.channel, agent.chats) > FULL:
                continue
            if agent.languages and one.language not in agent.languages:
                continue
            place = next((at for at, group in enumerate(groups) if group in agent.skills), None)
            if place is None:
                continue
            level = -agent.skills[groups[place] or ""] if one.distressed else 0
            known = 0 if agent.id in (one.own, one.previous) else 1
            key = (known, place, level, load[agent.id], agent.idle_since, agent.id)
            if best is None or key < best[0]:  # type: ignore[operator]
                best = key, agent
        if best is not None:
            load[best[1].id] += rules.weight(one.channel, best[1].chats)
            given.append(Assigned(one.id, best[1].id, best[1].name))
    return given


def _measure_starvation() -> list[Row]:
    """Play a day in which ever more comes than can be served at once, a fifth of it urgent, vulnerable or elder."""
    draw, rules = random.Random(SEED), RoutingRules()
    queue: list[tuple[datetime, datetime, UUID]] = []
    longest, overtaken, number = 0.0, 0.0, 0
    served: list[tuple[datetime, datetime]] = []
    for minute in range(DAY_MINUTES * 3):
        now = START + timedelta(minutes=minute)
        for _ in range(draw.choice([9, 10, 11, 12]) if minute < DAY_MINUTES else 0):
            urgency = draw.choices(list(Urgency), weights=(3, 4, 13, 10, 70))[0]
            number += 1
            queue.append((now - timedelta(seconds=rules.head_start(urgency)), now, UUID(int=number)))
        queue.sort()
        here = [Waiting(one, "web", "zh-Hans", None, came) for _, came, one in queue]
        people = [Agent(UUID(int=10**9 + at), "", {}, now, load=40) for at in range(10)]
        taken = {one.conversation_id for one in decide_assignment(here, people, rules, now)}
        came_at = [(rank, came) for rank, came, one in queue if one in taken]
        served += came_at
        longest = max([longest, *((now - came).total_seconds() for _, came in came_at)])
        left = [came for _, came, one in queue if one not in taken]
        queue = [one for one in queue if one[2] not in taken]
        if left and came_at:
            overtaken = max(overtaken, max((came - min(left)).total_seconds() for _, came in came_at))
        if not queue and minute >= DAY_MINUTES:
            break
    bound = rules.head_start(Urgency.URGENT)
    return [
        Row("never served in a day of 5 % more than can be", float(number - len(served)), ""),
        Row("longest wait in it", longest / 60, "min"),
        Row("came this much later and went first, at most", overtaken / 60, "min", bound / 60, overtaken / bound),
    ]


@asynccontextmanager
async def _node() -> AsyncIterator[Node]:
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder, running_postgres(Path(folder)) as postgres:
        migrate(postgres.url())
        node = build_node(Settings(data=Path(folder), database_url=postgres.url(), pool_size=16), postgres.url())
        await node.bus.start()
        node.keys.start()
        try:
            yield node
        finally:
            node.keys.stop()
            await node.bus.stop()
            await node.uow.engine.dispose()


async def _measure_workers(node: Node, workers: int) -> list[Row]:
    """Let workers go round as fast as they can while what is offered is taken at once, until the queue is empty."""
    async with node.uow.begin() as tx:
        await tx.connection.execute(_EMPTY)
        await tx.connection.execute(_PEOPLE, {"staff": STAFF})
        await tx.connection.execute(_QUEUE, {"queue": QUEUE})
        await tx.connection.execute(text("ANALYZE"))
    accept = timedelta(seconds=600)
    rounds = [
        Offering(node.uow, node.clock, node.conversations, node.staff, RoutingRules(), accept_within=accept)
        for _ in range(workers)
    ]
    made, over, stop = 0, 0, asyncio.Event()

    async def work(one: Offering) -> None:
        nonlocal made
        while not stop.is_set():
            offers = await one.sweep()  # first: `made += await …` would lose what others add meanwhile
            made += offers
            await asyncio.sleep(0)

    async def take() -> None:
        nonlocal over
        deadline = time.monotonic() + LONGEST_SECONDS
        while made < QUEUE and time.monotonic() < deadline:
            async with node.uow.begin() as tx:
                over += int(await tx.connection.scalar(_OVER) or 0)
                await tx.connection.execute(_SEEN)
                await tx.connection.execute(_TAKE)
            await asyncio.sleep(0.02)
        stop.set()

    started = time.perf_counter()
    await asyncio.gather(take(), *(work(one) for one in rounds))
    seconds = time.perf_counter() - started
    async with node.uow.begin() as tx:
        twice = int(await tx.connection.scalar(_TWICE) or 0)
    return [
        Row(f"offers a second, {workers} workers", made / seconds, "offers/s"),
        Row(f"offered twice or beyond what an agent can, {workers} workers", float(twice + over), ""),
    ]
