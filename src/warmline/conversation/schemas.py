"""What the API shows of a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from warmline.conversation.beside import Mode
from warmline.conversation.events import Event, Owner, Urgency
from warmline.conversation.model import Conversation

CLIENT_ID = Field(
    min_length=1,
    max_length=64,
    pattern=r"^[A-Za-z0-9._:+/=-]+$",
    description="New for each message, such as a UUID; posting it again is the same message. Not sealed: no words.",
)
TEXT_LIMIT = 20_000


class BesideView(BaseModel):
    """A colleague beside a conversation: asked in, looking on, or speaking too."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    mode: Mode


class State(BaseModel):
    """The fold of a conversation's events, as docs/protocol.md describes it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    customer_id: UUID
    customer_name: str | None = None
    channel: str
    locale: str
    elder: bool
    feeling_refused: bool = False
    owner: Owner
    agent_id: UUID | None
    agent_name: str | None
    skill: str | None
    urgency: Urgency
    rank_at: datetime | None
    front: bool = Field(description="Waits before all others: an agent vanished, or a promised time has come.")
    human_requested: bool
    queued_at: datetime | None
    callback_due_at: datetime | None
    last_seq: int
    customer_read_seq: int
    staff_read_seq: int
    opened_at: datetime
    closed_at: datetime | None
    beside: list[BesideView] | None = Field(default=None, description="For staff; null for customers.")


def show_state(state: Conversation, customer_name: str | None = None) -> State:
    """Return the API's view of a state."""
    return State.model_validate(state).model_copy(update={"customer_name": customer_name or None})


def show_to_customer(state: Conversation) -> State:
    """Return a customer's view of a state: who is beside it is told them in words."""
    return show_state(state).model_copy(update={"beside": None})


class Offer(BaseModel):
    """The agent who is asked to take this conversation, until then; for staff."""

    agent_id: UUID
    until: datetime


def show_offer(state: Conversation) -> Offer | None:
    """Return the offer that stands."""
    if state.offered_to is None or state.offered_until is None:
        return None
    return Offer(agent_id=state.offered_to, until=state.offered_until)


class MessageBody(BaseModel):
    """A message to post: words, files or both."""

    client_id: str = CLIENT_ID
    text: str = Field(default="", max_length=TEXT_LIMIT)
    attachments: list[UUID] = Field(default_factory=list, max_length=5)


class Ack(BaseModel):
    """A message is stored; `duplicate` when this client_id already was."""

    seq: int
    at: datetime
    duplicate: bool


class Events(BaseModel):
    events: list[Event]


class Done(BaseModel):
    """It is done, and there is nothing to show."""

    ok: bool = True


class Feedback(BaseModel):
    seq: int = Field(ge=1, le=2**31 - 1)
    value: Literal["up", "down"]


class ReadUpTo(BaseModel):
    up_to: int = Field(ge=0, le=2**31 - 1)
