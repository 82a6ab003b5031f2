"""The floor as the past shows it: who waits, who is being served, and what that says of the next wait. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

PRESENT_SECONDS = 900.0
"""Who has ended a conversation within this is still counted among those there."""
RESTING_SECONDS = 25.0
BETWEEN_SECONDS = 6.0
"""From the end of one conversation to the start of the next, with somebody waiting."""
FIRST_GUESS_SECONDS = 240.0
_ARRIVALS_SECONDS = 600.0
_LIFE_STEPS = (0.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0)
_GROUPS_KEPT = 60
"""The last conversations of a server that say which groups they take."""
_FORGET_AT = 2000.0
_PASSING_GUESS = 0.05


class Line(NamedTuple):
    """Those who wait alike: for one skill group, with one urgency."""

    group: str
    urgency: str = ""


class Ended(NamedTuple):
    """A wait that is over: `served`, or given up after so many seconds."""

    line: Line
    seconds: float
    served: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What a group's next wait hangs on; rates in conversations a second.

    `rate`: conversations that end, each server at their own mean pace; `able_rate`: of servers who take this group, by
    how long the present ones have gone on; both as if there were one where there is none. `passing`: of those who come
    later and are served first; `resting`: servers just done with one; `away`: seen lately and without one; `waiting`:
    all who wait; `head_seconds`: how long the first of the group has waited; `last_seconds`: how long who was last
    served did; `pace_seconds`: how long the group's conversations take.
    """

    rate: float
    able_rate: float
    passing: float
    resting: int
    away: int
    waiting: int
    head_seconds: float
    last_seconds: float
    pace_seconds: float


@dataclass(slots=True)
class RunningMean:
    """A mean that slowly forgets, drawn to a guess while little is known."""

    total: float = 0.0
    count: float = 0.0

    def add(self, value: float) -> None:
        self.total, self.count = self.total * 0.99 + value, self.count * 0.99 + 1

    def near(self, guess: float) -> float:
        return (self.total + 5 * guess) / (self.count + 5)


@dataclass(slots=True)
class _Share:
    """How often something happened of the times it could."""

    hits: float
    chances: float

    def add(self, hits: int, chances: int) -> None:
        self.hits, self.chances = self.hits + hits, self.chances + chances
        if self.chances > _FORGET_AT:
            self.hits, self.chances = self.hits / 2, self.chances / 2

    @property
    def rate(self) -> float:
        return self.hits / self.chances


@dataclass(slots=True)
class _Wait:
    """One who waits. `before`: how many did when they came, by line; `came`: how many had come by then."""

    line: Line
    at: float
    number: int
    before: dict[Line, int]
    came: dict[Line, int]


@dataclass(slots=True)
class _Lives:
    """How long conversations of a group go on once they have lasted so long (mean residual life)."""

    counts: list[float] = field(default_factory=lambda: [0.0] * len(_LIFE_STEPS))
    totals: list[float] = field(default_factory=lambda: [0.0] * len(_LIFE_STEPS))

    def add(self, seconds: float) -> None:
        for place, step in enumerate(_LIFE_STEPS):
            if step <= seconds:
                self.counts[place] += 1
                self.totals[place] += seconds - step
        if self.counts[0] > _FORGET_AT / 4:
            self.counts, self.totals = [n / 2 for n in self.counts], [n / 2 for n in self.totals]

    def left(self, elapsed: float, guess: float) -> float:
        place = max(0, bisect_left(_LIFE_STEPS, elapsed) - 1)
        return max(10.0, (self.totals[place] + 3 * guess) / (self.counts[place] + 3))


