"""Knowledge over HTTP: thin, one transaction a call; the dependencies handed in decide who may call.

Annotations are evaluated here, not postponed: FastAPI reads dependencies that close over `deps`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query

from warmline.kit.errors import NotFoundError
from warmline.kit.uow import UnitOfWork
from warmline.knowledge import schemas, words
from warmline.knowledge.adapters.opencc import to_traditional
from warmline.knowledge.check import check_articles, sort_findings
from warmline.knowledge.files import stored_articles
from warmline.knowledge.finder import KnowledgeSearch
from warmline.knowledge.importing import Incoming
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import (
    ID_REGEX,
    LOCALES,
    ZH_HANS,
    ZH_HANT,
    Article,
    Status,
    parse_locale,
    publish_problems,
)
from warmline.knowledge.ports import Actor
from warmline.knowledge.service import KnowledgeService

QUERY_LIMIT = 500
ArticleId = Annotated[str, Path(pattern=ID_REGEX)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True)
class KnowledgeDeps:
    """`reader` and `editor` are FastAPI dependencies returning an `Actor`, or refusing."""

    uow: UnitOfWork
    service: KnowledgeService
    search: KnowledgeSearch
    reader: Callable[..., Any]
    editor: Callable[..., Any]


def build_router(deps: KnowledgeDeps) -> APIRouter:
    """All calls under `/articles`."""
    router = APIRouter(prefix="/articles", tags=["knowledge"])
    _add_search(router, deps)
    _add_looking_after(router, deps)
    _add_reading(router, deps)
    _add_editing(router, deps)
    return router


def preferred_locale(accept_language: Annotated[str | None, Header(max_length=200)] = None) -> str:
    """The first language of `Accept-Language` that the house speaks, else zh-Hans."""
    for part in (accept_language or "").split(","):
        if locale := parse_locale(part.split(";", 1)[0]):
            return locale
    return LOCALES[0]


Locale = Annotated[str, Depends(preferred_locale)]


def _add_search(router: APIRouter, deps: KnowledgeDeps) -> None:
    @router.get("/search", dependencies=[Depends(deps.reader)])
    async def search_articles(
        accepted: Locale,
        q: Annotated[str, Query(max_length=QUERY_LIMIT)],
        limit: Annotated[int, Query(ge=1, le=20)] = 5,
        locale: Annotated[str | None, Query(max_length=20)] = None,
    ) -> schemas.SearchResults:
        """What may answer `q`: live, valid articles, best first."""
        hits = await deps.search.find(q, limit=limit, locale=parse_locale(locale or "") or accepted)
        return schemas.SearchResults(results=[schemas.view_hit(h) for h in hits])


def _add_reading(router: APIRouter, deps: KnowledgeDeps) -> None:
    guard = [Depends(deps.reader)]

    @router.get("", dependencies=guard)
    async def list_articles(
        status: Status | None = None,
        category: Annotated[str | None, Query(max_length=120)] = None,
        lang: Annotated[str | None, Query(max_length=20)] = None,
        owner: Annotated[str | None, Query(max_length=120)] = None,
        q: Annotated[str | None, Query(max_length=QUERY_LIMIT)] = None,
        has_draft: bool | None = None,
        cursor: Annotated[str | None, Query(max_length=300)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> schemas.ArticleList:
        """Articles, last changed first."""
        wanted = ArticleFilter(status, category, lang, owner, q, has_draft)
        async with deps.uow.begin() as tx:
            page = await deps.service.list_articles(tx, wanted, cursor=cursor, limit=limit)
        return schemas.ArticleList(
            articles=[schemas.view_article(a) for a in page.articles],
            next_cursor=page.next_cursor,
            total=page.total,
        )

    @router.get("/categories", dependencies=guard)
    async def list_categories() -> schemas.CategoryList:
        """Categories with their numbers of articles, retired ones left out."""
        async with deps.uow.begin() as tx:
            found = await deps.service.list_categories(tx)
        return schemas.CategoryList(categories=[schemas.CategoryView(category=c, count=n) for c, n in found])

    @router.get("/{article_id}", dependencies=guard)
    async def get_article(article_id: ArticleId, locale: Locale) -> schemas.ArticleView:
        """An article with what keeps it from being published."""
        async with deps.uow.begin() as tx:
            article = await deps.service.get(tx, article_id)
        return _view(deps, article, locale)

    @router.get("/{article_id}/versions", dependencies=guard)
    async def list_versions(article_id: ArticleId) -> schemas.VersionList:
        """All versions, newest first."""
        async with deps.uow.begin() as tx:
            found = await deps.service.list_versions(tx, article_id)
        return schemas.VersionList(versions=[schemas.view_version(v) for v in found])


def _add_looking_after(router: APIRouter, deps: KnowledgeDeps) -> None:
    guard = [Depends(deps.reader)]

    @router.get("/check", dependencies=guard)
    async def check(locale: Locale) -> schemas.FindingList:
        """What `kb check` finds without searching: duplicates, dates, gaps in translation, unused variants."""
        articles = await stored_articles(deps.uow, deps.service, ArticleFilter())
        incoming = [Incoming(one.id, one.content, one.status) for one in articles]
        found = await asyncio.to_thread(check_articles, incoming, deps.service.today())
        questions = {one.id: next((t.question for t in one.content.texts if t.question), "") for one in articles}
        return schemas.FindingList(
            findings=[schemas.view_finding(one, locale, questions) for one in sort_findings(found)]
        )

    @router.get("/{article_id}/converted", dependencies=guard)
    async def convert_article(article_id: ArticleId) -> schemas.ArticleText:
        """The newest version's Simplified text put into Traditional: what an editor reviews."""
        async with deps.uow.begin() as tx:
            article = await deps.service.get(tx, article_id)
        text = article.content.text(ZH_HANS)
        if text is None:
            raise NotFoundError(what="text", id=article_id)
        question, answer, *similar = (
            to_traditional(one, ZH_HANT) for one in (text.question, text.answer, *text.similar)
        )
        return schemas.ArticleText(lang="zh-Hant", question=question, similar=similar, answer=answer, reviewed=False)


