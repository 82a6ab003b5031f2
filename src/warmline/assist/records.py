"""The only SQL of the assistant beside the agent: what worked before, and what became of suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from warmline.assist.model import From
from warmline.assist.past import Answered, Entry, pair_up
from warmline.assist.using import Used, UseOutcome
from warmline.conversation import repository as log
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.tables import WORKED, conversation
from warmline.kit.uow import Transaction

_NOTE = text(
    "INSERT INTO assist_use (conversation_id, seq, ref, origin, outcome, at)"
    " VALUES (:conversation_id, :seq, :ref, :origin, :outcome, :at)"
    " ON CONFLICT (conversation_id, seq, ref) DO UPDATE SET outcome = excluded.outcome, at = excluded.at"
)
_USED = text(
    "SELECT ref, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,"
    " count(*) FILTER (WHERE outcome = 'edited') AS edited, count(*) FILTER (WHERE outcome = 'dismissed') AS dismissed"
    " FROM assist_use WHERE ref = ANY(:refs) AND at > :since GROUP BY ref"
)

Place = tuple[UUID, int]

_WORKED = text(
    "SELECT conversation_id, seq FROM conversation_event"
    f" WHERE at > :since AND ({WORKED}) ORDER BY at DESC LIMIT :limit"
)
_LOGS = text(
    "SELECT e.conversation_id, c.customer_id, e.seq, e.type, e.author, e.author_id, e.author_name, e.at,"
    " CAST(e.payload ->> 'seq' AS integer) AS about, e.payload ->> 'value' AS value FROM conversation_event e"
    " JOIN conversation c ON c.id = e.conversation_id WHERE e.conversation_id = ANY(:ids) AND NOT c.erased"
    " AND e.type IN ('message.posted', 'feedback.given') ORDER BY e.conversation_id, e.seq"
)
_ERASED = text("SELECT id FROM conversation WHERE id = ANY(:ids) AND erased")


async def list_worked(tx: Transaction, since: datetime, limit: int) -> list[Place]:
    """Return the newest entries since then that tell that an answer helped, newest first."""
    rows = (await tx.connection.execute(_WORKED, {"since": since, "limit": limit})).all()
    return [(row.conversation_id, row.seq) for row in rows]


async def read_pairs(tx: Transaction, ids: Collection[UUID]) -> list[Answered]:
    """Return who asked and who answered in these conversations."""
    logs: dict[tuple[UUID, UUID], list[Entry]] = {}
    for row in (await tx.connection.execute(_LOGS, {"ids": list(ids)})).all():
        entry = Entry(row.seq, row.type, row.author, row.author_id, row.author_name or "", row.at, row.about, row.value)
        logs.setdefault((row.conversation_id, row.customer_id), []).append(entry)
    return [pair for place, entries in logs.items() for pair in pair_up(*place, entries)]


async def list_erased(tx: Transaction, ids: Collection[UUID]) -> list[UUID]:
    """Return which of these conversations lost their words."""
    return [row.id for row in (await tx.connection.execute(_ERASED, {"ids": list(ids)})).all()]


async def read_words(tx: Transaction, ciphers: CustomerCiphers, pairs: Sequence[Answered]) -> dict[Place, str]:
    """Return the words of these pairs as they stand now; what was erased is left out."""
    customers: Mapping[UUID, UUID] = {one.conversation_id: one.customer_id for one in pairs}
    places = [(one.conversation_id, seq) for one in pairs for seq in (*one.asked, *one.said)]
    held = await ciphers.load(tx, set(customers.values()))
    words = await log.read_words(tx.connection, places, held, customers)
    return {place: str(one["text"]) for place, one in words.items() if one.get("text")}


async def note_use(
    tx: Transaction, conversation_id: UUID, seq: int, ref: str, origin: From, outcome: UseOutcome, at: datetime
) -> None:
    """Store what became of a reply suggested for a message; the latest word counts."""
    values = {"conversation_id": conversation_id, "seq": seq, "ref": ref, "at": at}
    await tx.connection.execute(_NOTE, {**values, "origin": origin.value, "outcome": outcome.value})


async def read_used(tx: Transaction, refs: Collection[str], since: datetime) -> dict[str, Used]:
    """Return what became of these replies wherever they were suggested."""
    rows = (await tx.connection.execute(_USED, {"refs": list(refs), "since": since})).all()
    return {row.ref: Used(row.accepted, row.edited, row.dismissed) for row in rows}


async def read_states(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Conversation]:
    """Return these conversations as they are now."""
    here = conversation.c.id
    found = await log.list_where(tx.connection, here.in_(list(ids)), limit=len(ids), order=here)
    return {one.id: one for one in found}
