"""Bodies and answers of the customer's calls."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from warmline.conversation.events import Event
from warmline.conversation.schemas import State

Locale = Literal["zh-Hans", "zh-Hant", "en"]


class WaitView(BaseModel):
    """What a waiting customer is told; seconds are the 5th and 95th percentile."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    low_seconds: int | None
    high_seconds: int | None
    agents_online: int
    due_at: datetime | None


class HoursView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    open: bool
    opens_at: datetime | None
    text: str


class About(BaseModel):
    """Who answers here, in the asked language."""

    bank: str
    assistant: str
    hours: HoursView
    timezone: str


class StartBody(BaseModel):
    locale: Locale = "zh-Hans"
    elder: bool = False
    feeling_refused: bool = False
    channel: Literal["web", "api"] = "web"


class View(BaseModel):
    conversation: State
    events: list[Event]
    wait: WaitView | None
    hours: HoursView


class EventPage(BaseModel):
    events: list[Event]
    wait: WaitView | None


class HandoffBody(BaseModel):
    via: Literal["button", "key"] = "button"


class StateAndWait(BaseModel):
    conversation: State
    wait: WaitView | None


class CallbackTimes(BaseModel):
    times: list[datetime]


class CallbackBody(BaseModel):
    due_at: AwareDatetime


class RecapBody(BaseModel):
    agreed: bool


class PreferencesBody(BaseModel):
    """`feeling_refused`: no feeling is to be read from what this customer writes; None leaves it as it is."""

    elder: bool
    locale: Locale
    feeling_refused: bool | None = None
