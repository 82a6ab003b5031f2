"""One search for all scripts and spellings; changes are seen by the very next search."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.fakes.embedder import FakeTextEmbedder
from warmline.knowledge.search import ArticleIndex, ArticleTexts

ARTICLES = (
    ArticleTexts("lost", "银行卡丢了怎么办", ("卡不见了", "卡片遗失", "挂失银行卡"), "请先冻结，再补卡。"),
    ArticleTexts("limit", "转账限额是多少", ("一天能转多少钱", "单笔限额", "转账额度"), "默认单日二十万元。"),
    ArticleTexts("mortgage", "房贷利率多少", ("按揭利息", "贷款买房利率", "房贷几个点"), "按合同约定。"),
    ArticleTexts("fixed", "定期存款利率", ("存定期多少利息", "定存一年利率"), "一年期零点九五。"),
    ArticleTexts("hours", "网点几点开门", ("营业时间", "周六上班吗"), "工作日九点。"),
)


@pytest.fixture(scope="module")
def index() -> ArticleIndex:
    return ArticleIndex.build(ARTICLES, FakeTextEmbedder())


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("卡丢了", "lost"),
        ("銀行卡遺失", "lost"),
        ("转帐限鹅", "limit"),
        ("房 贷 利 率", "mortgage"),
        ("定期的利息", "fixed"),
        ("网点营业时间", "hours"),
    ],
)
def test_finds(index: ArticleIndex, text: str, article: str) -> None:
    assert index.search(text)[0].article_id == article


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "？！"])
def test_nothing_or_signs_do_not_break_it(index: ArticleIndex, text: str) -> None:
    assert all(0 <= c.score <= 1 for c in index.search(text))


def test_scores_fall_and_the_listed_question_is_certain(index: ArticleIndex) -> None:
    found = index.search("转账限额是多少")
    assert found[0].article_id == "limit"
    assert found[0].score > 0.9
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_only_what_is_allowed_comes_back(index: ArticleIndex) -> None:
    assert "lost" not in {c.article_id for c in index.search("卡丢了", allowed=lambda a: a != "lost")}


def test_empty_index_finds_nothing() -> None:
    assert ArticleIndex.build([], FakeTextEmbedder()).search("卡丢了") == ()


def test_changes_are_seen_at_once_and_survive_a_merge() -> None:
    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    index.upsert(ArticleTexts("gold", "积存金怎么买", ("买黄金",)))
    index.upsert(ArticleTexts("hours", "节假日营业吗", ("春节开门吗",)))
    index.remove("lost")
    for _ in range(2):
        assert index.search("买黄金")[0].article_id == "gold"
        assert index.search("春节开门吗")[0].article_id == "hours"
        assert index.search("网点几点开门")[0].matched_text != "网点几点开门"
        assert "lost" not in {c.article_id for c in index.search("卡不见了")}
        assert sorted(index.article_ids) == ["fixed", "gold", "hours", "limit", "mortgage"]
        index.merge()


def test_changes_made_during_a_merge_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    import warmline.knowledge.search as search

    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    index.upsert(ArticleTexts("gold", "积存金怎么买"))
    merge = vars(search)["merge_segments"]

    def slow(parts):  # type: ignore[no-untyped-def]
        index.upsert(ArticleTexts("gold", "黄金怎么卖"))
        index.remove("fixed")
        index.upsert(ArticleTexts("fx", "怎么换外币"))
        return merge(parts)

    monkeypatch.setattr(search, "merge_segments", slow)
    index.merge()
    assert sorted(index.article_ids) == ["fx", "gold", "hours", "limit", "lost", "mortgage"]
    assert index.search("黄金怎么卖")[0].matched_text == "黄金怎么卖"
    assert "积存金怎么买" not in {c.matched_text for c in index.search("积存金怎么买")}


def test_saved_index_opens_alike_and_only_for_its_model(tmp_path: Path) -> None:
    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    index.upsert(ArticleTexts("gold", "积存金怎么买", ("买黄金",)))
    index.save(tmp_path, stamp="42")
    opened = ArticleIndex.open(tmp_path, FakeTextEmbedder())
    assert opened is not None
    assert opened.stamp == "42"
    assert opened.search("买黄金") == index.search("买黄金")
    opened.upsert(ArticleTexts("new", "手机银行下载"))
    opened.save(tmp_path, stamp="43")
    assert len(list(tmp_path.glob("segment-*"))) == 1
    other = FakeTextEmbedder()
    other.name = "another"
    assert ArticleIndex.open(tmp_path, other) is None
    assert ArticleIndex.open(tmp_path / "none", FakeTextEmbedder()) is None


def test_unchanged_texts_are_not_embedded_again() -> None:
    embedder = FakeTextEmbedder()
    index = ArticleIndex.build(ARTICLES, embedder)
    before = len(embedder.embedded)
    index.upsert(ARTICLES[0])
    assert len(embedder.embedded) == before


def test_readers_never_see_a_half_made_state() -> None:
    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    failures: list[Exception] = []

    def read() -> None:
        try:
            for _ in range(40):
                index.search("卡丢了")
        except Exception as error:  # the test reports whatever breaks
            failures.append(error)

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(20):
        index.upsert(ArticleTexts(f"n{number}", f"新问题{number}"))
        index.remove(f"n{number - 1}")
        index.merge()
    for reader in readers:
        reader.join()
    assert failures == []


class IndexMachine(RuleBasedStateMachine):
    """Whatever the order of changes and merges, the index serves what was last written."""

    def __init__(self) -> None:
        super().__init__()
        self.index = ArticleIndex(FakeTextEmbedder())
        self.written: dict[str, str] = {}

    @rule(number=st.integers(0, 5), words=st.sampled_from(["挂失", "限额", "利率", "网点"]))
    def upsert(self, number: int, words: str) -> None:
        self.index.upsert(ArticleTexts(f"a{number}", f"{words}问题{number}"))
        self.written[f"a{number}"] = f"{words}问题{number}"

    @rule(number=st.integers(0, 5))
    def remove(self, number: int) -> None:
        self.index.remove(f"a{number}")
        self.written.pop(f"a{number}", None)

    @rule()
    def merge(self) -> None:
        self.index.merge()

    @invariant()
    def serves_what_was_written(self) -> None:
        assert set(self.index.article_ids) == set(self.written)
        assert len(self.index) == len(self.written)
        for article_id, text in self.written.items():
            found = self.index.search(text, limit=1)[0]
            assert (found.article_id, found.matched_text) == (article_id, text)


TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


def test_clustered_vectors_find_nearly_all_that_exact_search_finds() -> None:
    from warmline.knowledge.vectors import VectorStore, to_bytes

    rng = np.random.default_rng(3)
    centres = rng.standard_normal((80, 32))
    raw = (centres[rng.integers(0, 80, 6_000)] + 0.7 * rng.standard_normal((6_000, 32))).astype(np.float32)
    raw /= np.linalg.norm(raw, axis=1, keepdims=True)
    store = VectorStore.build(*to_bytes(raw))
    hits = [len(set(np.argsort(-(raw @ q))[:10]) & set(store.nearest(q, 10, 24).tolist())) for q in raw[:50]]
    assert np.mean(hits) >= 9
