"""What customers asked and no article answered: the knowledge editor's list, most asked first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from warmline.conversation.ports import CustomerCiphers
from warmline.dialogue.alike import ALIKE, group_alike, stand_for
from warmline.dialogue.drafting import Piece, choose_pieces, find_pieces
from warmline.dialogue.missed import Missed, list_missed, read_after
from warmline.kit.clock import Clock
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.calibration import ReleaseKind, ReleasePolicy
from warmline.knowledge.service import Hit, KnowledgeSearch
from warmline.language.ports import Vectors
from warmline.language.service import Language, detect_language, normalise

WINDOW = timedelta(days=30)
GAPS_LIMIT, LIKES_LIMIT, ANSWERS_LIMIT = 50, 30, 3
NEAREST = 2
END = " ?!.,;:~。"
"""Asked with or without it is asked alike."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a colleague told a customer who asked this: a draft, never more; `by` is for colleagues alone."""

    text: str
    by: str
    at: datetime
    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class Gap:
    """A question asked `count` times without an answer, card numbers and the like masked.

    `alike`: its other wordings; `answers`: what people said to it, those about the question first, then the newest.
    """

    question: str
    lang: Language
    count: int
    last_at: datetime
    alike: tuple[str, ...]
    nearest: tuple[Hit, ...]
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Wordings of one question, the one that stands for it first; `turns` newest first."""

    wordings: tuple[str, ...]
    turns: tuple[Missed, ...]

    def to_people(self) -> list[Missed]:
        """Return the newest turns after which somebody of the bank wrote, one of each conversation."""
        answered = {one.conversation_id: one for one in reversed(self.turns) if one.to_person}
        return sorted(answered.values(), key=lambda one: one.at, reverse=True)[:ANSWERS_LIMIT]


class Gaps:
    """Finds them in the log; erased words drop out, and so does what an article answers by now.

    `release`: decides what is answered; `by_meaning`: false where no model tells what texts mean.
    """

    def __init__(
        self, uow: UnitOfWork, clock: Clock, ciphers: CustomerCiphers, search: KnowledgeSearch,
        release: Callable[[], ReleasePolicy], *, by_meaning: bool = True,
    ) -> None:  # fmt: skip
        self._release = release
        self._uow, self._clock, self._ciphers, self._search = uow, clock, ciphers, search
        self._vectors = _Vectors(search) if by_meaning else None
        self._busy = asyncio.Lock()

    async def list_gaps(self) -> list[Gap]:
        """Return the gaps of the last `WINDOW`, most asked first."""
        async with self._busy:
            if self._vectors:
                self._vectors.begin()
            async with self._uow.begin() as tx:
                missed = await list_missed(tx, self._ciphers, self._clock.now() - WINDOW)
            groups = await self._group(missed)
            by_count = sorted(groups, key=lambda one: (len(one.turns), one.turns[0].at), reverse=True)
            shown = await self._open(by_count)
            answers = await self._answer(shown)
            return [await self._gap(group, told) for group, told in zip(shown, answers, strict=True)]

    async def _open(self, groups: Sequence[_Group]) -> list[_Group]:
        """Return the first groups whose question is still answered by no article."""
        found: list[_Group] = []
        for group in groups:
            if len(found) == GAPS_LIMIT:
                break
            question = group.wordings[0]
            vector = (await self._vectors.read([question]))[0] if self._vectors else None
            released = self._release().release(await self._search.candidates(question, vector=vector))
            if released.kind is not ReleaseKind.ANSWER:
                found.append(group)
        return found

    async def _group(self, missed: Sequence[Missed]) -> list[_Group]:
        worded: dict[str, list[Missed]] = {}
        for one in missed:
            worded.setdefault(normalise(one.question).rstrip(END), []).append(one)
        turns = list(worded.values())
        asked, counts = [each[0].question for each in turns], [len(each) for each in turns]
        directions = await self._directions(asked)
        found = [[row] for row in range(len(turns))]
        if directions is not None:
            found = await asyncio.to_thread(group_alike, directions)
        ordered = [stand_for(rows, counts, directions) for rows in found]
        return [
            _Group(
                tuple(asked[row] for row in rows),
                tuple(sorted((turn for row in rows for turn in turns[row]), key=lambda turn: turn.at, reverse=True)),
            )
            for rows in ordered
        ]

    async def _answer(self, groups: Sequence[_Group]) -> list[tuple[Answered, ...]]:
        asked = [group.to_people() for group in groups]
        async with self._uow.begin() as tx:
            entries = await read_after(tx, self._ciphers, [one for each in asked for one in each])
        said = [[(one, find_pieces(entries.get((one.conversation_id, one.seq), ()))) for one in each] for each in asked]
        await self._directions([piece.text for each in said for _, pieces in each for piece in pieces])
        return [await self._choose(group.wordings[0], each) for group, each in zip(groups, said, strict=True)]

    async def _choose(self, question: str, said: Sequence[tuple[Missed, list[Piece]]]) -> tuple[Answered, ...]:
        found: list[tuple[bool, Answered]] = []
        for one, pieces in said:
            about = await self._tell_about(question, pieces)
            if chosen := choose_pieces(pieces, about):
                found.append((any(about), Answered(chosen.text, chosen.by, chosen.at, one.conversation_id)))
        return tuple(answer for _, answer in sorted(found, key=lambda it: (it[0], it[1].at), reverse=True))

    async def _tell_about(self, question: str, pieces: Sequence[Piece]) -> list[bool]:
        directions = await self._directions([question, *(piece.text for piece in pieces)])
        if directions is None:
            return [False] * len(pieces)
        return [bool(near) for near in directions[1:] @ directions[0] >= ALIKE]

    async def _directions(self, texts: Sequence[str]) -> Vectors | None:
        if not self._vectors or not texts or not self._search.knows_wording:
            return None
        return self._search.directions(await self._vectors.read(texts))

    async def _gap(self, group: _Group, answers: tuple[Answered, ...]) -> Gap:
        question, *others = group.wordings
        vector = (await self._vectors.read([question]))[0] if self._vectors else None
        return Gap(
            question,
            detect_language(question),
            len(group.turns),
            group.turns[0].at,
            tuple(others[:LIKES_LIMIT]),
            tuple(await self._search.find(question, limit=NEAREST, vector=vector)),
            answers,
        )


class _Vectors:
    """Each text is embedded once while it is listed; nothing of what has left the list is kept, and nothing stored."""

    def __init__(self, search: KnowledgeSearch) -> None:
        self._search = search
        self._before: dict[str, Vectors] = {}
        self._now: dict[str, Vectors] = {}

    def begin(self) -> None:
        """List anew: what is not asked for until the next time is forgotten then."""
        self._before, self._now = self._now, {}

    async def read(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors [n, d] of texts."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._now and text not in self._before]
        if missing:
            self._now |= zip(missing, await self._search.embed_many(missing), strict=True)
        self._now |= {text: self._before[text] for text in texts if text in self._before}
        return np.stack([self._now[text] for text in texts])
