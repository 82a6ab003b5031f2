"""The bus: here at once, on other nodes soon, in order, and never a harm to whoever publishes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import psycopg
import pytest

from tests.support import until
from warmline.kit.bus import CHANNEL, NOTIFY_LIMIT, LocalBus, PostgresBus, _take_batch

Heard = list[tuple[str, str]]
AWKWARD = ("长" * 2300, '"\\\n\t' * 1500, "\x01\x00" * 1700, "'); drop table x; --", "\ud800", "🙂" * 100)


def ears(bus: LocalBus) -> Heard:
    """Return the list that everything heard on a bus goes to."""
    heard: Heard = []
    bus.subscribe(lambda topic, text: heard.append((topic, text)))
    return heard


def test_everyone_here_hears_at_once_and_in_order() -> None:
    bus = LocalBus()
    first, second = ears(bus), ears(bus)
    bus.publish("a", "1")
    bus.publish("b", "2")
    assert first == second == [("a", "1"), ("b", "2")]


def test_whoever_unsubscribed_hears_nothing_more() -> None:
    bus, heard = LocalBus(), list[str]()
    stop = bus.subscribe(lambda topic, _: heard.append(topic))
    bus.publish("a", "")
    stop()
    bus.publish("b", "")
    assert heard == ["a"]


def test_a_subscriber_that_fails_or_leaves_disturbs_nobody() -> None:
    bus = LocalBus()

    def broken(_: str, __: str) -> None:
        stop()
        raise RuntimeError

    stop = bus.subscribe(broken)
    heard = ears(bus)
    bus.publish("a", "1")
    assert heard == [("a", "1")]


@pytest.fixture
async def buses(database_url: str) -> AsyncIterator[tuple[PostgresBus, PostgresBus]]:
    """Two nodes on one database that hear each other."""
    pair = (PostgresBus(database_url), PostgresBus(database_url))
    for bus in pair:
        await bus.start()
    for here, there in (pair, pair[::-1]):
        greeted = ears(there)
        async with asyncio.timeout(20):
            while not greeted:  # until the other one listens
                here.publish("hello", "")
                await asyncio.sleep(0.02)
    yield pair
    for bus in pair:
        await bus.stop()


async def test_another_node_hears_everything_once_and_in_order(buses: tuple[PostgresBus, PostgresBus]) -> None:
    here, there = buses
    far, near = ears(there), ears(here)
    for number in range(500):
        here.publish("n", f"消息 {number}")
    await until(lambda: ("n", "消息 499") in far)
    expected = [("n", f"消息 {number}") for number in range(500)]
    assert [one for one in far if one[0] == "n"] == expected
    assert near == expected


async def test_both_speak_at_once(buses: tuple[PostgresBus, PostgresBus]) -> None:
    here, there = buses
    at_here, at_there = ears(here), ears(there)
    here.publish("from", "here")
    there.publish("from", "there")
    await until(lambda: ("from", "there") in at_here and ("from", "here") in at_there)
    assert at_here.count(("from", "here")) == at_there.count(("from", "there")) == 1


async def test_many_messages_share_a_notification(buses: tuple[PostgresBus, PostgresBus], database_url: str) -> None:
    here, there = buses
    far = ears(there)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        for number in range(200):
            here.publish("n", str(number))
        await until(lambda: ("n", "199") in far)
        notes = [json.loads(note.payload) async for note in connection.notifies(timeout=0.2)]
    carried = [text for _, messages in notes for topic, text in messages if topic == "n"]
    assert carried == [str(number) for number in range(200)]
    assert len(notes) < 20


async def test_what_is_too_large_is_dropped_and_the_rest_goes_on(buses: tuple[PostgresBus, PostgresBus]) -> None:
    here, there = buses
    far, near = ears(there), ears(here)
    large = "长" * NOTIFY_LIMIT
    for text in ("before", large, "after"):
        here.publish("n", text)
    await until(lambda: ("n", "after") in far)
    assert [text for topic, text in far if topic == "n"] == ["before", "after"]
    assert ("n", large) in near


async def test_awkward_text_never_ends_the_sending(buses: tuple[PostgresBus, PostgresBus]) -> None:
    here, there = buses
    far = ears(there)
    for number, text in enumerate(AWKWARD):
        here.publish("n", text)
        here.publish("n", f"after {number}")
    await until(lambda: ("n", f"after {len(AWKWARD) - 1}") in far)
    heard = [text for topic, text in far if topic == "n"]
    assert [text for text in heard if text.startswith("after")] == [f"after {n}" for n in range(len(AWKWARD))]
    assert [text for text in heard if text in AWKWARD] == [text for text in AWKWARD if len(json.dumps(text)) < 6900]


async def test_a_lost_connection_is_made_again(buses: tuple[PostgresBus, PostgresBus], database_url: str) -> None:
    here, there = buses
    far = ears(there)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    async with asyncio.timeout(30):
        while not far:
            here.publish("again", "")
            await asyncio.sleep(0.05)
    assert far[0] == ("again", "")


def test_batches_fit_a_notification_and_lose_nothing() -> None:
    left = [json.dumps(["t", "长" * (number % 700)]) for number in range(60)]
    everything, sent = list(left), list[str]()
    while left:
        batch, left = _take_batch(left)
        assert 0 < len(f'["{"x" * 12}",[{",".join(batch)}]]'.encode()) < 8000
        sent += batch
    assert sent == everything
