"""A made-up month of calls, played anew."""

from __future__ import annotations

from random import Random

import pytest

from warmline.evaluation.call_rows import Call
from warmline.evaluation.call_simulation import measure_simulation
from warmline.routing.staffing.habits import Habits, Patience, PatienceClass, learn_habits
from warmline.routing.staffing.hazard import constant_hazard
from warmline.routing.staffing.model import DAY, Arrival, Shift
from warmline.routing.staffing.simulate import simulate

AGENTS, DAYS = 6, 12


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    """Twelve days of ten hours with six agents: a house whose laws are none of those that are learnt from."""
    random = Random(4)
    patience = tuple(sorted(random.weibullvariate(260, 1.4) for _ in range(5000)))
    shares = tuple((n + 1) / 5000 for n in range(5000))
    laws: dict[PatienceClass, Patience] = {(None, None, -1): Patience(patience, shares, patience[-1])}
    services: dict[tuple[str | None, int | None], list[float]] = {
        (None, None): [random.lognormvariate(4.9, 0.8) for _ in range(5000)]
    }
    house = Habits(laws, services, [constant_hazard(20)] * 5)
    found: list[Call] = []
    for day in range(DAYS):
        start = day * DAY + 9 * 3600
        arrivals, at = [], start
        while (at := at + random.expovariate(0.028)) < start + 36_000:
            arrivals.append(Arrival(round(at), "PS", 0))
        team = [Shift(start, start + 36_000, str(n)) for n in range(AGENTS)]
        free = [start] * AGENTS
        for one in sorted(simulate(arrivals, team, house, day), key=lambda one: one.at + one.waited):
            begun, server = one.at + one.waited, None
            if one.served:
                number = min(range(AGENTS), key=lambda n: (free[n] > begun, free[n]))
                free[number], server = begun + one.service, f"A{number}"
            known = (one.at, one.waited, one.served, one.service, server, one.waited > 0)
            found.append(Call(f"{len(found)}", "PS", 0, *known))
    hung_up = [Call(f"menu{n}", "PS", 0, n * 3600.0, 0.0, False, 0.0, None, False) for n in range(40)]
    return sorted([*found, *hung_up], key=lambda call: call.at)


def test_waits_and_abandonment_come_out_again(calls: list[Call]) -> None:
    found = measure_simulation(calls, runs=5)
    assert found["mean_wait_simulated"] == pytest.approx(found["mean_wait_measured"], rel=0.15)
    assert found["abandonment_simulated"] == pytest.approx(found["abandonment_measured"], abs=0.02)
    assert 0 < found["mean_wait_spread"] < found["mean_wait_measured"]


def test_it_is_played_and_not_replayed(calls: list[Call]) -> None:
    """Services half as long again, and everything waits longer than it ever did in the log."""
    was = measure_simulation(calls, runs=2)
    habits = learn_habits(calls)
    long = {key: [1.5 * one for one in times] for key, times in habits.services.items()}
    busy = Habits(habits.patience, long, habits.returning, habits.priorities, habits.head_start)
    found = measure_simulation(calls, habits=busy, runs=2)
    assert found["mean_wait_simulated"] > 1.5 * was["mean_wait_simulated"]
    assert found["mean_wait_measured"] == was["mean_wait_measured"]


def test_the_seed_decides(calls: list[Call]) -> None:
    assert measure_simulation(calls, runs=1, seed=3) == measure_simulation(calls, runs=1, seed=3)
    assert measure_simulation(calls, runs=1, seed=3) != measure_simulation(calls, runs=1, seed=4)
