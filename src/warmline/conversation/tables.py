"""Tables of the log. `conversation` is the fold of its events, changed in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid

from warmline.conversation.model import SERVING_ORDER
from warmline.kit.sql_types import Xid8
from warmline.kit.uow import metadata

Moment = DateTime(timezone=True)

conversation = Table(
    "conversation",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("customer_id", PgUuid, nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("elder", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("feeling_refused", Boolean, nullable=False, server_default=false()),
    Column("owner", String(20), nullable=False),
    Column("agent_id", PgUuid),
    Column("agent_name", Text),
    Column("skill", String(60)),
    Column("priority", Integer, nullable=False, server_default=text("0")),
    Column("front", Boolean, nullable=False),
    Column("human_requested", Boolean, nullable=False),
    Column("human_requested_at", Moment),
    Column("queued_at", Moment),
    Column("urgency", String(12), nullable=False, server_default="normal"),
    Column("rank_at", Moment),
    Column("callback_due_at", Moment),
    Column("offered_to", PgUuid),
    Column("offered_until", Moment),
    Column("passed_by", ARRAY(PgUuid), nullable=False, server_default=text("'{}'")),
    Column("passed_at", Moment),
    Column("last_seq", Integer, nullable=False),
    Column("last_at", Moment),
    Column("last_customer_seq", Integer, nullable=False),
    Column("last_staff_seq", Integer, nullable=False),
    Column("last_staff_id", PgUuid),
    Column("unanswered_seq", Integer),
    Column("reply_due_at", Moment),
    Column("recap_open", Boolean, nullable=False, server_default=false()),
    Column("customer_read_seq", Integer, nullable=False),
    Column("staff_read_seq", Integer, nullable=False),
    Column("outcome", String(40)),
    Column("closed_at", Moment),
    Column("erased", Boolean, nullable=False, server_default=false()),
    Column("comforted", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("beside", JSONB, nullable=False, server_default=text("'[]'")),
    Column("watch_told", Boolean, nullable=False, server_default=false()),
    Index("ix_conversation_beside", "beside", postgresql_using="gin", postgresql_where=text("beside <> '[]'")),
    Index("ix_conversation_agent", "agent_id", postgresql_where=text("owner = 'agent'")),
    Index("ix_conversation_offered", "offered_to", postgresql_where=text("offered_to is not null")),
    Index("ix_conversation_reply_due", "reply_due_at", postgresql_where=text("reply_due_at is not null")),
    postgresql_with={"fillfactor": 70},
)


def _column(name: str) -> ColumnElement[Any]:
    """Return what is ordered by; nodes of the version before know no rank."""
    return (
        func.coalesce(conversation.c.rank_at, conversation.c.queued_at) if name == "rank_at" else conversation.c[name]
    )


_serving = [_column(name).desc() if descending else _column(name) for name, descending in SERVING_ORDER]
SERVING_SQL = ", ".join(str(column) for column in _serving)
"""`SERVING_ORDER` for a query on `conversation`."""
WAITING = "conversation.owner in ('queue', 'callback')"
HELD = "conversation.owner = 'agent'"
"""Spelt out, not bound: the partial indexes are used for nothing else."""
Index("ix_conversation_waiting", *_serving, postgresql_where=text("owner in ('queue', 'callback')"))

TURNING = (
    "type in ('handoff.requested', 'agent.vanished', 'conversation.transferred', 'callback.due',"
    " 'callback.scheduled', 'conversation.closed', 'conversation.handed_back')"
)
"""Events that bring a conversation before people or take it from them; rare beside messages."""
MISSED = (
    "type = 'turn.decided' and (payload ->> 'decision' = 'offer_human' or payload ->> 'reason' like 'not\\_known%')"
)
"""Turns that no article answered."""
IDENTIFIED = "type = 'turn.decided' and payload ? 'identified_as'"
"""Turns of who has shown in the conversation whom they are."""
WORKED = (
    "type = 'conversation.closed' and payload ->> 'outcome' = 'solved'"
    " or type = 'recap.answered' and payload ->> 'agreed' = 'true'"
    " or type = 'feedback.given' and payload ->> 'value' = 'up'"
)
"""What tells that an answer helped."""

conversation_event = Table(
    "conversation_event",
    metadata,
    Column("conversation_id", PgUuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("type", String(40), nullable=False),
    Column("author", String(24), nullable=False),
    Column("author_id", PgUuid),
    Column("author_name", Text),
    Column("visibility", String(8), nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("at", Moment, nullable=False),
    Column("client_id", String(64)),
    Index(
        "uq_conversation_event_client_id",
        "conversation_id",
        "client_id",
        "author_id",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=text("client_id is not null"),
    ),
    Index("ix_conversation_event_xid_position", "xid", "position"),
    Index("ix_conversation_event_turning", "conversation_id", "seq", postgresql_where=text(TURNING)),
    Index("ix_conversation_event_accepted", "xid", "position", postgresql_where=text("type = 'conversation.accepted'")),
    Index("ix_conversation_event_missed", "at", postgresql_where=text(MISSED)),
    Index("ix_conversation_event_worked", "at", postgresql_where=text(WORKED)),
    Index(
        "ix_conversation_event_identified",
        text("(payload ->> 'identified_as')"),
        "at",
        postgresql_where=text(IDENTIFIED),
    ),
)

message_body = Table(
    "message_body",
    metadata,
    Column("conversation_id", PgUuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("customer_id", PgUuid, nullable=False, index=True),
    Column("sealed", LargeBinary),
)
"""Words sealed under the customer's key; null once erased."""

attachment = Table(
    "attachment",
    metadata,
    Column("id", PgUuid, primary_key=True),
    Column("conversation_id", PgUuid, nullable=False, index=True),
    Column("customer_id", PgUuid, nullable=False, index=True),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sealed_name", LargeBinary),
    Column("sealed", LargeBinary),
    Column("named", Boolean, nullable=False, server_default=true()),
    Index("ix_attachment_unnamed", "created_at", postgresql_where=text("not named")),
)
"""Files sealed under the customer's key; null once erased. `named`: a message carries it."""
