"""Where a request for a person leads, and that what is said about the wait is honest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincinv

from tests.support import NOW
from warmline.conversation.commands import HandoffPlan
from warmline.routing.model import (
    CHATS_PER_AGENT,
    PICKUP_SECONDS,
    PRIOR_HANDLE_SECONDS,
    OnlineAgent,
    _unit_gamma_quantiles,
    mean_handle_seconds,
    plan_handoff,
    predict_wait,
    round_outwards,
    share_lines,
)

OPENING = NOW + timedelta(hours=14)
agents = st.integers(1, 200)
ahead = st.integers(0, 10_000)
busy = st.integers(0, 700)
handle = st.floats(5, 7200)


@pytest.mark.parametrize("is_open", [True, False])
def test_whoever_is_there_serves_at_whatever_hour(is_open: bool) -> None:
    assert plan_handoff(is_open=is_open, answer_at=OPENING, agents_online=1, skill="cards") == HandoffPlan("cards")


@pytest.mark.parametrize(("is_open", "reason"), [(True, "no_agent_online"), (False, "outside_hours")])
def test_nobody_there_leads_to_a_callback_when_somebody_can_answer(is_open: bool, reason: str) -> None:
    plan = plan_handoff(is_open=is_open, answer_at=OPENING, agents_online=0)
    assert (plan.due_at, plan.reason) == (OPENING, reason)


def test_without_anyone_there_is_no_interval() -> None:
    assert predict_wait(0, 0, 0, 240) is None


def test_a_free_place_is_under_a_minute() -> None:
    assert predict_wait(0, 1, CHATS_PER_AGENT - 1, 240) == (0, 60)


def test_who_may_have_more_at_once_makes_the_wait_shorter() -> None:
    full = predict_wait(4, 2, 4, 240, places=4)
    roomy = predict_wait(4, 2, 4, 240, places=12)
    assert full is not None
    assert roomy is not None
    assert roomy[1] < full[1]


def test_one_agent_does_not_begin_four_conversations_within_a_minute() -> None:
    """Without any history: the prior's handling time, three free places, three people ahead."""
    said = [predict_wait(before, 1, 0, mean_handle_seconds([])) for before in range(4)]
    assert said[0] == (0, 60)
    assert said[3] is not None
    assert said[3][1] > 180
    assert [one[1] for one in said if one] == sorted({one[1] for one in said if one})


@pytest.mark.parametrize("ahead", [0, 1, 2, 3, 5, 9])
def test_nine_starts_in_ten_lie_within_the_interval_when_agents_accept_one_after_another(ahead: int) -> None:
    """Simulated: two idle agents who accept one customer at a time and hold three each."""
    random = np.random.default_rng(37)
    waits = np.array([start_of(ahead, random) for _ in range(2_000)])
    said = predict_wait(ahead, 2, 0, PRIOR_HANDLE_SECONDS)
    assert said is not None
    assert np.mean((waits >= said[0]) & (waits <= said[1])) >= 0.9


def start_of(ahead: int, random: np.random.Generator, agents: int = 2) -> float:
    """Return when the (ahead + 1)-th in line begins, each agent accepting whenever one of their places is free."""
    ends: list[list[float]] = [[0.0] * CHATS_PER_AGENT for _ in range(agents)]
    ready, begins = [0.0] * agents, 0.0
    for _ in range(ahead + 1):
        agent = min(range(agents), key=lambda one: max(ready[one], min(ends[one])))
        place = ends[agent].index(min(ends[agent]))
        begins = max(ready[agent], ends[agent][place]) + random.exponential(PICKUP_SECONDS)
        ready[agent], ends[agent][place] = begins, begins + random.exponential(PRIOR_HANDLE_SECONDS)
    return begins


@given(ahead, agents, busy, handle)
def test_who_is_further_back_is_never_told_less(ahead: int, agents: int, busy: int, handle: float) -> None:
    near, far = predict_wait(ahead, agents, busy, handle), predict_wait(ahead + 1, agents, busy, handle)
    assert near is not None
    assert far is not None
    assert near[0] <= far[0]
    assert near[1] <= far[1]


@given(ahead, agents, busy, handle)
def test_more_agents_never_make_the_wait_longer(ahead: int, agents: int, busy: int, handle: float) -> None:
    few, many = predict_wait(ahead, agents, busy, handle), predict_wait(ahead, agents + 1, busy, handle)
    assert few is not None
    assert many is not None
    assert many[1] <= few[1]


