"""The SQL of sessions and of counted sign-in failures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from warmline.kit.uow import Transaction
from warmline.staff.model import LockPolicy, SessionPolicy, hash_token
from warmline.staff.repository import STAFF_COLUMNS
from warmline.staff.tables import sign_in_failure, sign_in_link, staff_account, staff_session


async def insert_session(
    tx: Transaction, session_id: UUID, staff_id: UUID, token: str, now: datetime, expires_at: datetime
) -> None:
    """Store a fresh session under its token's hash."""
    row = {"id": session_id, "staff_id": staff_id, "token_hash": hash_token(token), "expires_at": expires_at}
    times = {"created_at": now, "rotated_at": now, "seen_at": now}
    await tx.connection.execute(insert(staff_session).values({**row, **times}))


async def find_session(
    tx: Transaction, token: str, now: datetime, policy: SessionPolicy, *, lock: bool = False
) -> Row[Any] | None:
    """Return the live session of a token with its enabled account; the token before rotation has a grace.

    Columns: `STAFF_COLUMNS`, session_id, session_created_at, rotated_at, seen_at, expires_at, current.
    """
    hashed = hash_token(token)
    session = staff_session.c
    statement: Select[Any] = (
        select(
            *STAFF_COLUMNS,
            session.id.label("session_id"),
            session.created_at.label("session_created_at"),
            session.rotated_at,
            session.seen_at,
            session.expires_at,
            (session.token_hash == hashed).label("current"),
        )
        .join_from(staff_session, staff_account)
        .where(or_(session.token_hash == hashed, session.previous_hash == hashed))
        .where(or_(session.token_hash == hashed, session.rotated_at > now - policy.grace))
        .where(session.expires_at > now, staff_account.c.disabled_at.is_(None))
    )
    if lock:
        statement = statement.with_for_update(of=staff_session)
    row: Row[Any] | None = (await tx.connection.execute(statement)).first()
    return row


async def list_live(tx: Transaction, session_ids: Collection[UUID], now: datetime) -> list[Row[Any]]:
    """Return those of these sessions that are live, with their enabled accounts.

    Columns: `STAFF_COLUMNS`, session_id, expires_at.
    """
    session = staff_session.c
    statement = (
        select(*STAFF_COLUMNS, session.id.label("session_id"), session.expires_at)
        .join_from(staff_session, staff_account)
        .where(session.id.in_(session_ids), session.expires_at > now, staff_account.c.disabled_at.is_(None))
    )
    return list(await tx.connection.execute(statement))


async def touch_session(tx: Transaction, session_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Note that a session is in use."""
    statement = update(staff_session).where(staff_session.c.id == session_id)
    await tx.connection.execute(statement.values(seen_at=now, expires_at=expires_at))


async def rotate_session(
    tx: Transaction, session_id: UUID, old: str, new: str, now: datetime, expires_at: datetime
) -> None:
    """Give a session a new token; the old one is kept for its grace."""
    values = {"token_hash": hash_token(new), "previous_hash": hash_token(old), "rotated_at": now}
    statement = update(staff_session).where(staff_session.c.id == session_id)
    await tx.connection.execute(statement.values(**values, seen_at=now, expires_at=expires_at))


async def delete_session(tx: Transaction, session_id: UUID) -> None:
    """End one session."""
    await tx.connection.execute(delete(staff_session).where(staff_session.c.id == session_id))


async def delete_sessions_of(tx: Transaction, staff_id: UUID) -> None:
    """End every session of an account and void its unused links."""
    await tx.connection.execute(delete(staff_session).where(staff_session.c.staff_id == staff_id))
    await tx.connection.execute(delete(sign_in_link).where(sign_in_link.c.staff_id == staff_id))


async def delete_expired(tx: Transaction, now: datetime, forget_after: timedelta) -> int:
    """Delete sessions, links and failures that no longer matter; return how many."""
    total = 0
    for statement in (
        delete(staff_session).where(staff_session.c.expires_at <= now),
        delete(sign_in_link).where(sign_in_link.c.expires_at <= now),
        delete(sign_in_failure).where(sign_in_failure.c.last_at <= now - forget_after),
    ):
        total += (await tx.connection.execute(statement)).rowcount
    return total


async def count_attempt(tx: Transaction, key: bytes, now: datetime, policy: LockPolicy) -> timedelta | None:
    """Count an attempt as failed before it is tried, so that guesses sent at once are all counted.

    Return None if it may be tried, else how long to wait; an attempt turned away is not counted.
    """
    fresh = pg_insert(sign_in_failure).values(key=key, failures=0, last_at=now)
    await tx.connection.execute(fresh.on_conflict_do_nothing())
    mine = sign_in_failure.c.key == key
    row = (await tx.connection.execute(select(sign_in_failure).where(mine).with_for_update())).one()
    if row.locked_until and row.locked_until > now:
        return timedelta(seconds=(row.locked_until - now).total_seconds())
    failures = 1 if now - row.last_at > policy.forget_after else row.failures + 1
    wait = policy.lock_for(failures)
    values = {"failures": failures, "last_at": now, "locked_until": now + wait if wait else None}
    await tx.connection.execute(update(sign_in_failure).where(mine).values(**values))
    return None


async def forget_failures(tx: Transaction, key: bytes) -> None:
    """An account's owner has signed in: start counting anew."""
    await tx.connection.execute(delete(sign_in_failure).where(sign_in_failure.c.key == key))


async def take_back_attempt(tx: Transaction, key: bytes) -> None:
    """An attempt from this network succeeded: it was no failure, but the earlier ones stay counted."""
    fewer = func.greatest(sign_in_failure.c.failures - 1, 0)
    statement = update(sign_in_failure).where(sign_in_failure.c.key == key)
    await tx.connection.execute(statement.values(failures=fewer, locked_until=None))
