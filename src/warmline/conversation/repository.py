"""The only SQL of the conversation package: locked load, one-statement save, and reads of the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.conversation.beside import Beside, Mode
from warmline.conversation.events import (
    Author,
    AuthorKind,
    Event,
    MessagePosted,
    Owner,
    UnknownEvent,
    Urgency,
    Visibility,
)
from warmline.conversation.model import Conversation, Owed
from warmline.conversation.sealing import join_words, split_words
from warmline.conversation.tables import attachment, conversation, conversation_event, message_body
from warmline.kit.crypto import Cipher
from warmline.kit.errors import NotFoundError

logger = logging.getLogger(__name__)

BREATH = 25
"""Events opened without a break: a thousand in a row would hold up the event loop."""

_STATE_COLUMNS = [field.name for field in fields(Conversation)]
_CHANGING = [name for name in _STATE_COLUMNS if name not in ("id", "customer_id", "channel", "opened_at")]

_SAVE_LOG = """
WITH logged AS (
  INSERT INTO conversation_event
    (conversation_id, seq, type, author, author_id, author_name, visibility, payload, at, client_id)
  SELECT conversation_id, seq, type, author, author_id, author_name, visibility, payload, at, client_id
  FROM jsonb_populate_recordset(NULL::conversation_event, CAST(:events AS jsonb))
), bodies AS (
  INSERT INTO message_body (conversation_id, seq, customer_id, sealed)
  SELECT conversation_id, seq, customer_id, sealed
  FROM jsonb_populate_recordset(NULL::message_body, CAST(:bodies AS jsonb))
)
"""
_UPDATE = text(
    _SAVE_LOG
    + f"""
UPDATE conversation SET ({", ".join(_CHANGING)}) = ({", ".join("r." + name for name in _CHANGING)})
FROM jsonb_populate_recordset(NULL::conversation, CAST(:states AS jsonb)) r WHERE conversation.id = r.id
"""
)
_INSERT = text(
    _SAVE_LOG
    + f"""
INSERT INTO conversation ({", ".join(_STATE_COLUMNS)}) SELECT {", ".join(_STATE_COLUMNS)}
FROM jsonb_populate_recordset(NULL::conversation, CAST(:states AS jsonb))
"""
)
_KNOWN_CLIENT_IDS = text(
    "SELECT k.id, k.client_id, k.speaker, e.seq, e.at FROM conversation_event e"
    " JOIN unnest(CAST(:ids AS uuid[]), CAST(:client_ids AS text[]), CAST(:speakers AS uuid[]))"
    " AS k(id, client_id, speaker)"
    " ON e.conversation_id = k.id AND e.client_id = k.client_id AND e.client_id IS NOT NULL"
    " AND CASE WHEN e.author <> 'customer' THEN e.author_id END IS NOT DISTINCT FROM k.speaker"
)
_FORGET_CLIENT_IDS = text(
    "UPDATE conversation_event SET client_id = '~' || seq,"
    " payload = payload || jsonb_build_object('client_id', '~' || seq)"
    " WHERE conversation_id = ANY(CAST(:ids AS uuid[])) AND client_id NOT LIKE '~%'"
)
MessageKey = tuple[UUID, str, UUID | None]
"""Conversation, client id and speaker; the speaker is None for the customer."""


async def lock_customer(connection: AsyncConnection, customer_id: UUID) -> None:
    """Wait until nobody else starts a conversation of this customer or erases them; held until the transaction ends."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": str(customer_id)})


async def load_locked(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Conversation]:
    """Load and lock conversations, in id order so that two writers never deadlock."""
    query = select(conversation).where(conversation.c.id.in_(list(ids))).order_by(conversation.c.id).with_for_update()
    rows = (await connection.execute(query)).all()
    return {row.id: _state(row) for row in rows}


async def get(connection: AsyncConnection, conversation_id: UUID) -> Conversation:
    """Load one conversation without a lock; raise `NotFoundError`."""
    row = (await connection.execute(select(conversation).where(conversation.c.id == conversation_id))).one_or_none()
    if row is None:
        raise NotFoundError(what="conversation", id=str(conversation_id))
    return _state(row)


async def list_where(connection: AsyncConnection, *conditions: Any, limit: int, order: Any) -> list[Conversation]:
    """Load the conversations that fulfil SQL conditions on the `conversation` table."""
    return await list_query(connection, select(conversation).where(*conditions).order_by(order).limit(limit))


