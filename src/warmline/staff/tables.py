"""The tables of accounts, sessions, skills and scripts. Secrets are stored as hashes only."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.uow import metadata

staff_account = Table(
    "staff_account",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("roles", ARRAY(String(20)), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("locale_chosen", Boolean, nullable=False, server_default=false()),
    Column("password_hash", Text),
    Column("oidc_issuer", Text),
    Column("oidc_subject", Text),
    Column("presence", String(12), nullable=False),
    Column("presence_at", DateTime(timezone=True), nullable=False),
    Column("presence_reason", String(40), nullable=False, server_default=""),
    Column("languages", ARRAY(String(10)), nullable=False, server_default=text("'{}'")),
    Column("chats", SmallInteger),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
    UniqueConstraint("oidc_issuer", "oidc_subject"),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("staff_id", PgUuid, ForeignKey(staff_account.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("previous_hash", LargeBinary, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("rotated_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

skill_group = Table(
    "skill_group",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("names", JSONB, nullable=False),
)

staff_skill = Table(
    "staff_skill",
    metadata,
    Column("staff_id", PgUuid, ForeignKey(staff_account.c.id, ondelete="CASCADE"), primary_key=True),
    Column("skill_id", String(40), ForeignKey(skill_group.c.id, ondelete="CASCADE"), primary_key=True),
    Column("level", SmallInteger, nullable=False, server_default=text("2")),
    Index("ix_staff_skill_skill_id", "skill_id"),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", PgUuid, ForeignKey(staff_account.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("used_at", DateTime(timezone=True)),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="keyed hash of an account's or a network's address"),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False, index=True),
    Column("locked_until", DateTime(timezone=True)),
)

script = Table(
    "script",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("shortcut", String(24), nullable=False),
    Column("category", String(60), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("updated_by", String(80), nullable=False),
    Index(
        "uq_script_locale_shortcut",
        "locale",
        "shortcut",
        unique=True,
        postgresql_where=text("shortcut <> ''"),
    ),
)
