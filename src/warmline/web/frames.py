"""Frames of the live feed; their schemas are in the OpenAPI, so that clients' types come from here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from warmline.conversation.events import Event
from warmline.conversation.schemas import CLIENT_ID, TEXT_LIMIT
from warmline.routing.inbox import InboxItem

SEQ = Field(ge=0, le=2**31 - 1)


class Hello(BaseModel):
    type: Literal["hello"]
    token: str | None = Field(default=None, max_length=4000)


class Subscribe(BaseModel):
    type: Literal["subscribe"]
    conversation_id: UUID
    after: int = SEQ


class Unsubscribe(BaseModel):
    type: Literal["unsubscribe"]
    conversation_id: UUID


class Post(BaseModel):
    type: Literal["post"]
    conversation_id: UUID
    client_id: str = CLIENT_ID
    text: str = Field(default="", max_length=TEXT_LIMIT)
    attachments: list[UUID] = Field(default_factory=list, max_length=5)
    draft: bool = False
    expect_seq: Annotated[int, SEQ] | None = None


class Typing(BaseModel):
    type: Literal["typing"]
    conversation_id: UUID


class Read(BaseModel):
    type: Literal["read"]
    conversation_id: UUID
    up_to: int = SEQ


class Ping(BaseModel):
    type: Literal["ping"]


ClientFrame = Annotated[Hello | Subscribe | Unsubscribe | Post | Typing | Read | Ping, Field(discriminator="type")]
parse_frame: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


class Ready(BaseModel):
    type: Literal["ready"] = "ready"
    heartbeat_seconds: int = 20


class Subscribed(BaseModel):
    type: Literal["subscribed"] = "subscribed"
    conversation_id: UUID
    last_seq: int


class EventFrame(BaseModel):
    type: Literal["event"] = "event"
    conversation_id: UUID
    event: Event


class AckFrame(BaseModel):
    type: Literal["ack"] = "ack"
    client_id: str
    conversation_id: UUID
    seq: int
    at: datetime
    duplicate: bool


class ErrorFrame(BaseModel):
    type: Literal["error"] = "error"
    client_id: str | None = None
    conversation_id: UUID | None = None
    code: str
    message: str
    fields: dict[str, Any] = Field(default_factory=dict)


class Signal(BaseModel):
    """Ephemeral; may be lost."""

    type: Literal["signal"] = "signal"
    conversation_id: UUID
    kind: Literal["typing", "wait", "presence"]
    data: dict[str, Any]


class InboxFrame(BaseModel):
    type: Literal["inbox"] = "inbox"
    item: InboxItem
    removed: bool


class MeFrame(BaseModel):
    """Your presence, roles or skills changed elsewhere: read `/auth/me` again."""

    type: Literal["me"] = "me"


class Pong(BaseModel):
    type: Literal["pong"] = "pong"


ServerFrame = Annotated[
    Ready | Subscribed | EventFrame | AckFrame | ErrorFrame | Signal | InboxFrame | MeFrame | Pong,
    Field(discriminator="type"),
]


_last_encoded: tuple[Event | None, bytes] = (None, b"")


def encode_event(event: Event) -> bytes:
    """Return an event as JSON; one event goes to several sockets in a row and is encoded once."""
    global _last_encoded
    if _last_encoded[0] is not event:
        _last_encoded = (event, event.model_dump_json().encode())
    return _last_encoded[1]


_last_lines: dict[bool, tuple[InboxItem, bytes]] = {}


def encode_line(item: InboxItem, removed: bool) -> bytes:
    """Return a changed line of the desk's list as a frame; one line goes to every desk and is encoded once."""
    known = _last_lines.get(removed)
    if known is None or known[0] is not item:
        shown = _without_words(item) if removed else item
        known = _last_lines[removed] = (item, InboxFrame(item=shown, removed=removed).model_dump_json().encode())
    return known[1]


def _without_words(item: InboxItem) -> InboxItem:
    """What is said of a line to those who may no longer see it."""
    nameless = item.conversation.model_copy(update={"customer_name": None})
    hidden = {"conversation": nameless, "preview": None, "preview_author": None, "reason": None}
    return item.model_copy(update=hidden)
