"""A house made up for tests: its laws are known, so what is learnt or played can be held against them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from warmline.routing.staffing.habits import Habits, Patience, PatienceClass
from warmline.routing.staffing.hazard import constant_hazard
from warmline.routing.staffing.model import Arrival

DRAWS = 20_000
AT_ONCE = [constant_hazard(0.001)] * 5
"""Agents who are ready again as soon as a customer is gone."""


@dataclass(frozen=True, slots=True)
class Past:
    """A contact of the past."""

    at: float
    waited: float = 0.0
    service: float = 60.0
    server: str | None = "ANNA"
    served: bool = True
    queued: bool = False
    kind: str = ""
    priority: int = 0


def exponential_house(service: float, patience: float | None, seed: int = 7) -> Habits:
    """Return the habits of a house with exponential service and patience, agents ready at once."""
    random = Random(seed)
    services: dict[tuple[str | None, int | None], list[float]] = {
        (None, None): [random.expovariate(1 / service) for _ in range(DRAWS)]
    }
    laws: dict[PatienceClass, Patience] = {}
    if patience:
        times = tuple(sorted(random.expovariate(1 / patience) for _ in range(DRAWS)))
        shares = tuple((one + 1) / DRAWS for one in range(DRAWS))
        laws = {(None, None, -1): Patience(times, shares, times[-1])}
    return Habits(laws, services, AT_ONCE)


def poisson(rate: float, until: float, seed: int) -> list[Arrival]:
    """Return arrivals of a Poisson stream."""
    random, at, found = Random(seed), 0.0, []
    while (at := at + random.expovariate(rate)) < until:
        found.append(Arrival(at))
    return found
