"""Tables of casework. Words are sealed under the customer's key; null once erased."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.kit.uow import metadata

Moment = DateTime(timezone=True)
RUNNING_SQL = "status in ('open', 'in_progress', 'waiting_customer')"
OWED_SQL = "status in ('proposed', 'confirmed') or (status = 'broken' and done_at is null)"

case_file = Table(
    "case_file",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("customer_id", PgUuid, nullable=False),
    Column("category", String(20), nullable=False),
    Column("owner_id", PgUuid),
    Column("owner_name", Text),
    Column("skill", String(60)),
    Column("status", String(20), nullable=False),
    Column("due_at", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", PgUuid),
    Column("opened_by_name", Text),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", PgUuid),
    Column("changed_by_name", Text),
    Column("remind_at", Moment),
    Column("reminded_at", Moment),
    Column("overdue_at", Moment),
    Column("settled_at", Moment),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary),
    Index("ix_case_file_customer", "customer_id", "opened_at"),
    Index("ix_case_file_changed", "changed_at"),
    Index("ix_case_file_running", "due_at", postgresql_where=text(RUNNING_SQL)),
    Index("ix_case_file_owner", "owner_id", postgresql_where=text(RUNNING_SQL)),
)
"""`kind` stays open: complaints are to come on the same base."""

case_conversation = Table(
    "case_conversation",
    metadata,
    Column("case_id", PgUuid, primary_key=True),
    Column("conversation_id", PgUuid, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_case_conversation_conversation", "conversation_id"),
)

case_count = Table(
    "case_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""How many cases each day of the bank has had, for their numbers."""

promise = Table(
    "promise",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("customer_id", PgUuid, nullable=False),
    Column("conversation_id", PgUuid, nullable=False),
    Column("seq", Integer),
    Column("place", Integer, nullable=False),
    Column("case_id", PgUuid),
    Column("promiser", String(20), nullable=False),
    Column("owner_id", PgUuid),
    Column("owner_name", Text),
    Column("skill", String(60)),
    Column("due_at", Moment, nullable=False),
    Column("breaks_at", Moment, nullable=False),
    Column("whole_day", Boolean, nullable=False),
    Column("callback", Boolean, nullable=False),
    Column("status", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", PgUuid),
    Column("changed_by_name", Text),
    Column("remind_at", Moment),
    Column("reminded_at", Moment),
    Column("done_at", Moment),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary),
    Index("uq_promise_source", "conversation_id", "seq", "place", unique=True),
    Index("ix_promise_customer", "customer_id", "due_at"),
    Index("ix_promise_owed", "due_at", postgresql_where=text(OWED_SQL)),
    Index("ix_promise_breaking", "breaks_at", postgresql_where=text("status = 'confirmed'")),
    Index("ix_promise_reminding", "remind_at", postgresql_where=text("status = 'confirmed' and reminded_at is null")),
    Index("ix_promise_case", "case_id", postgresql_where=text("case_id is not null")),
)
"""`place`: which one of the promises in the message at `seq`; a message read twice proposes nothing twice."""

case_event = Table(
    "case_event",
    metadata,
    Column("subject_id", PgUuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("customer_id", PgUuid, nullable=False, index=True),
    Column("type", String(40), nullable=False),
    Column("by_id", PgUuid),
    Column("by_name", Text),
    Column("at", Moment, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("sealed", LargeBinary),
)
"""What happened to a case or to a promise; appended, never changed."""

case_cursor = Table(
    "case_cursor",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("xid", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""How far the log of all conversations has been read for promises, by whichever node."""
