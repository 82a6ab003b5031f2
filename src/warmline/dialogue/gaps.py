"""What customers asked and no article answered: the knowledge editor's list, most asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from warmline.conversation import repository as log
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.tables import MISSED
from warmline.kit.clock import Clock
from warmline.kit.masking import mask_pii
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.service import normalise

WINDOW = timedelta(days=30)
TURNS_LIMIT = 500
GAPS_LIMIT = 50
NEAREST = 2
END = " ?!.,;:~。"
"""Asked with or without it is asked alike."""

_MISSED = text(
    "SELECT e.conversation_id, e.seq, e.at, c.customer_id FROM conversation_event e"
    f" JOIN conversation c ON c.id = e.conversation_id WHERE e.at > :since AND {MISSED} ORDER BY e.at DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question asked `count` times without an answer, card numbers and the like masked."""

    question: str
    count: int
    last_at: datetime
    nearest: tuple[Hit, ...]


class Gaps:
    """Finds them in the log; erased words drop out."""

    def __init__(self, uow: UnitOfWork, clock: Clock, ciphers: CustomerCiphers, search: KnowledgeSearch) -> None:
        self._uow, self._clock, self._ciphers, self._search = uow, clock, ciphers, search

    async def list_gaps(self) -> list[Gap]:
        """Return the gaps of the last `WINDOW`, most asked first."""
        grouped: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for at, question in await self._missed():
            grouped[normalise(question).rstrip(END)].append((at, mask_pii(question)))
        ordered = sorted(grouped.values(), key=lambda asked: (len(asked), max(asked)[0]), reverse=True)
        return [await self._gap(asked) for asked in ordered[:GAPS_LIMIT]]

    async def _gap(self, asked: Sequence[tuple[datetime, str]]) -> Gap:
        last_at, question = max(asked)
        nearest = await self._search.find(question, limit=NEAREST)
        return Gap(question, len(asked), last_at, tuple(nearest))

    async def _missed(self) -> list[tuple[datetime, str]]:
        parameters = {"since": self._clock.now() - WINDOW, "limit": TURNS_LIMIT}
        async with self._uow.begin() as tx:
            rows = (await tx.connection.execute(_MISSED, parameters)).all()
            customers: dict[UUID, UUID] = {row.conversation_id: row.customer_id for row in rows}
            ciphers = await self._ciphers.load(tx, set(customers.values()))
            places = [(row.conversation_id, row.seq) for row in rows]
            words = await log.read_words(tx.connection, places, ciphers, customers)
        found = [(row.at, words.get((row.conversation_id, row.seq), {}).get("question")) for row in rows]
        return [(at, str(question)) for at, question in found if question]
