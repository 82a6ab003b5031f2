"""What can be asked of a conversation, and the pure decision: `decide(state, command, now) -> entries`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from warmline.conversation.beside import Mode
from warmline.conversation.events import (
    ActionTaken,
    Attachment,
    Author,
    AuthorKind,
    Choice,
    Payload,
    SlipWritten,
    Source,
    TurnDecided,
    Urgency,
    WrapUpWritten,
)
from warmline.conversation.offers import OfferEnd

SYSTEM = Author(kind=AuthorKind.SYSTEM)
ASSISTANT = Author(kind=AuthorKind.ASSISTANT)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that has no place in the log yet."""

    author: Author
    payload: Payload


@dataclass(frozen=True, slots=True)
class PostMessage:
    """The customer or the owning agent says something; `expect_seq` is the newest staff reply the agent has seen."""

    author: Author
    client_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    expect_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """One message of the assistant or of the service itself."""

    text: str
    choices: tuple[Choice, ...] = ()
    sources: tuple[Source, ...] = ()
    offer_human: bool = False
    markdown: bool = True


@dataclass(frozen=True, slots=True)
class HandoffPlan:
    """Where a request for a person leads now: the queue, or (with `due_at`) a dated callback."""

    skill: str | None = None
    due_at: datetime | None = None
    reason: str = "outside_hours"


@dataclass(frozen=True, slots=True)
class RequestHandoff:
    """A person is wanted. `say` goes to the customer, `slip` to the agent; `head_start` in seconds."""

    author: Author
    by: Literal["customer", "assistant", "agent", "system"]
    via: Literal["word", "button", "key", "policy", "fault", "transfer"]
    reason: str
    plan: HandoffPlan
    say: tuple[Say, ...] = ()
    slip: SlipWritten | None = None
    urgency: Urgency = Urgency.NORMAL
    head_start: int = 0


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """The assistant's answer to everything up to `reply_to`; with `handoff` a person follows.

    `acted`: what was done in the bank's systems meanwhile; that is in the log whatever became of the conversation.
    """

    reply_to: int
    decided: TurnDecided
    say: tuple[Say, ...]
    handoff: RequestHandoff | None = None
    acted: tuple[ActionTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Reassure:
    """A word to someone who waits for a person and has written; with `handoff` they need wait no longer for the date.

    `decided.reply_to` is the customer's last message.
    """

    decided: TurnDecided
    say: tuple[Say, ...] = ()
    handoff: RequestHandoff | None = None


@dataclass(frozen=True, slots=True)
class ScheduleCallback:
    author: Author
    due_at: datetime
    chosen_by: Literal["customer", "system", "agent"]
    reason: str = "customer_choice"
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class RaiseCallback:
    """The time of a callback has come."""


@dataclass(frozen=True, slots=True)
class Accept:
    agent: Author
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """Ask one agent to take who waits in the queue."""

    agent: Author
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EndOffer:
    """The offer to this agent stands no more."""

    author: Author
    agent_id: UUID
    reason: OfferEnd


@dataclass(frozen=True, slots=True)
class ReportVanished:
    """The agent's connection is gone for good; `slip` is for whoever takes over."""

    agent_id: UUID
    say: tuple[Say, ...] = ()
    slip: SlipWritten | None = None


@dataclass(frozen=True, slots=True)
class HandBack:
    """The owning agent gives the customer back to the assistant."""

    agent: Author
    note: str | None = None
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnToAssistant:
    """The customer's own yes to going back to the assistant (I3)."""

    author: Author
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """To a skill group, or to a colleague (`to`)."""

    agent: Author
    skill: str | None = None
    to: Author | None = None
    note: str | None = None
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class CallColleague:
    """Whoever has the conversation asks a colleague in, with a private word."""

    agent: Author
    to: Author
    note: str | None = None


@dataclass(frozen=True, slots=True)
class JoinBeside:
    """A colleague comes in to look on or to speak; `say` tells the customer, of a look once."""

    agent: Author
    mode: Mode
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveBeside:
    """A colleague goes, or would not come; `say` is the leave that who spoke takes of the customer."""

    agent: Author
    reason: Literal["left", "vanished"] = "left"
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A supervisor takes the conversation from the agent who has it."""

    agent: Author
    say: tuple[Say, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteWrapUp:
    agent: Author
    wrap_up: WrapUpWritten


@dataclass(frozen=True, slots=True)
class AddNote:
    """`whisper`: a private word for whoever has the conversation."""

    agent: Author
    client_id: str
    text: str
    whisper: bool = False


@dataclass(frozen=True, slots=True)
class ProposeRecap:
    agent: Author
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AnswerRecap:
    author: Author
    agreed: bool


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    author: Author
    seq: int
    value: Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class MarkRead:
    """A receipt of one side; for `staff` only that of the agent who has the conversation counts."""

    author: Author
    by: Literal["customer", "staff"]
    up_to: int


@dataclass(frozen=True, slots=True)
class SetPreferences:
    """`feeling_refused`: no feeling is read from the customer's words; None leaves it as it is."""

    author: Author
    elder: bool
    locale: str
    feeling_refused: bool | None = None


@dataclass(frozen=True, slots=True)
class Close:
    author: Author
    reason: str
    outcome: str | None = None
    say: tuple[Say, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NoteErasure:
    """Record that the customer's words are gone; who is erased waits for nobody, and the conversation ends."""


Command = (
    PostMessage
    | RequestHandoff
    | TakeTurn
    | Reassure
    | ScheduleCallback
    | RaiseCallback
    | Accept
    | MakeOffer
    | EndOffer
    | ReportVanished
    | HandBack
    | ReturnToAssistant
    | Transfer
    | CallColleague
    | JoinBeside
    | LeaveBeside
    | TakeOver
    | WriteWrapUp
    | AddNote
    | ProposeRecap
    | AnswerRecap
    | GiveFeedback
    | MarkRead
    | SetPreferences
    | Close
    | NoteErasure
)
