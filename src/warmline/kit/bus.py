"""The bus wakes readers; it carries ids and ephemeral signals, never truth. What is missed is read again later."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import uuid4

import psycopg

logger = logging.getLogger(__name__)

Handler = Callable[[str, str], None]
CHANNEL = "warmline"
NOTIFY_LIMIT = 7000
"""Bytes of one NOTIFY payload; PostgreSQL allows 7,999."""
OUTGOING_LIMIT = 50_000
"""Messages that wait for a lost connection; beyond it they are dropped, as signals may be."""
BATCH_SECONDS = 0.01


class Bus(Protocol):
    """Publish and subscribe to `(topic, text)` across nodes; delivery may be lost, never reordered per node."""

    def publish(self, topic: str, text: str) -> None:
        """Hand to this node's subscribers now and to the other nodes soon; never blocks."""
        ...

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        """Call `handler(topic, text)` for every message; returns what ends the subscription."""
        ...


class LocalBus:
    """The bus of a single node."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []

    def publish(self, topic: str, text: str) -> None:
        for handler in tuple(self._handlers):
            try:
                handler(topic, text)
            except Exception:
                logger.exception("a bus subscriber failed on topic %s", topic)

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler)


class PostgresBus(LocalBus):
    """LISTEN/NOTIFY between nodes: one connection to listen, one to notify, batched, both reconnecting."""

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self._dsn = dsn
        self._node = uuid4().hex[:12]
        self._outgoing: list[str] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def publish(self, topic: str, text: str) -> None:
        super().publish(topic, text)
        encoded = json.dumps([topic, text])
        if len(encoded) > NOTIFY_LIMIT or len(self._outgoing) >= OUTGOING_LIMIT:
            logger.warning("a message on topic %s was not sent to other nodes: too large, or too many wait", topic)
            return
        self._outgoing.append(encoded)
        self._wake.set()

    async def start(self) -> None:
        """Begin to listen and to notify."""
        self._tasks = [
            asyncio.create_task(self._forever(self._listen)),
            asyncio.create_task(self._forever(self._notify)),
        ]

    async def stop(self) -> None:
        """End both connections."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def flush(self) -> None:
        """Send what waits over a connection of its own: for a command, which publishes and ends without a start."""
        if self._outgoing:
            with contextlib.suppress(psycopg.Error, OSError):  # what is lost is found at the nodes' next look
                async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
                    await self._send_waiting(connection)

    async def _forever(self, work: Callable[[psycopg.AsyncConnection], Awaitable[None]]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as connection:
                    await work(connection)
            except (psycopg.Error, OSError):
                logger.warning("the bus lost its database connection; trying again in a second")
                await asyncio.sleep(1)
            except Exception:
                logger.exception("the bus stumbled; trying again in a second")
                await asyncio.sleep(1)

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        async for note in connection.notifies():
            node, messages = json.loads(note.payload)
            if node == self._node:
                continue
            for topic, text in messages:
                LocalBus.publish(self, topic, text)

    async def _notify(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(BATCH_SECONDS)
            self._wake.clear()
            await self._send_waiting(connection)

    async def _send_waiting(self, connection: psycopg.AsyncConnection) -> None:
        while self._outgoing:
            batch, self._outgoing = _take_batch(self._outgoing)
            payload = f'["{self._node}",[{",".join(batch)}]]'
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


def _take_batch(messages: list[str]) -> tuple[list[str], list[str]]:
    """Split off as many encoded messages as fit one NOTIFY, at least one; each is ASCII and fits alone."""
    size, count = 0, 0
    for message in messages:
        size += len(message) + 1
        if size > NOTIFY_LIMIT and count:
            break
        count += 1
    return messages[:count], messages[count:]
