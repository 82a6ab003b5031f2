"""`warmline bench talk`: customer and agent through the whole stack, beside the same PostgreSQL bare."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from warmline.bench.client import FeedClient
from warmline.bench.report import Row, percentile
from warmline.bench.stage import Stage, set_stage
from warmline.kit.console import progress
from warmline.kit.embedded_postgres import EmbeddedPostgres

TEXT = "您好，我昨天转的那笔钱还没到账，能帮我查一下吗？"
PAIRS = 64
AGENTS = 4
SATURATE_SECONDS = 15.0
STEADY_SECONDS = 20.0
STEADY_RATE = 200.0
SOCKETS = 2000
PGBENCH_SECONDS = 10

BARE_TABLES = (
    "create table bare_event (id bigserial primary key, conversation int, words text);"
    "create table bare_conversation (id int primary key, n int not null);"
    "insert into bare_conversation select g, 0 from generate_series(1, 1000) g"
)
BARE_SCRIPT = (
    "\\set c random(1, 1000)\nbegin;\n"
    f"insert into bare_event (conversation, words) values (:c, '{TEXT}');\n"
    "update bare_conversation set n = n + 1 where id = :c;\ncommit;\n"
)


@dataclass
class Pair:
    """A customer and an agent in one conversation; `sent` holds the send times of messages not yet seen."""

    conversation_id: UUID
    customer: FeedClient
    agent: FeedClient
    sent: dict[str, float] = field(default_factory=dict)
    number: int = 0

    async def say(self, acks: list[float]) -> None:
        """Post one message, in turn from either side, and note how long the ack took."""
        self.number += 1
        client_id = f"{self.conversation_id.hex[-12:]}-{self.number}"
        sender = self.customer if self.number % 2 else self.agent
        started = self.sent[client_id] = time.perf_counter()
        acks.append(await sender.post(self.conversation_id, client_id, TEXT) - started)


class Seen:
    """Collects how long messages took to the other side."""

    def __init__(self) -> None:
        self.pairs: dict[str, Pair] = {}
        self.delays: list[float] = []

    def by(self, kind: str):  # type: ignore[no-untyped-def]
        """Return the event handler of the side that is not `kind`'s."""

        def on_event(conversation_id: UUID | str, event: dict[str, object], at: float) -> None:
            payload, author = event["payload"], event["author"]
            assert isinstance(payload, dict)
            assert isinstance(author, dict)
            pair = self.pairs.get(str(conversation_id))
            if pair is None or payload["type"] != "message.posted" or author["kind"] != kind:
                return
            sent = pair.sent.pop(payload["client_id"], None)
            if sent is not None:
                self.delays.append(at - sent)

        return on_event


async def run_talk(*, sockets: int = SOCKETS) -> list[Row]:
    """Measure throughput, latency at a steady rate, and open sockets; return the table's rows."""
    async with set_stage() as stage:
        progress("bare PostgreSQL (pgbench, 8 clients, one insert and one update a transaction) …")
        bare = await asyncio.to_thread(run_pgbench, stage.postgres)
        seen = Seen()
        pairs = await _open_pairs(stage, seen)
        await _saturate(pairs, 3.0)
        progress(f"{PAIRS} conversations, each side answering as soon as it can …")
        rate, acks = await _saturate(pairs, SATURATE_SECONDS)
        progress("bare PostgreSQL once more …")
        bare = (bare + await asyncio.to_thread(run_pgbench, stage.postgres)) / 2
        rows = [
            Row("durable messages, saturated", rate, "msg/s", bare, rate / bare),
            Row("post → ack p50, saturated", percentile(acks, 0.5) * 1e3, "ms"),
        ]
        progress(f"{STEADY_RATE:.0f} messages a second …")
        rows += await _steady(pairs, seen)
        progress(f"{sockets} open sockets …")
        rows += await _open_sockets(stage, sockets)
    return rows


