"""The follower and the search on top of it, with a real database and a model-free embedder."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.support import NOW, FixedClock, RecordingBus, content, zh
from warmline.kit.uow import UnitOfWork
from warmline.knowledge import follow
from warmline.knowledge.finder import KnowledgeSearch
from warmline.knowledge.follow import ArticleFollower
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import Content, Text, Variant
from warmline.knowledge.service import KnowledgeService
from warmline.knowledge.vector_cache import PgVectorCache
from warmline.language.errors import EmbedderUnavailable
from warmline.language.ports import Vectors

STAFF = "staff:editor"
LOST = content(zh("储蓄卡丢了怎么办", "先挂失。", "卡不见了"), category="cards")
FEES = content(zh("转账手续费多少", "手机银行转账免费。", "转账要钱吗"), category="transfers")


class House:
    """One node on a database: service, follower, search."""

    def __init__(self, uow: UnitOfWork, folder: Path | None = None) -> None:
        self.uow, self.bus, self.clock = uow, RecordingBus(), FixedClock()
        self.embedder = FakeTextEmbedder()
        self.service = KnowledgeService(clock=self.clock, bus=self.bus)
        self.follower = ArticleFollower(uow, bus=self.bus, embedder=self.embedder, folder=folder)
        self.search = KnowledgeSearch(uow, self.follower, self.service)

    async def publish(self, article_id: str, words: Content) -> None:
        async with self.uow.begin() as tx:
            known = (await self.service.list_articles(tx, ArticleFilter())).articles
            if any(a.id == article_id for a in known):
                await self.service.edit(tx, article_id, words, actor=STAFF)
            else:
                await self.service.create(tx, article_id, words, actor=STAFF)
            await self.service.publish(tx, article_id, actor=STAFF)

    async def first(
        self, text: str, locale: str = "zh-Hans", channel: str | None = None, audience: str | None = None
    ) -> tuple[str, str] | None:
        hits = await self.search.find(text, limit=1, locale=locale, channel=channel, audience=audience)
        return (hits[0].article_id, hits[0].answer) if hits else None


@pytest.fixture
async def house(uow: UnitOfWork) -> AsyncIterator[House]:
    one = House(uow)
    await one.follower.start()
    yield one
    await one.follower.stop()


def spoil_marks(folder: Path) -> None:
    (marks,) = folder.glob("marks-*.json")
    marks.write_bytes(b"{half")


async def until(condition: Callable[[], bool]) -> None:
    """Return once the background has brought `condition` about."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the follower has no event for tests
            await asyncio.sleep(0.01)


async def test_a_publication_wakes_the_follower_and_is_found(house: House) -> None:
    assert await house.first("卡不见了") is None
    await house.publish("lost", LOST)
    await until(lambda: house.follower.mark("lost") is not None)
    assert await house.first("卡不见了") == ("lost", "先挂失。")


class AwayTextEmbedder(FakeTextEmbedder):
    """An endpoint that does not answer until it is `back`."""

    back = False

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if not self.back:
            raise EmbedderUnavailable("the embeddings endpoint failed: ConnectError")
        return super().embed_queries(texts)


async def test_a_node_starts_without_its_embedder_and_searches_once_it_is_back(house: House) -> None:
    await house.publish("lost", LOST)
    embedder = AwayTextEmbedder()
    embedder.name = "away"  # nothing of its vectors is kept yet
    late = ArticleFollower(house.uow, bus=house.bus, embedder=embedder)
    await late.start()
    assert not late.ready
    with pytest.raises(EmbedderUnavailable):
        late.index.search("卡不见了")  # no answer from nothing: the turn brings a person
    embedder.back = True
    await until(lambda: late.ready)
    assert late.mark("lost") is not None
    assert late.index.search("卡不见了")[0].article_id == "lost"
    await late.stop()


async def test_a_publication_on_another_node_is_found_without_a_message(house: House) -> None:
    other = House(house.uow)
    await other.publish("lost", LOST)
    await house.follower.catch_up()
    assert await house.first("储蓄卡丢了") == ("lost", "先挂失。")


async def test_new_words_replace_old_ones_and_retired_ones_go(house: House) -> None:
    await house.publish("lost", LOST)
    await house.publish("fees", FEES)
    await house.follower.catch_up()
    await house.publish("lost", content(zh("储蓄卡丢了怎么办", "打 400-800-3737。")))
    await house.follower.catch_up()
    assert await house.first("储蓄卡丢了怎么办") == ("lost", "打 400-800-3737。")
    async with house.uow.begin() as tx:
        await house.service.retire(tx, "lost", actor=STAFF)
    await house.follower.catch_up()
    assert "lost" not in {h.article_id for h in await house.search.find("储蓄卡丢了怎么办")}
    assert await house.search.answers(["lost"], locale="zh-Hans") == {}


async def test_a_draft_answers_nobody(house: House) -> None:
    async with house.uow.begin() as tx:
        await house.service.create(tx, "lost", LOST, actor=STAFF)
    await house.follower.catch_up()
    assert await house.first("储蓄卡丢了怎么办") is None


async def test_dates_take_effect_at_midnight_of_the_bank(house: House) -> None:
    words = content(zh("春节营业时间", "初一休息。"), valid_from=date(2026, 11, 23), valid_until=date(2026, 11, 23))
    await house.publish("festival", words)
    await house.follower.catch_up()
    assert await house.first("春节营业时间") is None
    house.clock.moment = NOW + timedelta(hours=13, minutes=1)  # 00:01 in Shanghai
    assert await house.first("春节营业时间") == ("festival", "初一休息。")
    house.clock.moment = NOW + timedelta(hours=37, minutes=1)
    assert await house.first("春节营业时间") is None


