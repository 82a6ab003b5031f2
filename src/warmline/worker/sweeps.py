"""Periodic work, each on a period of its own; a failed round is logged and the next one comes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to do every `seconds`."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]


class Sweeper:
    """Runs sweeps until stopped. They are idempotent, so that every node may run them."""

    def __init__(self, sweeps: tuple[Sweep, ...]) -> None:
        self._sweeps = sweeps
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._forever(sweep)) for sweep in self._sweeps]

    async def stop(self) -> None:
        """End at once; a round under way is broken off, and the next node to look does what it left."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _forever(self, sweep: Sweep) -> None:
        while True:
            try:
                await sweep.work()
            except Exception:
                logger.exception("sweep %s failed; next round in %s s", sweep.name, sweep.seconds)
            await asyncio.sleep(sweep.seconds)
