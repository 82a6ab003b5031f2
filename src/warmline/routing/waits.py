"""The waiting board of this node: everyone here who waits is told how it stands (I7)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import count
from uuid import UUID

from warmline.conversation.feed import Feed
from warmline.routing.model import Wait
from warmline.routing.service import RoutingService

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
REPEAT_TICKS = 10
"""An unchanged wait is said again every so many ticks, as signals may be lost."""
NEAR = 20
"""Further back than this a customer is told every `REPEAT_TICKS` ticks: not each step of a long queue to all in it."""
ASKED_TICKS = 15
"""Whoever asks without following is kept current for so many ticks."""
AT_ONCE = 2000
"""Conversations in one read."""


class WaitBoard:
    """Keeps the waits of this node's customers and sends followers a `wait` signal when theirs changed."""

    def __init__(self, routing: RoutingService, feed: Feed) -> None:
        self._routing, self._feed = routing, feed
        self._waits: dict[UUID, Wait] = {}
        self._told: dict[UUID, Wait] = {}
        self._asked: dict[UUID, int] = {}
        self._tick = 0
        self._task: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()
        self._wanted: set[UUID] = set()
        self._next: asyncio.Task[None] | None = None

    async def look(self, conversation_id: UUID, *, anew: bool = False) -> Wait | None:
        """Return the wait, at most a tick old, or read `anew`; None for a conversation that does not wait."""
        known = conversation_id in self._asked and conversation_id in self._waits
        self._asked[conversation_id] = self._tick
        if anew or not known:
            await self._read_anew({conversation_id})
        return self._waits.get(conversation_id)

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

    async def _read_anew(self, ids: Collection[UUID]) -> None:
        """Read these waits; calls made while one read runs share the next, however many they are."""
        self._wanted.update(ids)
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        await asyncio.shield(self._next)

    async def _read(self) -> None:
        async with self._reading:
            ids, self._wanted, self._next = self._wanted, set(), None
            found = await self._routing.list_waits(ids)
            for conversation_id in ids - found.keys():
                self._waits.pop(conversation_id, None)
            self._waits |= found

    async def _run(self) -> None:
        for self._tick in count(1):
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self._go_round()
            except Exception:
                logger.exception("reading the waiting order failed")

    async def _go_round(self) -> None:
        self._asked = {one: tick for one, tick in self._asked.items() if self._tick - tick <= ASKED_TICKS}
        followed = self._feed.list_followed()
        for one in self._waits.keys() - set(followed) - self._asked.keys():
            del self._waits[one]
        for one in self._told.keys() - self._waits.keys():
            del self._told[one]
        due = list(self._asked)
        for start in range(0, len(followed), AT_ONCE):
            due += [one for one in followed[start : start + AT_ONCE] if one not in self._asked and self._is_due(one)]
            await asyncio.sleep(0)  # thousands must not hold up the event loop, here as below
        for start in range(0, len(due), AT_ONCE):
            await self._read_anew(due[start : start + AT_ONCE])
            await self._tell(due[start : start + AT_ONCE])

    def _is_due(self, conversation_id: UUID) -> bool:
        known = self._waits.get(conversation_id)
        return known is None or known.position <= NEAR or self._is_repeated(conversation_id)

    def _is_repeated(self, conversation_id: UUID) -> bool:
        """Tell whether this is the tick at which even an unchanged wait is said; spread over the ticks."""
        return (conversation_id.int + self._tick) % REPEAT_TICKS == 0

    async def _tell(self, ids: Sequence[UUID]) -> None:
        for number, conversation_id in enumerate(ids, 1):
            wait = self._waits.get(conversation_id)
            if wait and (self._told.get(conversation_id) != wait or self._is_repeated(conversation_id)):
                self._feed.signal_here(conversation_id, "wait", show_wait(wait))
                self._told[conversation_id] = wait
            if number % 100 == 0:
                await asyncio.sleep(0)


def show_wait(wait: Wait) -> dict[str, object]:
    """Return a wait as JSON values."""
    return {**asdict(wait), "due_at": wait.due_at.isoformat() if wait.due_at else None}
