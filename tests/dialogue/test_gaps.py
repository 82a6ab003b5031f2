"""The editor's list: one row for what was asked in other words, with its likes and what people said to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from tests.dialogue.conftest import ARTICLES, NEVER, House, teach
from tests.support import CHENXI, LINYAO, Heart, ask_for_person, fresh_database, post
from warmline.conversation import commands as c
from warmline.conversation.model import Conversation
from warmline.dialogue.gaps import WINDOW, Gaps
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.service import ArticleFollower, KnowledgeService
from warmline.language.ports import Vectors
from warmline.language.service import TextEmbedder

ASKED = (
    "春和航天卡有机场贵宾厅吗",
    "航天卡能进机场休息室不",
    "航太卡有沒有機場貴賓室",
    "Does the Chunhe Space Card come with airport lounge access?",
)
OTHER = "能在你们行买比特币吗"
TOLD = "航天卡不是我们发行的卡，带机场贵宾厅的是春和金信用卡。"


class Counting:
    """The embedder, counting what it is asked."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder, self.name, self.dimensions = embedder, embedder.name, embedder.dimensions
        self.asked: list[str] = []

    def embed_queries(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: list[str]) -> Vectors:
        return self._embedder.embed_passages(texts)


@pytest.fixture(scope="module")
def learned_url(postgres: EmbeddedPostgres, embedder: TextEmbedder) -> Iterator[str]:
    """A database with as many articles as it takes to know what is mere wording."""
    names = sorted(path.stem for path in ARTICLES.glob("*.md") if not path.stem.endswith(".en"))[:40]
    with fresh_database(postgres) as url:
        asyncio.run(teach(url, embedder, names))
        yield url


@pytest.fixture
async def learned(learned_url: str, embedder: TextEmbedder) -> AsyncIterator[House]:
    uow = UnitOfWork(create_engine(learned_url))
    heart, counting = Heart(uow), Counting(embedder)
    follower = ArticleFollower(uow, bus=heart.bus, embedder=counting)  # type: ignore[arg-type]
    await follower.start()
    yield House(heart, KnowledgeService(clock=heart.clock, bus=heart.bus), follower, counting, NEVER)  # type: ignore[arg-type]
    heart.clock.move(days=WINDOW.days + 1)
    await follower.stop()
    await uow.engine.dispose()


def list_of(house: House, *, by_meaning: bool = True, release: ReleasePolicy = NEVER) -> Gaps:
    """Return the list of this house."""
    heart = house.heart
    return Gaps(heart.uow, heart.clock, heart.ciphers, house.search, lambda: release, by_meaning=by_meaning)


async def ask(house: House, *texts: str) -> list[Conversation]:
    """Let each be asked by a customer of its own, in this order, a minute apart."""
    found = []
    for text in texts:
        state = await house.heart.open()
        await house.ask(state, text)
        house.heart.clock.move(minutes=1)
        found.append(state)
    return found


async def answer(house: House, state: Conversation, *said: str) -> None:
    """Let a colleague take over and say this; the customer's words between are given with a `>`."""
    await house.heart.hand_to(state)
    for text in said:
        if text.startswith(">"):
            await house.heart.say(state, text[1:])
        else:
            await house.heart.do(state, post(text, f"said-{text}", CHENXI))
    await house.heart.do(state, c.Close(CHENXI, "agent_closed"))


async def test_what_is_asked_in_other_words_is_one_row(learned: House) -> None:
    await ask(learned, *ASKED, OTHER, ASKED[0] + "？")
    gap, other = await list_of(learned).list_gaps()
    assert (gap.question, gap.lang, gap.count) == (ASKED[0] + "？", "zh-Hans", 5)
    assert set(gap.alike) == set(ASKED[1:])
    assert gap.last_at == learned.heart.clock.now() - timedelta(minutes=1)
    assert len(gap.nearest) == 2
    assert (other.question, other.count, other.alike, other.answers) == (OTHER, 1, (), ())


async def test_what_an_article_answers_by_now_is_no_gap(learned: House) -> None:
    await ask(learned, OTHER, "新信用卡怎么激活")
    now = ReleasePolicy(answer_at=0.5, clarify_at=0.4, target_error=0.02)
    assert [one.question for one in await list_of(learned, release=now).list_gaps()] == [OTHER]
    assert len(await list_of(learned).list_gaps()) == 2


