"""What is learnt of customers and agents, from houses whose laws are known."""

from __future__ import annotations

from random import Random

import pytest

from tests.routing.staffing.support import Past, exponential_house, poisson
from warmline.routing.staffing.habits import (
    Habits,
    kinds_of,
    learn_habits,
    learn_head_start,
    learn_patience,
    learn_shifts,
    product_limit,
)
from warmline.routing.staffing.hazard import EDGES, Gap, constant_hazard, fit_hazards
from warmline.routing.staffing.line import Line
from warmline.routing.staffing.model import Shift
from warmline.routing.staffing.simulate import simulate


def test_product_limit_by_hand() -> None:
    """Kaplan and Meier: 1 of 5 goes at 2, one served at 3, 1 of 3 at 5, one served at 6, the last goes at 8."""
    found = product_limit([(2, True), (3, False), (5, True), (6, False), (8, True)])
    assert found.times == (2, 5, 8)
    assert found.shares == pytest.approx((1 / 5, 1 - 4 / 5 * 2 / 3, 1))


def test_patience_is_not_the_waits_of_those_who_left() -> None:
    """Patience of 200 s in the mean, of which only what is below an offered wait of 60 s is ever seen."""
    random = Random(3)
    offered = [(random.expovariate(1 / 60), random.expovariate(1 / 200)) for _ in range(20_000)]
    found = product_limit((min(served, gone), gone < served) for served, gone in offered)
    at_120 = max(share for moment, share in zip(found.times, found.shares, strict=True) if moment <= 120)
    assert at_120 == pytest.approx(1 - 2.718281828 ** (-120 / 200), abs=0.02)
    assert found.longest == max(min(pair) for pair in offered)


def test_hazards_are_found_again() -> None:
    """Back after 10 s with somebody waiting; after 100 s with nobody, which shows only when somebody comes."""
    random, gaps = Random(5), []
    for _ in range(8000):
        back = random.expovariate(1 / 10)
        gaps.append(Gap(back, back, True, ((0.0, back, 1),)))
        hidden, seen, comes = random.expovariate(1 / 100), 0.0, random.expovariate(1 / 40)
        while comes < hidden:
            seen, comes = comes, comes + random.expovariate(1 / 40)
        gaps.append(Gap(comes, seen, False, ((0.0, seen, 0),)))
    laws = fit_hazards(gaps)
    waiting = laws[1].rates[: EDGES.index(45)]
    assert all(rate == pytest.approx(1 / 10, rel=0.25) for rate in waiting)
    draws = [laws[0].draw(Random(seed), 0.0) for seed in range(2000)]
    assert sum(draws) / 2000 == pytest.approx(100, rel=0.1)


def test_a_hazard_draws_from_where_it_stands() -> None:
    law = constant_hazard(50)
    fresh, later = ([law.draw(Random(seed), elapsed) for seed in range(4000)] for elapsed in (0.0, 400.0))
    assert sum(fresh) / 4000 == pytest.approx(50, rel=0.06)
    assert later == pytest.approx(fresh), "what has no memory draws the same again"


def test_the_line_at_every_moment() -> None:
    line = Line([Past(10, waited=20, queued=True), Past(15, waited=5, queued=True), Past(50, waited=1, queued=True)])
    assert list(line.spells(0, 60)) == [
        (0, 10, 0), (10, 15, 1), (15, 20, 2), (20, 30, 1), (30, 50, 0), (50, 51, 1), (51, 60, 0)
    ]  # fmt: skip
    assert line.waiting_before(Past(15, queued=True)) == 1
    assert line.next_waiting(31) == 50
    assert line.next_waiting(16) == 16
    assert line.last_waiting(48) == 30
    assert line.last_waiting(35) == 25, "who comes in the last ten seconds may be on the way to the agent"
    assert line.next_waiting(52) == float("inf")


