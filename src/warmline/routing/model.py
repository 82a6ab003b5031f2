"""Pure rules of routing: where a request for a person leads, and how long a wait honestly is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt

import numpy as np

from warmline.conversation.commands import HandoffPlan
from warmline.kit.calendar import BusinessCalendar

CHATS_PER_AGENT = 3
"""Conversations an agent holds at once before the next one waits."""
CALLBACK_WITHIN = timedelta(minutes=30)
"""Promise when the centre is open and nobody is online."""
PICKUP_SECONDS = 20.0
"""Mean time an agent with a free place takes to read the slip and accept the next; 19 in 20 are within a minute."""
PRIOR_HANDLE_SECONDS = 240.0
PRIOR_WEIGHT = 10
"""The prior counts as this many observed conversations."""
_NORMAL_95 = 1.6448536269514722
_NEWTON_STEPS = 6


@dataclass(frozen=True, slots=True)
class OnlineAgent:
    """An agent who is there, with `load` of at most `chats` conversations. `skills` None: takes every group's."""

    skills: frozenset[str] | None
    load: int = 0
    chats: int = CHATS_PER_AGENT

    def takes(self, group: str | None) -> bool:
        """Tell whether customers who wait for this group can be this agent's; those who wait for none always can."""
        return not group or self.skills is None or group in self.skills


@dataclass(frozen=True, slots=True)
class Wait:
    """What a waiting customer is told of the line before those agents who can take them.

    `position` counts the customer; seconds are the 5th and 95th percentile; `agents_online` are those who can.
    Without an interval (`low_seconds` None) `due_at` says by when someone answers.
    """

    position: int
    low_seconds: int | None
    high_seconds: int | None
    agents_online: int
    due_at: datetime | None = None


def answer_at(calendar: BusinessCalendar, asked: datetime) -> datetime:
    """By when somebody answers who was asked for at a moment when nobody was there: in the bank's hours (I7)."""
    soon = asked + CALLBACK_WITHIN if calendar.is_open(asked) else asked
    return calendar.first_open(soon) or asked + timedelta(days=1)


def plan_handoff(*, is_open: bool, answer_at: datetime, agents_online: int, skill: str | None = None) -> HandoffPlan:
    """Queue when someone is there, at whatever hour, else a callback by `answer_at`, within the bank's hours (I7)."""
    if agents_online:
        return HandoffPlan(skill)
    return HandoffPlan(skill, answer_at, "no_agent_online" if is_open else "outside_hours")


def share_lines(
    groups: Collection[str | None], agents: Collection[OnlineAgent]
) -> dict[str | None, frozenset[str | None]]:
    """Return for each group the groups that stand in one line with it, itself among them.

    Two groups share a line when one agent can take either: who waits for cards is not behind who waits for loans,
    unless somebody serves both.
    """
    teams = [OnlineAgent(skills) for skills in {agent.skills for agent in agents}]
    takers = {group: {team for team in teams if team.takes(group)} for group in groups}
    return {one: frozenset(two for two in takers if one == two or takers[one] & takers[two]) for one in takers}


def mean_handle_seconds(observed: Sequence[float]) -> float:
    """Mean handling time, drawn towards the prior while little has been observed."""
    total = float(np.sum(observed)) + PRIOR_HANDLE_SECONDS * PRIOR_WEIGHT
    return total / (len(observed) + PRIOR_WEIGHT)


def predict_wait(
    ahead: int,
    agents_online: int,
    busy: int,
    handle_seconds: float,
    learnt: Callable[[int], tuple[float, float] | None] = lambda ahead: None,
    places: int | None = None,
) -> tuple[int, int] | None:
    """Return the 5th and 95th percentile of the wait in seconds, None when no agent is online.

    Two things take time, and the slower one decides. Agents accept one customer after another: the customer is the
    (ahead + 1)-th of a Poisson stream of rate agents/PICKUP_SECONDS. And only free places are accepted into: beyond
    those, departures are a Poisson stream of rate places/(handling + pickup). The time until the n-th event of such
    a stream is Gamma distributed (M/M/c queue; Kleinrock 1975, section 3.5). `learnt` knows better, from past waits,
    how long it is with so many ahead and no place free, or that too little is known yet. `places`: how many
    conversations they can have together.
    """
    if agents_online == 0:
        return None
    places = max(1, agents_online * CHATS_PER_AGENT if places is None else places)
    accepted = _gamma_quantiles(ahead + 1, PICKUP_SECONDS / agents_online)
    turns = ahead + 1 - max(0, places - busy)
    freed = (0.0, 0.0)
    if turns > 0:
        freed = learnt(turns - 1) or _gamma_quantiles(turns, (handle_seconds + PICKUP_SECONDS) / places)
    return round_outwards(max(accepted[0], freed[0]), max(accepted[1], freed[1]))


def _gamma_quantiles(shape: int, scale: float) -> tuple[float, float]:
    low, high = _unit_gamma_quantiles(shape)
    return low * scale, high * scale


@lru_cache(maxsize=16_384)
def _unit_gamma_quantiles(shape: int) -> tuple[float, float]:
    return _gamma_quantile(shape, 0.05, -_NORMAL_95), _gamma_quantile(shape, 0.95, _NORMAL_95)


def _gamma_quantile(shape: int, share: float, normal: float) -> float:
    """Newton's method from Wilson and Hilferty's guess; scipy has it too, and costs each start half a second."""
    x = shape * max(0.2, 1 - 1 / (9 * shape) + normal / (3 * sqrt(shape))) ** 3
    for _ in range(_NEWTON_STEPS):
        density = exp((shape - 1) * log(x) - x - lgamma(shape))
        x -= (_gamma_share(shape, x, density) - share) / density
    return x


def _gamma_share(shape: int, x: float, density: float) -> float:
    """Return the regularised lower incomplete gamma function by its series (DLMF 8.11.4)."""
    term = total = density * x / shape
    n = shape
    while term > total * 1e-15:
        n += 1
        term *= x / n
        total += term
    return total


def round_outwards(low: float, high: float) -> tuple[int, int]:
    """Round an interval to spoken steps without making it narrower: 30 s below five minutes, else a minute."""
    low_step = 30 if low < 300 else 60
    high_step = 30 if high < 300 else 60
    return floor(low / low_step) * low_step, max(60, ceil(high / high_step) * high_step)
