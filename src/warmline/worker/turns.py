"""Runs the assistant's turns: at once when a message arrives here, by sweep when a node died with one (I10)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

logger = logging.getLogger(__name__)

AT_ONCE = 32


class TurnRunner:
    """One turn per conversation at a time, `AT_ONCE` in all; a message that arrives meanwhile gets its own turn."""

    def __init__(self, take_turn: Callable[[UUID], Awaitable[None]], *, at_once: int = AT_ONCE) -> None:
        self._take_turn = take_turn
        self._slots = asyncio.Semaphore(at_once)
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._again: set[UUID] = set()

    def wake(self, conversation_id: UUID) -> None:
        """The assistant owes this conversation an answer."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        self._running[conversation_id] = asyncio.create_task(self._run(conversation_id))

    async def close(self) -> None:
        """Let running turns finish."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, conversation_id: UUID) -> None:
        try:
            async with self._slots:
                await self._take_turn(conversation_id)
        except Exception:
            logger.exception("a turn failed; the sweep will take it up again")
        finally:
            del self._running[conversation_id]
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.wake(conversation_id)
