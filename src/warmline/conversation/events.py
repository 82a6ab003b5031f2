"""Every event a conversation's log can hold. The classes are the schema: API and TypeScript types come from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from warmline.conversation.beside import ColleagueCalled, ColleagueJoined, ColleagueLeft, ConversationTakenOver
from warmline.conversation.handoffs import (
    NO_GROUP,
    AgentVanished,
    CallbackDue,
    CallbackScheduled,
    ConversationAccepted,
    ConversationHandedBack,
    ConversationTransferred,
    HandoffRequested,
    SlipWritten,
    Urgency,
)
from warmline.conversation.noted import Acknowledged, Sensed
from warmline.conversation.offers import OfferEnded, OfferMade
from warmline.conversation.payload import Attachment, Author, AuthorKind, Choice, Owner, Payload, Source, Visibility
from warmline.conversation.wrapup import SummaryLine, WrapUpWritten

__all__ = [
    "NO_GROUP",
    "PAYLOADS",
    "ActionTaken",
    "AgentVanished",
    "AnyPayload",
    "Attachment",
    "Author",
    "AuthorKind",
    "CallbackDue",
    "CallbackScheduled",
    "Choice",
    "ColleagueCalled",
    "ColleagueJoined",
    "ColleagueLeft",
    "ConversationAccepted",
    "ConversationClosed",
    "ConversationHandedBack",
    "ConversationReopened",
    "ConversationStarted",
    "ConversationTakenOver",
    "ConversationTransferred",
    "Event",
    "FeedbackGiven",
    "HandoffRequested",
    "MessagePosted",
    "MessagesRead",
    "ModelUse",
    "NoteAdded",
    "OfferEnded",
    "OfferMade",
    "Owner",
    "Payload",
    "PreferencesChanged",
    "RecapAnswered",
    "RecapProposed",
    "SlipWritten",
    "Source",
    "SummaryLine",
    "TurnDecided",
    "UnknownEvent",
    "Urgency",
    "Visibility",
    "WordsErased",
    "WrapUpWritten",
]


class ConversationStarted(Payload):
    type: Literal["conversation.started"] = "conversation.started"
    channel: str
    locale: str
    elder: bool
    feeling_refused: bool = False
    owner: Owner = Owner.ASSISTANT
    reason: str = "started"


class MessagePosted(Payload):
    """Someone said something. `reply_to` is the seq it answers, where it answers one."""

    WORDS: ClassVar[frozenset[str]] = frozenset({"text", "attachments", "choices", "sources"})
    type: Literal["message.posted"] = "message.posted"
    client_id: str
    text: str | None
    format: Literal["plain", "markdown"] = "plain"
    attachments: list[Attachment] | None = None
    choices: list[Choice] | None = None
    sources: list[Source] | None = None
    reply_to: int | None = None
    offer_human: bool = Field(default=False, description="Show the way to a person prominently below it.")


class ModelUse(BaseModel):
    """One use of a language model: by which prompt (`rephrase@1`), whether its words were used, else why not."""

    prompt: str
    outcome: Literal["used", "refused", "failed"]
    reason: str = ""
    milliseconds: int = 0


class TurnDecided(Payload):
    """Why the assistant did what it did.

    `matter`: what the customer came for, a flow's or an article's id;
    `flow`: the turn's, with what it asked for (`confirms`: agreement) and how it ended; `memory`: for the next turn;
    `identified_as`: the customer whom somebody had shown themselves to be in this conversation.
    """

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS: ClassVar[frozenset[str]] = frozenset({"question", "memory", "feeling"})
    type: Literal["turn.decided"] = "turn.decided"
    reply_to: int
    decision: str
    reason: str
    confidence: float | None = None
    article_ids: list[str] = Field(default_factory=list)
    question: str | None = None
    acknowledgement: Acknowledged | None = None
    flow: str | None = None
    matter: str | None = None
    asks: str | None = None
    confirms: bool = False
    outcome: str | None = None
    memory: dict[str, Any] | None = None
    feeling: Sensed | None = None
    model_uses: list[ModelUse] = Field(default_factory=list)
    identified_as: UUID | None = None
    milliseconds: int = 0


class ActionTaken(Payload):
    """An action in the bank's systems, and what came of it. `key` is its idempotency key there."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS: ClassVar[frozenset[str]] = frozenset({"arguments", "data"})
    type: Literal["action.taken"] = "action.taken"
    action: str
    effect: str
    status: Literal["ok", "refused", "failed", "unknown"]
    code: str = ""
    key: str
    arguments: dict[str, Any] | None = None
    data: dict[str, Any] | None = None
    tries: int = 1
    milliseconds: int = 0


