"""The only SQL of promises, and of reading the log of conversations for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.casework.model import Actor, Owner
from warmline.casework.promise_model import Promise, Promiser, PromiseStatus
from warmline.casework.repository import PAGE, Ciphers, seal, unseal
from warmline.casework.tables import OWED_SQL, case_cursor, promise
from warmline.conversation import repository as conversations_sql
from warmline.conversation.follow import Cursor
from warmline.conversation.tables import conversation, conversation_event
from warmline.kit.crypto import Cipher
from warmline.kit.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Spoken:
    """An entry of a conversation's log that may make, keep or end a promise."""

    conversation_id: UUID
    customer_id: UUID
    skill: str | None
    seq: int
    type: str
    author: str
    author_id: UUID | None
    author_name: str | None
    payload: Mapping[str, Any]
    at: datetime
    words: Mapping[str, Any]


async def load_cursor(connection: AsyncConnection, name: str) -> Cursor | None:
    """Return how far the log has been read."""
    row = (await connection.execute(select(case_cursor).where(case_cursor.c.name == name))).one_or_none()
    return Cursor(row.xid, row.position) if row else None


async def begin_at(connection: AsyncConnection, name: str, cursor: Cursor) -> None:
    """Begin to read at a place, unless somebody did."""
    values = {"name": name, "xid": cursor.xid, "position": cursor.position}
    await connection.execute(insert(case_cursor).values(values).on_conflict_do_nothing())


async def move_cursor(connection: AsyncConnection, name: str, old: Cursor, new: Cursor) -> bool:
    """Move on; False when another node did so meanwhile, whose work stands."""
    table = case_cursor
    where = (table.c.name == name, table.c.xid == old.xid, table.c.position == old.position)
    statement = update(table).where(*where).values(xid=new.xid, position=new.position)
    return (await connection.execute(statement)).rowcount > 0


async def read_spoken(
    connection: AsyncConnection, places: Sequence[tuple[UUID, int]], load_ciphers: Any
) -> list[Spoken]:
    """Return these entries with their words, in the order of the places."""
    event, state = conversation_event, conversation
    query = select(event, state.c.customer_id, state.c.skill).join(state, state.c.id == event.c.conversation_id)
    rows = (await connection.execute(query.where(tuple_(event.c.conversation_id, event.c.seq).in_(places)))).all()
    customers = {row.conversation_id: row.customer_id for row in rows}
    ciphers: Ciphers = await load_ciphers(set(customers.values()))
    words = await conversations_sql.read_words(connection, places, ciphers, customers)
    found = {
        (row.conversation_id, row.seq): Spoken(
            row.conversation_id, row.customer_id, row.skill, row.seq, row.type, row.author, row.author_id,
            row.author_name, row.payload, row.at, words.get((row.conversation_id, row.seq), {}),
        )
        for row in rows
    }  # fmt: skip
    return [found[place] for place in places if place in found]


async def insert_promise(connection: AsyncConnection, one: Promise, place: int, cipher: Cipher | None) -> bool:
    """Keep a new promise; False when this one is there already."""
    values = {
        "id": one.id, "customer_id": one.customer_id, "conversation_id": one.conversation_id, "seq": one.seq,
        "place": place, "promiser": one.promiser.value, "callback": one.callback, "made_at": one.made_at,
        **_values(one, cipher),
    }  # fmt: skip
    statement = insert(promise).values(values).on_conflict_do_nothing()
    return (await connection.execute(statement.returning(promise.c.id))).first() is not None


async def update_promise(connection: AsyncConnection, one: Promise, cipher: Cipher | None) -> None:
    """Bring the row of a locked promise to its state."""
    await connection.execute(update(promise).where(promise.c.id == one.id).values(**_values(one, cipher)))


async def load_promise(
    connection: AsyncConnection, promise_id: UUID, ciphers: Any, tx: Any, *, lock: bool = False
) -> Promise:
    """Return a promise, locked if so wished; `NotFoundError`."""
    query = select(promise).where(promise.c.id == promise_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFoundError(what="promise", id=str(promise_id))
    return read_promise(row, await ciphers.load(tx, {row.customer_id}))


async def select_promises(
    connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]], *, limit: int = PAGE
) -> list[Row[Any]]:
    """Return rows, what is due first before the others."""
    query = select(promise).where(*conditions).order_by(promise.c.due_at, promise.c.id).limit(limit)
    return list((await connection.execute(query)).all())


