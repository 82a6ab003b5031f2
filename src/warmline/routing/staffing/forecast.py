"""How many will come in each quarter of an hour: level x weekday x time of day, holidays apart, with intervals.

Counts are overdispersed: a day as a whole is busier or quieter than its kind. The interval is that of a Poisson
count whose mean is Gamma distributed (negative binomial), its spread learnt from the days behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from warmline.kit.calendar import BusinessCalendar
from warmline.routing.staffing.model import DAY_SLOTS

LEVEL_HALF_LIFE, PATTERN_HALF_LIFE = 7.0, 28.0
"""In so many days what a day counts halves: for how much there is to do, and for weekday and time of day."""
WEEKDAY_PRIOR = 0.5
"""A weekday's own factor is drawn towards that of all days as if one half of a day of it had been average."""
SHAPE_PRIOR = 1.0
SMOOTH = (0.25, 0.5, 0.25)
LOW, HIGH = 0.05, 0.95
FEWEST_DAYS = 7
HOLIDAY = 7

Day = Sequence[float]


def kind_of_day(calendar: BusinessCalendar, day: date) -> int:
    """Return 0 to 6 for the weekday it counts as, make-up workdays as Monday, and `HOLIDAY`."""
    plan = calendar.plans.get(day.year)
    if plan and day in plan.holidays:
        return HOLIDAY
    return 0 if plan and day in plan.workdays else day.weekday()


@dataclass(frozen=True, slots=True)
class Expected:
    """Arrivals of one quarter of an hour: mean, 5th and 95th percentile."""

    mean: float
    low: int
    high: int


class Forecast:
    """Learnt from whole past days, each 96 counts; raise `ValueError` with fewer than seven."""

    def __init__(self, history: Mapping[date, Day], kind: Callable[[date], int]) -> None:
        if len(history) < FEWEST_DAYS:
            raise ValueError(f"a forecast needs at least {FEWEST_DAYS} whole days behind it")
        self._kind, self._days = kind, sorted(history)
        self._counts = np.array([history[day] for day in self._days], dtype=float)
        self.spread = self._learn_spread()

    def expect(self, day: date) -> list[Expected]:
        """Return what is expected of `day`, quarter by quarter."""
        return [_expected(float(mean), self.spread) for mean in self._means(day, self._days, self._counts)]

    def _means(self, day: date, days: Sequence[date], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        ages = np.array([abs((day - one).days) for one in days])
        lately, weights = 0.5 ** (ages / LEVEL_HALF_LIFE), 0.5 ** (ages / PATTERN_HALF_LIFE)
        kinds = np.array([self._kind(one) for one in days])
        wanted = self._kind(day)
        if wanted == HOLIDAY and not (kinds == HOLIDAY).any():
            wanted = 6  # nothing is known of holidays: they are taken for Sundays
        totals = counts.sum(axis=1)
        factors = _factors(kinds, weights, totals)
        level = float((lately * totals).sum() / (lately * factors[kinds]).sum())
        means: NDArray[np.float64] = level * factors[wanted] * _shape(kinds == wanted, weights, counts)
        return means

    def _learn_spread(self) -> float:
        """Variance of a day's busyness around its forecast, each day forecast from the others."""
        found = []
        for index, day in enumerate(self._days):
            rest = np.arange(len(self._days)) != index
            means = self._means(day, [self._days[one] for one in np.nonzero(rest)[0]], self._counts[rest])
            excess = ((self._counts[index] - means) ** 2 - means).sum()
            found.append((excess, (means**2).sum()))
        over, scale = np.array(found).sum(axis=0)
        return max(0.0, float(over / scale)) if scale else 0.0


def _factors(kinds: NDArray[np.int_], weights: NDArray[np.float64], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """How busy each kind of day is, beside the mean of all."""
    mean = float((weights * totals).sum() / weights.sum()) or 1.0
    found = np.ones(HOLIDAY + 1)
    for kind in range(HOLIDAY + 1):
        mine = kinds == kind
        weight = weights[mine].sum()
        found[kind] = ((weights * totals / mean)[mine].sum() + WEEKDAY_PRIOR * 0.5) / (weight + WEEKDAY_PRIOR * 0.5)
    return found


def _shape(mine: NDArray[np.bool_], weights: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """How a day of a kind spreads over its quarters, drawn towards that of all days while few are known."""
    everything = _smooth((weights[:, None] * counts).sum(axis=0))
    own = _smooth((weights[mine][:, None] * counts[mine]).sum(axis=0))
    prior = SHAPE_PRIOR * everything / max(everything.sum(), 1e-9) * own.sum() / max(weights[mine].sum(), 1.0)
    shape = own + prior if own.sum() else everything
    return shape / shape.sum() if shape.sum() else np.full(DAY_SLOTS, 1 / DAY_SLOTS)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each quarter with its neighbours; the sum is kept but for the ends of the day."""
    padded = np.pad(values, 1, mode="edge")
    return SMOOTH[0] * padded[:-2] + SMOOTH[1] * padded[1:-1] + SMOOTH[2] * padded[2:]


def _expected(mean: float, spread: float) -> Expected:
    return Expected(mean, _count_quantile(mean, spread, LOW), _count_quantile(mean, spread, HIGH))


def _count_quantile(mean: float, spread: float, share: float) -> int:
    """Quantile of a negative binomial of this mean and of variance mean + spread x mean^2; Poisson without spread."""
    if mean <= 0:
        return 0
    size = 1 / max(spread, 1e-9)
    often, rare = log(size / (size + mean)), log(mean / (size + mean))
    total, n = exp(size * often), 0
    while total < share and n < 20 * mean + 100:
        n += 1
        total += exp(lgamma(n + size) - lgamma(size) - lgamma(n + 1) + size * often + n * rare)
    return n
