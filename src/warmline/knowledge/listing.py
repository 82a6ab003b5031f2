"""Articles a page at a time, newest change first; the cursor survives changes between pages."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from warmline.kit.errors import InvalidError
from warmline.kit.uow import Transaction
from warmline.knowledge import repository
from warmline.knowledge.model import Article, Status, clean_line
from warmline.knowledge.tables import article, article_text, article_version

PAGE_LIMIT = 200


@dataclass(frozen=True)
class ArticleFilter:
    """What to list; None asks for everything. `text` is looked for in id, questions and answers."""

    status: Status | None = None
    category: str | None = None
    lang: str | None = None
    owner: str | None = None
    text: str | None = None
    has_draft: bool | None = None


@dataclass(frozen=True)
class ArticlePage:
    """A page, the cursor of the next one (None at the end) and how many there are in all."""

    articles: tuple[Article, ...]
    next_cursor: str | None
    total: int


async def list_articles(tx: Transaction, wanted: ArticleFilter, *, cursor: str | None, limit: int) -> ArticlePage:
    """A page of articles; raise `InvalidError` for a cursor that is none."""
    limit = max(1, min(limit, PAGE_LIMIT))
    base = _filtered(select(article.c.id, article.c.updated_at), wanted)
    total = (await tx.connection.execute(_filtered(select(func.count()), wanted))).scalar_one()
    if cursor is not None:
        base = base.where(tuple_(article.c.updated_at, article.c.id) < tuple_(*_read_cursor(cursor)))
    ordered = base.order_by(article.c.updated_at.desc(), article.c.id.desc()).limit(limit + 1)
    rows = (await tx.connection.execute(ordered)).all()
    found = await repository.load(tx, [r.id for r in rows[:limit]])
    last = rows[limit - 1] if len(rows) > limit else None
    return ArticlePage(
        articles=tuple(found[r.id] for r in rows[:limit]),
        next_cursor=_write_cursor(last.updated_at, last.id) if last else None,
        total=total,
    )


async def list_categories(tx: Transaction) -> list[tuple[str, int]]:
    """Each category with the number of articles in it, retired ones left out; by name."""
    query = (
        select(article_version.c.category, func.count())
        .select_from(article)
        .join(article_version, _newest())
        .where(article.c.status != Status.RETIRED)
        .group_by(article_version.c.category)
        .order_by(article_version.c.category)
    )
    return [(r[0], r[1]) for r in await tx.connection.execute(query)]


def _newest() -> ColumnElement[bool]:
    return and_(article_version.c.article_id == article.c.id, article_version.c.version == article.c.version)


def _filtered(query: Select[Any], wanted: ArticleFilter) -> Select[Any]:
    query = query.select_from(article)
    for condition in _conditions(wanted):
        query = query.where(condition)
    return query


def _conditions(wanted: ArticleFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        found.append(article.c.status == wanted.status.value)
    if wanted.has_draft is not None:
        found.append(article.c.published_version.is_distinct_from(article.c.version) == wanted.has_draft)
    for column, value in (
        (article_version.c.category, wanted.category),
        (article_version.c.owner, wanted.owner),
    ):
        if value is not None:
            found.append(exists().where(_newest(), column == clean_line(value)))
    if wanted.lang is not None:
        found.append(exists().where(_own_texts(), article_text.c.lang == clean_line(wanted.lang)))
    if wanted.text and clean_line(wanted.text):
        found.append(_mentions(clean_line(wanted.text)))
    return found


def _own_texts() -> ColumnElement[bool]:
    return and_(article_text.c.article_id == article.c.id, article_text.c.version == article.c.version)


def _mentions(text: str) -> ColumnElement[bool]:
    similar = func.array_to_string(article_text.c.similar, "\n")
    in_texts = or_(
        *(c.icontains(text, autoescape=True) for c in (article_text.c.question, similar, article_text.c.answer))
    )
    return or_(article.c.id.icontains(text, autoescape=True), exists().where(_own_texts(), in_texts))


def _write_cursor(at: datetime, article_id: str) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {article_id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, article_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ", 1)
        return datetime.fromisoformat(at), article_id
    except (ValueError, binascii.Error) as error:
        raise InvalidError(field="cursor") from error