async def list_query(connection: AsyncConnection, query: Select[Any]) -> list[Conversation]:
    """Load the conversations that a query of all columns of `conversation` finds."""
    return [_state(row) for row in (await connection.execute(query)).all()]


async def list_owed(connection: AsyncConnection, due_before: datetime, *, limit: int) -> list[Owed]:
    """Return what the assistant owes by then: answers first, the soonest due first."""
    table, is_answer = conversation, conversation.c.owner == Owner.ASSISTANT.value
    query = select(table.c.id, table.c.reply_due_at, is_answer).where(table.c.reply_due_at < due_before)
    rows = await connection.execute(query.order_by(is_answer.desc(), table.c.reply_due_at).limit(limit))
    return [Owed(*row) for row in rows.all()]


async def list_ids(connection: AsyncConnection, customer_ids: Collection[UUID]) -> list[UUID]:
    """Return the conversations of these customers, all of them."""
    query = select(conversation.c.id).where(conversation.c.customer_id.in_(list(customer_ids)))
    return [row.id for row in (await connection.execute(query)).all()]


async def known_client_ids(
    connection: AsyncConnection, keys: Sequence[MessageKey]
) -> dict[MessageKey, tuple[int, datetime]]:
    """Return the seq and time of the messages already stored under these client ids (I1)."""
    if not keys:
        return {}
    ids, client_ids, speakers = (list(column) for column in zip(*keys, strict=True))
    parameters = {"ids": ids, "client_ids": client_ids, "speakers": speakers}
    rows = (await connection.execute(_KNOWN_CLIENT_IDS, parameters)).all()
    return {(row.id, row.client_id, row.speaker): (row.seq, row.at) for row in rows}


async def forget_client_ids(connection: AsyncConnection, ids: Collection[UUID]) -> None:
    """Put the seq in place of the ids that clients chose for messages: whoever chose them may have put words there."""
    await connection.execute(_FORGET_CLIENT_IDS, {"ids": list(ids)})


async def find_feedback(connection: AsyncConnection, conversation_id: UUID, seq: int) -> str | None:
    """Return the newest feedback on a message."""
    table = conversation_event
    given = (table.c.conversation_id == conversation_id, table.c.seq > seq, table.c.type == "feedback.given")
    query = select(table.c.payload["value"].astext).where(*given, table.c.payload["seq"].astext == str(seq))
    found: str | None = await connection.scalar(query.order_by(table.c.seq.desc()).limit(1))
    return found


async def save(
    connection: AsyncConnection,
    changes: Sequence[tuple[Conversation, Sequence[Event]]],
    ciphers: Mapping[UUID, Cipher],
    *,
    new: bool = False,
) -> None:
    """Append events and bring the rows to their states, in one statement; the files that messages carry are kept."""
    events: list[dict[str, Any]] = []
    bodies: list[dict[str, Any]] = []
    for state, entries in changes:
        for event in entries:
            plain, words = split_words(event.payload)
            events.append(_event_row(state.id, event, plain))
            if words:
                sealed = _seal(words, ciphers.get(state.customer_id), state.id, event.seq)
                bodies.append(
                    {
                        "conversation_id": state.id,
                        "seq": event.seq,
                        "customer_id": state.customer_id,
                        "sealed": sealed,
                    }
                )
    parameters = {
        "events": orjson.dumps(events).decode(),
        "bodies": orjson.dumps(bodies).decode(),
        "states": orjson.dumps([asdict(state) for state, _ in changes]).decode(),
    }
    await connection.execute(_INSERT if new else _UPDATE, parameters)
    if files := _files_of(event for _, entries in changes for event in entries):
        await connection.execute(update(attachment).where(attachment.c.id.in_(files)).values(named=True))


async def read_events(
    connection: AsyncConnection,
    conversation_id: UUID,
    *,
    after: int,
    visibility: Visibility,
    cipher: Cipher | None,
    limit: int = 1000,
    newest: bool = False,
) -> list[Event]:
    """Read the log after `after` as this visibility may; words read as erased without a cipher.

    With `newest` the last `limit` events are read, else the first ones.
    """
    table, body = conversation_event, message_body
    order = table.c.seq.desc() if newest else table.c.seq
    query = (
        select(table, body.c.sealed, body.c.seq.label("body_seq"))
        .outerjoin(body, (body.c.conversation_id == table.c.conversation_id) & (body.c.seq == table.c.seq))
        .where(table.c.conversation_id == conversation_id, table.c.seq > after)
        .order_by(order)
        .limit(limit)
    )
    if visibility is Visibility.ALL:
        query = query.where(table.c.visibility == Visibility.ALL.value)
    events: list[Event] = []
    for row in (await connection.execute(query)).all():
        events.append(read_event(row, cipher))
        if len(events) % BREATH == 0:
            await asyncio.sleep(0)
    return events[::-1] if newest else events


