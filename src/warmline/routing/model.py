"""Pure rules of routing: where a request for a person leads, and how long a wait honestly is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil, floor

import numpy as np
from scipy.special import gammaincinv

from warmline.conversation.commands import HandoffPlan

CHATS_PER_AGENT = 3
"""Conversations an agent holds at once before the next one waits."""
CALLBACK_WITHIN = timedelta(minutes=30)
"""Promise when the centre is open and nobody is online."""
PRIOR_HANDLE_SECONDS = 240.0
PRIOR_WEIGHT = 10
"""The prior counts as this many observed conversations."""


@dataclass(frozen=True, slots=True)
class OnlineAgent:
    """An agent who is there, with `load` conversations. `skills` None: takes the customers of every group."""

    skills: frozenset[str] | None
    load: int = 0

    def takes(self, group: str | None) -> bool:
        """Tell whether customers who wait for this group can be this agent's; those who wait for none always can."""
        return group is None or self.skills is None or group in self.skills


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


def plan_handoff(
    now: datetime,
    *,
    is_open: bool,
    next_opening: datetime | None,
    agents_online: int,
    skill: str | None = None,
) -> HandoffPlan:
    """Queue when someone is there, at whatever hour, else a dated callback (I7)."""
    if agents_online:
        return HandoffPlan(skill)
    if is_open:
        return HandoffPlan(skill, now + CALLBACK_WITHIN, "no_agent_online")
    return HandoffPlan(skill, next_opening or now + timedelta(days=1), "outside_hours")


def count_ahead(groups: Sequence[str | None], agents: Collection[OnlineAgent]) -> list[int]:
    """Return how many stand before each of those who wait; `groups` are theirs, in the order of serving.

    Two groups share a line when one agent can take either: who waits for cards is not behind who waits for loans,
    unless somebody serves both.
    """
    kinds, teams = set(groups), {agent.skills for agent in agents}
    takers = {kind: {team for team in teams if OnlineAgent(team).takes(kind)} for kind in kinds}
    behind = {one: [two for two in kinds if one == two or takers[one] & takers[two]] for one in kinds}
    passed, ahead = dict.fromkeys(kinds, 0), []
    for group in groups:
        ahead.append(passed[group])
        for other in behind[group]:
            passed[other] += 1
    return ahead


def mean_handle_seconds(observed: Sequence[float]) -> float:
    """Mean handling time, drawn towards the prior while little has been observed."""
    total = float(np.sum(observed)) + PRIOR_HANDLE_SECONDS * PRIOR_WEIGHT
    return total / (len(observed) + PRIOR_WEIGHT)


def predict_wait(ahead: int, agents_online: int, busy: int, handle_seconds: float) -> tuple[int, int] | None:
    """Return the 5th and 95th percentile of the wait in seconds, None when no agent is online.

    With all places taken, departures are Poisson with rate places/handle, so the time until the
    (ahead + 1)-th one is Gamma distributed (M/M/c queue; Kleinrock 1975, section 3.5). With a free
    place for the customer the wait is an agent's reaction, taken as under a minute.
    """
    if agents_online == 0:
        return None
    places = agents_online * CHATS_PER_AGENT
    turns = ahead + 1 - max(0, places - busy)
    if turns <= 0:
        return 0, 60
    low, high = _gamma_quantiles(turns)
    return round_outwards(low * handle_seconds / places, high * handle_seconds / places)


@lru_cache(maxsize=16_384)
def _gamma_quantiles(shape: int) -> tuple[float, float]:
    low, high = gammaincinv(shape, [0.05, 0.95])
    return float(low), float(high)


def round_outwards(low: float, high: float) -> tuple[int, int]:
    """Round an interval to spoken steps without making it narrower: 30 s below five minutes, else a minute."""
    low_step = 30 if low < 300 else 60
    high_step = 30 if high < 300 else 60
    return floor(low / low_step) * low_step, max(60, ceil(high / high_step) * high_step)
