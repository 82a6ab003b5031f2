"""What is played beside what theory says, and the rules of who is served when."""

from __future__ import annotations

from statistics import fmean

import pytest

from tests.routing.staffing.support import AT_ONCE, exponential_house, poisson
from warmline.routing.staffing.erlang import Demand, Prospect
from warmline.routing.staffing.habits import Habits, Patience
from warmline.routing.staffing.hazard import Hazard, constant_hazard
from warmline.routing.staffing.model import Arrival, Outcome, Shift
from warmline.routing.staffing.simulate import simulate

ALWAYS = 1e9


@pytest.mark.parametrize(("rate", "patience", "agents"), [(0.05, None, 12), (0.06, 120.0, 10), (0.02, 60.0, 5)])
def test_played_is_as_in_theory(rate: float, patience: float | None, agents: int) -> None:
    """M/M/c and M/M/c+M, 180 s of service; ten long runs, within four standard errors and a hundredth."""
    theory = Prospect(Demand(rate, 180, patience), agents)
    house, team = exponential_house(180, patience), [Shift(0, ALWAYS)] * agents
    runs = [simulate(poisson(rate, 200_000, seed), team, house, seed) for seed in range(10)]

    def check(figures: list[float], expected: float) -> None:
        mean = fmean(figures)
        error = (fmean((one - mean) ** 2 for one in figures) / len(figures)) ** 0.5
        assert mean == pytest.approx(expected, abs=4 * error + 0.01 * expected)

    check([fmean(one.waited for one in run) for run in runs], theory.mean_wait)
    check([fmean(not one.served for one in run) for run in runs], theory.abandonment)
    check([fmean(one.served and one.waited <= 20 for one in run) for run in runs], theory.level(20))


def _house(service: float = 60, **more: object) -> Habits:
    return Habits({}, {(None, None): [service]}, AT_ONCE, **more)  # type: ignore[arg-type]


def _by_start(outcomes: list[Outcome]) -> list[float]:
    return [one.at for one in sorted(outcomes, key=lambda one: one.at + one.waited)]


def test_the_same_seed_is_the_same_day() -> None:
    house, team = exponential_house(180, 60), [Shift(0, ALWAYS)] * 3
    day = poisson(0.02, 20_000, 1)
    assert simulate(day, team, house, 5) == simulate(day, team, house, 5)
    assert simulate(day, team, house, 5) != simulate(day, team, house, 6)


def test_a_head_start_goes_before_who_came_less_earlier() -> None:
    house = _house(head_start={2: 90.0})
    day = [Arrival(0, priority=0), Arrival(1, priority=0), Arrival(50, priority=2), Arrival(52, priority=0)]
    assert _by_start(simulate(day, [Shift(0, ALWAYS)], house, 1)) == [0, 50, 1, 52]
    late = [Arrival(0, priority=0), Arrival(1, priority=0), Arrival(95, priority=2)]
    assert _by_start(simulate(late, [Shift(0, ALWAYS)], _house(200, head_start={2: 90.0}), 1)) == [0, 1, 95]


def test_an_agent_takes_only_their_kinds() -> None:
    team = [Shift(0, 500, kinds=frozenset({"card"})), Shift(0, 500, kinds=frozenset({"loan", "card"}))]
    day = [Arrival(0, "loan"), Arrival(1, "loan"), Arrival(2, "card")]
    waited = {(one.kind, one.at): one.waited for one in simulate(day, team, _house(), 1)}
    assert waited["card", 2] == 0
    assert waited["loan", 1] == pytest.approx(59, abs=0.1)


def test_who_waits_at_closing_is_served_and_who_comes_later_gives_up() -> None:
    house = Habits({(None, None, -1): Patience((), (), 300.0)}, {(None, None): [60.0]}, AT_ONCE)
    day = [Arrival(50), Arrival(51), Arrival(400)]
    ends = [(one.served, round(one.waited)) for one in simulate(day, [Shift(0, 100)], house, 1)]
    assert ends == [(True, 0), (True, 59), (False, 300)]


def test_a_shift_ends_while_others_are_there() -> None:
    team = [Shift(0, 100), Shift(0, 1000)]
    day = [Arrival(50), Arrival(51), Arrival(52)]
    starts = sorted(round(one.at + one.waited) for one in simulate(day, team, _house(), 1))
    assert starts == [50, 51, 111], "at 110 the first has gone home"


def test_agents_come_back_sooner_while_people_wait() -> None:
    """Nobody would be back within hours, but for the customer who comes and waits."""
    never, soon = Hazard((1e-9,) * 19), constant_hazard(5)
    house = Habits({}, {(None, None): [10.0]}, [never, soon, soon, soon, soon])
    outcomes = simulate([Arrival(0), Arrival(500)], [Shift(0, 5000)], house, 1)
    assert 0 < outcomes[1].waited < 60


def test_with_nobody_there_all_give_up() -> None:
    outcomes = simulate(poisson(0.02, 5000, 1), [], exponential_house(60, 60), 1)
    assert outcomes
    assert not any(one.served for one in outcomes)
