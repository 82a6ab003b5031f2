"""Reading across conversations: nothing committed late is skipped, whatever the order of ids and commits."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.support import Heart, until
from warmline.conversation.follow import (
    Cursor,
    LogFollower,
    LogRow,
    end_of_log,
    read_log,
    watermark_lag_seconds,
)
from warmline.kit.bus import LocalBus
from warmline.kit.ids import new_id
from warmline.kit.uow import UnitOfWork

START = Cursor(0, 0)
INSERT = text(
    "INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)"
    " VALUES (:id, 1, 'callback.due', 'system', 'all', '{}', now()) RETURNING position"
)


async def write(connection: AsyncConnection, identity: UUID) -> int:
    return int((await connection.execute(INSERT, {"id": identity})).scalar_one())


def ids(rows: Sequence[LogRow]) -> list[UUID]:
    return [row.conversation_id for row in rows]


async def test_a_lower_position_that_commits_late_is_not_skipped(uow: UnitOfWork) -> None:
    slow_id, quick_id = new_id(), new_id()
    async with uow.engine.connect() as slow:
        lower = await write(slow, slow_id)
        async with uow.begin() as tx:
            higher = await write(tx.connection, quick_id)
        assert lower < higher
        assert await read_log(uow, START) == []
        await slow.commit()
    rows = await read_log(uow, START)
    assert ids(rows) == [slow_id, quick_id]
    assert await read_log(uow, rows[-1].cursor) == []


async def test_an_older_transaction_that_writes_last_is_not_skipped(uow: UnitOfWork) -> None:
    slow_id, quick_id = new_id(), new_id()
    async with uow.engine.connect() as slow:
        await slow.execute(text("select pg_current_xact_id()"))
        async with uow.begin() as tx:
            first = await write(tx.connection, quick_id)
        second = await write(slow, slow_id)
        assert first < second
        assert await read_log(uow, START) == []
        await slow.commit()
    assert ids(await read_log(uow, START)) == [slow_id, quick_id]


@pytest.mark.parametrize("page", [1, 2, 3, 100])
async def test_pages_meet_without_gap_or_overlap(uow: UnitOfWork, page: int) -> None:
    written = [new_id() for _ in range(7)]
    for start in range(0, 7, 3):
        async with uow.begin() as tx:
            for identity in written[start : start + 3]:
                await write(tx.connection, identity)
    cursor, read = START, list[UUID]()
    while rows := await read_log(uow, cursor, page=page):
        read += ids(rows)
        cursor = rows[-1].cursor
    assert read == written


async def test_a_rolled_back_transaction_leaves_nothing_and_holds_nothing_up(uow: UnitOfWork) -> None:
    quick_id = new_id()
    async with uow.engine.connect() as slow:
        await write(slow, new_id())
        async with uow.begin() as tx:
            await write(tx.connection, quick_id)
        await slow.rollback()
    assert ids(await read_log(uow, START)) == [quick_id]


async def test_the_end_is_where_only_later_events_are_read(uow: UnitOfWork) -> None:
    before, late, after = new_id(), new_id(), new_id()
    async with uow.begin() as tx:
        await write(tx.connection, before)
    async with uow.engine.connect() as slow:
        await write(slow, late)
        end = await end_of_log(uow)
        await slow.commit()
    async with uow.begin() as tx:
        await write(tx.connection, after)
    assert ids(await read_log(uow, end)) == [late, after]


async def test_the_lag_shows_a_transaction_that_holds_the_watermark(uow: UnitOfWork) -> None:
    assert await watermark_lag_seconds(uow) == 0
    async with uow.engine.connect() as slow:
        await write(slow, new_id())
        assert await watermark_lag_seconds(uow) > 0


async def test_a_follower_hands_on_every_event_once_in_order(alone: Heart) -> None:
    earlier = await alone.open()
    seen: list[tuple[UUID, int]] = []

    async def handle(rows: Sequence[LogRow]) -> None:
        seen.extend((row.conversation_id, row.seq) for row in rows)

    follower = LogFollower(alone.uow, alone.bus, handle)
    await follower.start()
    state = await alone.open()
    for number in range(3):
        await alone.say(state, str(number))
    await until(lambda: len(seen) >= 4)
    await follower.stop()
    assert seen == [(state.id, seq) for seq in (1, 2, 3, 4)]
    assert earlier.id not in {identity for identity, _ in seen}


async def test_a_follower_goes_on_after_its_reader_failed_and_without_any_wake_up(alone: Heart) -> None:
    seen: list[int] = []

    async def handle(rows: Sequence[LogRow]) -> None:
        seen.append(len(rows))
        if len(seen) == 1:
            raise RuntimeError

    deaf = LocalBus()
    follower = LogFollower(alone.uow, deaf, handle)
    await follower.start()
    await alone.open()
    await until(lambda: len(seen) >= 2)
    await follower.stop()
    assert seen == [1, 1]


async def test_a_follower_begins_at_a_given_cursor(alone: Heart) -> None:
    state, seen = await alone.open(), list[UUID]()

    async def handle(rows: Sequence[LogRow]) -> None:
        seen.extend(ids(rows))

    follower = LogFollower(alone.uow, alone.bus, handle)
    await follower.start(START)
    await until(lambda: seen)
    await follower.stop()
    assert seen == [state.id]
