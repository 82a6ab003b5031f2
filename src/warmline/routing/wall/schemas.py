"""The answer of the wall's call."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from warmline.conversation.events import Urgency


class GroupLineView(BaseModel):
    """Those of one skill group (empty: of none) and channel; `since`: the longest has been waiting since then."""

    skill: str
    channel: str
    count: int
    since: datetime | None


class UrgencyCount(BaseModel):
    urgency: Urgency
    count: int


class WaitingView(BaseModel):
    """Who waits in the queue; a callback waits for its time and is counted among what is owed."""

    count: int
    since: datetime | None
    lines: list[GroupLineView]
    urgencies: list[UrgencyCount]


class ServedView(BaseModel):
    """Who is with an agent."""

    count: int
    lines: list[GroupLineView]


class BreakCount(BaseModel):
    """A kind of break, named in the caller's language; `name` is empty where no reason was given."""

    reason: str
    name: str
    count: int


class AgentsView(BaseModel):
    """Everyone who serves, each once. `away`: they said so, or their desk is not open; `full`: no place is free."""

    free: int
    full: int
    wrapping_up: int
    offered: int
    on_break: int
    away: int
    breaks: list[BreakCount]


class OwedView(BaseModel):
    """Callbacks due within the hour, those late and at risk among them; promises broken or soon due; late cases."""

    callbacks_soon: int
    callbacks_late: int
    callbacks_at_risk: int
    late_promises: int
    promises_soon: int
    late_cases: int


class BarView(BaseModel):
    """How many took longer than the bar before and at most `up_to` seconds; null: any longer."""

    up_to: int | None
    count: int


class HourView(BaseModel):
    hour: int
    arrivals: int
    answered: int
    abandoned: int


class TodayView(BaseModel):
    """The day so far, by the bank's clock.

    `level`: of `counted`, the share an agent took within the group's target; who left before that is not counted.
    `p50`, `p90`, `bars`: seconds from asking for a person to an agent's own first message.
    """

    arrivals: int
    answered: int
    abandoned: int
    level: float | None
    counted: int
    p50: int | None
    p90: int | None
    bars: list[BarView]
    hours: list[HourView]


class FeelingCount(BaseModel):
    """In how many conversations that wait or are with an agent a customer's feeling was heard last."""

    feeling: str
    count: int


class DistressedView(BaseModel):
    """A customer who needs a look; `agent_name` null while nobody has them."""

    id: UUID
    customer_id: UUID
    customer_name: str | None
    owner: str
    skill: str | None
    channel: str
    agent_name: str | None
    elder: bool
    urgency: Urgency
    since: datetime
    feelings: list[str]


class WallView(BaseModel):
    """How the house stands. `distressed`: whom to look at first; null for who may not open conversations."""

    at: datetime
    zone: str
    open: bool
    waiting: WaitingView
    served: ServedView
    agents: AgentsView
    owed: OwedView
    today: TodayView
    feelings: list[FeelingCount]
    distressed: list[DistressedView] | None
