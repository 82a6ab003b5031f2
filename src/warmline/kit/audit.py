"""The audit trail: who did or saw what, outside of any conversation. Appended, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, String, Table, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction, metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Index("ix_audit_entry_subject_at", "subject", "at"),
    Index("ix_audit_entry_at", "at"),
)


async def record(tx: Transaction, *, at: datetime, actor: str, action: str, subject: str, **details: Any) -> UUID:
    """Append an entry: `actor` "staff:<id>", `action` noun.past, `subject` "customer:<id>". No words."""
    entry_id = new_id()
    row = {"id": entry_id, "at": at, "actor": actor, "action": action, "subject": subject, "details": details}
    await tx.connection.execute(insert(audit_entry).values(row))
    return entry_id
