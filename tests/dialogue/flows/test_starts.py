"""Which flow words ask for, learnt from what the flows' files say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from benchmarks.fit_starts import DEMO, read_flows, read_sayings
from warmline.dialogue.flows.starts import BEGINS, SURE, FlowStarts, Sayings
from warmline.knowledge.files import load_paths
from warmline.knowledge.follow import texts_of
from warmline.knowledge.shipped_vectors import read_vectors
from warmline.language.cache import MemoryVectorCache, embed_cached
from warmline.language.ports import Vectors
from warmline.language.service import TextEmbedder, normalise, open_embedder

Embed = Callable[[Sequence[str]], Vectors]


@pytest.fixture(scope="module")
def embedder() -> TextEmbedder:
    return open_embedder().embedder


@pytest.fixture(scope="module")
def embed(embedder: TextEmbedder) -> Embed:
    cache = MemoryVectorCache()
    cache.put_many(read_vectors(DEMO / "vectors.npz", embedder.name))
    return lambda texts: embed_cached(embedder, cache, texts, is_query=True)


@pytest.fixture(scope="module")
def starts(embed: Embed) -> FlowStarts:
    articles = [told for one in load_paths([DEMO / "articles"]).incoming if (told := texts_of(one.id, one.content))]
    learnt = FlowStarts.learn(read_sayings(read_flows(), articles), embed)
    assert learnt is not None
    return learnt


@pytest.mark.parametrize(
    ("text", "flow_id"),
    [
        ("我的钱包连卡一起丢在出租车上了，先把卡冻上", "card-report-lost"),
        ("卡在沙发缝里找着了，给我恢复一下", "card-unblock"),
        ("新卡到手了，开一下", "card-activate"),
        ("瞅瞅我账上还有多少", "balance-recent"),
        ("昨天打给房东的三千他说没收着，帮我查查", "transfer-trace"),
        ("这笔五百八的消费我没刷过，要申诉", "dispute-open"),
        ("每天能转的钱给我降到两千", "limit-change"),
        ("提款機吃了我五千塊沒入帳", "machine-claim"),
        ("split my 8,000 bill over 12 months, how much would I pay", "instalment-quote"),
        ("房贷想提前还二十万，帮我算算", "prepayment-quote"),
        ("帮我约后天上午去网点办存折", "branch-visit"),
        ("I have a new mobile number, please change it on my account", "phone-update"),
    ],
)
def test_each_flow_is_heard_in_words_it_was_not_taught(
    starts: FlowStarts, embed: Embed, text: str, flow_id: str
) -> None:
    found = starts.guess(text, embed([normalise(text)])[0], {})
    assert found.flow_id == flow_id
    assert found.sure >= BEGINS


@pytest.mark.parametrize(
    "text",
    ["转账要手续费吗", "你们几点关门", "谢谢你帮我查到了", "定期利率是多少", "What is a fixed deposit?", "不知道"],
)
def test_questions_and_remarks_begin_nothing(starts: FlowStarts, embed: Embed, text: str) -> None:
    assert starts.guess(text, embed([normalise(text)])[0], {}).sure < BEGINS


def test_what_leads_to_an_article_of_the_flow_makes_it_surer(starts: FlowStarts, embed: Embed) -> None:
    vector = embed([normalise("限额")])[0]
    alone, led = (starts.guess("限额", vector, shares).sure for shares in ({}, {"limit-change": 1.0}))
    assert led > alone
    assert SURE > BEGINS


def test_with_too_little_to_learn_from_nothing_is_guessed(embed: Embed) -> None:
    assert FlowStarts.learn(Sayings(begins={"a": ["查余额"] * 3}, elsewhere=["问"] * 9), embed) is None
    assert FlowStarts.learn(Sayings(), embed) is None


def test_a_single_flow_can_be_learnt(embed: Embed) -> None:
    says = [f"查余额{n}" for n in range(9)]
    learnt = FlowStarts.learn(Sayings(begins={"balance": says}, elsewhere=[f"几点开门{n}" for n in range(9)]), embed)
    assert learnt is not None
    assert learnt.guess("查余额", embed([normalise("查余额")])[0], {}).flow_id == "balance"
