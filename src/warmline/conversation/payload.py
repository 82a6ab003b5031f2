"""What every event's payload is made of: who speaks, who owns, who may read, and the values that several share.

Fields named in `WORDS` are what people said or wrote: they are stored sealed under the customer's key
and read as null, with `erased` true, once that key has been destroyed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


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
