"""Erlang C (everybody waits) and Erlang A (patience is exponential): what so many agents give, and how many it takes.

Both from the density of the wait offered to a customer who has to wait, with c agents, rate l, service rate m and
patience rate t:  v(x) = l p(c-1) exp(l (1 - exp(-t x)) / t - c m x), for t = 0 l x in the place of the quotient
(Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005, section 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, exp, inf, log

import numpy as np
from numpy.typing import NDArray

STEPS = 8000
CUT_OFF = 40.0
"""The density is followed until it is e^-40 of its peak."""
MOST_AGENTS = 10_000


@dataclass(frozen=True, slots=True)
class Demand:
    """Arrivals a second, mean service and mean patience in seconds; patience None: nobody gives up (Erlang C)."""

    rate: float
    service: float
    patience: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate < inf or not 0 < self.service < inf or not (self.patience is None or self.patience > 0):
            raise ValueError(f"not a demand: {self}")

    @property
    def load(self) -> float:
        """Agents busy in the mean if nobody gave up, in Erlang."""
        return self.rate * self.service


@dataclass(frozen=True, slots=True)
class Target:
    """Answer `share` of all who come within `seconds`; `abandonment`: at most this share gives up."""

    share: float
    seconds: float
    abandonment: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or self.seconds < 0:
            raise ValueError(f"not a target: {self}")

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read `80/20`, 80 % within 20 seconds; `ValueError`."""
        found = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(\d{1,4})\s*", text, re.ASCII)
        if not found or not int(found[1]):
            raise ValueError(f"{text!r} is not a service level, such as 80/20: 80 % within 20 s")
        return cls(int(found[1]) / 100, float(found[2]))


class Prospect:
    """What customers meet with so many agents. An unstable queue (Erlang C, load not below agents) waits for ever."""

    def __init__(self, demand: Demand, agents: int) -> None:
        self.demand, self.agents = demand, agents
        self._leaving = 1 / demand.patience if demand.patience else 0.0
        self.stable = agents > demand.load or (self._leaving > 0 and agents > 0)
        if self.stable and demand.rate > 0:
            self._grid, self._density = self._offered_wait()

    @property
    def waits(self) -> float:
        """Share of customers who find nobody free."""
        return self._integrate(self._patient * 0 + 1) if self._known else self._trivial(1.0)

    @property
    def mean_wait(self) -> float:
        """Seconds until served or gone, over all customers."""
        if not self._known:
            return self._trivial(self.demand.patience or inf)
        if self._leaving:
            return self._integrate(1 - self._patient) / self._leaving
        return self._integrate(self._grid)

    @property
    def abandonment(self) -> float:
        """Share of customers who give up."""
        return self._integrate(1 - self._patient) if self._known else self._trivial(1.0 if self._leaving else 0.0)

    @property
    def occupancy(self) -> float:
        """Share of their time that agents are busy."""
        return min(1.0, self.demand.load * (1 - self.abandonment) / self.agents) if self.agents else 0.0

    def level(self, seconds: float) -> float:
        """Return the share of all customers served within `seconds`."""
        if not self._known:
            return 1.0 - self._trivial(1.0)
        late = float(np.interp(seconds, self._grid, self._tail(self._patient), right=0.0))
        return max(0.0, 1 - self.abandonment - late)

    def quantile(self, share: float) -> float:
        """Return the wait, until served or gone, that `share` of customers do not exceed."""
        if not self._known:
            return self._trivial(-log(1 - share) / self._leaving if self._leaving else inf)
        beyond = self._tail(np.ones_like(self._grid)) * self._patient
        return float(np.interp(share - 1, -beyond, self._grid)) if beyond[0] > 1 - share else 0.0

    @property
    def _known(self) -> bool:
        return self.stable and self.demand.rate > 0

    @property
    def _patient(self) -> NDArray[np.float64]:
        return np.exp(-self._leaving * self._grid)

    def _trivial(self, otherwise: float) -> float:
        return 0.0 if self.demand.rate == 0 else otherwise

    def _integrate(self, weight: NDArray[np.float64]) -> float:
        return float(self._tail(weight)[0])

    def _tail(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Areas of the density times `weight` from each point of the grid on, by trapezia."""
        values = self._density * weight
        pieces = (values[1:] + values[:-1]) * self._grid[1] / 2
        found: NDArray[np.float64] = np.append(pieces[::-1].cumsum()[::-1], 0.0)
        return found

    def _offered_wait(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return a grid of waits and the density there, which sums to the share of those who wait."""
        rate, ends = self.demand.rate, self.agents / self.demand.service
        peak, until = self._peak_and_end(rate, ends)
        grid = np.linspace(0.0, until, STEPS + 1)
        logs = self._exponent(grid, rate, ends)
        top = max(0.0, float(self._exponent(np.array([peak]), rate, ends)[0]))
        shape = np.exp(logs - top) * rate
        self._grid, self._density = grid, shape
        waiting = self._integrate(np.ones_like(grid))
        idle = exp(-top) * self._idle_states()
        return grid, shape / (waiting + idle)

    def _exponent(self, x: NDArray[np.float64], rate: float, ends: float) -> NDArray[np.float64]:
        come = -np.expm1(-self._leaving * x) / self._leaving * rate if self._leaving else rate * x
        found: NDArray[np.float64] = come - ends * x
        return found

    def _peak_and_end(self, rate: float, ends: float) -> tuple[float, float]:
        peak = log(rate / ends) / self._leaving if self._leaving and rate > ends else 0.0
        top = float(self._exponent(np.array([peak]), rate, ends)[0])
        step = CUT_OFF / (ends if self._leaving else ends - rate)
        until = peak + step
        while top - float(self._exponent(np.array([until]), rate, ends)[0]) < CUT_OFF:
            until += step
        return peak, until

    def _idle_states(self) -> float:
        """Sum of the probabilities of all states with an agent free, over that of the last of them: Erlang B's inverse.

        B(0) = 1, 1 / B(n) = 1 + n / load / B(n - 1).
        """
        inverse = 1.0
        for n in range(1, self.agents):
            inverse = 1 + n / self.demand.load * inverse
        return inverse


def staff_for(demand: Demand, target: Target, most: int = MOST_AGENTS) -> int:
    """Return the fewest agents that meet the target; `ValueError` if more than `most` were needed."""
    if demand.rate == 0:
        return 0
    low, high = 0, max(1, ceil(demand.load))
    while not _meets(demand, target, high):
        low, high = high, high * 2
        if low >= most:
            raise ValueError(f"more than {most} agents")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _meets(demand, target, middle) else (middle, high)
    return high


def _meets(demand: Demand, target: Target, agents: int) -> bool:
    prospect = Prospect(demand, agents)
    gives_up = target.abandonment is None or prospect.abandonment <= target.abandonment
    return gives_up and prospect.stable and prospect.level(target.seconds) >= target.share


def on_the_roster(agents: int, shrinkage: float) -> int:
    """Return how many to plan for so many at work; `shrinkage`: share of paid time on leave, ill, in training."""
    if not 0 <= shrinkage < 1:
        raise ValueError("shrinkage is a share from 0, below 1")
    return ceil(agents / (1 - shrinkage) - 1e-9)