async def test_what_a_colleague_said_about_it_is_the_draft(learned: House) -> None:
    first, second, third = await ask(learned, *ASKED[:3])
    await answer(
        learned, first, "王女士您好，我是陈曦。", "请稍等，我查一下。", TOLD, ">那短信通知怎么关",
        "短信通知在手机银行里点“我的”，再点“消息设置”就能关，电话 13812345678 也可以。还有什么可以帮您？",
    )  # fmt: skip
    await answer(learned, third, "您好，请问您的卡号后四位是多少？", ">算了", "不客气，再见。")
    (gap,) = await list_of(learned).list_gaps()
    (told,) = gap.answers
    assert (told.text, told.by, told.conversation_id) == (TOLD, "陈曦", first.id)
    assert second.id != told.conversation_id


async def test_answers_about_the_question_come_first_then_the_newest(learned: House) -> None:
    older, newer, newest = await ask(learned, *ASKED[:3])
    await answer(learned, older, TOLD)
    learned.heart.clock.move(minutes=5)
    await answer(learned, newer, "我们没有航天卡，机场贵宾厅要办金信用卡。")
    learned.heart.clock.move(minutes=5)
    await answer(learned, newest, "您的地址已经更新好了，明天生效。")
    (gap,) = await list_of(learned).list_gaps()
    assert [one.conversation_id for one in gap.answers] == [newer.id, older.id, newest.id]


async def test_what_is_told_is_masked(learned: House) -> None:
    (state,) = await ask(learned, "我叫王秀英，航天卡有机场贵宾厅吗，电话13812345678")
    await answer(learned, state, "航天卡我们没有，机场贵宾厅的事您可以打 13987654321 问。")
    (gap,) = await list_of(learned).list_gaps()
    assert "13812345678" not in gap.question
    assert "王秀英" not in gap.question
    assert gap.answers[0].text == "航天卡我们没有，机场贵宾厅的事您可以打 139****4321 问。"


async def test_erased_words_drop_out_of_count_likes_and_draft(learned: House) -> None:
    first, second = await ask(learned, *ASKED[:2])
    await answer(learned, first, TOLD)
    gaps = list_of(learned)
    assert (await gaps.list_gaps())[0].count == 2
    learned.heart.ciphers.destroy(first.customer_id)
    (gap,) = await gaps.list_gaps()
    assert (gap.question, gap.count, gap.alike, gap.answers) == (ASKED[1], 1, (), ())
    learned.heart.ciphers.destroy(second.customer_id)
    assert await gaps.list_gaps() == []


async def test_what_people_said_before_the_question_or_after_the_end_is_no_answer(learned: House) -> None:
    state = await learned.heart.open()
    await learned.heart.hand_to(state)
    await learned.heart.do(state, post("这句话是在客户问之前说的。", "before", CHENXI))
    await learned.heart.do(state, c.HandBack(CHENXI))
    await learned.ask(state, ASKED[0])
    await learned.heart.do(state, c.Close(c.SYSTEM, "customer_left"))
    await learned.heart.say(state, "我要人工")
    await learned.heart.do(state, ask_for_person())
    await learned.heart.do(state, c.Accept(LINYAO))
    await learned.heart.do(state, post("这句话是另一回来的时候说的。", "after", LINYAO))
    (gap,) = await list_of(learned).list_gaps()
    assert gap.answers == ()


async def test_each_text_is_embedded_once_while_it_is_listed(learned: House) -> None:
    (first, *_) = await ask(learned, *ASKED, OTHER)
    await answer(learned, first, TOLD)
    gaps, counting = list_of(learned), learned.embedder
    assert isinstance(counting, Counting)
    counting.asked.clear()
    await gaps.list_gaps()
    assert len(counting.asked) == len(set(counting.asked)) == len(ASKED) + 2
    await gaps.list_gaps()
    assert len(counting.asked) == len(ASKED) + 2
    await ask(learned, "你们代理买黄金首饰吗")
    counting.asked.clear()
    await gaps.list_gaps()
    assert counting.asked == ["你们代理买黄金首饰吗"]


async def test_without_a_model_only_the_same_wording_is_one_row(learned: House) -> None:
    first, *_ = await ask(learned, *ASKED[:2], ASKED[0] + "？！")
    await answer(learned, first, "您好，我是陈曦。", TOLD)
    found = await list_of(learned, by_meaning=False).list_gaps()
    assert [(gap.count, gap.alike) for gap in found] == [(2, ()), (1, ())]
    assert found[0].answers[0].text == TOLD


async def test_nor_where_too_few_articles_tell_what_is_mere_wording(house: House) -> None:
    house.policy = NEVER
    await ask(house, *ASKED[:2])
    assert [gap.count for gap in await list_of(house).list_gaps()] == [1, 1]
