"""Sweeps go on, whatever happens in one round, and end when told to."""

from __future__ import annotations

import asyncio

from tests.support import until
from warmline.worker.sweeps import Sweep, Sweeper


async def test_a_failed_round_does_not_end_a_sweep_nor_hold_up_another() -> None:
    rounds: list[str] = []

    async def failing() -> None:
        rounds.append("failing")
        raise RuntimeError

    async def working() -> int:
        rounds.append("working")
        return 1

    sweeper = Sweeper((Sweep("a", 0.001, failing), Sweep("b", 0.001, working)))
    await sweeper.start()
    await until(lambda: rounds.count("failing") > 2 and rounds.count("working") > 2)
    await sweeper.stop()
    count = len(rounds)
    await asyncio.sleep(0.01)
    assert len(rounds) == count
