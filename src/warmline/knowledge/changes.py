"""Reading publications in order of commit, and what answers customers now; for followers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, String, and_, cast, func, select, text, tuple_

from warmline.kit.sql_types import Xid8
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.knowledge import repository
from warmline.knowledge.model import Published, Status
from warmline.knowledge.tables import article, article_change, article_version

PAGE = 5_000


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the log; everything at or before it has been read."""

    xid: int = 0
    position: int = 0


@dataclass(frozen=True)
class Change:
    """That `article_id` answers differently since this place."""

    cursor: Cursor
    article_id: str


@dataclass(frozen=True, slots=True)
class Live:
    """What a follower remembers of a published article; `mark` differs when its words may."""

    id: str
    mark: str
    valid_from: date | None
    valid_until: date | None


async def read_watermark(tx: Transaction) -> int:
    """Every transaction below this id has ended: what it changed is visible, or never will be."""
    found = await tx.connection.execute(text("select pg_snapshot_xmin(pg_current_snapshot())::text"))
    return int(found.scalar_one())


async def read_changes(tx: Transaction, after: Cursor) -> list[Change]:
    """A page of committed changes after `after`, in order; some may lie above the watermark."""
    place = tuple_(article_change.c.xid, article_change.c.position)
    query = (
        select(article_change.c.xid, article_change.c.position, article_change.c.article_id)
        .where(place > tuple_(cast(str(after.xid), Xid8), cast(after.position, BigInteger)))
        .order_by(article_change.c.xid, article_change.c.position)
        .limit(PAGE)
    )
    return [Change(Cursor(r.xid, r.position), r.article_id) for r in await tx.connection.execute(query)]


@dataclass(frozen=True)
class Reading:
    """Where a follower is: all up to `cursor` is read, and so are the places `ahead` of it."""

    cursor: Cursor
    ahead: frozenset[Cursor] = frozenset()

    def after(self, changes: Sequence[Change], watermark: int) -> tuple[Reading, list[str]]:
        """Take in committed changes found after `cursor`, and the ids among them that are new.

        Below the watermark nothing can appear any more, so the cursor moves; above it a transaction with
        a lower place may yet commit, so what is read there is remembered instead of waited for.
        """
        ids = [c.article_id for c in changes if c.cursor not in self.ahead]
        cursor = max((c.cursor for c in changes if c.cursor.xid < watermark), default=self.cursor)
        ahead = frozenset(c.cursor for c in changes if c.cursor.xid >= watermark)
        return Reading(max(cursor, self.cursor), ahead), ids


async def read_on(uow: UnitOfWork, reading: Reading) -> tuple[Reading, list[str]]:
    """Read everything committed since; the ids whose answers changed, oldest first."""
    changes: list[Change] = []
    async with uow.begin() as tx:
        watermark = await read_watermark(tx)
        scan = reading.cursor
        while page := await read_changes(tx, scan):
            changes += page
            scan = page[-1].cursor
    return reading.after(changes, watermark)


async def list_live(tx: Transaction, ids: list[str] | None = None) -> dict[str, Live]:
    """All published articles (of `ids`), without their words."""
    query = (
        select(
            article.c.id,
            article.c.published_version,
            article_version.c.published_at,
            article_version.c.valid_from,
            article_version.c.valid_until,
        )
        .join(
            article_version,
            and_(
                article_version.c.article_id == article.c.id,
                article_version.c.version == article.c.published_version,
            ),
        )
        .where(article.c.status == Status.PUBLISHED.value)
    )
    if ids is not None:
        query = query.where(article.c.id == func.any(cast(ids, ARRAY(String))))
    rows = await tx.connection.execute(query)
    return {r.id: Live(r.id, _mark(r.published_version, r.published_at), r.valid_from, r.valid_until) for r in rows}


def _mark(version: int, published_at: datetime | None) -> str:
    return f"{version}.{published_at.timestamp() if published_at else 0:.3f}"


async def load_in_batches(uow: UnitOfWork, ids: list[str], size: int) -> AsyncIterator[dict[str, Published]]:
    """The published words of `ids`, a batch a transaction."""
    for start in range(0, len(ids), size):
        async with uow.begin() as tx:
            batch = await repository.load_published(tx, ids[start : start + size])
        yield batch  # outside the transaction: whoever reads may take long
