"""The stage of a benchmark: a real server process on a fresh database, and services to set the scene with."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psutil

from warmline.bootstrap import Node, build_node
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind
from warmline.conversation.model import Conversation
from warmline.kit.embedded_postgres import EmbeddedPostgres, running_postgres
from warmline.kit.errors import UnavailableError
from warmline.migrate import migrate
from warmline.routing.desk import author_of
from warmline.settings import Settings
from warmline.staff.model import Presence, Role, Staff

START_SECONDS = 900
UNLIMITED = "1000000"


@dataclass
class Stage:
    """A server at `url` (process `server`), its database, and a node in this process that only sets the scene."""

    url: str
    server: psutil.Process
    postgres: EmbeddedPostgres
    node: Node
    folder: Path

    @property
    def socket_url(self) -> str:
        """Where the live feed is."""
        return self.url.replace("http", "ws", 1) + "/api/v1/stream"

    async def until_learnt(self) -> None:
        """Return when the server has learnt the ranking of its articles and calibrated the release."""
        deadline = time.monotonic() + START_SECONDS
        while not (self.folder / "index" / "release.json").exists():
            if time.monotonic() > deadline:
                raise UnavailableError(reason="the server did not finish learning")
            await asyncio.sleep(0.2)

    def memory_mb(self) -> float:
        """Resident memory of the serving process in MB."""
        return float(self.server.memory_info().rss) / 1e6

    async def add_agent(self, number: int = 0) -> tuple[Staff, str]:
        """Create an available agent; return it and its session cookie header."""
        async with self.node.uow.begin() as tx:
            staff = await self.node.staff.create_account(
                tx, email=f"agent{number}@bench.example", name=f"Agent {number}", roles=[Role.AGENT], actor="system"
            )
            await self.node.staff.set_presence(tx, staff.id, Presence.AVAILABLE)
            link = await self.node.staff.create_sign_in_link(tx, staff.id, actor="system")
        async with httpx.AsyncClient(base_url=self.url) as client:
            answer = await client.post("/api/v1/auth/link", json={"token": link})
            answer.raise_for_status()
            return staff, "; ".join(f"{name}={value}" for name, value in client.cookies.items())

    async def add_customer(self) -> tuple[UUID, str]:
        """Create a customer; return the id and a visitor token."""
        async with self.node.uow.begin() as tx:
            customer = await self.node.customers.create_anonymous(tx, locale="zh-Hans")
        token, _ = self.node.tokens.mint(customer.id)
        return customer.id, token

    async def start_conversation(self, customer_id: UUID) -> Conversation:
        """Open a conversation that the assistant owns."""
        return await self.node.conversations.start(customer_id, channel="web", locale="zh-Hans", elder=False)

    async def start_talk(self, customer_id: UUID, agent: Staff) -> Conversation:
        """Open a conversation that the agent has accepted."""
        state = await self.start_conversation(customer_id)
        customer = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
        asked = c.RequestHandoff(customer, "customer", "button", "customer_asked", c.HandoffPlan())
        await self.node.conversations.execute(state.id, asked)
        return (await self.node.conversations.execute(state.id, c.Accept(author_of(agent)))).state


@contextlib.asynccontextmanager
async def set_stage(*, prepare: Callable[[Node], Awaitable[None]] | None = None) -> AsyncIterator[Stage]:
    """Start PostgreSQL and, after `prepare`, a server process over a fresh folder; stop both at the end."""
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder, running_postgres(Path(folder)) as postgres:
        migrate(postgres.url())
        settings = Settings(data=Path(folder), database_url=postgres.url())
        node = build_node(settings, postgres.url())
        await node.bus.start()
        node.keys.start()
        if prepare is not None:
            await prepare(node)
        process = _serve(Path(folder), postgres.url())
        try:
            url = f"http://127.0.0.1:{process[1]}"
            await _until_ready(url, process[0])
            yield Stage(url, psutil.Process(process[0].pid), postgres, node, Path(folder))
        finally:
            process[0].send_signal(signal.SIGINT)
            process[0].wait(30)
            node.keys.stop()
            await node.bus.stop()
            await node.uow.engine.dispose()


def _serve(folder: Path, database_url: str) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        "WARMLINE_DATA": str(folder),
        "WARMLINE_DATABASE_URL": database_url,
        "WARMLINE_REQUESTS_PER_SECOND": UNLIMITED,
        "WARMLINE_FRAMES_PER_SECOND": UNLIMITED,
    }
    command = [sys.executable, "-m", "warmline", "up", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL), port


async def _until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient() as client:
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(f"{url}/healthz")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.1)
    raise UnavailableError(reason="the server did not start")
