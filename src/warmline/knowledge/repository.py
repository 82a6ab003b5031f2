"""The only SQL over articles; every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, Row, String, TableValuedAlias, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from warmline.kit.uow import Transaction
from warmline.knowledge.model import Article, ArticleVersion, Content, Published, Status, Text, Variant
from warmline.knowledge.tables import article, article_change, article_text, article_version

Key = tuple[str, int]


@dataclass(frozen=True)
class NewVersion:
    """A version to write, over what the same number held before."""

    article_id: str
    version: int
    content: Content
    at: datetime
    by: str


async def load(tx: Transaction, ids: Sequence[str], *, lock: bool = False) -> dict[str, Article]:
    """Articles with their newest content; `lock` holds their rows until the transaction ends."""
    query = select(article).where(article.c.id == func.any(_texts(ids))).order_by(article.c.id)
    rows = (await tx.connection.execute(query.with_for_update() if lock else query)).all()
    contents = await load_contents(tx, [(r.id, r.version) for r in rows])
    return {r.id: _article(r, contents[r.id, r.version]) for r in rows}


async def load_contents(tx: Transaction, keys: Sequence[Key]) -> dict[Key, Content]:
    """The content of each version named; unknown ones are left out."""
    return {k: v.content for k, v in (await load_versions(tx, keys)).items()}


async def load_versions(tx: Transaction, keys: Sequence[Key]) -> dict[Key, ArticleVersion]:
    """Each version named, two queries for all."""
    if not keys:
        return {}
    wanted = _keys(keys)
    texts: dict[Key, list[Text]] = {}
    text_query = select(article_text).join(
        wanted, (article_text.c.article_id == wanted.c.id) & (article_text.c.version == wanted.c.number)
    )
    for r in await tx.connection.execute(text_query):
        texts.setdefault((r.article_id, r.version), []).append(
            Text(r.lang, r.question, tuple(r.similar), r.answer, r.reviewed)
        )
    version_query = select(article_version).join(
        wanted, (article_version.c.article_id == wanted.c.id) & (article_version.c.version == wanted.c.number)
    )
    rows = (await tx.connection.execute(version_query)).all()
    return {(r.article_id, r.version): _version(r, texts.get((r.article_id, r.version), [])) for r in rows}


async def list_versions(tx: Transaction, article_id: str) -> list[ArticleVersion]:
    """All versions of an article, newest first."""
    query = select(article_version.c.version).where(article_version.c.article_id == article_id)
    numbers = (await tx.connection.execute(query)).scalars().all()
    found = await load_versions(tx, [(article_id, n) for n in numbers])
    return sorted(found.values(), key=lambda v: -v.version)


async def load_published(tx: Transaction, ids: Sequence[str]) -> dict[str, Published]:
    """The versions that answer customers, of those ids that have one."""
    query = select(article.c.id, article.c.published_version).where(
        article.c.id == func.any(_texts(ids)), article.c.status == Status.PUBLISHED
    )
    keys = [(r.id, r.published_version) for r in await tx.connection.execute(query)]
    contents = await load_contents(tx, keys)
    return {k[0]: Published(k[0], k[1], content) for k, content in contents.items()}


async def save_versions(tx: Transaction, versions: Sequence[NewVersion]) -> None:
    """Write versions with their texts, replacing drafts under the same numbers."""
    if not versions:
        return
    upsert = pg_insert(article_version)
    kept = ("category", "owner", "valid_from", "valid_until", "variants", "created_at", "created_by")
    await tx.connection.execute(
        upsert.on_conflict_do_update(
            index_elements=["article_id", "version"], set_={name: upsert.excluded[name] for name in kept}
        ),
        [_version_row(v) for v in versions],
    )
    gone = _keys([(v.article_id, v.version) for v in versions])
    await tx.connection.execute(
        article_text.delete().where(article_text.c.article_id == gone.c.id, article_text.c.version == gone.c.number)
    )
    rows = [_text_row(v, t) for v in versions for t in v.content.texts]
    if rows:
        await tx.connection.execute(insert(article_text), rows)


async def insert_articles(tx: Transaction, articles: Sequence[Article]) -> None:
    """Write rows of new articles; raise the driver's integrity error when an id is taken."""
    if articles:
        await tx.connection.execute(insert(article), [_article_row(a) for a in articles])


async def update_articles(tx: Transaction, articles: Sequence[Article]) -> None:
    """Write back the rows of articles loaded with `lock`."""
    for one in articles:
        row = _article_row(one)
        await tx.connection.execute(update(article).where(article.c.id == one.id).values(row))


async def mark_published(tx: Transaction, keys: Sequence[Key], at: datetime) -> None:
    """Note when versions first went live."""
    for article_id, version in keys:
        await tx.connection.execute(
            update(article_version)
            .where(article_version.c.article_id == article_id, article_version.c.version == version)
            .values(published_at=func.coalesce(article_version.c.published_at, at))
        )


async def log_changes(tx: Transaction, ids: Iterable[str]) -> None:
    """Tell followers that what answers customers under these ids has changed."""
    rows = [{"article_id": one} for one in ids]
    if rows:
        await tx.connection.execute(insert(article_change), rows)


def _keys(keys: Sequence[Key]) -> TableValuedAlias:
    """Keys as a table of `id` and `number`, one parameter for each column however many there are."""
    ids, numbers = _texts([k[0] for k in keys]), cast([k[1] for k in keys], ARRAY(Integer))
    return func.unnest(ids, numbers).table_valued("id", "number", name="wanted").render_derived()


def _texts(values: Sequence[str]) -> Any:
    return cast(list(values), ARRAY(String))


def _article(row: Row[Any], content: Content) -> Article:
    return Article(
        id=row.id,
        status=Status(row.status),
        version=row.version,
        published_version=row.published_version,
        revision=row.revision,
        content=content,
        created_at=row.created_at,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )


def _version(row: Row[Any], texts: list[Text]) -> ArticleVersion:
    order = {"zh-Hans": 0, "zh-Hant": 1, "en": 2}
    content = Content(
        texts=tuple(sorted(texts, key=lambda t: order.get(t.lang, 9))),
        variants=tuple(Variant(**v) for v in row.variants),
        category=row.category,
        owner=row.owner,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    return ArticleVersion(row.article_id, row.version, content, row.created_at, row.created_by, row.published_at)


def _article_row(one: Article) -> dict[str, Any]:
    names = ("id", "version", "published_version", "revision", "created_at", "updated_at", "updated_by")
    return {name: getattr(one, name) for name in names} | {"status": one.status.value}


def _version_row(one: NewVersion) -> dict[str, Any]:
    content = one.content
    return {
        "article_id": one.article_id,
        "version": one.version,
        "category": content.category,
        "owner": content.owner,
        "valid_from": content.valid_from,
        "valid_until": content.valid_until,
        "variants": [asdict(v) for v in content.variants],
        "created_at": one.at,
        "created_by": one.by,
    }


def _text_row(one: NewVersion, text: Text) -> dict[str, Any]:
    row = asdict(replace(text, similar=()))
    return row | {"similar": list(text.similar), "article_id": one.article_id, "version": one.version}
