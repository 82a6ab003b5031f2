"""Satisfaction with the last exchange: the answer tells where the words do not, rare labels count alike, many rows."""

from collections.abc import Sequence

import pytest

from tests.fakes.embedder import FakeTextEmbedder
from warmline.language import satisfaction
from warmline.language.service import SatisfactionClassifier
from warmline.language.turns import Dialogue, Turn, turn_of

SOLVED, UNSOLVED = "已经为您办好了，款项今天到账", "抱歉，这个我查不到，也帮不了您"


def _end(answer: str, said: str) -> tuple[Turn, ...]:
    return turn_of("agent", answer), turn_of("customer", said)


def _fit(rows: Sequence[tuple[Dialogue, str]]) -> SatisfactionClassifier:
    return SatisfactionClassifier(FakeTextEmbedder()).fit([d for d, _ in rows], [label for _, label in rows])


def test_the_same_words_after_another_answer_are_told_apart() -> None:
    rows = [
        row
        for said in ("好的", "知道了", "嗯嗯")
        for row in ((_end(SOLVED, said), "satisfied"), (_end(UNSOLVED, said), "dissatisfied"))
    ]
    found = _fit(rows).predict([_end(SOLVED, "好的呢"), _end(UNSOLVED, "好的呢")])
    assert found == ["satisfied", "dissatisfied"]


def test_a_rare_label_counts_like_a_frequent_one() -> None:
    often = [(_end(SOLVED, f"我要改地址{n}"), "neutral") for n in range(48)]
    rows = [*often, *[(_end(SOLVED, "行吧"), label) for label in ["neutral"] * 6 + ["dissatisfied"] * 4]]
    assert _fit(rows).predict([_end(SOLVED, "行吧")]) == ["dissatisfied"]


def test_of_very_many_moments_some_from_everywhere_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satisfaction, "_MOST", 20)
    rows = [(_end(SOLVED, f"谢谢{n}"), "satisfied") for n in range(60)]
    rows += [(_end(UNSOLVED, f"太慢了{n}"), "dissatisfied") for n in range(60)]
    assert _fit(rows).predict([_end(SOLVED, "谢谢"), _end(UNSOLVED, "太慢了")]) == ["satisfied", "dissatisfied"]


def test_dialogues_without_an_answer_are_judged_by_their_words() -> None:
    rows = [
        ((turn_of("customer", said),), label) for said, label in (("谢谢您", "satisfied"), ("太慢了", "dissatisfied"))
    ]
    assert _fit(rows).predict([[turn_of("customer", "谢谢")]]) == ["satisfied"]
