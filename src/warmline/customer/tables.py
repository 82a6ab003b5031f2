"""The tables of customers: all that is personal is sealed under their key, that key under the master key."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, String, Table
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.uow import metadata

customer = Table(
    "customer",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("external_ref_hash", LargeBinary, unique=True, comment="keyed hash of the bank's own customer id"),
    Column("sealed", LargeBinary, comment="the personal fields as sealed JSON; null once erased"),
    Column("elder", Boolean, nullable=False),
    Column("locale", String(20), nullable=False),
    Column("verified", String(12), nullable=False),
    Column("merged_into", PgUuid, ForeignKey("customer.id"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True)),
)

customer_key = Table(
    "customer_key",
    metadata,
    Column("customer_id", PgUuid, ForeignKey(customer.c.id, ondelete="CASCADE"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
