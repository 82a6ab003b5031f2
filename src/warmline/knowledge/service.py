"""The use cases of knowledge editing; each works inside the caller's transaction and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from warmline.kit import audit
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction
from warmline.knowledge import listing, repository
from warmline.knowledge.errors import (
    ArticleChangedError,
    ArticleExistsError,
    ArticleInvalidError,
    ArticleNotFoundError,
    NotPublishableError,
)
from warmline.knowledge.finder import Hit, KnowledgeSearch
from warmline.knowledge.follow import ArticleFollower
from warmline.knowledge.importing import ImportStep, Incoming, decide_import
from warmline.knowledge.listing import ArticleFilter, ArticlePage
from warmline.knowledge.model import (
    ID_PATTERN,
    Article,
    ArticleVersion,
    Content,
    Problem,
    Published,
    Status,
    draft_problems,
    next_version,
    publish_problems,
    settle_reviews,
    tidy,
)

__all__ = ["ArticleFilter", "ArticleFollower", "ArticlePage", "Hit", "KnowledgeSearch", "KnowledgeService"]

PUBLISHED_TOPIC, RETIRED_TOPIC = "article.published", "article.retired"
MANY = "*"
"""What a bus message carries instead of an id when a batch went live."""


@dataclass(frozen=True)
class KnowledgeService:
    """Articles from draft to retirement. `zone` names the calendar of validity dates."""

    clock: Clock
    bus: Bus
    zone: str = "Asia/Shanghai"

    def today(self) -> date:
        """The day it is for the bank."""
        return self.clock.now().astimezone(ZoneInfo(self.zone)).date()

    async def create(self, tx: Transaction, article_id: str | None, content: Content, *, actor: str) -> Article:
        """Save a new draft; without an id one is made. Raise `ArticleExistsError`, `ArticleInvalidError`."""
        article_id = article_id or f"article-{new_id().hex[-12:]}"
        if not ID_PATTERN.fullmatch(article_id):
            raise ArticleInvalidError(problems=_listed([Problem("bad_id", "id")]))
        content = _checked(content)
        if await repository.load(tx, [article_id]):
            raise ArticleExistsError(article_id=article_id)
        now = self.clock.now()
        article = _new_article(article_id, content, actor, now)
        try:
            await repository.insert_articles(tx, [article])
        except IntegrityError as error:
            raise ArticleExistsError(article_id=article_id) from error
        await repository.save_versions(tx, [repository.NewVersion(article_id, 1, content, now, actor)])
        return article

    async def edit(
        self,
        tx: Transaction,
        article_id: str,
        content: Content,
        *,
        actor: str,
        expect_revision: int | None = None,
    ) -> Article:
        """Save as the draft; what is published stays. Raise `ArticleChangedError` for an old revision."""
        article = await self._locked(tx, article_id, expect_revision)
        content = _checked(settle_reviews(article.content, tidy(content)))
        if content == article.content:
            return article
        return await self._save(tx, article, content, next_version(article), actor)

    async def restore(self, tx: Transaction, article_id: str, version: int, *, actor: str) -> Article:
        """Take an old version's content as the draft."""
        article = await self._locked(tx, article_id, None)
        old = await self.get_version(tx, article_id, version)
        if old.content == article.content:
            return article
        return await self._save(tx, article, old.content, next_version(article), actor)

    async def publish(
        self, tx: Transaction, article_id: str, *, actor: str, expect_revision: int | None = None
    ) -> Article:
        """Let the newest version answer customers. Raise `NotPublishableError` with the reasons."""
        article = await self._locked(tx, article_id, expect_revision)
        if problems := publish_problems(article.content, self.today()):
            raise NotPublishableError(problems=_listed(problems))
        if article.status == Status.PUBLISHED and not article.has_draft:
            return article
        return (await self._publish(tx, [article], actor))[0]

    async def retire(self, tx: Transaction, article_id: str, *, actor: str) -> Article:
        """Let it answer no longer; a retired article may be published again."""
        article = await self._locked(tx, article_id, None)
        return article if article.status == Status.RETIRED else (await self._retire(tx, [article], actor))[0]

    async def get(self, tx: Transaction, article_id: str) -> Article:
        """An article with its newest content; raise `ArticleNotFoundError`."""
        found = await repository.load(tx, [article_id]) if ID_PATTERN.fullmatch(article_id) else {}
        if article_id not in found:
            raise ArticleNotFoundError(article_id=article_id)
        return found[article_id]

    async def get_version(self, tx: Transaction, article_id: str, version: int) -> ArticleVersion:
        """A version as it was; raise `ArticleNotFoundError`."""
        found = await repository.load_versions(tx, [(article_id, version)])
        if not found:
            raise ArticleNotFoundError(article_id=article_id, version=version)
        return found[article_id, version]

    async def list_versions(self, tx: Transaction, article_id: str) -> list[ArticleVersion]:
        """All versions, newest first; raise `ArticleNotFoundError`."""
        if found := await repository.list_versions(tx, article_id):
            return found
        raise ArticleNotFoundError(article_id=article_id)

    async def list_articles(
        self, tx: Transaction, wanted: ArticleFilter, *, cursor: str | None = None, limit: int = 50
    ) -> ArticlePage:
        """A page of articles, last changed first."""
        return await listing.list_articles(tx, wanted, cursor=cursor, limit=limit)

    async def list_categories(self, tx: Transaction) -> list[tuple[str, int]]:
        """Each category with its number of articles."""
        return await listing.list_categories(tx)

    async def get_published(self, tx: Transaction, ids: Sequence[str]) -> dict[str, Published]:
        """What answers customers under these ids."""
        return await repository.load_published(tx, ids)

    async def plan_import(self, tx: Transaction, incoming: Sequence[Incoming]) -> list[ImportStep]:
        """What `save_imported` would do; nothing is written."""
        return (await self._plan(tx, incoming, lock=False))[0]

    async def save_imported(self, tx: Transaction, incoming: Sequence[Incoming], *, actor: str) -> list[ImportStep]:
        """Create, change, publish and retire as imported files say; one step for each, in their order."""
        now = self.clock.now()
        steps, known = await self._plan(tx, incoming, lock=True)
        created = [_new_article(s.id, s.content, actor, now) for s in steps if s.create]
        await repository.insert_articles(tx, created)
        changed = [_edited(known[s.id], s.content, s.version, actor, now) for s in steps if s.change]
        await repository.update_articles(tx, changed)
        written = [s for s in steps if s.create or s.change]
        await repository.save_versions(
            tx, [repository.NewVersion(s.id, s.version, s.content, now, actor) for s in written]
        )
        saved = known | {a.id: a for a in [*created, *changed]}
        await self._publish(tx, [saved[s.id] for s in steps if s.publish], actor)
        await self._retire(tx, [saved[s.id] for s in steps if s.retire], actor)
        return steps

    async def _plan(
        self, tx: Transaction, incoming: Sequence[Incoming], *, lock: bool
    ) -> tuple[list[ImportStep], dict[str, Article]]:
        known = await repository.load(tx, sorted({one.id for one in incoming}), lock=lock)
        live = await repository.load_published(tx, [a.id for a in known.values() if a.has_draft])
        today = self.today()
        return [decide_import(one, known.get(one.id), live.get(one.id), today) for one in incoming], known

    async def _locked(self, tx: Transaction, article_id: str, revision: int | None) -> Article:
        article = (await repository.load(tx, [article_id], lock=True)).get(article_id)
        if article is None:
            raise ArticleNotFoundError(article_id=article_id)
        if revision is not None and revision != article.revision:
            raise ArticleChangedError(article_id=article_id, revision=article.revision, by=article.updated_by)
        return article

    async def _save(self, tx: Transaction, article: Article, content: Content, version: int, actor: str) -> Article:
        now = self.clock.now()
        saved = _edited(article, content, version, actor, now)
        await repository.update_articles(tx, [saved])
        await repository.save_versions(tx, [repository.NewVersion(article.id, version, content, now, actor)])
        return saved

    async def _publish(self, tx: Transaction, articles: Sequence[Article], actor: str) -> list[Article]:
        now = self.clock.now()
        live = [
            replace(_touched(a, actor, now), status=Status.PUBLISHED, published_version=a.version) for a in articles
        ]
        await repository.update_articles(tx, live)
        await repository.mark_published(tx, [(a.id, a.version) for a in live], now)
        await self._announce(tx, live, PUBLISHED_TOPIC, actor, now)
        return live

    async def _retire(self, tx: Transaction, articles: Sequence[Article], actor: str) -> list[Article]:
        now = self.clock.now()
        gone = [replace(_touched(a, actor, now), status=Status.RETIRED) for a in articles]
        await repository.update_articles(tx, gone)
        await self._announce(tx, gone, RETIRED_TOPIC, actor, now)
        return gone

    async def _announce(
        self, tx: Transaction, articles: Sequence[Article], topic: str, actor: str, now: datetime
    ) -> None:
        """Log for followers and auditors; wake followers once it is durable."""
        if not articles:
            return
        await repository.log_changes(tx, [a.id for a in articles])
        for one in articles:
            await audit.record(tx, at=now, actor=actor, action=topic, subject=f"article:{one.id}", version=one.version)
        told = articles[0].id if len(articles) == 1 else MANY
        tx.after_commit(lambda: self.bus.publish(topic, told))


def _checked(content: Content) -> Content:
    content = tidy(content)
    if problems := draft_problems(content):
        raise ArticleInvalidError(problems=_listed(problems))
    return content


def _listed(problems: Sequence[Problem]) -> list[dict[str, str | int | None]]:
    return [{"code": p.code, "field": p.field, "lang": p.lang, "limit": p.limit} for p in problems]


def _new_article(article_id: str, content: Content, actor: str, now: datetime) -> Article:
    return Article(
        id=article_id,
        status=Status.DRAFT,
        version=1,
        published_version=None,
        revision=1,
        content=content,
        created_at=now,
        updated_at=now,
        updated_by=actor,
    )


def _touched(article: Article, actor: str, now: datetime) -> Article:
    return replace(article, revision=article.revision + 1, updated_at=now, updated_by=actor)


def _edited(article: Article, content: Content, version: int, actor: str, now: datetime) -> Article:
    return replace(_touched(article, actor, now), content=content, version=version)
