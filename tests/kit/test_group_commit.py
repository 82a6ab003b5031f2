"""Group commit: shared transactions, one order per key, each item's own fate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.support import until
from warmline.kit.errors import BusyError, UnavailableError
from warmline.kit.group_commit import GroupCommit


class Store:
    """A save that can be held back, counts its groups, and chokes on `poison`."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def save(self, items: Sequence[str]) -> list[str | Exception]:
        self.groups.append(list(items))
        await self.gate.wait()
        if "poison" in items:
            raise ConnectionError
        if "away" in items:
            raise UnavailableError(part="database")
        return [LookupError(item) if item.startswith("refuse") else item.upper() for item in items]

    def commit(self, *, lanes: int = 1, group_limit: int = 128, waiting_limit: int = 10) -> GroupCommit[str, str]:
        return GroupCommit(self.save, key=len, lanes=lanes, group_limit=group_limit, waiting_limit=waiting_limit)


@pytest.fixture
def store() -> Store:
    return Store()


async def submit_all(commit: GroupCommit[str, str], *items: str) -> list[asyncio.Task[str]]:
    """Submit items in this order, without waiting for them."""
    tasks = [asyncio.create_task(commit.submit(item)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_one_item_has_a_transaction_of_its_own(store: Store) -> None:
    assert await store.commit().submit("a") == "A"
    assert store.groups == [["a"]]


async def test_what_arrives_meanwhile_shares_the_next_transaction(store: Store) -> None:
    store.gate.clear()
    commit = store.commit()
    first = await submit_all(commit, "a")
    await until(lambda: store.groups)
    rest = await submit_all(commit, "b", "c", "d")
    store.gate.set()
    assert await asyncio.gather(*first, *rest) == ["A", "B", "C", "D"]
    assert store.groups == [["a"], ["b", "c", "d"]]


async def test_a_group_is_bounded(store: Store) -> None:
    tasks = await submit_all(store.commit(group_limit=2), "a", "b", "c")
    assert await asyncio.gather(*tasks) == ["A", "B", "C"]
    assert store.groups == [["a", "b"], ["c"]]


async def test_each_item_gets_its_own_refusal(store: Store) -> None:
    tasks = await submit_all(store.commit(), "a", "refuse", "b")
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [str, LookupError, str]


async def test_a_poison_item_fails_alone(store: Store) -> None:
    tasks = await submit_all(store.commit(), "a", "poison", "b")
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [str, ConnectionError, str]
    assert store.groups == [["a", "poison", "b"], ["a"], ["poison"], ["b"]]


async def test_while_the_database_is_away_nobody_waits_for_everybody_elses_time_out(store: Store) -> None:
    tasks = await submit_all(store.commit(), "a", "away", "b")
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 3
    assert store.groups == [["a", "away", "b"]]


async def test_items_of_one_key_keep_their_order_and_others_do_not_wait_for_them(store: Store) -> None:
    store.gate.clear()
    commit = store.commit(lanes=2)
    odd = await submit_all(commit, "a", "b")
    even = await submit_all(commit, "aa")
    await until(lambda: len(store.groups) == 2)
    later = await submit_all(commit, "c")
    store.gate.set()
    await asyncio.gather(*odd, *even, *later)
    assert store.groups == [["a", "b"], ["aa"], ["c"]]


async def test_overfull_is_said_at_once(store: Store) -> None:
    store.gate.clear()
    commit = store.commit(waiting_limit=2)
    saving = await submit_all(commit, "a")
    await until(lambda: store.groups)
    waiting = await submit_all(commit, "b", "c")
    with pytest.raises(BusyError) as refused:
        await commit.submit("d")
    assert refused.value.fields["retry_after"] >= 1
    store.gate.set()
    assert await asyncio.gather(*saving, *waiting) == ["A", "B", "C"]


async def test_whoever_gives_up_waiting_disturbs_nobody(store: Store) -> None:
    store.gate.clear()
    commit = store.commit()
    first, second = await submit_all(commit, "a", "b")
    await until(lambda: store.groups)
    first.cancel()
    store.gate.set()
    assert await second == "B"
    assert await commit.submit("c") == "C"
    assert first.cancelled()


async def test_closing_waits_for_what_was_submitted(store: Store) -> None:
    store.gate.clear()
    commit = store.commit()
    tasks = await submit_all(commit, "a", "b")
    closing = asyncio.create_task(commit.close())
    await asyncio.sleep(0)
    assert not closing.done()
    store.gate.set()
    await closing
    assert [task.done() or await task for task in tasks]
    assert store.groups == [["a", "b"]]
