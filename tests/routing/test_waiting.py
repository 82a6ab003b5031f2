"""How long a wait will be: by theory at first, then as past waits teach, and never more surely than it is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaincinv

from warmline.routing.floor import Ended, Line, Scene
from warmline.routing.waiting import ENOUGH, Lesson, Margins, View, WaitLearner, learn, theory, widen
from warmline.routing.waiting import _Sample as Sample

LINE = Line("cards")
SCENE = Scene(0.02, 0.02, 0.001, 0, 2, 3, 40.0, 60.0, 200.0)


@pytest.mark.parametrize("ahead", [0, 1, 2, 5, 20, 1_000])
def test_the_theory_is_the_gamma_distribution(ahead: int) -> None:
    low, high = theory(SCENE, np.array([float(ahead)]))[:, 0]
    exact = gammaincinv(ahead + 1, [0.05, 0.95]) / SCENE.rate
    assert high == pytest.approx(exact[1], rel=0.02)
    assert low == pytest.approx(exact[0], abs=1.0, rel=0.02)


def samples(number: int, random: np.random.Generator, *, gave_up_after: float = float("inf")) -> list[Sample]:
    """Waits three times as long as the theory says, and as random, by one sign."""
    found = []
    for _ in range(number):
        sign = random.normal()
        seconds = float(300 * np.exp(0.5 * sign) * random.exponential())
        gives_up = random.exponential(gave_up_after) if np.isfinite(gave_up_after) else float("inf")
        logs = np.log(100 * gammaincinv(1, [0.05, 0.95]) + 3)
        told = (0.0, 1e9)
        one = Sample(LINE, np.array([1.0, sign]), logs, 100.0, told, min(seconds, gives_up), seconds <= gives_up)
        found.append(one)
    return found


def ends(lesson: Lesson, sign: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    logs = np.log(100 * gammaincinv(1, [0.05, 0.95]) + 3)[:, None]
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = widen(
        lesson.correct(logs, np.array([[1.0, sign]])),
        (0.0, 0.0),
    )[:, 0]
    return found


@pytest.mark.parametrize("sign", [-1.0, 0.0, 1.0])
def test_both_ends_are_learnt_with_what_they_hang_on(sign: float) -> None:
    lesson = learn(samples(8_000, np.random.default_rng(37)))
    low, high = ends(lesson, sign)
    exact = 300 * np.exp(0.5 * sign) * gammaincinv(1, [0.05, 0.95])
    assert high == pytest.approx(exact[1], rel=0.12)
    assert low == pytest.approx(exact[0], abs=6)


def test_waits_given_up_do_not_make_the_others_look_short() -> None:
    """A third give up; leaving them out would take the upper end from 900 s to under 700."""
    random = np.random.default_rng(37)
    every = samples(8_000, random, gave_up_after=600.0)
    assert 0.25 < np.mean([not one.served for one in every]) < 0.4
    honest, naive = (ends(learn(some), 0.0)[1] for some in (every, [one for one in every if one.served]))
    assert naive < 700
    assert honest > naive + 40


def test_from_few_waits_the_theory_is_not_left_far() -> None:
    few = learn(samples(3, np.random.default_rng(37)))
    assert np.abs(few.weights[:, 1:]).max() < 0.2


def test_margins_move_until_one_in_twenty_lies_beyond_each_end() -> None:
    random, margins, told = np.random.default_rng(37), Margins(), (100.0, 110.0)
    beyond = []
    for _ in range(8_000):
        low, high = widen(np.log(np.array([[told[0]], [told[1]]]) + 3), margins.get(LINE))[:, 0]
        came = float(random.uniform(0, 300))
        margins.settle((low, high), Ended(LINE, came, served=True))
        beyond.append((came < low, came > high))
    assert np.mean(beyond[4_000:], axis=0) == pytest.approx([0.05, 0.05], abs=0.01)


def test_who_gave_up_within_the_interval_says_nothing_and_beyond_it_that_it_was_short() -> None:
    margins = Margins()
    margins.settle((10.0, 100.0), Ended(LINE, 5.0, served=False))
    margins.settle((10.0, 100.0), Ended(LINE, 60.0, served=False))
    assert margins.get(LINE) == (0.0, 0.0)
    margins.settle((10.0, 100.0), Ended(LINE, 120.0, served=False))
    assert margins.get(LINE)[0] == 0
    assert margins.get(LINE)[1] > 0


def taught(number: int) -> WaitLearner:
    """One server, who takes 500 s with each; somebody comes whenever one is done, and two wait."""
    learner = WaitLearner()
    for one in range(number):
        now = 500.0 * one
        if one > 2:
            learner.leave(one - 3, now)
        if one > 1:
            learner.serve(one - 2, LINE, "tova", now + 1)
        learner.enter(one, LINE, now + 2)
    return learner


def test_nothing_is_told_before_enough_is_known() -> None:
    assert taught(ENOUGH).look(50_000).tell(LINE, 0) is None
    assert taught(ENOUGH + 10).look(55_000).tell(Line("loans"), 0) is None
    assert taught(ENOUGH + 10).look(55_000).tell(LINE, 0) is not None


def test_who_is_further_back_is_never_told_less() -> None:
    look = taught(400).look(200_000)
    told = [look.tell(LINE, ahead) for ahead in (0, 1, 2, 3, 10, 50, 63, 64, 200, 12_000)]
    assert told == sorted(told, key=lambda one: one or (0, 0))
    assert [one[1] for one in told if one] == sorted(one[1] for one in told if one)
    assert all(one and one[0] <= one[1] for one in told)
    assert told[0] == look.tell(LINE, 0), "a longer table tells the first the same"


def test_nothing_is_learnt_while_somebody_at_work_has_room() -> None:
    learner = WaitLearner(places=3)
    learner.serve("a", LINE, "tova", 0)
    assert learner.enter("b", LINE, 1) is None
    learner.serve("b", LINE, "tova", 2)
    learner.serve("c", LINE, "tova", 3)
    assert learner.enter("d", LINE, 4) is not None


def test_a_line_as_it_stands_is_seen_with_its_own_margin() -> None:
    learner = taught(150)
    view = learner.look(75_000).views[LINE]
    assert isinstance(view, View)
    assert view.scene.waiting == 2
    assert view.margins != (0.0, 0.0)
