"""Flows: every version that was ever live, which one is, drafts that are not published yet, and what was proved."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

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

flow_proof = Table(
    "flow_proof",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("flow_id", String(60), nullable=False),
    Column("state", String(10), nullable=False),
    Column("result", JSONB, nullable=False, server_default="{}"),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("started_by", String(80), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
"""By the digest of a flow's text and of all it was proved with; on any node the same."""
