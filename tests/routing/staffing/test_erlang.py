"""Erlang C and A beside published tables and, where there is one, the closed formula."""

from __future__ import annotations

from math import exp

import pytest

from warmline.routing.staffing.erlang import Demand, Prospect, Target, on_the_roster, staff_for


def _erlang_c(load: float, agents: int) -> float:
    """The share who wait, by Erlang B's recursion (Cooper 1981, section 3.4)."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


def test_published_table_of_fifty_agents() -> None:
    """Garnett, Mandelbaum and Reiman 2002, table 1: 48 calls a minute, a minute each, patience two minutes or none."""
    patient, impatient = (Prospect(Demand(48 / 60, 60, patience), 50) for patience in (None, 120))
    assert patient.mean_wait == pytest.approx(20.8, abs=0.05)
    assert patient.quantile(0.9) == pytest.approx(58.1, abs=0.1)
    assert patient.occupancy == pytest.approx(0.96, abs=0.001)
    assert impatient.abandonment == pytest.approx(0.031, abs=0.0005)
    assert impatient.mean_wait == pytest.approx(3.7, abs=0.05)
    assert impatient.quantile(0.9) == pytest.approx(12.5, abs=0.1)
    assert impatient.occupancy == pytest.approx(0.93, abs=0.001)


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (4.46, 10), (10, 12), (84.1, 100), (990, 1000)])
def test_erlang_c_is_its_closed_formula(load: float, agents: int) -> None:
    found, share, spare = Prospect(Demand(load / 180, 180), agents), _erlang_c(load, agents), agents - load
    assert found.waits == pytest.approx(share, rel=1e-4)
    assert found.mean_wait == pytest.approx(share * 180 / spare, rel=1e-4)
    for seconds in (0, 20, 137):
        assert found.level(seconds) == pytest.approx(1 - share * exp(-spare * seconds / 180), abs=1e-4)


def test_overload_is_the_fluid_limit() -> None:
    """Ten a second, 300 s each, 2,000 agents: a third give up, so the mean wait is a third of the patience (Whitt)."""
    found = Prospect(Demand(10, 300, 200), 2000)
    assert found.abandonment == pytest.approx(1 / 3, abs=1e-4)
    assert found.mean_wait == pytest.approx(200 / 3, rel=1e-4)
    assert found.occupancy == pytest.approx(1, abs=1e-4)


def test_without_patience_too_few_agents_are_no_queue_at_all() -> None:
    found = Prospect(Demand(0.1, 100), 10)
    assert not found.stable
    assert found.mean_wait == found.quantile(0.9) == float("inf")
    assert found.level(20) == 0


@pytest.mark.parametrize("patience", [None, 90.0])
@pytest.mark.parametrize("rate", [0.001, 0.05, 1.0])
def test_the_fewest_agents_that_do(rate: float, patience: float | None) -> None:
    demand, target = Demand(rate, 240, patience), Target(0.8, 20, abandonment=0.05)
    agents = staff_for(demand, target)
    enough, short = Prospect(demand, agents), Prospect(demand, agents - 1)
    assert enough.level(20) >= 0.8
    assert enough.abandonment <= 0.05
    assert not short.stable or short.level(20) < 0.8 or short.abandonment > 0.05


def test_nobody_for_nobody() -> None:
    assert staff_for(Demand(0, 240), Target(0.8, 20)) == 0
    assert Prospect(Demand(0, 240), 0).level(20) == 1


def test_a_target_out_of_reach_is_said() -> None:
    with pytest.raises(ValueError, match="more than 50"):
        staff_for(Demand(1, 240), Target(0.8, 20), most=50)


@pytest.mark.parametrize(("agents", "shrinkage", "planned"), [(7, 0.3, 10), (10, 0, 10), (1, 0.01, 2)])
def test_shrinkage(agents: int, shrinkage: float, planned: int) -> None:
    assert on_the_roster(agents, shrinkage) == planned


@pytest.mark.parametrize("bad", [(-1, 1, None), (1, 0, None), (1, 1, 0), (float("nan"), 1, None)])
def test_no_demand(bad: tuple[float, float, float | None]) -> None:
    with pytest.raises(ValueError, match="not a demand"):
        Demand(*bad)
