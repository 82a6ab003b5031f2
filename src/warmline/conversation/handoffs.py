"""Payloads of how a conversation comes before people, from one to another and back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from warmline.conversation.noted import EarlierContact
from warmline.conversation.payload import Owner, Payload, Source, Visibility

NO_GROUP = ""
"""As the `skill` of a handoff: the group the customer was passed on to is no more, and anyone takes them."""


class Urgency(StrEnum):
    """How much somebody's wait presses, the most first. What a customer is worth to the bank is none."""

    URGENT = "urgent"
    VULNERABLE = "vulnerable"
    ELDER = "elder"
    COMPLAINT = "complaint"
    NORMAL = "normal"


class HandoffRequested(Payload):
    """A person was asked for; `by` says who asked, `via` how. Only the customer's yes or a handback undoes it (I3).

    `skill`: the group they wait for, null for the one known before, empty for none any more;
    `head_start`: so many seconds before others who came at the same time, for the `urgency`.
    """

    type: Literal["handoff.requested"] = "handoff.requested"
    by: Literal["customer", "assistant", "agent", "system"]
    via: Literal["word", "button", "key", "policy", "fault", "transfer"]
    reason: str
    owner: Owner = Owner.QUEUE
    skill: str | None = None
    urgency: Urgency = Urgency.NORMAL
    head_start: int = 0


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