class NoteAdded(Payload):
    """For colleagues alone; `whisper`: a private word for whoever serves, to be seen at once."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS: ClassVar[frozenset[str]] = frozenset({"text"})
    type: Literal["note.added"] = "note.added"
    client_id: str
    text: str | None
    whisper: bool = False


class RecapProposed(Payload):
    """What was agreed, for the customer to confirm before goodbye."""

    WORDS: ClassVar[frozenset[str]] = frozenset({"text"})
    type: Literal["recap.proposed"] = "recap.proposed"
    text: str | None
    outcome: str


class RecapAnswered(Payload):
    type: Literal["recap.answered"] = "recap.answered"
    agreed: bool


class FeedbackGiven(Payload):
    type: Literal["feedback.given"] = "feedback.given"
    seq: int
    value: Literal["up", "down"]


class MessagesRead(Payload):
    """A read receipt; `by` is the side that read, `up_to` the last seq read."""

    type: Literal["messages.read"] = "messages.read"
    by: Literal["customer", "staff"]
    up_to: int


class PreferencesChanged(Payload):
    type: Literal["preferences.changed"] = "preferences.changed"
    elder: bool
    locale: str
    feeling_refused: bool | None = None


class ConversationClosed(Payload):
    type: Literal["conversation.closed"] = "conversation.closed"
    owner: Owner = Owner.CLOSED
    reason: str
    outcome: str | None = None


class ConversationReopened(Payload):
    """The customer wrote again after the end: the same conversation goes on."""

    type: Literal["conversation.reopened"] = "conversation.reopened"
    owner: Owner = Owner.ASSISTANT
    reason: str = "customer_wrote_again"


class WordsErased(Payload):
    """The customer's words are gone; events and counts stay."""

    type: Literal["words.erased"] = "words.erased"


class UnknownEvent(Payload):
    """An entry that this version cannot read, such as one a newer version wrote; never stored. `kind` is its type."""

    type: Literal["event.unknown"] = "event.unknown"
    kind: str
    owner: Owner | None = Field(default=None, exclude_if=lambda owner: owner is None)
    reason: str = ""


AnyPayload = Annotated[
    ConversationStarted
    | MessagePosted
    | TurnDecided
    | ActionTaken
    | HandoffRequested
    | SlipWritten
    | CallbackScheduled
    | CallbackDue
    | ConversationAccepted
    | AgentVanished
    | ConversationTransferred
    | ConversationHandedBack
    | ColleagueCalled
    | ColleagueJoined
    | ColleagueLeft
    | ConversationTakenOver
    | WrapUpWritten
    | OfferMade
    | OfferEnded
    | NoteAdded
    | RecapProposed
    | RecapAnswered
    | FeedbackGiven
    | MessagesRead
    | PreferencesChanged
    | ConversationClosed
    | ConversationReopened
    | WordsErased
    | UnknownEvent,
    Field(discriminator="type"),
]

PAYLOADS: dict[str, type[Payload]] = {
    cls.model_fields["type"].default: cls
    for cls in (
        ConversationStarted, MessagePosted, TurnDecided, ActionTaken, HandoffRequested, SlipWritten, CallbackScheduled,
        CallbackDue, ConversationAccepted, AgentVanished, ConversationTransferred, ConversationHandedBack,
        OfferMade, OfferEnded,
        NoteAdded, RecapProposed, RecapAnswered, FeedbackGiven, MessagesRead, PreferencesChanged,
        ConversationClosed, ConversationReopened, WordsErased, ColleagueCalled, ColleagueJoined, ColleagueLeft,
        ConversationTakenOver, WrapUpWritten,
    )
}  # fmt: skip
"""Event type to payload class, for everything that is stored."""


class Event(BaseModel):
    """One entry of the log. `seq` is gapless per conversation, from 1; a customer does not see `staff` entries."""

    seq: int
    at: datetime
    author: Author
    visibility: Visibility
    payload: AnyPayload

    @property
    def type(self) -> str:
        """The payload's type, such as `message.posted`."""
        return self.payload.type
