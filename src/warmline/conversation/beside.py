"""Colleagues beside a conversation: called in by whoever has it, looking on, or speaking along. It keeps one owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from warmline.conversation.payload import Owner, Payload, Visibility


class Mode(StrEnum):
    """How a colleague is there: asked and not come yet; reading and writing notes; speaking to the customer as well."""

    CALLED = "called"
    WATCH = "watch"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True)
class Beside:
    """A colleague beside a conversation."""

    id: UUID
    name: str
    mode: Mode


class ColleagueCalled(Payload):
    """Whoever has the conversation asks a colleague in; the private word stands in the note before it."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    type: Literal["colleague.called"] = "colleague.called"
    agent_id: UUID
    agent_name: str


class ColleagueJoined(Payload):
    """A colleague came in. The customer is told in words of the service, not by this."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    type: Literal["colleague.joined"] = "colleague.joined"
    agent_id: UUID
    agent_name: str
    mode: Literal["watch", "speak"]


class ColleagueLeft(Payload):
    """A colleague is no longer beside it: went, would not come, or their connection is gone."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    type: Literal["colleague.left"] = "colleague.left"
    agent_id: UUID
    agent_name: str
    reason: Literal["left", "declined", "vanished"] = "left"


class ConversationTakenOver(Payload):
    """A supervisor takes it from the agent who has it; that one stays beside it, to help with what they know."""

    type: Literal["conversation.taken_over"] = "conversation.taken_over"
    owner: Owner = Owner.AGENT
    reason: str = "taken_over"
    agent_id: UUID
    agent_name: str


def place(beside: tuple[Beside, ...], one: Beside) -> tuple[Beside, ...]:
    """Return who is beside it once `one` is, in this way."""
    return (*without(beside, one.id), one)


def without(beside: tuple[Beside, ...], agent_id: UUID | None) -> tuple[Beside, ...]:
    """Return who is beside it once this colleague is not."""
    return tuple(known for known in beside if known.id != agent_id)
