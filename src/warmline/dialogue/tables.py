"""Flows: every version that was ever live, which one is, and drafts that are not published yet."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text

from warmline.kit.uow import metadata

flow = Table(
    "flow",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("live_version", Integer),
    Column("draft", Text),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("updated_by", String(80), nullable=False),
)

flow_version = Table(
    "flow_version",
    metadata,
    Column("flow_id", String(60), ForeignKey("flow.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_by", String(80), nullable=False),
)
