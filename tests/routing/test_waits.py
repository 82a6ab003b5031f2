"""The waiting board: told at once, current, and never at the price of a stalled event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.routing.conftest import Centre
from tests.support import ask_for_person, until
from warmline.conversation import commands as c
from warmline.conversation.events import Visibility
from warmline.conversation.feed import Follower
from warmline.conversation.model import Conversation
from warmline.conversation.tables import SERVING_SQL, WAITING
from warmline.routing import repository
from warmline.routing.model import Wait
from warmline.routing.waits import NEAR, WaitBoard

CROWD = 10_050
_CROWD = text(
    "INSERT INTO conversation (id, customer_id, channel, locale, elder, opened_at, owner, skill, front,"
    " human_requested, queued_at, last_seq, last_customer_seq, last_staff_seq, customer_read_seq, staff_read_seq)"
    " SELECT gen_random_uuid(), gen_random_uuid(), 'web', 'zh-Hans', false, now(), 'queue', :skill, false, true,"
    " CAST('2026-11-23T00:00Z' AS timestamptz) + g * interval '1 s', 1, 0, 0, 0, 0 FROM generate_series(1, :n) g"
)


async def crowd(centre: Centre, number: int, skill: str | None = None) -> list[UUID]:
    """Let many wait; return them in the order in which they came."""
    async with centre.heart.uow.begin() as tx:
        await tx.connection.execute(_CROWD, {"n": number, "skill": skill})
        await tx.connection.execute(text("ANALYZE conversation"))
        return list((await tx.connection.execute(text("SELECT id FROM conversation ORDER BY queued_at"))).scalars())


async def queued(centre: Centre) -> Conversation:
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person())
    return state


def board_of(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> tuple[WaitBoard, list[int]]:
    """Return a board, and how many conversations each of its reads asked for."""
    board, reads, read = WaitBoard(centre.routing, centre.heart.service.feed), list[int](), centre.routing.list_waits

    async def count(ids: Collection[UUID]) -> dict[UUID, Wait]:
        reads.append(len(ids))
        return await read(ids)

    monkeypatch.setattr(centre.routing, "list_waits", count)
    return board, reads


async def follow(centre: Centre, conversation_id: UUID) -> list[dict[str, object]]:
    """Follow a conversation here; return what is heard of it."""
    heard: list[dict[str, object]] = []

    def hear(_: UUID, kind: str, data: dict[str, object]) -> None:
        heard.append({"kind": kind, **data})

    await centre.heart.service.feed.follow(Follower(conversation_id, 0, Visibility.ALL, lambda *_: None, hear))
    return heard


async def came_to(board: WaitBoard, state: Conversation, position: int | None) -> None:
    """Return once whoever asks the board is told this position, None for no wait."""
    async with asyncio.timeout(20):
        while ((wait := await board.look(state.id)) and wait.position) != position:  # noqa: ASYNC110 - it is asked
            await asyncio.sleep(0.01)


async def test_calls_for_a_fresh_order_share_the_reads(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    board, reads = board_of(centre, monkeypatch)
    states = [await queued(centre) for _ in range(50)]
    first = asyncio.create_task(board.look(states[0].id))
    await until(lambda: reads == [1])
    waits = await asyncio.gather(first, *(board.look(state.id, anew=True) for state in states))
    assert [wait.position for wait in waits[1:] if wait] == list(range(1, 51))
    assert reads == [1, 50]


async def test_who_asks_again_is_told_from_memory_and_kept_current(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmline.routing.waits.TICK_SECONDS", 0.01)
    board, reads = board_of(centre, monkeypatch)
    before, state = await queued(centre), await queued(centre)
    assert [(wait := await board.look(state.id)) and wait.position for _ in range(3)] == [2, 2, 2]
    assert reads == [1]
    await centre.heart.do(before, c.Accept(await centre.hire("chenxi")))
    await board.start()
    await came_to(board, state, 1)
    await centre.heart.do(state, c.Accept(await centre.hire("linyao")))
    await came_to(board, state, None)
    await board.stop()


async def test_the_board_tells_followers_what_changed(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warmline.routing.waits.TICK_SECONDS", 0.01)
    monkeypatch.setattr("warmline.routing.waits.REPEAT_TICKS", 10**9)
    board, reads = board_of(centre, monkeypatch)
    before, state = await queued(centre), await queued(centre)
    heard = await follow(centre, state.id)
    await board.start()
    await until(lambda: heard)
    assert (heard[0]["kind"], heard[0]["position"]) == ("wait", 2)
    ticks = len(reads)
    await until(lambda: len(reads) > ticks + 3)
    assert len(heard) == 1
    await centre.heart.do(before, c.Accept(await centre.hire("chenxi")))
    await until(lambda: len(heard) == 2)
    assert heard[1]["position"] == 1
    await board.stop()


async def test_who_is_far_back_is_not_told_each_step(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warmline.routing.waits.TICK_SECONDS", 0.01)
    monkeypatch.setattr("warmline.routing.waits.REPEAT_TICKS", 10**9)
    ids = await crowd(centre, NEAR + 5)
    near, far = await follow(centre, ids[NEAR - 1]), await follow(centre, ids[-1])
    board, _ = board_of(centre, monkeypatch)
    await board.start()
    await until(lambda: near and far)
    async with centre.heart.uow.begin() as tx:
        gone = {"id": ids[0]}
        await tx.connection.execute(text("UPDATE conversation SET owner = 'closed' WHERE id = :id"), gone)
    await until(lambda: len(near) == 2)
    assert [one["position"] for one in near] == [NEAR, NEAR - 1]
    monkeypatch.setattr("warmline.routing.waits.REPEAT_TICKS", 1)
    await until(lambda: len(far) > 1)
    await board.stop()
    assert [one["position"] for one in far[:2]] == [NEAR + 5, NEAR + 4]


async def test_the_last_of_ten_thousand_has_a_place_from_one_read(centre: Centre) -> None:
    ids = await crowd(centre, CROWD)
    await centre.connect(await centre.hire("chenxi"))
    last = (await WaitBoard(centre.routing, centre.heart.service.feed).look(ids[-1])) or Wait(0, None, None, 0)
    assert last.position == CROWD
    assert last.low_seconds


async def test_many_who_wait_here_are_read_in_pages(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop is free between two pages: nothing in a read of all takes long at once."""
    ids = await crowd(centre, CROWD)
    await centre.connect(await centre.hire("chenxi"))
    turns, pages, read = 0, list[int](), repository.list_places

    async def list_places(*arguments: object) -> object:
        async for page in read(*arguments):  # type: ignore[arg-type]
            pages.append(len(page))
            yield page

    async def run_beside() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(repository, "list_places", list_places)
    beside = asyncio.create_task(run_beside())
    waits = await centre.routing.list_waits(ids)
    beside.cancel()
    assert [waits[one].position for one in ids] == list(range(1, CROWD + 1))
    assert max(pages) <= repository.PAGE
    assert turns > len(pages)


async def test_a_read_comes_from_the_index_in_the_order_of_serving(centre: Centre) -> None:
    ids = await crowd(centre, CROWD)
    async with centre.heart.uow.begin() as tx:
        query = f"EXPLAIN SELECT id FROM conversation WHERE {WAITING} ORDER BY {SERVING_SQL} LIMIT 5"
        plan = "\n".join((await tx.connection.execute(text(query))).scalars())
    assert len(ids) == CROWD
    assert "ix_conversation_waiting" in plan
    assert "Sort" not in plan