class Floor:
    """Fed with what happens in the order of time; knows nothing of what is still to come."""

    def __init__(self) -> None:
        self._waits: dict[Hashable, _Wait] = {}
        self._lines: dict[Line, dict[int, _Wait]] = defaultdict(dict)
        self._numbers: dict[Line, list[int]] = defaultdict(list)
        self._came: dict[Line, int] = defaultdict(int)
        self._arrivals: dict[Line, deque[float]] = defaultdict(lambda: deque(maxlen=60))
        self._served: dict[Hashable, tuple[Line, str, float]] = {}
        self._busy: dict[str, int] = defaultdict(int)
        self._ended_at: dict[str, float] = {}
        self._takes: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=_GROUPS_KEPT))
        self._paces: dict[str, RunningMean] = defaultdict(RunningMean)
        self._pace = RunningMean()
        self._lives: dict[str, _Lives] = defaultdict(_Lives)
        self._goes_first: dict[tuple[Line, Line], _Share] = {}
        self._passes: dict[tuple[Line, Line], _Share] = {}
        self._last: dict[str, float] = {}
        self._number = 0

    def has_room(self, places: int) -> bool:
        """Tell whether somebody who is at work, with `places` for conversations, could take one more."""
        return any(0 < load < places for load in self._busy.values())

    def is_served(self, key: Hashable) -> bool:
        """Tell whether somebody is with them."""
        return key in self._served

    def enter(self, key: Hashable, line: Line, at: float) -> None:
        """Somebody begins to wait."""
        before = {other: len(numbers) for other, numbers in self._numbers.items() if numbers}
        self._note_arrival(line, at)
        self._number += 1
        wait = _Wait(line, at, self._number, before, dict(self._came))
        self._waits[key] = self._lines[line][wait.number] = wait
        insort(self._numbers[line], wait.number)

    def serve(self, key: Hashable, line: Line, server: str, at: float) -> Ended | None:
        """Somebody is served, after a wait or at once; return the wait."""
        ended = self._end_wait(key, at, served=True)
        if ended is None:
            self._note_arrival(line, at)
        else:
            line = ended.line
        self._served[key] = (line, server, at)
        self._busy[server] += 1
        self._takes[server].append(line.group)
        return ended

    def give_up(self, key: Hashable, at: float) -> Ended | None:
        """Somebody who waited goes; return the wait."""
        return self._end_wait(key, at, served=False)

    def finish(self, key: Hashable, at: float) -> None:
        """A conversation with a server ends."""
        line, server, since = self._served.pop(key)
        self._busy[server] -= 1
        self._ended_at[server] = at
        if at > since:
            for mean in (self._pace, self._paces[server]):
                mean.add(at - since)
            self._lives[line.group].add(at - since)

    def count_before(self, line: Line) -> float:
        """How many of those who wait are served before who comes to this line now, as far as the past shows."""
        return sum(len(n) * self._share_first(other, line) for other, n in self._numbers.items() if n)

    def look(self, line: Line, at: float) -> Scene:
        """Return what the next wait in this line hangs on."""
        guess = self._pace.near(FIRST_GUESS_SECONDS)
        rate = able = 0.0
        takes = {server: line.group in self._takes[server] for server, load in self._busy.items() if load > 0}
        for other, server, since in self._served.values():
            rate += 1 / (self._paces[server].near(guess) + BETWEEN_SECONDS)
            if takes[server]:
                able += 1 / (self._lives[other.group].left(at - since, guess) + BETWEEN_SECONDS)
        idle = [at - ended for server, ended in self._ended_at.items() if self._busy[server] <= 0]
        return Scene(
            rate or 1 / (guess + BETWEEN_SECONDS),
            able or 1 / (guess + BETWEEN_SECONDS),
            sum(self._count_lately(other, at) * self._share_passing(other, line) for other in self._arrivals),
            sum(seconds < RESTING_SECONDS for seconds in idle),
            sum(seconds < PRESENT_SECONDS for seconds in idle),
            len(self._waits),
            max((at - first for first in self._list_first(line.group) if first < at), default=0.0),
            self._last.get(line.group, 0.0),
            self._lives[line.group].left(0.0, guess),
        )

    def _list_first(self, group: str) -> list[float]:
        return [next(iter(w.values())).at for line, w in self._lines.items() if w and line.group == group]

    def _note_arrival(self, line: Line, at: float) -> None:
        self._came[line] += 1
        self._arrivals[line].append(at)

    def _count_lately(self, line: Line, at: float) -> float:
        arrivals = self._arrivals[line]
        return (len(arrivals) - bisect_left(arrivals, at - _ARRIVALS_SECONDS)) / _ARRIVALS_SECONDS

    def _share_first(self, other: Line, line: Line) -> float:
        """How often one who waited in `other` was gone before who came to `line` after them was served."""
        share = self._goes_first.get((other, line))
        return share.rate if share else _guess_first(other, line)

    def _share_passing(self, other: Line, line: Line) -> float:
        """How often one who came to `other` was served before who waited in `line` already."""
        share = self._passes.get((other, line))
        return share.rate if share else _PASSING_GUESS

    def _end_wait(self, key: Hashable, at: float, *, served: bool) -> Ended | None:
        wait = self._waits.pop(key, None)
        if wait is None:
            return None
        line, numbers = wait.line, self._numbers[wait.line]
        del self._lines[line][wait.number]
        del numbers[bisect_left(numbers, wait.number)]
        seconds = max(0.0, at - wait.at)
        if served and seconds > 0:
            self._last[line.group] = seconds
            self._note_order(wait)
        return Ended(line, seconds, served)

    def _note_order(self, wait: _Wait) -> None:
        """Who was served now, before whom and after whom? `still`: those from before who wait yet."""
        for other, came in self._came.items():
            numbers = self._numbers[other]
            still = bisect_left(numbers, wait.number)
            if before := wait.before.get(other, 0):
                first = self._goes_first.setdefault((other, wait.line), _Share(4 * _guess_first(other, wait.line), 4))
                first.add(before - still, before)
            if later := came - wait.came.get(other, 0):
                passing = self._passes.setdefault((other, wait.line), _Share(4 * _PASSING_GUESS, 4))
                passing.add(max(0, later - (len(numbers) - still)), later)


def _guess_first(other: Line, line: Line) -> float:
    return 1.0 if other == line else 0.5


def lateness(seconds: float, expected: float) -> float:
    """How much longer a wait was than expected, as a logarithm that is mild for short ones."""
    return math.log((seconds + 5) / (expected + 5))
