"""Short replies, read as learnt. None of these sentences is among the examples."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from scripts.train_replies import DATA, source_hash
from warmline.language.normalise import normalise
from warmline.language.replies import LONGEST, Reply, ReplyReader, list_replies
from warmline.language.service import open_embedder

SAID = [
    (Reply.YES, "没问题，照这个登记吧"),
    (Reply.YES, "係呀係呀，快啲幫我整啦"),
    (Reply.YES, "looks fine to me, submit it please"),
    (Reply.NO, "今天先不弄了，等我闺女下班"),
    (Reply.NO, "please leave it as it is for the moment"),
    (Reply.CLOSING, "好嘞，那我心里踏实多了"),
    (Reply.CLOSING, "了解，我再去臨櫃補辦就好，謝謝您"),
    (Reply.CLOSING, "great, I'll pop into the branch next week then"),
    (Reply.CANNOT, "短信一直没进来，手机没信号"),
    (Reply.MORE, "另外那张储蓄卡也一块冻了"),
    (Reply.PERSON, "我要找你们客服人员讲话"),
    (Reply.OTHER, "信用卡的年费怎么才能免掉"),
]


@pytest.fixture(scope="module")
def examples() -> set[str]:
    texts: dict[str, list[str]] = yaml.safe_load((DATA / "replies.yaml").read_text(encoding="utf-8"))
    return {normalise(text) for each in texts.values() for text in each}


def test_the_weights_were_learnt_from_the_examples_that_ship() -> None:
    with np.load(DATA / "weights.npz") as stored:
        assert str(stored["source"]) == source_hash(), "run python -m scripts.train_replies"


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_what_was_not_learnt_is_read(kind: Reply, text: str, examples: set[str]) -> None:
    assert normalise(text) not in examples
    choice = open_embedder()
    if choice.notice:
        pytest.skip("meaning needs the embedding wheel")
    shares = ReplyReader(choice.embedder.name).read(text, choice.embedder.embed_queries([normalise(text)])[0])
    assert max(shares, key=lambda one: shares[one]) is kind
    assert sum(shares.values()) == pytest.approx(1, abs=1e-4)


def test_without_vectors_the_characters_are_weighed() -> None:
    shares = ReplyReader("another model").read("好的谢谢，没有别的事了", np.ones(3, np.float32))
    assert max(shares, key=lambda one: shares[one]) is Reply.CLOSING


@pytest.mark.parametrize("text", ["", "   ", "啦啦啦", "长" * (LONGEST + 1)])
def test_what_is_no_reply_has_no_shares(text: str) -> None:
    assert not ReplyReader().read(text)


def test_examples_are_listed_by_their_kind() -> None:
    assert "收费吗" in list_replies(Reply.QUESTION)
    assert not set(list_replies(Reply.QUESTION)) & set(list_replies(Reply.CLOSING))