@given(ahead, agents, busy, handle)
def test_an_interval_is_one(ahead: int, agents: int, busy: int, handle: float) -> None:
    wait = predict_wait(ahead, agents, busy, handle)
    assert wait is not None
    low, high = wait
    assert 0 <= low < high
    assert low % 30 == high % 30 == 0


CARDS, LOANS, BOTH = (OnlineAgent(frozenset(one)) for one in (["cards"], ["loans"], ["cards", "loans"]))
SUPERVISOR = OnlineAgent(None)


@pytest.mark.parametrize(
    ("agents", "ahead"),
    [
        ((CARDS, LOANS), [0, 0, 1, 1]),
        ((CARDS, BOTH), [0, 1, 2, 3]),
        ((SUPERVISOR,), [0, 1, 2, 3]),
        ((), [0, 0, 1, 1]),
    ],
)
def test_a_line_is_the_one_before_the_agents_who_can_take_it(agents: tuple[OnlineAgent, ...], ahead: list[int]) -> None:
    assert count_ahead(["cards", "loans", "loans", "cards"], agents) == ahead


def count_ahead(groups: list[str | None], agents: Sequence[OnlineAgent]) -> list[int]:
    """Return how many stand before each; `groups` are theirs, in the order of serving."""
    lines = share_lines(groups, agents)
    return [sum(other in lines[group] for other in groups[:place]) for place, group in enumerate(groups)]


def test_who_waits_for_no_group_stands_in_the_line_of_whoever_is_there() -> None:
    assert count_ahead([None, "cards", None, "loans"], [CARDS]) == [0, 1, 2, 0]
    assert count_ahead([None, "cards", None, "loans"], [LOANS, CARDS]) == [0, 1, 2, 2]


groups = st.lists(st.sampled_from([None, "cards", "loans", "elder"]), max_size=30)
teams = st.frozensets(st.sampled_from(["cards", "loans", "elder"]))


@given(groups, st.lists(st.none() | teams, max_size=4))
def test_nobody_is_before_whom_an_able_agent_would_serve_first(groups: list[str | None], skills: list[object]) -> None:
    agents = [OnlineAgent(one) for one in skills]  # type: ignore[arg-type]
    for place, ahead in enumerate(count_ahead(groups, agents)):
        mine = [agent for agent in agents if agent.takes(groups[place])]
        served_before = [sum(map(agent.takes, groups[:place])) for agent in mine]
        assert max(served_before, default=groups[:place].count(groups[place])) <= ahead <= place


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_rounding_never_narrows(one: float, two: float) -> None:
    low, high = sorted((one, two))
    said = round_outwards(low, high)
    assert said[0] <= low
    assert said[1] >= high
    assert said[0] > low - 60
    assert said[1] <= max(60, high + 60)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0, 1, (0, 60)), (31, 89, (30, 90)), (299, 300, (270, 300)), (301, 301, (300, 360)), (359, 481, (300, 540))],
)
def test_steps_are_those_people_say(low: float, high: float, said: tuple[int, int]) -> None:
    assert round_outwards(low, high) == said


def test_nine_waits_in_ten_lie_within_the_interval() -> None:
    """Simulated: all places taken, exponential handling, the fifth in line (M/M/c)."""
    random = np.random.default_rng(37)
    agents, handle_seconds, ahead = 2, 240.0, 4
    gaps = random.exponential(handle_seconds / (agents * CHATS_PER_AGENT), (20_000, ahead + 1))
    waits = gaps.sum(axis=1)
    said = predict_wait(ahead, agents, agents * CHATS_PER_AGENT, handle_seconds)
    assert said is not None
    inside = np.mean((waits >= said[0]) & (waits <= said[1]))
    assert 0.9 <= inside < 0.99


def test_handling_time_is_drawn_to_the_prior_while_little_is_known() -> None:
    assert mean_handle_seconds([]) == PRIOR_HANDLE_SECONDS
    assert PRIOR_HANDLE_SECONDS < mean_handle_seconds([600.0]) < 300
    assert mean_handle_seconds([600.0] * 10_000) == pytest.approx(600, abs=1)


@pytest.mark.parametrize("shape", [*range(1, 60), 100, 365, 1_000, 10_001, 60_000])
def test_the_quantiles_of_a_wait_are_those_of_the_gamma_distribution(shape: int) -> None:
    assert _unit_gamma_quantiles(shape) == pytest.approx(gammaincinv(shape, [0.05, 0.95]), rel=1e-9)
