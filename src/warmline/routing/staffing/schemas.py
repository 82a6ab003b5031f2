"""Bodies of the calls about staffing. Times of day are the bank's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SpanOfAgents(BaseModel):
    """So many agents from a time of day to another, `09:00` to `24:00`."""

    model_config = ConfigDict(populate_by_name=True)

    start: str = Field(alias="from", max_length=5)
    end: str = Field(alias="to", max_length=5)
    agents: int = Field(ge=0, le=1000)


class SimulateBody(BaseModel):
    """A day staffed like this; nobody is there outside the spans. `within`: seconds of the service level."""

    day: date
    agents: list[SpanOfAgents] = Field(max_length=96)
    within: int = Field(default=20, ge=0, le=3600)


class QuarterView(BaseModel):
    """A quarter of an hour: arrivals expected with their 5th and 95th percentile, and agents.

    `needed` at work for the target, `on_roster` with shrinkage; `planned` and `short` are null where no plan is known.
    """

    start: str
    at: datetime
    expected: float
    low: int
    high: int
    needed: int
    on_roster: int
    planned: int | None
    short: int | None


class ShortView(BaseModel):
    """From a quarter on, `by` so many agents too few."""

    start: str
    end: str
    by: int


class BasisView(BaseModel):
    """What was reckoned with: seconds an agent is taken up by one customer, patience, customers at once, the log."""

    taken_up_seconds: float
    patience_seconds: float | None
    places: int
    days: int
    conversations: int


class StaffingView(BaseModel):
    """A day's forecast and need. `planned_from`: the plan given, or who is online now, kept up until closing."""

    day: date
    zone: str
    target: str
    shrinkage: float
    basis: BasisView
    planned_from: Literal["given", "online"] | None
    quarters: list[QuarterView]
    short: list[ShortView]


class IntervalView(BaseModel):
    """What customers of a quarter of an hour would meet with; waits in seconds, until served or gone."""

    start: str
    end: str
    arrivals: float
    agents: float
    mean_wait: float
    p50: float
    p90: float
    level: float
    abandonment: float
    occupancy: float | None


class SimulatedView(BaseModel):
    """A day played `runs` times, the whole of it and by quarters in which anybody came."""

    day: date
    runs: int
    within: int
    basis: BasisView
    whole: IntervalView | None
    quarters: list[IntervalView]
