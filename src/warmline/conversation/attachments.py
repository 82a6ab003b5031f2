"""Files customers and agents send: typed by their content, bounded, sealed under the customer's key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select

from warmline.conversation.events import Attachment
from warmline.conversation.file_room import FileRoom
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.repository import lock_customer
from warmline.conversation.tables import attachment
from warmline.kit.clock import Clock
from warmline.kit.errors import InvalidError, NotFoundError
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction, UnitOfWork

SIZE_LIMIT = 10 * 1024 * 1024
FILES_A_DAY, BYTES_A_DAY = 50, 100 * 1024 * 1024
"""What is taken in one customer's conversations within 24 hours."""
UNNAMED_LIFETIME = timedelta(hours=1)
INCOMING, OUTGOING, OF_ONE = 4, 8, 3
"""Files in memory at once, where each takes several times its size: on their way in, out, and of one customer."""
SAVING = timedelta(minutes=10)
"""A file stays for so much longer than it can be named, so that it never goes while its message is being saved."""
SIGNATURES: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR", re.S)),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF.{4}WEBP", re.S)),
    ("application/pdf", re.compile(rb"%PDF-[12]\.\d")),
)


class UnreadableFileError(InvalidError):
    """Not an image or PDF this service takes; `accepted` lists what it takes."""

    code = "file_type_refused"


class FileTooLargeError(InvalidError):
    """Over the limit of `limit` bytes."""

    code = "file_too_large"


class TooManyFilesError(InvalidError):
    """This customer's conversations have taken `limit` files, or too many bytes, within a day."""

    code = "too_many_files"


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose an attachment is, and in which conversation."""

    customer_id: UUID
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An opened attachment."""

    name: str
    media_type: str
    content: bytes


def media_type_of(content: bytes) -> str:
    """Return the media type that the content itself shows; raise `UnreadableFileError`."""
    for media_type, signature in SIGNATURES:
        if signature.match(content):
            return media_type
    raise UnreadableFileError(accepted="PNG, JPEG, GIF, WebP, PDF")


def clean_name(name: str) -> str:
    """Return a file name without folders, control or direction characters, at most 120 characters."""
    bare = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\"<>|:*?]", "", bare).strip()[-120:] or "file"


