"""Who is connected where: a row per agent and node, refreshed while a desk is open."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, String, Table
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.uow import metadata

agent_connection = Table(
    "agent_connection",
    metadata,
    Column("staff_id", PgUuid, primary_key=True),
    Column("node", String(40), primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Index("ix_agent_connection_seen_at", "seen_at"),
)
