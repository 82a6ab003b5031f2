"""Search for customers and agents: candidates from this node's index, words in the reader's language."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np

from warmline.kit.uow import UnitOfWork
from warmline.knowledge import repository
from warmline.knowledge.adapters.opencc import to_traditional
from warmline.knowledge.model import Published, choose_answer
from warmline.knowledge.search import ArticleIndex, Candidate
from warmline.language.ports import Vectors

REMEMBERED = 2_000
"""Published articles whose words are kept in memory, about 3 kB each."""
WARM_BATCH = 100
EXPECTED, EXPECTED_CHARS, EXPECTED_SECONDS = 64, 300, 5.0
"""How many texts at a time, how long, are embedded ahead, and how long a vector waits for its search."""
EMBED_BATCH = 8


class Follower(Protocol):
    """The index and what may answer; see `follow.ArticleFollower`."""

    @property
    def index(self) -> ArticleIndex: ...

    def answers(self, article_id: str, today: date) -> bool: ...

    def mark(self, article_id: str) -> str | None: ...


class Calendar(Protocol):
    """The bank's day; `KnowledgeService` is one."""

    def today(self) -> date: ...


@dataclass(frozen=True)
class Hit:
    """An article with the words for one reader; the flags are those of `model.Answer`."""

    article_id: str
    version: int
    question: str
    answer: str
    category: str
    score: float = 0.0
    converted: bool = False
    reviewed: bool = True
    fallback: bool = False


class KnowledgeSearch:
    """Reads only; safe to use at once from many tasks."""

    def __init__(self, uow: UnitOfWork, follower: Follower, calendar: Calendar) -> None:
        self._uow, self._follower, self._calendar = uow, follower, calendar
        self._words: OrderedDict[tuple[str, str], Published] = OrderedDict()
        self._expected: dict[str, asyncio.Task[Vectors | None]] = {}
        self._embedded: OrderedDict[str, Vectors] = OrderedDict()

    def expect(self, text: str) -> None:
        """Begin to embed what `candidates` will be asked for in a moment, while its message is being saved."""
        if len(text) <= EXPECTED_CHARS and text not in self._expected and len(self._expected) < EXPECTED:
            task = asyncio.create_task(asyncio.to_thread(self._follower.index.embed, text))
            self._expected[text] = task
            asyncio.get_running_loop().call_later(EXPECTED_SECONDS, self._expected.pop, text, None)

    async def vector(self, text: str) -> Vectors | None:
        """The vector of `text` as a question, None for an empty one; about 13 ms in a worker thread, once a text."""
        vector = await self._expected_vector(text)
        if vector is None:
            vector = await asyncio.to_thread(self._follower.index.embed, text)
        if vector is not None:
            self._embedded[text] = vector
            self._embedded.move_to_end(text)
            while len(self._embedded) > EXPECTED:
                self._embedded.popitem(last=False)
        return vector

    async def embed_many(self, texts: Sequence[str]) -> Vectors:
        """The vectors [n, d] of texts as questions; so few at a time that customers' turns come between."""
        parts = [texts[start : start + EMBED_BATCH] for start in range(0, len(texts), EMBED_BATCH)]
        return np.concatenate([await asyncio.to_thread(self._follower.index.embed_many, part) for part in parts])

    @property
    def knows_wording(self) -> bool:
        """Whether `directions` tell anything yet."""
        return self._follower.index.knows_wording

    def directions(self, vectors: Vectors) -> Vectors:
        """Where questions [n, d] lead, whatever their wording: unit vectors."""
        return self._follower.index.directions(vectors)

    async def candidates(self, text: str, *, limit: int = 10, vector: Vectors | None = None) -> tuple[Candidate, ...]:
        """Live and valid articles for `text`, best first; about 15 ms in a worker thread, 3 where `vector` is known."""
        today = self._calendar.today()
        if vector is None:
            vector = await self._expected_vector(text)

        def allowed(article_id: str) -> bool:
            return self._follower.answers(article_id, today)

        return await asyncio.to_thread(self._follower.index.search, text, limit=limit, allowed=allowed, vector=vector)

    async def _expected_vector(self, text: str) -> Vectors | None:
        if text in self._embedded:
            return self._embedded[text]
        task = self._expected.pop(text, None)
        if task is None:
            return None
        (vector,) = await asyncio.gather(task, return_exceptions=True)
        return None if isinstance(vector, BaseException) else vector

    @property
    def article_ids(self) -> Sequence[str]:
        """All that is searched."""
        return self._follower.index.article_ids

    async def questions(self, ids: Sequence[str], *, similar: bool = False) -> dict[str, list[str]]:
        """The standard questions of articles in every language, on request with the similar ones."""
        found = await self._published(ids)
        return {
            one: [
                text for told in article.content.texts for text in (told.question, *(told.similar if similar else ()))
            ]
            for one, article in found.items()
        }

    async def warm(self) -> None:
        """Read the words of every article that is live into memory, where all of them find room there."""
        ids = self._follower.index.article_ids
        for start in range(0, len(ids) if len(ids) <= REMEMBERED else 0, WARM_BATCH):
            await self._published(ids[start : start + WARM_BATCH])

    async def answers(
        self, ids: Sequence[str], *, locale: str, channel: str | None = None, audience: str | None = None
    ) -> dict[str, Hit]:
        """The words of chosen articles; ids that no longer answer are left out."""
        found = await self._published(ids)
        hits = {}
        for article_id in ids:
            if (article := found.get(article_id)) and (hit := _hit(article, locale, channel, audience)):
                hits[article_id] = hit
        return hits

    async def find(
        self,
        text: str,
        *,
        limit: int = 5,
        locale: str = "zh-Hans",
        channel: str | None = None,
        audience: str | None = None,
        vector: Vectors | None = None,
    ) -> list[Hit]:
        """Candidates with their words, best first; `vector`: that of `text`, where it is known."""
        candidates = await self.candidates(text, limit=limit, vector=vector)
        words = await self.answers(
            [c.article_id for c in candidates], locale=locale, channel=channel, audience=audience
        )
        return [_scored(words[c.article_id], c.score) for c in candidates if c.article_id in words]

    async def _published(self, ids: Sequence[str]) -> dict[str, Published]:
        marks = {one: mark for one in ids if (mark := self._follower.mark(one))}
        found = {one: words for one, mark in marks.items() if (words := self._words.get((one, mark)))}
        for one in found:
            self._words.move_to_end((one, marks[one]))
        missing = [one for one in marks if one not in found]
        if missing:
            async with self._uow.begin() as tx:
                fresh = await repository.load_published(tx, missing)
            self._remember(fresh, marks)
            found |= fresh
        return found

    def _remember(self, fresh: dict[str, Published], marks: dict[str, str]) -> None:
        for one, words in fresh.items():
            if marks[one].startswith(f"{words.version}."):
                self._words[one, marks[one]] = words
        while len(self._words) > REMEMBERED:
            self._words.popitem(last=False)


def _hit(article: Published, locale: str, channel: str | None, audience: str | None) -> Hit | None:
    answer = choose_answer(article.content, locale, channel=channel, audience=audience, to_traditional=to_traditional)
    if answer is None:
        return None
    return Hit(
        article_id=article.id,
        version=article.version,
        question=answer.question,
        answer=answer.answer,
        category=article.content.category,
        converted=answer.converted,
        reviewed=answer.reviewed,
        fallback=answer.fallback,
    )


def _scored(hit: Hit, score: float) -> Hit:
    return replace(hit, score=score)