def test_shifts_end_where_an_agent_is_missed() -> None:
    """Anna takes nobody from 1260 on while somebody waits for twenty minutes; who waits then tells of her return."""
    day = [
        Past(1000), Past(1200), Past(1320, waited=1200, queued=True, served=False, server=None),
        Past(2500, waited=60, queued=True), Past(4000),
    ]  # fmt: skip
    first, second = learn_shifts(day)
    assert (first.start, first.end) == (550, 1290), "half way between 1260, when she was free, and 1320"
    assert second.start == 2560, "she took who waited as soon as she was back"
    assert second.end == 4060 + 450


def test_an_hour_without_calls_is_no_absence() -> None:
    assert [(one.start, one.end) for one in learn_shifts([Past(1000), Past(4600)])] == [(550, 4660 + 450)]


def test_kinds_are_what_somebody_takes_regularly() -> None:
    day = [Past(n, kind="card") for n in range(100)] + [Past(n, kind="loan", server="BEN") for n in range(100)]
    assert kinds_of([*day, Past(500, kind="loan")]) == {"ANNA": frozenset({"card"}), "BEN": frozenset({"loan"})}


@pytest.mark.parametrize("start", [0, 90])
def test_the_head_start_is_read_from_who_was_first(start: int) -> None:
    random, queued = Random(1), []
    for pair in range(300):
        since, lag = pair * 1000.0, random.uniform(5, 200)
        first = lag < start
        queued.append(Past(since, waited=300 if first else 250, queued=True, priority=1))
        queued.append(Past(since + lag, waited=(250 if first else 300) - lag, queued=True, priority=2))
    assert learn_head_start(queued) == ({2: pytest.approx(start, abs=15)} if start else {})


def test_what_is_learnt_of_a_played_house_plays_alike() -> None:
    """A house is played, its log learnt, and what is learnt played: waits and abandonment come out again."""
    house = exponential_house(180, 150)
    house = Habits(house.patience, house.services, [constant_hazard(30)] * 5)
    arrivals, team = poisson(0.03, 80_000, 2), [Shift(0, 80_000, str(n)) for n in range(7)]
    was = simulate(arrivals, team, house, 3)
    free = [0.0] * 7
    log = []
    for one in sorted(was, key=lambda one: one.at + one.waited):
        server = None
        if one.served:
            begun = one.at + one.waited
            number = min(range(7), key=lambda n: (free[n] > begun, free[n]))
            free[number], server = begun + one.service, str(number)
        log.append(Past(one.at, one.waited, one.service, server, one.served, queued=one.waited > 0))
    again = [simulate(arrivals, learn_shifts(log), learn_habits(log), seed) for seed in range(5)]
    wait = sum(one.waited for one in was) / len(was)
    gone = sum(not one.served for one in was) / len(was)
    assert sum(one.waited for run in again for one in run) / 5 / len(was) == pytest.approx(wait, rel=0.2)
    assert sum(not one.served for run in again for one in run) / 5 / len(was) == pytest.approx(gone, abs=0.03)


def test_nothing_is_learnt_of_a_house_that_served_nobody() -> None:
    with pytest.raises(ValueError, match="nobody was served"):
        learn_habits([Past(0, served=False, server=None)])


def test_patience_is_learnt_by_how_many_stand_ahead() -> None:
    """Who finds nobody ahead stays 500 s, who finds three leaves after 20."""
    queued = []
    for group in range(200):
        at = group * 10_000.0
        queued += [Past(at + n, waited=500, queued=True, served=False) for n in range(3)]
        queued.append(Past(at + 5, waited=20, queued=True, served=False))
    house = Habits(learn_patience(queued), {}, [])
    assert house.draw_patience(Random(1), "", 0, ahead=0) == 500
    assert house.draw_patience(Random(1), "", 0, ahead=1) == 500
    draws = {house.draw_patience(Random(seed), "", 0, ahead=3) for seed in range(50)}
    assert draws == {20, 500}, "two and three ahead are one class: half of them leave at once"
