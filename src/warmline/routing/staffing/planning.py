"""From what is expected to how many are needed, and from numbers of agents to arrivals and shifts to play."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from random import Random

from warmline.routing.staffing.erlang import Demand, Target, staff_for
from warmline.routing.staffing.model import DAY, DAY_SLOTS, SLOT, Arrival, Contact, Shift


class NoSpanError(ValueError):
    """`given` is no span of the day with a number of agents, such as 09:00-11:00=12."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given!r} is not a span of the day and a number of agents, such as 09:00-11:00=12")
        self.given = given


class OverlapError(ValueError):
    """Two spans say something of the moment `at`."""

    def __init__(self, at: str) -> None:
        super().__init__(f"two spans say how many agents there are at {at}; leave one")
        self.at = at


@dataclass(frozen=True, slots=True)
class Span:
    """So many agents between two times of day, in seconds after midnight."""

    start: float
    end: float
    agents: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers of agents over a day, in order; nothing is said of what lies between."""

    spans: tuple[Span, ...]

    @classmethod
    def parse(cls, parts: Iterable[str]) -> Spans:
        """Read `09:00-11:00=12` and so on; raise `NoSpanError`, `OverlapError`. A day ends at 24:00."""
        spans = tuple(sorted((_parse_span(part) for part in parts), key=lambda one: one.start))
        for one, two in pairwise(spans):
            if two.start < one.end:
                raise OverlapError(clock(two.start))
        return cls(spans)

    def by_quarter(self) -> list[int]:
        """Return how many there are as each quarter of an hour begins; 0 where nothing is said."""
        return [
            sum(one.agents for one in self.spans if one.start <= quarter * SLOT < one.end)
            for quarter in range(DAY_SLOTS)
        ]


def _parse_span(text: str) -> Span:
    found = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*[-–—~至]\s*(\d{1,2}):([0-5]\d)\s*=\s*(\d{1,4})\s*", text, re.ASCII)
    if found:
        hour, minute, end_hour, end_minute, agents = map(int, found.groups())
        span = Span((hour * 60 + minute) * 60.0, (end_hour * 60 + end_minute) * 60.0, agents)
        if span.start < span.end <= DAY:
            return span
    raise NoSpanError(text.strip())


def clock(seconds: float) -> str:
    """Return a time of day as `09:15`; the end of the day is `24:00`."""
    minutes = round(seconds / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Basis:
    """Mean seconds an agent is taken up by a customer, until ready for the next, and a customer's mean patience.

    Patience is None where nobody gave up; `places`: customers an agent has at once.
    """

    taken_up: float
    patience: float | None
    places: int = 1

    def need(self, arrivals: float, target: Target) -> int:
        """Return the agents needed in a quarter of an hour in which so many come (Erlang A, or C without patience)."""
        return ceil(staff_for(Demand(arrivals / SLOT, self.taken_up, self.patience), target) / self.places)


def mean_patience(contacts: Sequence[Contact]) -> float | None:
    """Return the mean of an exponential patience: all waiting over those who gave up (its greatest likelihood)."""
    queued = [one for one in contacts if one.queued]
    gone = sum(not one.served for one in queued)
    return sum(one.waited for one in queued) / gone if gone and any(one.waited for one in queued) else None


def draw_arrivals(means: Sequence[float], seed: int, start: float = 0.0, kinds: Sequence[str] = ("",)) -> list[Arrival]:
    """Return a Poisson stream with these means in quarters of an hour from `start`, of kinds as often as in `kinds`."""
    random = Random(seed)
    found = []
    for quarter, mean in enumerate(means):
        for _ in range(_poisson(mean, random)):
            kind = kinds[int(random.random() * len(kinds))]
            found.append(Arrival(start + (quarter + random.random()) * SLOT, kind))
    return found


def _poisson(mean: float, random: Random) -> int:
    """Count unit exponentials within `mean`."""
    count, total = -1, 0.0
    while total <= mean:
        total += random.expovariate(1)
        count += 1
    return max(0, count)


def make_team(agents: Sequence[int], places: int = 1, start: float = 0.0) -> list[Shift]:
    """Return shifts that put so many agents there in each quarter of an hour from `start`, each with `places`."""
    shifts = []
    for number in range(max(agents, default=0)):
        begun: int | None = None
        for quarter, there in enumerate([*agents, 0]):
            if there > number and begun is None:
                begun = quarter
            elif there <= number and begun is not None:
                span = (start + begun * SLOT, start + quarter * SLOT)
                shifts += [Shift(*span, agent=f"{number + 1}") for _ in range(places)]
                begun = None
    return shifts
