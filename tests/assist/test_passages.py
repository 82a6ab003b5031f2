"""The passage of an answer that is shown: found by letters and meaning, never across two of its lines."""

from __future__ import annotations

import numpy as np
import pytest

from warmline.assist.passages import LONGEST, choose_passage, score_sentences, split_sentences

ANSWER = """先挂失，卡里的钱马上就安全了，挂失免费。

1. 手机银行点“卡片管理—挂失”，或拨 400-800-3737。
2. 挂失后卡一直停着；又找到了，满 24 小时能解。
3. 要补新卡，带身份证到任一网点，工本费 10.5 元。

Fees are 2.50 yuan. Bring your card.
"""


def test_sentences_are_told_without_their_markup_and_where_they_stand() -> None:
    found = split_sentences(ANSWER)
    assert [one.text for one in found] == [
        "先挂失，卡里的钱马上就安全了，挂失免费。",
        "手机银行点“卡片管理—挂失”，或拨 400-800-3737。",
        "挂失后卡一直停着；",
        "又找到了，满 24 小时能解。",
        "要补新卡，带身份证到任一网点，工本费 10.5 元。",
        "Fees are 2.50 yuan.",
        "Bring your card.",
    ]
    assert all(one.text in ANSWER[one.start : one.end] for one in found)
    assert [one.line for one in found] == [0, 2, 3, 3, 4, 6, 6]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("补新卡要带什么", "要补新卡，带身份证到任一网点，工本费 10.5 元。"),
        ("又找到了怎么办", "又找到了，满 24 小时能解。"),
        ("挂失以后卡停着吗", "挂失后卡一直停着；又找到了，满 24 小时能解。"),
        ("你们几点开门", "先挂失，卡里的钱马上就安全了，挂失免费。"),
    ],
)
def test_the_nearest_sentence_is_shown_with_what_follows_in_its_line(question: str, passage: str) -> None:
    sentences = split_sentences(ANSWER)
    chosen = choose_passage(sentences, score_sentences(question, sentences))
    assert chosen is not None
    assert chosen.text == passage


def test_meaning_finds_what_no_letter_shares() -> None:
    sentences = split_sentences("一句话。另一句。")
    asked = np.array([0.0, 1.0], np.float32)
    meant = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    scores = score_sentences("无关", sentences, asked=asked, meant=meant)
    chosen = choose_passage(sentences, scores)
    assert chosen is not None
    assert chosen.text == "另一句。"


def test_a_long_line_is_cut_where_it_can_no_longer_be_read_at_a_glance() -> None:
    sentences = split_sentences("。".join("很长的一句话" * 5 for _ in range(20)) + "。")
    chosen = choose_passage(sentences, [1.0, *[0.0] * (len(sentences) - 1)])
    assert chosen is not None
    assert len(chosen.text) <= LONGEST


def test_an_empty_answer_has_no_passage() -> None:
    assert choose_passage(split_sentences(" \n\n "), []) is None
