"""How soon an agent is ready again: a rate by the time since the last customer and by how many wait.

Breaks are put off while people wait, so the rate is learnt apart for nobody waiting and for few and many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np
from numpy.typing import NDArray

EDGES = (0, 2, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600, 7200)
"""The rate is constant between these seconds, and after the last."""
WAITING_BANDS = (1, 2, 4, 7)
PRIOR_EVENTS, PRIOR_SECONDS = 0.5, 50.0
ROUNDS = 200


@dataclass(frozen=True)
class Hazard:
    """Chances a second of being ready, one for each piece of `EDGES`."""

    rates: tuple[float, ...]

    @cached_property
    def _sums(self) -> list[float]:
        return [0.0, *np.cumsum(np.array(self.rates) * np.diff(EDGES)).tolist()]

    def draw(self, random: Random, elapsed: float) -> float:
        """Return after how many more seconds somebody is ready who has not been for `elapsed`."""
        wanted = self._sum_at(elapsed) + random.expovariate(1)
        piece = min(bisect_right(self._sums, wanted), len(self.rates)) - 1
        return EDGES[piece] + (wanted - self._sums[piece]) / self.rates[piece] - elapsed

    @property
    def mean(self) -> float:
        """Seconds in the mean from the last customer to being ready."""
        steps = np.diff(EDGES)[:-1]
        rates, left = np.array(self.rates), np.exp(-np.array(self._sums[:-1]))
        return float((left[:-1] * -np.expm1(-rates[:-1] * steps) / rates[:-1]).sum() + left[-1] / rates[-1])

    def _sum_at(self, elapsed: float) -> float:
        piece = min(bisect_right(EDGES, elapsed), len(self.rates)) - 1
        return self._sums[piece] + (elapsed - EDGES[piece]) * self.rates[piece]


def constant_hazard(seconds: float) -> Hazard:
    """Return the law of being ready after `seconds` in the mean, whatever came before."""
    return Hazard((1 / seconds,) * (len(EDGES) - 1))


def band_of(waiting: int) -> int:
    """Return the class of so many waiting."""
    return bisect_right(WAITING_BANDS, waiting)


@dataclass(frozen=True, slots=True)
class Gap:
    """An agent's time between two customers. Until `seen` they were not ready; `exactly` then, else by `length`.

    `spells`: (from, to, how many waited) up to `seen`. All in seconds from the end of the first customer's service.
    """

    length: float
    seen: float
    exactly: bool
    spells: Sequence[tuple[float, float, int]]


def fit_hazards(gaps: Sequence[Gap]) -> list[Hazard]:
    """Return the law of each band of people waiting, of greatest likelihood but for a weak prior.

    With somebody waiting, being ready shows at once: events over time at risk. With nobody waiting it shows only when
    the next customer comes, so the moment is known between two bounds: expectation-maximisation (Turnbull 1976).
    """
    pieces, bands = len(EDGES) - 1, len(WAITING_BANDS) + 1
    at_risk, events = np.zeros((bands, pieces)), np.zeros((bands, pieces))
    for gap in gaps:
        for start, end, waiting in gap.spells:
            at_risk[band_of(waiting)] += _exposure(start, end)
        if gap.exactly and gap.spells:
            events[max(1, band_of(gap.spells[-1][2])), min(bisect_right(EDGES, gap.seen), pieces) - 1] += 1
    hidden = np.array([_exposure(gap.seen, gap.length) for gap in gaps if not gap.exactly]).reshape(-1, pieces)
    rates = (events + PRIOR_EVENTS) / (at_risk + PRIOR_SECONDS)
    rates[0] = _fit_hidden(hidden, at_risk[0])
    return [Hazard(tuple(row.tolist())) for row in rates]


def _exposure(start: float, end: float) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.diff(np.clip(EDGES, start, end))
    return found


def _fit_hidden(hidden: NDArray[np.float64], at_risk: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rates under which each row of `hidden` holds at least one event, and `at_risk` none."""
    hidden = hidden[hidden.sum(axis=1) > 0]
    exposure = at_risk + hidden.sum(axis=0) + PRIOR_SECONDS
    rates = np.full(len(at_risk), PRIOR_EVENTS / PRIOR_SECONDS)
    for _ in range(ROUNDS):
        expected = hidden * rates
        some = -np.expm1(-expected.sum(axis=1, keepdims=True))
        rates = ((expected / some).sum(axis=0) + PRIOR_EVENTS) / exposure
    return rates