def run_pgbench(postgres: EmbeddedPostgres) -> float:
    """Return the transactions a second the same server does bare, in a database of its own."""
    postgres.run("psql", postgres.url("postgres"), "-qc", "drop database if exists bare")
    postgres.run("psql", postgres.url("postgres"), "-qc", "create database bare")
    postgres.run("psql", postgres.url("bare"), "-qc", BARE_TABLES)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.sql"
        script.write_text(BARE_SCRIPT)
        command = [str(postgres.binaries / "pgbench"), "-n", "-c", "8", "-j", "2", "-M", "prepared"]
        command += ["-T", str(PGBENCH_SECONDS), "-f", str(script), postgres.url("bare")]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])


async def _open_pairs(stage: Stage, seen: Seen) -> list[Pair]:
    agents = [await stage.add_agent(number) for number in range(AGENTS)]
    desks = [
        await FeedClient.open(stage.socket_url, cookie=cookie, on_event=seen.by("customer")) for _, cookie in agents
    ]
    pairs = []
    for number in range(PAIRS):
        customer_id, token = await stage.add_customer()
        state = await stage.start_talk(customer_id, agents[number % AGENTS][0])
        customer = await FeedClient.open(stage.socket_url, token=token, on_event=seen.by("agent"))
        pair = Pair(state.id, customer, desks[number % AGENTS])
        seen.pairs[str(state.id)] = pair
        await pair.customer.subscribe(state.id, state.last_seq)
        await pair.agent.subscribe(state.id, state.last_seq)
        pairs.append(pair)
    return pairs


async def _saturate(pairs: list[Pair], seconds: float) -> tuple[float, list[float]]:
    acks: list[float] = []
    started = time.perf_counter()
    until = started + seconds

    async def talk(pair: Pair) -> None:
        while time.perf_counter() < until:
            await pair.say(acks)

    await asyncio.gather(*(talk(pair) for pair in pairs))
    return len(acks) / (time.perf_counter() - started), acks


async def _steady(pairs: list[Pair], seen: Seen) -> list[Row]:
    """Post at a fixed rate whatever the answers take (an open loop: waiting is not hidden)."""
    await asyncio.sleep(1)
    seen.delays.clear()
    acks: list[float] = []
    tasks = []
    started = time.perf_counter()
    for number in range(int(STEADY_RATE * STEADY_SECONDS)):
        await asyncio.sleep(max(0.0, started + number / STEADY_RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(pairs[number % len(pairs)].say(acks)))
    await asyncio.gather(*tasks)
    await asyncio.sleep(0.5)
    rate = f"at {STEADY_RATE:.0f}/s"
    return [
        Row(f"post → ack p50, {rate}", percentile(acks, 0.5) * 1e3, "ms"),
        Row(f"post → ack p99, {rate}", percentile(acks, 0.99) * 1e3, "ms"),
        Row(f"post → other side p50, {rate}", percentile(seen.delays, 0.5) * 1e3, "ms"),
        Row(f"post → other side p99, {rate}", percentile(seen.delays, 0.99) * 1e3, "ms"),
        Row(f"messages not seen by the other side, {rate}", float(len(acks) - len(seen.delays)), ""),
    ]


async def _open_sockets(stage: Stage, count: int) -> list[Row]:
    """Open sockets that each follow a conversation, and see that a message still passes."""
    before = stage.memory_mb()
    clients = []
    for number in range(count):
        customer_id, token = await stage.add_customer()
        client = await FeedClient.open(stage.socket_url, token=token)
        state = await stage.start_conversation(customer_id)
        await client.subscribe(state.id, state.last_seq)
        clients.append((client, state))
        if number % 500 == 499:
            progress(f"  {number + 1} sockets open")
    after = stage.memory_mb()
    started = time.perf_counter()
    client, state = clients[-1]
    took = await client.post(state.id, "last", "你好") - started
    for client, _ in clients:
        await client.close()
    return [
        Row("open sockets on one node", float(len(clients)), ""),
        Row("memory a socket", (after - before) * 1e3 / count, "kB"),
        Row("post → ack with all of them open", took * 1e3, "ms"),
        Row("serving process", after, "MB"),
    ]
