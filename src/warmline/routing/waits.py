"""The waiting board of this node: one read a second tells everyone here who waits how it stands (I7)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import asdict
from uuid import UUID

from warmline.conversation.feed import Feed
from warmline.routing.model import Wait
from warmline.routing.service import RoutingService

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
REPEAT_TICKS = 10
"""An unchanged wait is said again every so many ticks, as signals may be lost."""


class WaitBoard:
    """Keeps the newest waits and sends a `wait` signal to followers whose wait changed. Cost: one read per tick."""

    def __init__(self, routing: RoutingService, feed: Feed) -> None:
        self._routing, self._feed = routing, feed
        self._waits: dict[UUID, Wait] = {}
        self._told: dict[UUID, Wait] = {}
        self._task: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None

    def get(self, conversation_id: UUID) -> Wait | None:
        """Return the wait known at the last tick."""
        return self._waits.get(conversation_id)

    async def look(self, conversation_id: UUID) -> Wait | None:
        """Return the present wait, read anew if this board has not seen the conversation yet."""
        if conversation_id not in self._waits:
            await self.refresh()
        return self._waits.get(conversation_id)

    async def refresh(self) -> None:
        """Read the waiting order anew; calls made while one read runs share the next, however many they are."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        await asyncio.shield(self._next)

    async def _read(self) -> None:
        async with self._reading:
            self._next = None
            self._waits = await self._routing.list_waits()

    async def start(self) -> None:
        """Begin ticking."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End ticking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        async with self._reading:  # a read under way needs the database until it is done
            pass

    async def _run(self) -> None:
        tick = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            tick += 1
            try:
                await self.refresh()
            except Exception:
                logger.exception("reading the waiting order failed")
                continue
            for conversation_id, wait in self._waits.items():
                if self._feed.is_followed(conversation_id) and (
                    self._told.get(conversation_id) != wait or tick % REPEAT_TICKS == 0
                ):
                    self._feed.signal_here(conversation_id, "wait", show_wait(wait))
            self._told = self._waits


def show_wait(wait: Wait) -> dict[str, object]:
    """Return a wait as JSON values."""
    return {**asdict(wait), "due_at": wait.due_at.isoformat() if wait.due_at else None}
