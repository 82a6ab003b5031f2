"""Reading publications: nothing committed late is skipped, nothing is waited for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.knowledge.support import content, make_service, zh
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.changes import Change, Cursor, Reading, load_in_batches, read_on


def change(xid: int, position: int) -> Change:
    return Change(Cursor(xid, position), f"a{xid}.{position}")


def test_a_change_above_the_watermark_is_read_once() -> None:
    early, ids = Reading(Cursor()).after([change(7, 2)], watermark=5)
    assert ids == ["a7.2"]
    assert early.cursor == Cursor()
    late, ids = early.after([change(5, 1), change(7, 2)], watermark=8)
    assert ids == ["a5.1"]
    assert late == Reading(Cursor(7, 2))


@given(st.data())
def test_every_change_is_read_once_however_transactions_end(data: st.DataObject) -> None:
    """Transactions take ids in order, write, and commit in any order; the reader looks in at any time."""
    open_ones: dict[int, list[Change]] = {}
    visible: list[Change] = []
    read: list[str] = []
    reading, next_xid, position = Reading(Cursor()), 1, 0

    def look() -> None:
        nonlocal reading
        watermark = min(open_ones, default=next_xid)
        found = sorted((c for c in visible if c.cursor > reading.cursor), key=lambda c: c.cursor)
        reading, ids = reading.after(found, watermark)
        read.extend(ids)

    for step in data.draw(st.lists(st.sampled_from(["begin", "write", "commit", "look"]), max_size=40)):
        if step == "begin":
            open_ones[next_xid] = []
            next_xid += 1
        elif step == "look":
            look()
        elif open_ones:
            xid = data.draw(st.sampled_from(sorted(open_ones)))
            if step == "write":
                position += 1
                open_ones[xid].append(change(xid, position))
            else:
                visible += open_ones.pop(xid)
    visible += [c for changes in open_ones.values() for c in changes]
    open_ones.clear()
    look()
    assert sorted(read) == sorted(c.article_id for c in visible)


async def test_a_publication_is_read_while_an_older_transaction_is_open_and_that_one_after(
    uow: UnitOfWork,
) -> None:
    service = make_service()
    reading = Reading(Cursor())
    async with uow.begin() as slow:
        await slow.connection.execute(text("insert into article_change(article_id) values ('slow')"))
        async with uow.begin() as tx:
            await service.create(tx, "quick", content(zh()), actor="staff:a")
            await service.publish(tx, "quick", actor="staff:a")
        reading, ids = await read_on(uow, reading)
        assert ids == ["quick"]
    reading, ids = await read_on(uow, reading)
    assert ids == ["slow"]
    assert (await read_on(uow, reading))[1] == []


async def test_no_transaction_is_open_while_a_batch_is_worked_on(uow: UnitOfWork) -> None:
    service = make_service()
    async with uow.begin() as tx:
        for article_id in ("a", "b", "c"):
            await service.create(tx, article_id, content(zh(article_id)), actor="staff:a")
            await service.publish(tx, article_id, actor="staff:a")
    idle = text("select count(*) from pg_stat_activity where state = 'idle in transaction'")
    seen: list[str] = []
    async for batch in load_in_batches(uow, ["a", "b", "c"], 2):
        seen += batch
        async with uow.begin() as tx:
            assert (await tx.connection.execute(idle)).scalar_one() == 0
    assert sorted(seen) == ["a", "b", "c"]
