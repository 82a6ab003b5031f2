"""Turns: one at a time in a conversation, all of them taken, a failed one left to the sweep."""

from __future__ import annotations

import asyncio
from uuid import UUID

from tests.support import until
from warmline.worker.turns import TurnRunner

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


class Turns:
    """Turns that are held back until the gate opens."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []
        self.at_once: dict[UUID, int] = {}
        self.most = 0
        self.gate = asyncio.Event()

    async def take(self, identity: UUID) -> None:
        self.begun.append(identity)
        self.at_once[identity] = self.at_once.get(identity, 0) + 1
        self.most = max(self.most, sum(self.at_once.values()))
        assert self.at_once[identity] == 1
        await self.gate.wait()
        self.at_once[identity] -= 1
        if identity == C:
            raise RuntimeError


async def test_what_arrives_during_a_turn_gets_one_more_turn() -> None:
    turns = Turns()
    runner = TurnRunner(turns.take)
    runner.wake(A)
    await until(lambda: turns.begun)
    for _ in range(5):
        runner.wake(A)
    turns.gate.set()
    await until(lambda: len(turns.begun) == 2)
    await runner.close()
    assert turns.begun == [A, A]


async def test_conversations_do_not_wait_for_each_other_up_to_a_bound() -> None:
    turns = Turns()
    runner = TurnRunner(turns.take, at_once=2)
    for one in (A, B, C):
        runner.wake(one)
    await until(lambda: len(turns.begun) == 2)
    turns.gate.set()
    await runner.close()
    assert (turns.begun, turns.most) == ([A, B, C], 2)


async def test_a_failed_turn_can_be_taken_up_again() -> None:
    turns = Turns()
    turns.gate.set()
    runner = TurnRunner(turns.take)
    runner.wake(C)
    await runner.close()
    runner.wake(C)
    await runner.close()
    assert turns.begun == [C, C]
