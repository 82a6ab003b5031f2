"""The SQL of customers and their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from warmline.customer.model import Verified
from warmline.customer.tables import customer, customer_key
from warmline.kit.uow import Transaction


async def insert_customer(tx: Transaction, values: dict[str, Any]) -> None:
    """Store a new customer."""
    await tx.connection.execute(insert(customer).values(values))


async def load_customers(tx: Transaction, ids: Collection[UUID], *, lock: bool = False) -> list[Row[Any]]:
    """Return these customers' rows, each with its `wrapped` key or null; `lock` against changes meanwhile."""
    statement = select(customer, customer_key.c.wrapped).outerjoin(customer_key).where(customer.c.id.in_(ids))
    if lock:
        statement = statement.order_by(customer.c.id).with_for_update(of=customer)
    return list(await tx.connection.execute(statement))


async def find_by_ref(tx: Transaction, ref_hash: bytes) -> UUID | None:
    """Return the customer with this keyed hash of the bank's id; nobody else links it before the commit."""
    number = int.from_bytes(ref_hash[:8], "big", signed=True)
    await tx.connection.execute(select(func.pg_advisory_xact_lock(number)))
    return await find_known(tx, ref_hash)


async def find_known(tx: Transaction, ref_hash: bytes) -> UUID | None:
    """Return the customer with this keyed hash of the bank's id, whatever is changed meanwhile."""
    found: UUID | None = await tx.connection.scalar(
        select(customer.c.id).where(customer.c.external_ref_hash == ref_hash)
    )
    return found


async def update_customer(tx: Transaction, customer_id: UUID, **values: Any) -> None:
    """Change a customer's columns."""
    await tx.connection.execute(update(customer).where(customer.c.id == customer_id).values(**values))


async def list_selves(tx: Transaction, customer_id: UUID) -> list[UUID]:
    """Return a customer's id and those of all anonymous customers merged into it."""
    where = or_(customer.c.id == customer_id, customer.c.merged_into == customer_id)
    return list(await tx.connection.scalars(select(customer.c.id).where(where).order_by(customer.c.id)))


async def blank_customers(tx: Transaction, ids: Collection[UUID], now: datetime) -> None:
    """Destroy keys and blank personal fields; ids, times and counts stay."""
    await tx.connection.execute(delete(customer_key).where(customer_key.c.customer_id.in_(ids)))
    blank = {"external_ref_hash": None, "sealed": None, "elder": False, "erased_at": now, "updated_at": now}
    await tx.connection.execute(update(customer).where(customer.c.id.in_(ids)).values(**blank))


async def insert_key(tx: Transaction, customer_id: UUID, wrapped: bytes, now: datetime) -> bytes:
    """Store a wrapped key unless there is one; return the one that is stored."""
    row = {"customer_id": customer_id, "wrapped": wrapped, "created_at": now}
    await tx.connection.execute(pg_insert(customer_key).values(row).on_conflict_do_nothing())
    stored: bytes = (await load_keys(tx, [customer_id]))[customer_id]
    return stored


async def load_standings(tx: Transaction, ids: Iterable[UUID]) -> list[Row[Any]]:
    """Return customer_id, wrapped key and `claimed`, true once an identity stands behind the customer."""
    known = or_(customer.c.verified != Verified.NONE, customer.c.merged_into.is_not(None))
    statement = select(customer_key.c.customer_id, customer_key.c.wrapped, known.label("claimed"))
    return list(
        await tx.connection.execute(statement.join_from(customer_key, customer).where(customer.c.id.in_(list(ids))))
    )


async def find_any_key(tx: Transaction) -> tuple[UUID, bytes] | None:
    """Return one customer's id and wrapped key, when there is a customer."""
    statement = select(customer_key.c.customer_id, customer_key.c.wrapped).limit(1)
    row = (await tx.connection.execute(statement)).first()
    return (row.customer_id, row.wrapped) if row else None


async def load_keys(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return the wrapped keys that exist."""
    statement = select(customer_key.c.customer_id, customer_key.c.wrapped)
    rows = await tx.connection.execute(statement.where(customer_key.c.customer_id.in_(list(ids))))
    return {row.customer_id: row.wrapped for row in rows}
