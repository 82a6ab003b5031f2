"""Turns: one at a time in a conversation, all of them taken, a failed one left to the sweep, none too late."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.fakes.clock import FakeClock
from tests.support import until
from warmline.conversation.model import Owed
from warmline.worker import turns as worker
from warmline.worker.turns import TurnRunner

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
MANY = [UUID(int=number) for number in range(10, 40)]


class Turns:
    """Turns that are held back until the gate opens, and hand-overs that are not."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []
        self.handed: list[UUID] = []
        self.at_once: dict[UUID, int] = {}
        self.most = 0
        self.gate = asyncio.Event()
        self.clock = FakeClock()

    def runner(self, at_once: int = 16) -> TurnRunner:
        return TurnRunner(self.take, self.hand_over, due_at=lambda owed: owed.due_at, clock=self.clock, at_once=at_once)

    def owed(self, identity: UUID, seconds: float = 5, *, is_answer: bool = True) -> Owed:
        return Owed(identity, self.clock.now() + timedelta(seconds=seconds), is_answer)

    async def take(self, identity: UUID) -> None:
        self.begun.append(identity)
        self.at_once[identity] = self.at_once.get(identity, 0) + 1
        self.most = max(self.most, sum(self.at_once.values()))
        assert self.at_once[identity] == 1
        await self.gate.wait()
        self.at_once[identity] -= 1
        if identity == C:
            raise RuntimeError

    async def hand_over(self, identity: UUID) -> None:
        assert identity not in self.begun
        self.handed.append(identity)


@pytest.fixture
def turns() -> Turns:
    return Turns()


async def test_what_arrives_during_a_turn_gets_one_more_turn(turns: Turns) -> None:
    runner = turns.runner()
    runner.wake(turns.owed(A))
    await until(lambda: turns.begun)
    for _ in range(5):
        runner.wake(turns.owed(A))
    turns.gate.set()
    await until(lambda: len(turns.begun) == 2)
    await runner.close()
    assert turns.begun == [A, A]


async def test_conversations_do_not_wait_for_each_other_up_to_a_bound(turns: Turns) -> None:
    runner = turns.runner(at_once=2)
    for one in (A, B, C):
        runner.wake(turns.owed(one))
    await until(lambda: len(turns.begun) == 2)
    turns.gate.set()
    await runner.close()
    assert (turns.begun, turns.most, turns.handed) == ([A, B, C], 2, [])


async def test_a_failed_turn_can_be_taken_up_again(turns: Turns) -> None:
    turns.gate.set()
    runner = turns.runner()
    for _ in range(2):
        runner.wake(turns.owed(C))
        await runner.close()
    assert turns.begun == [C, C]


async def test_who_is_owed_an_answer_soonest_comes_first(turns: Turns) -> None:
    runner = turns.runner(at_once=1)
    runner.wake(turns.owed(A))
    waits, soon, later = MANY[:3]
    runner.wake(turns.owed(waits, 4.5, is_answer=False))
    runner.wake(turns.owed(later, 5))
    runner.wake(turns.owed(soon, 4))
    turns.gate.set()
    await runner.close()
    assert turns.begun == [A, soon, later, waits]


async def test_whose_turn_would_come_too_late_is_handed_over_in_time(turns: Turns) -> None:
    """A turn hangs, or there are too many: nobody else is silent past their time for it (I10)."""
    runner = turns.runner(at_once=1)
    runner.wake(turns.owed(A))
    for one in MANY:
        runner.wake(turns.owed(one))
    await asyncio.sleep(2 * worker.LOOK_SECONDS)
    assert (turns.begun, turns.handed) == ([A], [])
    turns.clock.move(seconds=4)
    await until(lambda: turns.handed)
    turns.clock.move(seconds=0.5)
    await until(lambda: len(turns.handed) == len(MANY))
    assert (turns.begun, turns.handed) == ([A], MANY)
    turns.gate.set()
    await runner.close()


async def test_who_is_late_already_gets_a_turn_where_there_is_room(turns: Turns) -> None:
    runner = turns.runner(at_once=3)
    for one in (A, B, C):
        runner.wake(turns.owed(one, -60))
    turns.gate.set()
    await runner.close()
    assert (turns.begun, turns.handed) == ([A, B, C], [])


async def test_a_slow_machine_hands_over_sooner(turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long turns and hand-overs take is learnt."""
    monkeypatch.setattr(worker, "SMOOTHING", 1.0)
    runner = turns.runner(at_once=1)
    await take_long(turns, runner, 0.4)
    runner.wake(turns.owed(B, 1.2))
    runner.wake(turns.owed(MANY[0], 1.2))
    await until(lambda: turns.handed)
    assert (turns.begun, turns.handed) == ([A, B], [MANY[0]])
    turns.gate.set()
    await runner.close()


@pytest.mark.parametrize(("seconds", "begun"), [(0.4, [A, B]), (0.7, [A])])
async def test_a_turn_that_cannot_end_in_time_is_not_begun(
    turns: Turns, monkeypatch: pytest.MonkeyPatch, seconds: float, begun: list[UUID]
) -> None:
    """However much room there is: the customer would only wait longer for the person."""
    monkeypatch.setattr(worker, "SMOOTHING", 1.0)
    runner = turns.runner()
    await take_long(turns, runner, seconds)
    runner.wake(turns.owed(B, 1.25))
    await until(lambda: turns.handed or len(turns.begun) == 2)
    assert (turns.begun, turns.handed) == (begun, [] if B in begun else [B])
    turns.gate.set()
    await runner.close()


async def take_long(turns: Turns, runner: TurnRunner, seconds: float) -> None:
    """Let one turn show how slow all is."""
    runner.wake(turns.owed(A))
    await asyncio.sleep(seconds)
    turns.gate.set()
    await runner.close()
    turns.gate.clear()
