"""What the log holds of questions that no article answered, and of what people said to them. Words masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from warmline.conversation import repository as log
from warmline.conversation.events import AuthorKind
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.tables import MISSED
from warmline.dialogue.drafting import Entry
from warmline.kit.masking import mask_pii
from warmline.kit.uow import Transaction

TURNS_LIMIT = 500
ENTRIES_LIMIT = 80
"""Read of a conversation after the question; who answered it did so by then."""

Place = tuple[UUID, int]

_MISSED = text(
    "SELECT e.conversation_id, e.seq, e.at, c.customer_id, c.last_staff_seq FROM conversation_event e"
    f" JOIN conversation c ON c.id = e.conversation_id WHERE e.at > :since AND {MISSED} ORDER BY e.at DESC LIMIT :limit"
)
_AFTER = text(
    "SELECT m.id, m.seq AS missed, e.seq, e.type, e.author, e.author_name, e.at"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:seqs AS int[])) AS m(id, seq) CROSS JOIN LATERAL ("
    " SELECT seq, type, author, author_name, at FROM conversation_event WHERE conversation_id = m.id AND seq > m.seq"
    " AND type IN ('message.posted', 'conversation.handed_back', 'conversation.closed') ORDER BY seq LIMIT :limit) e"
    " ORDER BY m.id, m.seq, e.seq"
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A turn that no article answered; `to_person`: somebody of the bank wrote after it."""

    conversation_id: UUID
    seq: int
    customer_id: UUID
    at: datetime
    question: str
    to_person: bool


async def list_missed(tx: Transaction, ciphers: CustomerCiphers, since: datetime) -> list[Missed]:
    """Return the newest of these turns, newest first; erased words drop out."""
    rows = (await tx.connection.execute(_MISSED, {"since": since, "limit": TURNS_LIMIT})).all()
    customers: dict[UUID, UUID] = {row.conversation_id: row.customer_id for row in rows}
    words = await _read(tx, ciphers, [(row.conversation_id, row.seq) for row in rows], customers, "question")
    return [
        Missed(row.conversation_id, row.seq, row.customer_id, row.at, question, row.last_staff_seq > row.seq)
        for row in rows
        if (question := words.get((row.conversation_id, row.seq)))
    ]


async def read_after(tx: Transaction, ciphers: CustomerCiphers, missed: Sequence[Missed]) -> dict[Place, list[Entry]]:
    """Return by turn what came after it, in its order; of the words those of the bank's people alone."""
    if not missed:
        return {}
    places = {"ids": [one.conversation_id for one in missed], "seqs": [one.seq for one in missed]}
    rows = (await tx.connection.execute(_AFTER, {**places, "limit": ENTRIES_LIMIT})).all()
    customers = {one.conversation_id: one.customer_id for one in missed}
    said = {(row.id, row.seq) for row in rows if row.author == AuthorKind.AGENT and row.type == "message.posted"}
    words = await _read(tx, ciphers, list(said), customers, "text")
    found: dict[Place, list[Entry]] = {}
    for row in rows:
        told = Entry(row.type, row.author, row.author_name or "", row.at, words.get((row.id, row.seq), ""))
        found.setdefault((row.id, row.missed), []).append(told)
    return found


async def _read(
    tx: Transaction,
    ciphers: CustomerCiphers,
    places: Sequence[Place],
    customers: Mapping[UUID, UUID],
    field: str,
) -> dict[Place, str]:
    held = await ciphers.load(tx, set(customers.values()))
    words = await log.read_words(tx.connection, places, held, customers)
    return {place: mask_pii(str(one[field])) for place, one in words.items() if one.get(field)}
