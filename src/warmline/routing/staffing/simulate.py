"""One day, or a month, played through: arrivals, agents by shift, patience, service, being ready again.

A heap of events in plain Python (why: docs/staffing.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random
from typing import Any

from warmline.routing.staffing.habits import Habits
from warmline.routing.staffing.hazard import band_of
from warmline.routing.staffing.model import Arrival, Outcome, Shift

_GIVES_UP, _READY, _DONE, _COMES = 0, 1, 2, 3
"""Kinds of events, in the order in which they happen at one moment."""


@dataclass(eq=False, slots=True)
class _Waiting:
    at: float
    kind: str
    gone: bool = False


@dataclass(eq=False, slots=True)
class _Agent:
    shift: Shift
    freed: float = 0.0
    band: int = 0
    version: int = 0


@dataclass
class _Queues:
    """Who waits, by kind; who gave up is passed over when met."""

    rank: count[int] = field(default_factory=count)
    heaps: dict[str, list[tuple[float, int, _Waiting]]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: bool = False

    def add(self, one: _Waiting, rank_at: float) -> None:
        heappush(self.heaps[one.kind], (rank_at, next(self.rank), one))
        self.counts[one.kind] += 1
        self.changed = True

    def waiting(self, kinds: Iterable[str] | None) -> int:
        return sum(self.counts.values()) if kinds is None else sum(self.counts.get(kind, 0) for kind in kinds)

    def drop(self, one: _Waiting) -> None:
        one.gone = True
        self.counts[one.kind] -= 1
        self.changed = True

    def pop(self, kinds: Iterable[str] | None) -> _Waiting | None:
        first = None
        for kind in self.heaps if kinds is None else kinds:
            heap = self.heaps.get(kind)
            while heap and heap[0][2].gone:
                heappop(heap)
            if heap and (first is None or heap[0] < first[0]):
                first = heap
        if not first:
            return None
        one = heappop(first)[2]
        self.drop(one)
        return one


class Simulation:
    """Plays `arrivals` against `shifts` once."""

    def __init__(self, arrivals: Sequence[Arrival], shifts: Sequence[Shift], habits: Habits, seed: int) -> None:
        self._habits, self._random = habits, Random(seed)
        self._order = count()
        self._queues, self._outcomes = _Queues(), list[Outcome]()
        self._idle: dict[int, _Agent] = {}
        self._away: dict[frozenset[str] | None, dict[int, _Agent]] = defaultdict(dict)
        self._starts, self._ends = sorted(one.start for one in shifts), sorted(one.end for one in shifts)
        self._events: list[tuple[float, int, int, object]] = [
            *((one.at, _COMES, next(self._order), one) for one in arrivals),
            *((one.start, _READY, next(self._order), (_Agent(one), 0)) for one in shifts),
        ]
        heapify(self._events)

    def run(self) -> list[Outcome]:
        """Return how each arrival ended, as they ended."""
        deeds: dict[int, Callable[[float, Any], None]] = {
            _GIVES_UP: self._give_up,
            _READY: self._be_ready,
            _DONE: self._be_done,
            _COMES: self._come,
        }
        while self._events:
            now, event, _, who = heappop(self._events)
            deeds[event](now, who)
            if self._queues.changed:
                self._heed_line(now)
        return self._outcomes

    def _later(self, at: float, event: int, who: object) -> None:
        heappush(self._events, (at, event, next(self._order), who))

    def _come(self, now: float, who: Arrival) -> None:
        agent = self._take_idle(now, who.kind)
        if agent is not None:
            self._serve(now, agent, _Waiting(now, who.kind))
            return
        ahead, one = self._queues.waiting(None), _Waiting(now, who.kind)
        priority = self._habits.draw_priority(self._random, who.kind) if who.priority is None else who.priority
        patience = self._habits.draw_patience(self._random, who.kind, priority, ahead)
        self._queues.add(one, now - self._habits.head_start.get(priority, 0.0))
        if patience != float("inf"):
            self._later(now + patience, _GIVES_UP, one)

    def _take_idle(self, now: float, kind: str) -> _Agent | None:
        """Whoever has been free longest; those whose shift is over have gone home."""
        gone, found = [], None
        for number, agent in self._idle.items():
            kinds = agent.shift.kinds
            if agent.shift.end <= now:
                gone.append(number)
            elif kinds is None or kind in kinds:
                gone.append(number)
                found = agent
                break
        for number in gone:
            del self._idle[number]
        return found

    def _give_up(self, now: float, who: _Waiting) -> None:
        if not who.gone:
            self._queues.drop(who)
            self._outcomes.append(Outcome(who.at, who.kind, now - who.at, served=False))

    def _serve(self, now: float, agent: _Agent, one: _Waiting) -> None:
        one.gone = True
        service = self._habits.draw_service(self._random, one.kind, now)
        self._outcomes.append(Outcome(one.at, one.kind, now - one.at, served=True, service=service))
        self._later(now + service, _DONE, agent)

    def _be_done(self, now: float, who: _Agent) -> None:
        kinds = who.shift.kinds
        who.freed, who.band = now, band_of(self._queues.waiting(kinds))
        self._away[kinds][id(who)] = who
        self._expect(now, who)

    def _expect(self, now: float, agent: _Agent) -> None:
        agent.version += 1
        law = self._habits.returning[agent.band]
        self._later(now + law.draw(self._random, now - agent.freed), _READY, (agent, agent.version))

    def _be_ready(self, now: float, who: tuple[_Agent, int]) -> None:
        agent, version = who
        if version != agent.version:
            return
        self._away[agent.shift.kinds].pop(id(agent), None)
        if now >= agent.shift.end and self._anyone_there(now):
            return
        one = self._queues.pop(agent.shift.kinds)
        if one is not None:
            self._serve(now, agent, one)
        elif now < agent.shift.end:
            self._idle[next(self._order)] = agent

    def _anyone_there(self, now: float) -> bool:
        """The last to go home serve whom they find waiting."""
        return bisect_right(self._starts, now) > bisect_right(self._ends, now)

    def _heed_line(self, now: float) -> None:
        """Who is not ready comes sooner or later as the line grows or shrinks."""
        self._queues.changed = False
        for kinds, away in self._away.items():
            if away:
                band = band_of(self._queues.waiting(kinds))
                for agent in away.values():
                    if agent.band != band:
                        agent.band = band
                        self._expect(now, agent)


def simulate(arrivals: Sequence[Arrival], shifts: Sequence[Shift], habits: Habits, seed: int) -> list[Outcome]:
    """Play once; the same seed gives the same."""
    return Simulation(arrivals, shifts, habits, seed).run()
