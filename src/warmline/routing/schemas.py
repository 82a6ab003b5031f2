"""Bodies and answers of the desk's calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from warmline.conversation.events import Event
from warmline.conversation.schemas import CLIENT_ID, TEXT_LIMIT, MessageBody, State
from warmline.routing.inbox import InboxItem
from warmline.routing.wording import Rule

Outcome = Literal["solved", "follow_up", "not_solved", "no_answer"]


class InboxList(BaseModel):
    items: list[InboxItem]


class CustomerCardView(BaseModel):
    """What an agent sees of a customer."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    elder: bool
    age_band: str | None
    language: str
    verified: str
    phone_masked: str
    notes: str


class Earlier(BaseModel):
    """An earlier conversation of the same customer."""

    id: UUID
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    channel: str


class DeskView(BaseModel):
    conversation: State
    events: list[Event]
    customer: CustomerCardView
    earlier: list[Earlier]


class StateOnly(BaseModel):
    conversation: State


class AgentMessageBody(MessageBody):
    """`draft`: an assistant's draft sent unchanged; `expect_seq`: the newest staff reply the agent has seen."""

    draft: bool = False
    expect_seq: int | None = Field(default=None, ge=0, le=2**31 - 1)


class WordingRules(BaseModel):
    """Looked for sentence by sentence, without regard to case; `unless` lets a sentence through."""

    rules: list[Rule]


class NoteBody(BaseModel):
    """`whisper`: a private word for whoever has the conversation."""

    client_id: str = CLIENT_ID
    text: str = Field(min_length=1, max_length=TEXT_LIMIT)
    whisper: bool = False


class CallInBody(BaseModel):
    """A colleague to ask in, with a private word."""

    agent_id: UUID
    note: str | None = Field(default=None, max_length=TEXT_LIMIT)


class JoinBody(BaseModel):
    """To look on, or to speak to the customer as well."""

    mode: Literal["watch", "speak"]


class HandBackBody(BaseModel):
    note: str | None = Field(default=None, max_length=TEXT_LIMIT)


class TransferBody(BaseModel):
    """To a skill group or to a colleague: exactly one of the two."""

    skill: str | None = Field(default=None, max_length=60)
    agent_id: UUID | None = None
    note: str | None = Field(default=None, max_length=TEXT_LIMIT)


class DeskCallbackBody(BaseModel):
    due_at: AwareDatetime


class CallbackTimesView(BaseModel):
    times: list[datetime]


class DeskRecapBody(BaseModel):
    text: str = Field(min_length=1, max_length=4000)
    outcome: Outcome


class CloseBody(BaseModel):
    outcome: Outcome


class Erased(BaseModel):
    """How many conversations lost their words."""

    conversations: int


class GroupRemoved(BaseModel):
    """How many members left the group."""

    members: int


class ExportedConversation(BaseModel):
    conversation: State
    events: list[Event]


class Export(BaseModel):
    """Everything held about one person."""

    customer_id: UUID
    profiles: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    conversations: list[ExportedConversation]


class BreakKind(BaseModel):
    """A kind of break, named in the caller's language."""

    id: str
    name: str


class RestView(BaseModel):
    """`wrap_up_until`: nobody new is offered until then; `pause_offered`: the last one was heavy."""

    wrap_up_until: datetime | None
    pause_offered: bool
    breaks: list[BreakKind]


class ReadyBody(BaseModel):
    pause: bool = False
