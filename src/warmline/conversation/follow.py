"""Follow every conversation's log in commit-safe order, for readers across conversations.

Rows are read in (xid, position) order and only below the oldest transaction still running, so that an
event committed late is never skipped (design section 3). Delivery is at least once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from warmline.conversation.feed import TOPIC
from warmline.kit.bus import Bus
from warmline.kit.uow import UnitOfWork

logger = logging.getLogger(__name__)

PAGE = 1000
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.05
"""Wake-ups closer together than this share one read."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the log of all conversations: a transaction id and a position within the table."""

    xid: int
    position: int


@dataclass(frozen=True, slots=True)
class LogRow:
    """An event without its words."""

    cursor: Cursor
    conversation_id: UUID
    seq: int
    type: str


_READ = text(
    "SELECT CAST(CAST(xid AS text) AS bigint), position, conversation_id, seq, type FROM conversation_event"
    " WHERE (xid, position) > (CAST(CAST(:xid AS text) AS xid8), :position)"
    " AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, position LIMIT :page"
)
_END = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")
_LAG = text(
    "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)), 0) FROM pg_stat_activity"
    " WHERE backend_xid IS NOT NULL"
)


async def read_log(uow: UnitOfWork, cursor: Cursor, *, page: int = PAGE) -> list[LogRow]:
    """Return up to `page` events after `cursor` that no running transaction can still precede."""
    parameters = {"xid": str(cursor.xid), "position": cursor.position, "page": page}
    async with uow.begin() as tx:
        rows = (await tx.connection.execute(_READ, parameters)).all()
    return [LogRow(Cursor(row[0], row[1]), row[2], row[3], row[4]) for row in rows]


async def end_of_log(uow: UnitOfWork) -> Cursor:
    """Return the cursor from which only later events are read."""
    async with uow.begin() as tx:
        return Cursor(int((await tx.connection.execute(_END)).scalar_one()) - 1, 2**62)


async def watermark_lag_seconds(uow: UnitOfWork) -> float:
    """Return for how long the oldest writing transaction has held the watermark back."""
    async with uow.begin() as tx:
        return float((await tx.connection.execute(_LAG)).scalar_one())


class LogFollower:
    """Hands every event after the start to `handle`, in pages; woken by the bus and every second."""

    def __init__(self, uow: UnitOfWork, bus: Bus, handle: Callable[[Sequence[LogRow]], Awaitable[None]]) -> None:
        self._uow, self._handle = uow, handle
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe = bus.subscribe(self._on_bus)

    async def start(self, cursor: Cursor | None = None) -> None:
        """Begin after `cursor`, by default at the present end."""
        self._cursor = cursor or await end_of_log(self._uow)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End following."""
        self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _on_bus(self, topic: str, _: str) -> None:
        if topic == TOPIC:
            self._wake.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):  # wait_for would swallow a cancellation that comes with a wake-up
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            try:
                while rows := await read_log(self._uow, self._cursor):
                    await self._handle(rows)
                    self._cursor = rows[-1].cursor
            except Exception:
                logger.exception("following the log failed; trying again in a second")
                await asyncio.sleep(POLL_SECONDS)
