"""Every event a conversation's log can hold. The classes are the schema: API and TypeScript types come from them.

Fields named in `WORDS` are what people said or wrote: they are stored sealed under the customer's key
and read as null, with `erased` true, once that key has been destroyed.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from warmline.conversation.noted import Acknowledged, EarlierContact, Sensed


class AuthorKind(StrEnum):
    """Who speaks. `agent_for_assistant`: an agent released the assistant's draft unchanged."""

    CUSTOMER = "customer"
    HELPER = "helper"
    ASSISTANT = "assistant"
    AGENT = "agent"
    AGENT_FOR_ASSISTANT = "agent_for_assistant"
    SYSTEM = "system"


class Owner(StrEnum):
    """Who must act next. A conversation has exactly one owner at any time (I2)."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    AGENT = "agent"
    CALLBACK = "callback"
    CLOSED = "closed"


class Visibility(StrEnum):
    """Who may read an event: `all` includes the customer, `staff` does not."""

    ALL = "all"
    STAFF = "staff"


class Author(BaseModel):
    """The speaker of an event; `name` is a person's display name, never set for the assistant."""

    model_config = ConfigDict(frozen=True)
    kind: AuthorKind
    id: UUID | None = None
    name: str | None = None


class Payload(BaseModel):
    """Base of all payloads. What a newer version added is ignored; what does not fit is not printed, as it is words."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    WORDS: ClassVar[frozenset[str]] = frozenset()
    VISIBILITY: ClassVar[Visibility] = Visibility.ALL
    erased: bool = Field(default=False, description="True when the words were erased with the customer's key.")


class Choice(BaseModel):
    """A reading the customer may pick with one tap; posting `text` picks it."""

    text: str
    article_id: str | None = None


class Attachment(BaseModel):
    """A stored file; fetch it from `/api/v1/attachments/{id}`."""

    id: UUID
    name: str
    media_type: str
    size: int = Field(description="bytes")


class Source(BaseModel):
    """The article a reply rests on."""

    article_id: str
    question: str
    version: int


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


NO_GROUP = ""
"""As the `skill` of a handoff: the group the customer was passed on to is no more, and anyone takes them."""


class HandoffRequested(Payload):
    """A person was asked for; `by` says who asked, `via` how. Only the customer's yes or a handback undoes it (I3).

    `skill`: the group they wait for, null for the one known before, empty for none any more.
    """

    type: Literal["handoff.requested"] = "handoff.requested"
    by: Literal["customer", "assistant", "agent", "system"]
    via: Literal["word", "button", "key", "policy", "fault", "transfer"]
    reason: str
    owner: Owner = Owner.QUEUE
    skill: str | None = None


class SlipWritten(Payload):
    """交接单: what the agent needs to know on arriving.

    `summary`: in a language model's words that stay inside the customer's, where there is one; `done`: what was done
    at the bank, or may have been; `promised`: what they were told would happen; `feeling`: what was felt, and whither;
    `earlier`: when they came with this before, where it was shown who they are.
    """

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS = frozenset({"summary", "question", "tried", "known", "done", "promised", "feeling", "earlier", "opening"})
    type: Literal["slip.written"] = "slip.written"
    reason: str
    question: str | None = None
    summary: str | None = None
    tried: list[Source] | None = None
    known: dict[str, str] | None = None
    done: list[str] | None = None
    promised: list[str] | None = None
    feeling: list[str] | None = None
    earlier: list[EarlierContact] | None = None
    opening: str | None = None


class CallbackScheduled(Payload):
    """A dated promise that keeps the place in the queue."""

    type: Literal["callback.scheduled"] = "callback.scheduled"
    owner: Owner = Owner.CALLBACK
    reason: str
    due_at: datetime
    chosen_by: Literal["customer", "system", "agent"]


class CallbackDue(Payload):
    """The promised time has come: to the front of the queue."""

    type: Literal["callback.due"] = "callback.due"
    owner: Owner = Owner.QUEUE
    reason: str = "callback_due"


class ConversationAccepted(Payload):
    type: Literal["conversation.accepted"] = "conversation.accepted"
    owner: Owner = Owner.AGENT
    reason: str = "accepted"
    agent_id: UUID
    agent_name: str


class AgentVanished(Payload):
    """The agent's connection is gone: front of the queue, waiting time kept (I6)."""

    type: Literal["agent.vanished"] = "agent.vanished"
    owner: Owner = Owner.QUEUE
    reason: str = "agent_vanished"
    agent_id: UUID
    agent_name: str


class ConversationTransferred(Payload):
    """From one agent to a skill group or to a colleague."""

    type: Literal["conversation.transferred"] = "conversation.transferred"
    owner: Owner
    reason: str = "transferred"
    skill: str | None = None
    agent_id: UUID | None = None
    agent_name: str | None = None


class ConversationHandedBack(Payload):
    """Back to the assistant, by an agent or by the customer's own yes (I3)."""

    type: Literal["conversation.handed_back"] = "conversation.handed_back"
    owner: Owner = Owner.ASSISTANT
    reason: Literal["agent_handback", "customer_yes"]


class NoteAdded(Payload):
    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS: ClassVar[frozenset[str]] = frozenset({"text"})
    type: Literal["note.added"] = "note.added"
    client_id: str
    text: str | None


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
        NoteAdded, RecapProposed, RecapAnswered, FeedbackGiven, MessagesRead, PreferencesChanged,
        ConversationClosed, ConversationReopened, WordsErased,
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