async def count_promises(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> int:
    """Return how many promises fulfil these."""
    return int((await connection.execute(select(func.count()).select_from(promise).where(*conditions))).scalar_one())


def owed() -> ColumnElement[bool]:
    """The condition that something is still owed, spelt as its partial index is."""
    return and_(text(f"({OWED_SQL})"))


def late_promises(now: datetime) -> ColumnElement[bool]:
    """The promises that were broken and not made good, or will be found so at once; proposed ones among them."""
    return and_(owed(), or_(promise.c.status == "broken", promise.c.breaks_at <= now))


async def list_open_callbacks(connection: AsyncConnection, conversation_id: UUID) -> list[Row[Any]]:
    """Return and lock the callbacks still owed in a conversation."""
    table = promise.c
    query = select(promise).where(table.conversation_id == conversation_id, table.callback, owed()).order_by(table.id)
    return list((await connection.execute(query.with_for_update())).all())


async def list_twins(connection: AsyncConnection, conversation_id: UUID, due_at: datetime) -> list[Row[Any]]:
    """Return and lock what is owed in a conversation for that very moment: it is one promise said twice."""
    table = promise.c
    same = (table.conversation_id == conversation_id, table.due_at == due_at, owed())
    return list((await connection.execute(select(promise).where(*same).with_for_update())).all())


async def list_to_break(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Return the confirmed promises whose time has gone by, the oldest first."""
    query = select(promise.c.id).where(text("status = 'confirmed'"), promise.c.breaks_at <= now)
    return [row.id for row in (await connection.execute(query.order_by(promise.c.breaks_at).limit(PAGE))).all()]


async def list_to_remind(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """Return the confirmed promises to remind of."""
    table = promise.c
    query = select(table.id).where(text("status = 'confirmed' and reminded_at is null"), table.remind_at <= now)
    return [row.id for row in (await connection.execute(query.order_by(table.remind_at).limit(PAGE))).all()]


async def list_owed_to(connection: AsyncConnection, customer_ids: Collection[UUID]) -> list[Row[Any]]:
    """Return what is confirmed or broken of these customers and not made good."""
    known = promise.c.status.in_(("confirmed", "broken"))
    return await select_promises(connection, (promise.c.customer_id.in_(customer_ids), owed(), known))


def read_promise(row: Row[Any], ciphers: Ciphers) -> Promise:
    """Read a row and its sealed words."""
    return Promise(
        id=row.id, customer_id=row.customer_id, conversation_id=row.conversation_id, seq=row.seq, case_id=row.case_id,
        promiser=Promiser(row.promiser), owner=Owner(row.owner_id, row.owner_name, row.skill),
        words=unseal(ciphers.get(row.customer_id), row.sealed, _context(row.id)), due_at=row.due_at,
        whole_day=row.whole_day, callback=row.callback, status=PromiseStatus(row.status), made_at=row.made_at,
        changed_at=row.changed_at, changed_by=Actor(row.changed_by, row.changed_by_name), remind_at=row.remind_at,
        reminded_at=row.reminded_at, done_at=row.done_at, revision=row.revision,
    )  # fmt: skip


def _values(one: Promise, cipher: Cipher | None) -> dict[str, Any]:
    return {
        "case_id": one.case_id, "owner_id": one.owner.id, "owner_name": one.owner.name, "skill": one.owner.skill,
        "due_at": one.due_at, "breaks_at": one.breaks_at, "whole_day": one.whole_day, "status": one.status.value,
        "changed_at": one.changed_at, "changed_by": one.changed_by.id, "changed_by_name": one.changed_by.name,
        "remind_at": one.remind_at, "reminded_at": one.reminded_at, "done_at": one.done_at, "revision": one.revision,
        "sealed": None if one.words is None else seal(cipher, one.words, _context(one.id)),
    }  # fmt: skip


def _context(promise_id: UUID) -> bytes:
    """Bind sealed words to their place, so that they cannot be moved to another one."""
    return promise_id.bytes + b"promise"
