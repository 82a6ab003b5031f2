"""Which shifts to staff so that every quarter of an hour is covered at least cost: a small integer programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHORT_COST = 1000.0
"""An agent missing for a quarter of an hour costs more than any shift that could have been planned."""
TIME_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift that can be staffed: quarters worked from `start` to `end`, without those of the pause."""

    start: int
    end: int
    pause_from: int = 0
    pause_to: int = 0

    @property
    def worked(self) -> int:
        """Quarters paid."""
        return self.end - self.start - (self.pause_to - self.pause_from)

    def covers(self, quarter: int) -> bool:
        """Tell whether an agent on it is there then."""
        return self.start <= quarter < self.end and not self.pause_from <= quarter < self.pause_to


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """How many agents work each pattern; `covered` by quarter, `short` what is missing even so."""

    staffed: tuple[tuple[Pattern, int], ...]
    covered: tuple[int, ...]
    short: tuple[int, ...]

    @property
    def cost(self) -> int:
        """Quarters paid."""
        return sum(pattern.worked * number for pattern, number in self.staffed)

    @property
    def agents(self) -> int:
        """People needed."""
        return sum(number for _, number in self.staffed)


def make_patterns(first: int, last: int, lengths: Sequence[int], step: int = 2, pause: int = 2) -> list[Pattern]:
    """Return shifts of these lengths in quarters within [first, last), starting every `step`.

    Those longer than five hours have a pause of `pause` quarters, begun in the second third, at one of its quarters.
    """
    patterns = []
    for length in lengths:
        for start in range(first, last - length + 1, step):
            if length <= 20 or not pause:
                patterns.append(Pattern(start, start + length))
                continue
            begins = range(start + length // 3, start + 2 * length // 3 - pause + 1, step)
            patterns += [Pattern(start, start + length, at, at + pause) for at in begins]
    return patterns


def plan_shifts(need: Sequence[int], patterns: Sequence[Pattern], at_most: int | None = None) -> ShiftPlan:
    """Return the cheapest plan that covers `need`; where that cannot be, with `at_most` agents, the least missing."""
    if not any(need) or not patterns:
        return ShiftPlan((), (0,) * len(need), tuple(need))
    numbers = _solve(need, patterns, at_most)
    staffed = tuple((pattern, n) for pattern, n in zip(patterns, numbers, strict=True) if n)
    covered = tuple(sum(n for pattern, n in staffed if pattern.covers(quarter)) for quarter in range(len(need)))
    short = tuple(max(0, wanted - there) for wanted, there in zip(need, covered, strict=True))
    return ShiftPlan(staffed, covered, short)


def _solve(need: Sequence[int], patterns: Sequence[Pattern], at_most: int | None) -> list[int]:
    """Whole numbers for each pattern, besides what stays missing in each quarter."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # takes a fifth of a second to load

    slots = len(need)
    cover = np.array([[pattern.covers(quarter) for pattern in patterns] for quarter in range(slots)], dtype=float)
    rules = [LinearConstraint(np.hstack([cover, np.eye(slots)]), lb=np.array(need, dtype=float))]
    if at_most is not None:
        rules.append(LinearConstraint(np.hstack([np.ones(len(patterns)), np.zeros(slots)]), ub=float(at_most)))
    cost = np.array([*(float(pattern.worked) for pattern in patterns), *([SHORT_COST] * slots)])
    found = milp(
        cost, constraints=rules, integrality=np.ones(len(cost)), bounds=Bounds(0, max(need)),
        options={"time_limit": TIME_LIMIT, "mip_rel_gap": 1e-6},
    )  # fmt: skip
    if found.x is None:
        raise ArithmeticError(f"no plan was found in {TIME_LIMIT:.0f} s")
    return [round(value) for value in found.x[: len(patterns)]]
