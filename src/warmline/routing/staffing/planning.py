"""From what is expected to how many are needed, and from numbers of agents to arrivals and shifts to play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

from warmline.routing.staffing.erlang import Demand, Target, staff_for
from warmline.routing.staffing.model import SLOT, Arrival, Contact, Shift


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
