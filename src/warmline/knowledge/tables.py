"""Articles, their versions and texts, the log of publications, and the vectors of texts already embedded."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from warmline.kit.sql_types import Xid8
from warmline.kit.uow import metadata

article = Table(
    "article",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_version", Integer),
    Column("revision", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("updated_by", String(80), nullable=False),
    Index("ix_article_updated_at_id", "updated_at", "id"),
)

article_version = Table(
    "article_version",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("category", String(120), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("variants", JSONB, nullable=False, server_default="[]"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
)

article_text = Table(
    "article_text",
    metadata,
    Column("article_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("lang", String(10), primary_key=True),
    Column("question", Text, nullable=False),
    Column("similar", ARRAY(Text), nullable=False),
    Column("answer", Text, nullable=False),
    Column("reviewed", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["article_version.article_id", "article_version.version"],
        ondelete="CASCADE",
    ),
)

article_change = Table(
    "article_change",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("article_id", String(80), nullable=False),
    Index("ix_article_change_xid_position", "xid", "position"),
)
"""One row for each publication and retirement; followers read it by `(xid, position)`."""

vector_cache = Table(
    "vector_cache",
    metadata,
    Column("text_hash", LargeBinary, primary_key=True),
    Column("model", String(120), nullable=False, server_default=""),
    Column("vector", LargeBinary, nullable=False),
)
"""Vectors as little-endian float16, by sha256 of model, role and text."""