async def test_words_fit_the_reader(house: House) -> None:
    variants = (Variant("念给您听", channel="voice"), Variant("慢慢来", audience="elder"))
    english = Text("en", "lost debit card", (), "Freeze it in the app.")
    await house.publish("lost", content(zh("储蓄卡丢了怎么办", "先在软件里挂失。"), english, variants=variants))
    await house.follower.catch_up()
    assert await house.first("儲蓄卡丟了怎麼辦", locale="zh-Hant") == ("lost", "先在軟體裡掛失。")
    assert await house.first("lost debit card", locale="en") == ("lost", "Freeze it in the app.")
    assert await house.first("储蓄卡丢了怎么办", channel="voice") == ("lost", "念给您听")
    assert await house.first("储蓄卡丢了怎么办", audience="elder") == ("lost", "慢慢来")


async def test_vectors_are_kept_so_that_a_second_node_embeds_nothing(uow: UnitOfWork) -> None:
    first = House(uow)
    await first.publish("lost", LOST)
    await first.publish("fees", FEES)
    await first.follower.start()
    await first.follower.stop()
    assert first.embedder.embedded
    second = House(uow)
    await second.follower.start()
    await second.follower.stop()
    assert second.embedder.embedded == []
    assert await second.first("卡不见了") is not None


async def test_a_saved_index_is_opened_and_brought_up_to_date(uow: UnitOfWork, tmp_path: Path) -> None:
    first = House(uow, tmp_path)
    for i in range(12):
        await first.publish(f"a{i}", content(zh(f"第{i}个网点几点开门", f"{i} 点。")))
    await first.follower.start()
    await first.follower.stop()
    await first.publish("a3", content(zh("第3个网点几点关门", "改了。")))
    async with uow.begin() as tx:
        await first.service.retire(tx, "a4", actor=STAFF)
    await first.publish("lost", LOST)
    second = House(uow, tmp_path)
    await second.follower.start()
    await second.follower.stop()
    assert set(second.follower.index.article_ids) == {f"a{i}" for i in range(12) if i != 4} | {"lost"}
    assert await second.first("第3个网点几点关门") == ("a3", "改了。")
    assert await second.first("卡不见了") == ("lost", "先挂失。")


async def test_a_damaged_saved_index_is_built_anew(uow: UnitOfWork, tmp_path: Path) -> None:
    first = House(uow, tmp_path)
    for i in range(12):
        await first.publish(f"a{i}", content(zh(f"第{i}个网点几点开门", f"{i} 点。")))
    await first.follower.start()
    await until(lambda: any(tmp_path.glob("marks-*.json")))
    await first.follower.stop()
    spoil_marks(tmp_path)
    second = House(uow, tmp_path)
    await second.follower.start()
    await second.follower.stop()
    assert len(second.follower.index) == 12


async def test_the_ranking_is_learnt_anew_once_enough_changed(house: House) -> None:
    learnt: list[int] = []
    house.follower.on_rebuilt(lambda: learnt.append(len(house.follower.index)))
    for i in range(10):
        await house.publish(f"a{i}", content(zh(f"第{i}个网点几点开门", f"{i} 点。", f"网点 {i} 何时营业")))
    await house.follower.catch_up()
    await until(lambda: bool(learnt))
    assert learnt[0] >= 8


async def test_what_came_while_it_merged_is_learnt_without_another_change(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = house.follower.index
    merged, learnt = threading.Event(), threading.Event()
    monkeypatch.setattr(slow, "merge", lambda: merged.wait(10))
    monkeypatch.setattr(slow, "retrain", learnt.set)
    monkeypatch.setattr(type(slow), "needs_merge", property(lambda _: not merged.is_set()))
    for i in range(10):
        await house.publish(f"a{i}", content(zh(f"第{i}个网点几点开门", f"{i} 点。", f"网点 {i} 何时营业")))
        await house.follower.catch_up()
    merged.set()
    await house.follower.settle()
    assert learnt.is_set()


async def test_stopping_does_not_wait_for_what_is_learnt(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    house, over = House(uow), threading.Event()
    await house.follower.start()
    monkeypatch.setattr(house.follower.index, "retrain", lambda: over.wait(30))
    for i in range(10):
        await house.publish(f"a{i}", content(zh(f"第{i}个网点几点开门", f"{i} 点。", f"网点 {i} 何时营业")))
    await house.follower.catch_up()
    async with asyncio.timeout(10):
        await house.follower.stop()
    over.set()


async def test_a_failing_embedder_does_not_end_the_following(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "POLL_SECONDS", 0.01)
    real = house.embedder.embed_queries
    failures: list[int] = []

    def fail(texts: list[str]) -> object:
        failures.append(len(texts))
        raise OSError("endpoint down")

    monkeypatch.setattr(house.embedder, "embed_queries", fail)
    await house.publish("lost", LOST)
    await until(lambda: len(failures) > 1)
    monkeypatch.setattr(house.embedder, "embed_queries", real)
    await until(lambda: house.follower.mark("lost") is not None)
    assert await house.first("卡不见了") == ("lost", "先挂失。")


async def test_the_vector_cache_refuses_to_block_its_own_loop(uow: UnitOfWork) -> None:
    with pytest.raises(RuntimeError):
        PgVectorCache.bound(uow).get_many(["00"])
