"""Keeps in mind what worked before: the places in memory by what was asked, the words read anew for every use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from warmline.assist import past, records
from warmline.assist.past import Answered, Told
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.customer.service import CustomerService
from warmline.kit.clock import Clock
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.knowledge.service import KnowledgeSearch
from warmline.language.ports import Vectors

WINDOW = timedelta(days=180)
OVERLAP = timedelta(minutes=5)
"""An entry committed late may be dated so far back."""
MOST = 3_000
"""Pairs kept in mind: some five MB of vectors."""
AT_ONCE = 100
"""Conversations read together, so that a transaction stays short."""


class PastReplies:
    """What colleagues answered where it helped. The newest `MOST`; it stores nothing."""

    def __init__(
        self, uow: UnitOfWork, ciphers: CustomerCiphers, customers: CustomerService, search: KnowledgeSearch,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._uow, self._ciphers, self._customers = uow, ciphers, customers
        self._search, self._clock = search, clock
        self._known: dict[str, tuple[Answered, Vectors]] = {}
        self._stacked: tuple[list[Answered], Vectors] | None = None
        self._seen: set[tuple[UUID, int]] = set()
        self._since: datetime | None = None

    @property
    def known(self) -> int:
        """How many pairs are in mind."""
        return len(self._known)

    async def learn(self) -> None:
        """Take in what worked since the last time and forget who was erased; seconds after a start, else little."""
        now = self._clock.now()
        async with self._uow.begin() as tx:
            worked = await records.list_worked(tx, self._since or now - WINDOW, MOST)
        fresh = [place for place in worked if place not in self._seen]
        ids = list(dict.fromkeys(conversation_id for conversation_id, _ in fresh))
        for start in range(0, len(ids), AT_ONCE):
            await self._read(ids[start : start + AT_ONCE])
        await self._forget_erased()
        self._since, self._seen = now - OVERLAP, set(worked)

    async def find(self, asked: str, vector: Vectors | None, *, but: UUID) -> list[Told]:
        """Return the pairs whose question is like this one, nearest first, never from the conversation `but`."""
        answered, vectors = self._all()
        if vector is None or not answered or not self._search.knows_wording:
            return []
        near = [(answered[row], meant) for row, meant in past.closest(vector, vectors, self._search.directions)]
        return await self._tell(asked, [one for one in near if one[0].conversation_id != but][: past.READ])

    async def read_states(self, ids: Iterable[UUID]) -> dict[UUID, Conversation]:
        """Return these conversations as they are now, to tell who may open them."""
        async with self._uow.begin() as tx:
            return await records.read_states(tx, set(ids))

    async def _tell(self, asked: str, near: Sequence[tuple[Answered, float]]) -> list[Told]:
        if not near:
            return []
        pairs = [one for one, _ in near]
        async with self._uow.begin() as tx:
            words = await records.read_words(tx, self._ciphers, pairs)
            names = await self._names(tx, {one.customer_id for one in pairs})
        questions = [past.tell_question(_texts(words, one, one.asked)) for one in pairs]
        scores = past.likeness(asked, [meant for _, meant in near], questions)
        told = [
            Told(one, question, past.tell_reply(_texts(words, one, one.said), names.get(one.customer_id, "")), score)
            for one, question, score in zip(pairs, questions, scores, strict=True)
            if score >= past.PAST_NEAR
        ]
        return sorted((one for one in told if one.question and one.reply), key=lambda one: -one.near)

    async def _names(self, tx: Transaction, ids: set[UUID]) -> dict[UUID, str]:
        found = await self._customers.get_many(tx, ids)
        known = await self._customers.get_many(tx, {one.merged_into for one in found.values() if one.merged_into})
        return {
            one.id: (known[one.merged_into].name if one.merged_into in known else one.name) for one in found.values()
        }

    async def _read(self, ids: Sequence[UUID]) -> None:
        async with self._uow.begin() as tx:
            pairs = await records.read_pairs(tx, ids)
            words = await records.read_words(tx, self._ciphers, pairs)
        told = [(one, past.tell_question(_texts(words, one, one.asked))) for one in pairs]
        told = [(one, asked) for one, asked in told if asked and past.tell_reply(_texts(words, one, one.said))]
        vectors = await self._search.embed_many([asked for _, asked in told]) if told else ()
        self._drop(set(ids))
        self._known |= {one.ref: (one, vector) for (one, _), vector in zip(told, vectors, strict=True)}
        if len(self._known) > MOST:
            newest = sorted(self._known.items(), key=lambda it: it[1][0].at, reverse=True)
            self._known = dict(newest[:MOST])
        self._stacked = None

    async def _forget_erased(self) -> None:
        if ids := {one.conversation_id for one, _ in self._known.values()}:
            async with self._uow.begin() as tx:
                self._drop(set(await records.list_erased(tx, ids)))

    def _drop(self, ids: set[UUID]) -> None:
        kept = {ref: it for ref, it in self._known.items() if it[0].conversation_id not in ids}
        if len(kept) < len(self._known):
            self._known, self._stacked = kept, None

    def _all(self) -> tuple[list[Answered], Vectors]:
        if self._stacked is None:
            both = list(self._known.values())
            vectors = np.stack([vector for _, vector in both]) if both else np.zeros((0, 1), np.float32)
            self._stacked = [one for one, _ in both], vectors
        return self._stacked


def _texts(words: dict[records.Place, str], pair: Answered, seqs: Sequence[int]) -> list[str]:
    return [words[place] for seq in seqs if (place := (pair.conversation_id, seq)) in words]
