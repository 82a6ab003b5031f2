"""The only SQL of cases, and of the log that cases and promises share."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from warmline.casework.model import Actor, Case, CaseCategory, CaseStatus, Entry, Owner, Viewer
from warmline.casework.tables import RUNNING_SQL, case_conversation, case_count, case_event, case_file
from warmline.kit.crypto import Cipher
from warmline.kit.errors import NotFoundError

logger = logging.getLogger(__name__)

PAGE = 100
LOG_LIMIT = 1000
Ciphers = Mapping[UUID, Cipher]


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log as it is read: `words` None where there were none, or `erased` ones."""

    subject_id: UUID
    seq: int
    type: str
    by: Actor
    at: datetime
    details: dict[str, Any]
    words: str | None
    erased: bool


def seal(cipher: Cipher | None, words: Any, context: bytes) -> bytes | None:
    """Seal words for their place; None for who was erased."""
    return cipher.seal(orjson.dumps(words), context) if cipher else None


def unseal(cipher: Cipher | None, sealed: bytes | None, context: bytes) -> Any:
    """Return the words; None where they were erased or, which is logged, do not open."""
    if cipher is None or sealed is None:
        return None
    try:
        return orjson.loads(cipher.open(bytes(sealed), context))
    except ValueError:
        logger.error("sealed words of casework do not open and read as erased")
        return None


def may_see(table: Any, viewer: Viewer, *, opened_by: bool = False) -> ColumnElement[bool]:
    """`Viewer.sees` as a condition on a table with an owner and a skill group."""
    if viewer.sees_all:
        return true()
    mine = [table.c.owner_id == viewer.id, *([table.c.opened_by == viewer.id] if opened_by else [])]
    return or_(*mine, table.c.skill.is_(None), table.c.skill.in_(viewer.skills))


def in_view(table: Any, view: str, viewer: Viewer, *, late: ColumnElement[bool]) -> ColumnElement[bool]:
    """What a list of the desk holds: `mine`, `group` (my groups', with nobody's name on it), `overdue` or `all`."""
    if view == "mine":
        return and_(table.c.owner_id == viewer.id)
    if view == "group":
        ours = true() if viewer.sees_all else or_(table.c.skill.is_(None), table.c.skill.in_(viewer.skills))
        return and_(table.c.owner_id.is_(None), ours)
    return late if view == "overdue" else true()


async def next_number(connection: AsyncConnection, day: date) -> int:
    """Count one more case of a day; whoever opens one at the same time waits for the commit."""
    statement = insert(case_count).values(day=day, last=1)
    statement = statement.on_conflict_do_update(index_elements=["day"], set_={"last": case_count.c.last + 1})
    return int((await connection.execute(statement.returning(case_count.c.last))).scalar_one())


async def insert_case(connection: AsyncConnection, case: Case, cipher: Cipher | None) -> bool:
    """Keep a new case; False when there is one of this id already."""
    statement = insert(case_file).values(id=case.id, customer_id=case.customer_id, **_case_values(case, cipher))
    statement = statement.on_conflict_do_nothing(index_elements=["id"])
    return (await connection.execute(statement.returning(case_file.c.id))).first() is not None


async def update_case(connection: AsyncConnection, case: Case, cipher: Cipher | None) -> None:
    """Bring the row of a locked case to its state."""
    await connection.execute(update(case_file).where(case_file.c.id == case.id).values(**_case_values(case, cipher)))


async def load_case(connection: AsyncConnection, case_id: UUID, ciphers: Any, tx: Any, *, lock: bool = False) -> Case:
    """Return a case, locked if so wished; `NotFoundError`."""
    query = select(case_file).where(case_file.c.id == case_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFoundError(what="case", id=str(case_id))
    return read_case(row, await ciphers.load(tx, {row.customer_id}))


def late_cases(now: datetime) -> ColumnElement[bool]:
    """The cases whose time has gone by."""
    return and_(text(RUNNING_SQL), case_file.c.due_at < now)


async def select_cases(
    connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]], *, running_first: bool, limit: int = PAGE
) -> list[Row[Any]]:
    """Return rows: what runs by when it is due, the soonest first; else what changed last."""
    order: list[Any] = [case_file.c.changed_at.desc()]
    if running_first:
        order = [case_file.c.due_at.asc().nulls_last(), case_file.c.opened_at]
    query = select(case_file).where(*conditions).order_by(*order).limit(limit)
    return list((await connection.execute(query)).all())


async def count_cases(connection: AsyncConnection, condition: ColumnElement[bool]) -> int:
    """Return how many cases fulfil it."""
    return int((await connection.execute(select(func.count()).select_from(case_file).where(condition))).scalar_one())


def running() -> ColumnElement[bool]:
    """The condition that a case runs, spelt as its partial indexes are."""
    return and_(text(f"({RUNNING_SQL})"))


def closed() -> ColumnElement[bool]:
    """The condition that a case runs no more."""
    return case_file.c.status.in_((CaseStatus.DONE.value, CaseStatus.CANCELLED.value))


def linked_to(conversation_id: UUID) -> ColumnElement[bool]:
    """The condition that a case is linked to a conversation."""
    link = case_conversation
    return case_file.c.id.in_(select(link.c.case_id).where(link.c.conversation_id == conversation_id))


