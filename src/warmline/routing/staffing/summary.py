"""What a played day looks like, by interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from warmline.routing.staffing.model import DAY, Outcome, Shift
from warmline.routing.staffing.planning import Span


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval of the day, per day and run: `level` is the share served within the target time.

    Waits are in seconds, of who came in the interval, until served or gone; `occupancy` is None with nobody there.
    """

    start: float
    end: float
    arrivals: float
    agents: float
    mean_wait: float
    p50: float
    p90: float
    level: float
    abandonment: float
    occupancy: float | None


def summarise(
    runs: Sequence[Sequence[Outcome]],
    shifts: Sequence[Shift],
    edges: Sequence[float],
    days: Sequence[int],
    within: float,
) -> list[Interval]:
    """Sum up played `runs` of these days between the times of day `edges`, leaving out intervals without a customer."""
    chosen = set(days)
    outcomes = [one for run in runs for one in run if int(one.at // DAY) in chosen]
    rows = []
    for start, end in pairwise(edges):
        came = [one for one in outcomes if start <= one.at % DAY < end]
        if came:
            there = _overlap(((one.start, one.end) for one in shifts), start, end, days)
            served = ((one.at + one.waited, one.at + one.waited + one.service) for one in outcomes if one.served)
            busy = _overlap(served, start, end, days) / len(runs)
            rows.append(_row((start, end), came, there / len(days) / (end - start), busy / there if there else None,
                             len(runs) * len(days), within))  # fmt: skip
    return rows


def _row(
    span: tuple[float, float],
    came: Sequence[Outcome],
    agents: float,
    occupancy: float | None,
    shares: int,
    within: float,
) -> Interval:
    waits = np.array([one.waited for one in came])
    return Interval(
        *span,
        arrivals=len(came) / shares,
        agents=agents,
        mean_wait=float(waits.mean()),
        p50=float(np.quantile(waits, 0.5)),
        p90=float(np.quantile(waits, 0.9)),
        level=sum(one.served and one.waited <= within for one in came) / len(came),
        abandonment=sum(not one.served for one in came) / len(came),
        occupancy=None if occupancy is None else min(1.0, occupancy),
    )


def _overlap(spans: Iterable[tuple[float, float]], start: float, end: float, days: Sequence[int]) -> float:
    """Seconds of the spans within [start, end) of these days."""
    total = 0.0
    for begins, ends in spans:
        for day in range(int(begins // DAY), int(ends // DAY) + 1):
            if day in days:
                total += max(0.0, min(ends, day * DAY + end) - max(begins, day * DAY + start))
    return total


def replace_agents(shifts: Sequence[Shift], days: Iterable[int], wanted: Sequence[Span]) -> list[Shift]:
    """Put so many agents, who take everybody, into each span of these days instead of whoever was there."""
    found = list(shifts)
    for day in days:
        for span in wanted:
            since, until = day * DAY + span.start, day * DAY + span.end
            found = [piece for shift in found for piece in _without(shift, since, until)]
            found += [Shift(since, until, f"{number + 1}") for number in range(span.agents)]
    return found


def _without(shift: Shift, since: float, until: float) -> list[Shift]:
    spans = ((shift.start, min(shift.end, since)), (max(shift.start, until), shift.end))
    return [Shift(start, end, shift.agent, shift.kinds) for start, end in spans if start < end]


def every(seconds: float) -> list[float]:
    """Return the edges of a day's intervals of this length."""
    return [float(edge) for edge in np.arange(0.0, DAY + 1, seconds)]
