"""Getting ready for a search: a text embedded ahead is embedded once, and words in memory need no database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.knowledge.test_follow import LOST, House
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.finder import EXPECTED, EXPECTED_CHARS


@pytest.fixture
async def house(uow: UnitOfWork) -> AsyncIterator[House]:
    one = House(uow)
    await one.follower.start()
    await one.publish("lost", LOST)
    await one.follower.catch_up()
    one.embedder.embedded.clear()
    yield one
    await one.follower.stop()


async def test_what_was_expected_is_embedded_once_and_finds_the_same(house: House) -> None:
    at_once = await house.search.candidates("卡不见了")
    house.search.expect("卡不见了")
    house.search.expect("卡不见了")
    assert await house.search.candidates("卡不见了") == at_once
    assert house.embedder.embedded == ["卡不见了"] * 2
    await house.search.candidates("卡不见了")
    assert len(house.embedder.embedded) == 3


async def test_an_embedding_ahead_that_fails_is_done_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("the endpoint is away")

    with monkeypatch.context() as patch:
        patch.setattr(type(house.follower.index), "embed", lambda _, text: broken(text))
        house.search.expect("卡不见了")
        assert (await house.search.candidates("卡不见了"))[0].article_id == "lost"


async def test_little_is_embedded_ahead(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.search.expect("卡" * (EXPECTED_CHARS + 1))
    for number in range(2 * EXPECTED):
        house.search.expect(f"第{number}次问")
    assert len(house.search._expected) == EXPECTED
    for number in range(EXPECTED):
        await house.search.candidates(f"第{number}次问")
    assert len(house.embedder.embedded) == EXPECTED


async def test_warm_words_are_given_without_a_transaction(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.search.warm()

    def refuse(*_: Any) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(type(house.uow), "begin", refuse)
    assert "lost" in await house.search.answers(["lost"], locale="zh-Hans")
