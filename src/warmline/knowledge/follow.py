"""The follower keeps one node's index in step with what is published, without ever stopping searches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from warmline.kit.bus import Bus
from warmline.kit.errors import UnavailableError
from warmline.kit.memory import give_back_memory
from warmline.kit.uow import UnitOfWork
from warmline.knowledge import changes, repository, saved_index
from warmline.knowledge.changes import Cursor, Reading
from warmline.knowledge.live import LiveArticles
from warmline.knowledge.model import Content, Published
from warmline.knowledge.search import ArticleIndex, ArticleTexts
from warmline.knowledge.shipped_vectors import read_vectors
from warmline.knowledge.vector_cache import PgVectorCache
from warmline.language.ports import TextEmbedder

logger = logging.getLogger(__name__)

TOPICS = frozenset({"article.published", "article.retired"})
POLL_SECONDS = 1.0
BATCH = 64
"""Articles embedded and indexed at a time; the newest change goes first, so a batch bounds its wait."""
LOAD_BATCH = 1_000
_LAST = 2**63 - 1


@dataclass(frozen=True)
class _Behind:
    """What a follower still has to do at its start."""

    changed: list[str]
    gone: list[str]


class ArticleFollower:
    """Loads the index, then follows publications; `index` may be searched from any thread at any time."""

    def __init__(self, uow: UnitOfWork, *, bus: Bus, embedder: TextEmbedder, folder: Path | None = None) -> None:
        self._uow, self._bus, self._embedder, self._folder = uow, bus, embedder, folder
        self._live = LiveArticles()
        self._reading = Reading(Cursor())
        self._pending: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._busy = asyncio.Lock()
        self._untrained = 0
        self._listeners: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._upkeep: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._stopping = False
        self.index = ArticleIndex(embedder)
        self.ready = False

    async def start(self) -> None:
        """Load everything published, then follow in the background. Long when texts were never embedded.

        Where no text can be embedded now it is tried again and again: until then `ready` is false and the index empty.
        """
        self._unsubscribe = self._bus.subscribe(self._heard)
        try:
            await self._make_ready()
        except UnavailableError as error:
            logger.error("articles cannot be searched yet, trying again: %s", error)
        self._task = asyncio.create_task(self._follow())

    async def _make_ready(self) -> None:
        await self._load()
        self.ready = True
        self._keep_up()

    async def stop(self) -> None:
        """Stop following; the index stays searchable. What is being learnt aside is not waited for."""
        self._stopping = True
        self._unsubscribe()
        for task in (self._task, self._upkeep):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    def wake(self) -> None:
        """Look for changes now."""
        self._wake.set()

    def on_rebuilt(self, callback: Callable[[], None]) -> None:
        """Call `callback` each time the ranking was learnt anew, for instance to calibrate again."""
        self._listeners.append(callback)

    def answers(self, article_id: str, today: date) -> bool:
        """Whether an article is live and valid on this day."""
        return self._live.answers(article_id, today)

    def mark(self, article_id: str) -> str | None:
        """What changes whenever an article's published words do; None when it is not live."""
        return self._live.marks.get(article_id)

    async def catch_up(self) -> None:
        """Return when everything committed before the call is searched."""
        async with self._busy:
            if not self.ready:
                await self._make_ready()
            await self._read()
            while self._pending:
                await self._apply_some()

    async def settle(self) -> None:
        """Return when nothing is left to learn from what has been read."""
        while self._upkeep is not None and not self._upkeep.done():
            await asyncio.wait([self._upkeep])
            await asyncio.sleep(0)

    async def know_vectors(self, path: Path) -> None:
        """Take in the vectors that came with articles, where this embedder made them."""
        cache = PgVectorCache.bound(self._uow, model=self._embedder.name[:120])
        vectors = await asyncio.to_thread(read_vectors, path, self._embedder.name)
        await asyncio.to_thread(cache.put_many, vectors)

    def _heard(self, topic: str, _: str) -> None:
        if topic in TOPICS:
            self.wake()

    async def _load(self) -> None:
        async with self._uow.begin() as tx:
            watermark = await changes.read_watermark(tx)
            live = LiveArticles((await changes.list_live(tx)).values())
        self._reading = Reading(Cursor(watermark - 1, _LAST))
        cache = PgVectorCache.bound(self._uow, model=self._embedder.name[:120])
        index, behind = await asyncio.to_thread(self._open, cache, live.marks)
        for article_id in behind.gone:
            await asyncio.to_thread(index.remove, article_id)
        parts = [
            await asyncio.to_thread(index.prepare_part, _texts(batch.values()))
            async for batch in changes.load_in_batches(self._uow, behind.changed, LOAD_BATCH)
        ]
        if parts:
            await asyncio.to_thread(index.absorb, parts)
        self.index, self._live = index, live
        self._untrained = len(behind.changed) + len(behind.gone)
        give_back_memory()

    def _open(self, cache: PgVectorCache, marks: Mapping[str, str]) -> tuple[ArticleIndex, _Behind]:
        """The saved index and what it lacks, or an empty one that lacks everything."""
        found = saved_index.open_saved(self._folder, self._embedder, cache) if self._folder else None
        if found is None:
            return ArticleIndex(self._embedder, cache), _Behind(list(marks), [])
        index, known = found
        changed = [one for one, mark in marks.items() if known.get(one) != mark or one not in index]
        return index, _Behind(changed, [one for one in index.article_ids if one not in marks])

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if self._pending else POLL_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                async with self._busy:
                    if not self.ready:
                        await self._make_ready()
                    await self._read()
                    await self._apply_some()
            except UnavailableError as error:
                logger.error("following publications failed; trying again: %s", error)
                await asyncio.sleep(POLL_SECONDS)
            except Exception:
                # The next round tries again: a lost database or endpoint must not end the following.
                logger.exception("following publications failed; trying again")
                await asyncio.sleep(POLL_SECONDS)

    async def _read(self) -> None:
        self._reading, ids = await changes.read_on(self._uow, self._reading)
        for article_id in ids:
            self._pending.pop(article_id, None)
            self._pending[article_id] = None

    async def _apply_some(self) -> None:
        """Bring the newest pending articles into the index; the database says what they are by now."""
        ids = list(self._pending)[-BATCH:]
        if not ids:
            return
        for article_id in ids:
            del self._pending[article_id]
        try:
            await self._apply(ids)
        except BaseException:
            self._pending = dict.fromkeys(ids) | self._pending
            raise
        self._untrained += len(ids)
        self._keep_up()

    async def _apply(self, ids: list[str]) -> None:
        async with self._uow.begin() as tx:
            live = await changes.list_live(tx, ids)
            published = await repository.load_published(tx, list(live))
        gone = [one for one in ids if one not in published]
        for article_id in gone:
            self._live.drop(article_id)
            await asyncio.to_thread(self.index.remove, article_id)
        if published:
            await asyncio.to_thread(self.index.upsert_many, _texts(published.values()))
            self._live.put(live.values())

    def _keep_up(self) -> None:
        """Merge, learn and save aside, one at a time, once enough has changed."""
        running = self._upkeep is not None and not self._upkeep.done()
        if not running and not self._stopping and (self.index.needs_merge or self._due()):
            self._upkeep = asyncio.create_task(self._try_upkeep())
            # Enough may have changed meanwhile, and nothing else may change for days.
            self._upkeep.add_done_callback(lambda _: self._keep_up() if self._due() else None)

    def _due(self) -> bool:
        return not self._pending and self._untrained >= max(8, len(self.index) // 10)

    async def _try_upkeep(self) -> None:
        try:
            await asyncio.to_thread(self.index.merge)
            if self._due() and not self._stopping:
                await self._rebuild()
        except Exception:
            logger.exception("merging the article index failed; searches go on with the old one")

    async def _rebuild(self) -> None:
        self._untrained = 0
        await asyncio.to_thread(self.index.merge)
        await asyncio.to_thread(self.index.retrain)
        for callback in self._listeners:
            callback()
        if self._folder:
            await asyncio.to_thread(saved_index.save, self._folder, self.index, dict(self._live.marks))
        give_back_memory()


def texts_of(article_id: str, content: Content) -> ArticleTexts | None:
    """What is searched of an article: its main text with the other languages as translations."""
    told = [ArticleTexts(article_id, t.question, t.similar, t.answer, t.lang) for t in content.texts]
    return replace(told[0], translations=tuple(told[1:])) if told else None


def _texts(articles: Iterable[Published]) -> list[ArticleTexts]:
    return [texts for a in articles if (texts := texts_of(a.id, a.content))]
