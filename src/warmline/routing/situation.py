"""How the centre stands at one moment, and what somebody who waits is told of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from warmline.routing.lately import WaitHistory
from warmline.routing.model import OnlineAgent, Wait, predict_wait
from warmline.routing.repository import Waiting


@dataclass(frozen=True, slots=True)
class Situation:
    """How the centre stands at one moment."""

    now: datetime
    is_open: bool
    agents: tuple[OnlineAgent, ...]
    groups: frozenset[str]
    handle_seconds: float

    def able(self, group: str | None) -> list[OnlineAgent]:
        """Return the agents who can take customers of this skill group."""
        return [agent for agent in self.agents if agent.takes(group)]


@dataclass(frozen=True, slots=True)
class Team:
    """The agents who can take a group: how many, with how many conversations of at most how many `places`.

    `answer_at`: by when somebody answers, with none.
    """

    online: int
    busy: int
    places: int
    answer_at: datetime


def tell(one: Waiting, team: Team, handle_seconds: float, history: WaitHistory) -> Wait:
    """Return what someone who waits is to be told: an interval, or a date where none can be given."""
    interval = None
    if one.owner == "queue":
        learnt = partial(history.tell, one.skill, one.urgency)
        interval = predict_wait(one.ahead, team.online, team.busy, handle_seconds, learnt, team.places)
    if interval:
        return Wait(one.ahead + 1, *interval, team.online)
    return Wait(one.ahead + 1, None, None, team.online, one.callback_due_at or team.answer_at)
