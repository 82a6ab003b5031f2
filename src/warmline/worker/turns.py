"""Runs the assistant's turns: at once when a message arrives here, by sweep when a node died with one (I10)."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple
from uuid import UUID

from warmline.conversation.model import Owed
from warmline.dialogue.service import LEAST_SECONDS
from warmline.kit.clock import Clock

logger = logging.getLogger(__name__)

AT_ONCE = 16
HAND_OVERS_AT_ONCE = 8
ANSWERS_FIRST = timedelta(seconds=1)
"""By so much, who waits for a person and is owed a word comes after who is owed an answer by the same time."""
LOOK_SECONDS = 0.1
SPARE_SECONDS = 0.8
"""What is left over when a customer is handed over in time, on a busy machine."""
TURN_SECONDS, HAND_OVER_SECONDS = 0.1, 0.02
"""What a turn, and each of many hand-overs, is thought to take before any was seen."""
SMOOTHING = 0.2


class _Waiting(NamedTuple):
    turn_at: datetime
    number: int
    owed: Owed
    due_at: datetime


class TurnRunner:
    """One turn per conversation at a time, `at_once` in all; a message that arrives meanwhile gets its own turn.

    Those who are owed an answer soonest come first. Once there are more than can be answered in time, those whose
    turn would come too late are handed over to a person before their time is up, not after (I10).
    """

    def __init__(
        self,
        take_turn: Callable[[UUID], Awaitable[None]],
        hand_over: Callable[[UUID], Awaitable[None]],
        *,
        due_at: Callable[[Owed], datetime],
        clock: Clock,
        at_once: int = AT_ONCE,
    ) -> None:
        """`due_at`: by when what is owed must be said, given when the service was away."""
        self._take_turn, self._hand_over, self._due_at, self._clock = take_turn, hand_over, due_at, clock
        self._at_once = at_once
        self._waiting: list[_Waiting] = []
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._known: set[UUID] = set()
        self._again: dict[UUID, Owed] = {}
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None
        self._turning = self._handing = 0
        self._turn_seconds, self._hand_over_seconds = TURN_SECONDS, HAND_OVER_SECONDS

    def wake(self, owed: Owed) -> None:
        """The assistant owes this conversation an answer, or a word."""
        identity = owed.conversation_id
        if identity in self._running:
            self._again[identity] = owed
        elif identity not in self._known:
            self._known.add(identity)
            due_at = self._due_at(owed)
            turn_at = due_at if owed.is_answer else due_at + ANSWERS_FIRST
            heapq.heappush(self._waiting, _Waiting(turn_at, next(self._numbers), owed, due_at))
            self._begin()

    async def close(self) -> None:
        """Let what was begun and what waits finish."""
        while self._running:
            await asyncio.gather(*self._running.values())

    def _begin(self) -> None:
        """Start what has a place; look again soon at what has none."""
        while self._waiting:
            if self._is_late():
                if self._handing >= HAND_OVERS_AT_ONCE:
                    break
                self._start(self._hurry)
            elif self._turning < self._at_once:
                self._start(self._turn)
            else:
                break
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._timer = None
        self._begin()

    def _is_late(self) -> bool:
        """Tell whether a turn of the first who waits, and then a hand-over of all who are too many, ends too late.

        Also where there is room: a turn that would only be broken off is not begun.
        """
        left = (self._waiting[0].due_at - self._clock.now()).total_seconds() - SPARE_SECONDS
        too_many = len(self._waiting) - (self._at_once - self._turning)
        if too_many <= 0:
            return self._turn_seconds > max(left, LEAST_SECONDS)
        return left <= self._turn_seconds + too_many * self._hand_over_seconds

    def _start(self, work: Callable[[UUID], Awaitable[None]]) -> None:
        identity = heapq.heappop(self._waiting).owed.conversation_id
        self._running[identity] = asyncio.create_task(self._run(identity, work))
        if work == self._turn:
            self._turning += 1
        else:
            self._handing += 1

    async def _run(self, identity: UUID, work: Callable[[UUID], Awaitable[None]]) -> None:
        try:
            await work(identity)
        except Exception:
            logger.exception("a turn failed; the sweep will take it up again")
        finally:
            del self._running[identity]
            self._known.discard(identity)
            if work == self._turn:
                self._turning -= 1
            else:
                self._handing -= 1
            if (owed := self._again.pop(identity, None)) is not None:
                self.wake(owed)
            self._begin()

    async def _turn(self, identity: UUID) -> None:
        started = asyncio.get_running_loop().time()
        await self._take_turn(identity)
        took = asyncio.get_running_loop().time() - started
        self._turn_seconds += SMOOTHING * (took - self._turn_seconds)

    async def _hurry(self, identity: UUID) -> None:
        started, side_by_side = asyncio.get_running_loop().time(), self._handing
        await self._hand_over(identity)
        took = (asyncio.get_running_loop().time() - started) / side_by_side
        self._hand_over_seconds += SMOOTHING * (took - self._hand_over_seconds)
