"""Who is connected where (a row per agent and node, refreshed while a desk is open), and who needs a moment."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, String, Table, false
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

agent_rest = Table(
    "agent_rest",
    metadata,
    Column("staff_id", PgUuid, primary_key=True),
    Column("freed_at", DateTime(timezone=True), nullable=False),
    Column("free_from", DateTime(timezone=True), nullable=False),
    Column("pause_offered", Boolean, nullable=False, server_default=false()),
)
"""When an agent's last conversation ended, until when they wrap it up, and whether it was one to pause after."""