async def list_due(connection: AsyncConnection, column: str, now: datetime, *, done: str) -> list[UUID]:
    """Return the running cases whose moment in `column` has come and that are not `done` yet."""
    table = case_file.c
    query: Select[Any] = select(table.id).where(text(RUNNING_SQL), table[column] <= now, table[done].is_(None))
    return [row.id for row in (await connection.execute(query.order_by(table[column]).limit(PAGE))).all()]


async def link(connection: AsyncConnection, case_id: UUID, conversation_id: UUID, at: datetime) -> bool:
    """Link a conversation to a case; False when it was."""
    statement = insert(case_conversation).values(case_id=case_id, conversation_id=conversation_id, at=at)
    statement = statement.on_conflict_do_nothing()
    return (await connection.execute(statement.returning(case_conversation.c.case_id))).first() is not None


async def list_links(connection: AsyncConnection, case_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the conversations of each case, the first one first."""
    table = case_conversation
    query = select(table.c.case_id, table.c.conversation_id).where(table.c.case_id.in_(case_ids)).order_by(table.c.at)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for row in (await connection.execute(query)).all():
        found[row.case_id].append(row.conversation_id)
    return found


async def append(
    connection: AsyncConnection,
    subject_id: UUID,
    customer_id: UUID,
    entries: Iterable[Entry],
    at: datetime,
    cipher: Cipher | None,
) -> None:
    """Append to the log of a subject whose row is locked, or new."""
    entries = tuple(entries)
    if not entries:
        return
    query = select(func.coalesce(func.max(case_event.c.seq), 0)).where(case_event.c.subject_id == subject_id)
    last = int((await connection.execute(query)).scalar_one())
    rows = [
        {
            "subject_id": subject_id, "seq": seq, "customer_id": customer_id, "type": one.type, "by_id": one.by.id,
            "by_name": one.by.name, "at": at, "details": dict(one.details),
            "sealed": None if one.words is None else seal(cipher, one.words, _log_context(subject_id, seq)),
        }
        for seq, one in enumerate(entries, last + 1)
    ]  # fmt: skip
    await connection.execute(insert(case_event), rows)


async def has_client_id(connection: AsyncConnection, subject_id: UUID, client_id: str) -> bool:
    """Tell whether what a client called so is in the log of a locked subject."""
    table = case_event.c
    query = select(table.seq).where(table.subject_id == subject_id, table.details["client_id"].astext == client_id)
    return (await connection.execute(query.limit(1))).first() is not None


async def read_log(connection: AsyncConnection, subject_ids: Collection[UUID], cipher: Cipher | None) -> list[Logged]:
    """Return what happened to these, in order of time."""
    table = case_event
    query = (
        select(table).where(table.c.subject_id.in_(subject_ids)).order_by(table.c.at, table.c.subject_id, table.c.seq)
    )
    found = []
    for row in (await connection.execute(query.limit(LOG_LIMIT))).all():
        words = unseal(cipher, row.sealed, _log_context(row.subject_id, row.seq))
        erased = row.type in WORDED and words is None
        by = Actor(row.by_id, row.by_name)
        found.append(Logged(row.subject_id, row.seq, row.type, by, row.at, row.details, words, erased))
    return found


WORDED = frozenset({"case.commented"})
"""Entries that always come with words."""


def read_case(row: Row[Any], ciphers: Ciphers) -> Case:
    """Read a row and its sealed words."""
    words = unseal(ciphers.get(row.customer_id), row.sealed, _case_context(row.id)) or {}
    return Case(
        id=row.id, number=row.number, kind=row.kind, customer_id=row.customer_id, category=CaseCategory(row.category),
        title=words.get("title"), description=words.get("description"),
        owner=Owner(row.owner_id, row.owner_name, row.skill), status=CaseStatus(row.status), due_at=row.due_at,
        opened_at=row.opened_at, opened_by=Actor(row.opened_by, row.opened_by_name), changed_at=row.changed_at,
        changed_by=Actor(row.changed_by, row.changed_by_name), remind_at=row.remind_at, reminded_at=row.reminded_at,
        overdue_at=row.overdue_at, settled_at=row.settled_at, revision=row.revision,
    )  # fmt: skip


def _case_values(case: Case, cipher: Cipher | None) -> dict[str, Any]:
    words = {"title": case.title, "description": case.description}
    return {
        "number": case.number, "kind": case.kind, "category": case.category.value, "owner_id": case.owner.id,
        "owner_name": case.owner.name, "skill": case.owner.skill, "status": case.status.value, "due_at": case.due_at,
        "opened_at": case.opened_at, "opened_by": case.opened_by.id, "opened_by_name": case.opened_by.name,
        "changed_at": case.changed_at, "changed_by": case.changed_by.id, "changed_by_name": case.changed_by.name,
        "remind_at": case.remind_at, "reminded_at": case.reminded_at, "overdue_at": case.overdue_at,
        "settled_at": case.settled_at, "revision": case.revision,
        "sealed": seal(cipher, words, _case_context(case.id)),
    }  # fmt: skip


def _case_context(case_id: UUID) -> bytes:
    """Bind sealed words to their place, so that they cannot be moved to another one."""
    return case_id.bytes + b"case"


def _log_context(subject_id: UUID, seq: int) -> bytes:
    return subject_id.bytes + seq.to_bytes(4, "big")