def _files_of(events: Iterable[Event]) -> list[UUID]:
    said = (event.payload for event in events if isinstance(event.payload, MessagePosted))
    return [one.id for payload in said for one in payload.attachments or ()]


def _state(row: Row[Any]) -> Conversation:
    values = {name: row._mapping[name] for name in _STATE_COLUMNS}
    values["owner"] = Owner(values["owner"])
    values["urgency"] = next((one for one in Urgency if one == values["urgency"]), Urgency.NORMAL)
    values["comforted"], values["passed_by"] = tuple(values["comforted"]), tuple(values["passed_by"])
    values["beside"] = tuple(Beside(UUID(one["id"]), one["name"], Mode(one["mode"])) for one in values["beside"])
    return Conversation(**values)


def _event_row(conversation_id: UUID, event: Event, plain: dict[str, Any]) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "seq": event.seq,
        "type": event.type,
        "author": event.author.kind.value,
        "author_id": event.author.id,
        "author_name": event.author.name,
        "visibility": event.visibility.value,
        "payload": plain,
        "at": event.at,
        "client_id": getattr(event.payload, "client_id", None),
    }


def _context(conversation_id: UUID, seq: int) -> bytes:
    """Bind sealed words to their place, so that they cannot be moved to another one."""
    return conversation_id.bytes + seq.to_bytes(4, "big")


def _seal(words: dict[str, Any], cipher: Cipher | None, conversation_id: UUID, seq: int) -> str | None:
    if cipher is None:
        return None
    return "\\x" + cipher.seal(orjson.dumps(words), _context(conversation_id, seq)).hex()


def _open(sealed: bytes | None, cipher: Cipher | None, conversation_id: UUID, seq: int) -> dict[str, Any] | None:
    """Return the words at a place of the log; None where they were erased or, which is logged, cannot be opened."""
    if cipher is None or sealed is None:
        return None
    try:
        words: dict[str, Any] = orjson.loads(cipher.open(bytes(sealed), _context(conversation_id, seq)))
    except ValueError:
        logger.error("words of conversation %s at %s do not open and read as erased", conversation_id, seq)
        return None
    return words


def read_event(row: Row[Any], cipher: Cipher | None) -> Event:
    """Read one entry and its `sealed` words, whatever lies in it: nothing may keep the rest from being read."""
    words = _open(row.sealed, cipher, row.conversation_id, row.seq) if row.body_seq else {}
    payload = join_words(row.type, row.payload, words)
    if isinstance(payload, UnknownEvent):
        logger.error("conversation %s holds at %s what cannot be read: %s", row.conversation_id, row.seq, row.type)
    author = next((kind for kind in AuthorKind if kind == row.author), AuthorKind.SYSTEM)
    return Event(
        seq=row.seq,
        at=row.at,
        author=Author(kind=author, id=row.author_id, name=row.author_name),
        visibility=Visibility.ALL if row.visibility == Visibility.ALL else Visibility.STAFF,
        payload=payload,  # type: ignore[arg-type]
    )


async def read_words(
    connection: AsyncConnection,
    places: Sequence[tuple[UUID, int]],
    ciphers: Mapping[UUID, Cipher],
    customers: Mapping[UUID, UUID],
) -> dict[tuple[UUID, int], dict[str, Any]]:
    """Return the words at these places of the log; what was erased is left out. `customers`: by conversation."""
    if not places:
        return {}
    body = message_body
    query = select(body.c.conversation_id, body.c.seq, body.c.sealed).where(
        tuple_(body.c.conversation_id, body.c.seq).in_(places)
    )
    found: dict[tuple[UUID, int], dict[str, Any]] = {}
    for row in (await connection.execute(query)).all():
        place = (row.conversation_id, row.seq)
        words = _open(row.sealed, ciphers.get(customers[row.conversation_id]), *place)
        if words is not None:
            found[place] = words
    return found