def _add_editing(router: APIRouter, deps: KnowledgeDeps) -> None:
    @router.post("", status_code=201)
    async def create_article(
        body: schemas.ArticleNew, actor: Annotated[Actor, Depends(deps.editor)], locale: Locale
    ) -> schemas.ArticleView:
        """Save a new draft."""
        async with deps.uow.begin() as tx:
            article = await deps.service.create(tx, body.id, body.content(), actor=actor.actor)
        return _view(deps, article, locale)

    @router.put("/{article_id}")
    async def edit_article(
        article_id: ArticleId,
        body: schemas.ArticleEdit,
        actor: Annotated[Actor, Depends(deps.editor)],
        locale: Locale,
    ) -> schemas.ArticleView:
        """Save as the draft; what customers are answered stays until it is published."""
        async with deps.uow.begin() as tx:
            article = await deps.service.edit(
                tx, article_id, body.content(), actor=actor.actor, expect_revision=body.expect_revision
            )
        return _view(deps, article, locale)

    @router.post("/{article_id}/publish")
    async def publish_article(
        article_id: ArticleId,
        actor: Annotated[Actor, Depends(deps.editor)],
        locale: Locale,
        body: schemas.ArticleAction | None = None,
    ) -> schemas.ArticleView:
        """Let the newest version answer customers, within a second."""
        expect = body.expect_revision if body else None
        async with deps.uow.begin() as tx:
            article = await deps.service.publish(tx, article_id, actor=actor.actor, expect_revision=expect)
        return _view(deps, article, locale)

    @router.post("/{article_id}/retire")
    async def retire_article(
        article_id: ArticleId, actor: Annotated[Actor, Depends(deps.editor)], locale: Locale
    ) -> schemas.ArticleView:
        """Let it answer no longer."""
        async with deps.uow.begin() as tx:
            article = await deps.service.retire(tx, article_id, actor=actor.actor)
        return _view(deps, article, locale)

    @router.post("/{article_id}/versions/{version}/restore")
    async def restore_version(
        article_id: ArticleId, version: Number, actor: Annotated[Actor, Depends(deps.editor)], locale: Locale
    ) -> schemas.ArticleView:
        """Take an old version's words as the draft."""
        async with deps.uow.begin() as tx:
            article = await deps.service.restore(tx, article_id, version, actor=actor.actor)
        return _view(deps, article, locale)


def _view(deps: KnowledgeDeps, article: Article, locale: str) -> schemas.ArticleView:
    problems = publish_problems(article.content, deps.service.today()) if article.has_draft else ()
    told = [schemas.view_problem(p, words.sentence(p.code, locale, limit=p.limit)) for p in problems]
    return schemas.view_article(article, told)