class AttachmentService:
    """Stores and opens files of a conversation."""

    def __init__(self, uow: UnitOfWork, clock: Clock, ciphers: CustomerCiphers) -> None:
        self._uow, self._clock, self._ciphers = uow, clock, ciphers
        self.incoming = FileRoom(everyone=INCOMING, one=OF_ONE)
        self.outgoing = FileRoom(everyone=OUTGOING, one=OF_ONE)

    async def store(self, state: Conversation, name: str, content: bytes) -> Attachment:
        """Check, seal and keep a file; it appears once a message names it, and goes if none does within the hour."""
        if len(content) > SIZE_LIMIT:
            raise FileTooLargeError(limit=SIZE_LIMIT)
        found = Attachment(id=new_id(), name=clean_name(name), media_type=media_type_of(content), size=len(content))
        async with self._uow.begin() as tx:
            cipher = (await self._ciphers.load(tx, {state.customer_id})).get(state.customer_id)
            await self._check_room(tx, state.customer_id, found.size)
        if cipher is None:
            raise NotFoundError(what="customer", id=str(state.customer_id))
        row = {
            "id": found.id,
            "conversation_id": state.id,
            "customer_id": state.customer_id,
            "media_type": found.media_type,
            "size": found.size,
            "created_at": self._clock.now(),
            "sealed_name": cipher.seal(found.name.encode(), _name_context(found.id)),
            # Megabytes: milliseconds that neither the event loop nor a transaction should wait for.
            "sealed": await asyncio.to_thread(cipher.seal, content, found.id.bytes),
            "named": False,
        }
        async with self._uow.begin() as tx:
            await lock_customer(tx.connection, state.customer_id)
            await self._check_room(tx, state.customer_id, found.size)
            if not await self._ciphers.is_kept(tx, state.customer_id):
                raise NotFoundError(what="customer", id=str(state.customer_id))
            await tx.connection.execute(insert(attachment).values(row))
        return found

    async def _check_room(self, tx: Transaction, customer_id: UUID, size: int) -> None:
        since = self._clock.now() - timedelta(days=1)
        recent = (attachment.c.customer_id == customer_id, attachment.c.created_at > since)
        query = select(func.count(), func.coalesce(func.sum(attachment.c.size), 0)).where(*recent)
        files, taken = (await tx.connection.execute(query)).one()
        if files >= FILES_A_DAY or taken + size > BYTES_A_DAY:
            raise TooManyFilesError(limit=FILES_A_DAY)

    async def sweep(self) -> int:
        """Remove the files that no message came to carry; return how many."""
        old = attachment.c.created_at < self._clock.now() - UNNAMED_LIFETIME - SAVING
        async with self._uow.begin() as tx:
            return (await tx.connection.execute(delete(attachment).where(~attachment.c.named, old))).rowcount

    async def describe(self, state: Conversation, ids: Sequence[UUID]) -> tuple[Attachment, ...]:
        """Return this conversation's attachments with these ids, in their order, for a message that names them.

        They are kept once that message is. `NotFoundError`.
        """
        if not ids:
            return ()
        table = attachment
        there = or_(table.c.named, table.c.created_at > self._clock.now() - UNNAMED_LIFETIME)
        query = select(table.c.id, table.c.media_type, table.c.size, table.c.sealed_name).where(
            table.c.id.in_(list(ids)), table.c.conversation_id == state.id, there
        )
        async with self._uow.begin() as tx:
            cipher = (await self._ciphers.load(tx, {state.customer_id})).get(state.customer_id)
            rows = {row.id: row for row in (await tx.connection.execute(query)).all()}
        missing = [str(identity) for identity in ids if identity not in rows]
        if missing or cipher is None:
            raise NotFoundError(what="attachment", id=", ".join(missing))
        return tuple(
            Attachment(
                id=row.id,
                name=cipher.open(row.sealed_name, _name_context(row.id)).decode(),
                media_type=row.media_type,
                size=row.size,
            )
            for row in (rows[identity] for identity in ids)
        )

    async def locate(self, attachment_id: UUID) -> Belonging:
        """Return whose a file is, for whoever has to decide who reads it; raise `NotFoundError`."""
        query = select(attachment.c.customer_id, attachment.c.conversation_id).where(attachment.c.id == attachment_id)
        async with self._uow.begin() as tx:
            row = (await tx.connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError(what="attachment", id=str(attachment_id))
        return Belonging(row.customer_id, row.conversation_id)

    async def open(self, attachment_id: UUID) -> StoredFile:
        """Return a file's content; raise `NotFoundError` also when it was erased."""
        async with self._uow.begin() as tx:
            row = await _read_sealed(tx, attachment_id)
            cipher = None
            if row is not None:
                cipher = (await self._ciphers.load(tx, {row.customer_id})).get(row.customer_id)
        if row is None or cipher is None or row.sealed is None:
            raise NotFoundError(what="attachment", id=str(attachment_id))
        name = cipher.open(row.sealed_name, _name_context(attachment_id)).decode()
        content = await asyncio.to_thread(cipher.open, row.sealed, attachment_id.bytes)
        return StoredFile(name, row.media_type, content)


class _Sealed(NamedTuple):
    customer_id: UUID
    media_type: str
    sealed_name: bytes
    sealed: bytes | None


async def _read_sealed(tx: Transaction, attachment_id: UUID) -> _Sealed | None:
    """Read a file in the driver's binary format: as text, ten megabytes hold up the event loop for tens of ms."""
    driver: Any = (await tx.connection.get_raw_connection()).driver_connection
    async with driver.cursor(binary=True) as cursor:
        await cursor.execute(
            "SELECT customer_id, media_type, sealed_name, sealed FROM attachment WHERE id = %s", (attachment_id,)
        )
        row = await cursor.fetchone()
    return None if row is None else _Sealed(*row)


def _name_context(attachment_id: UUID) -> bytes:
    return attachment_id.bytes + b"name"
