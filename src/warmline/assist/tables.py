"""What became of suggestions, without their words."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, String, Table
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.uow import metadata

assist_use = Table(
    "assist_use",
    metadata,
    Column("conversation_id", PgUuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("ref", String(80), primary_key=True),
    Column("origin", String(12), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_assist_use_ref", "ref", "at"),
)
"""The latest that was done with a reply suggested for the message `seq`; by whom is nobody's business."""
