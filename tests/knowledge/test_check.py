"""What `kb check` finds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.support import content, zh
from warmline.knowledge import cli, reach
from warmline.knowledge.check import Finding, Level, check_articles
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import Content, Status, Text, Variant
from warmline.language.ports import Vectors
from warmline.language.service import MemoryVectorCache, normalise

TODAY = date(2026, 11, 22)


def article(article_id: str, words: Content, status: Status = Status.PUBLISHED) -> Incoming:
    return Incoming(article_id, words, status)


def found(*articles: Incoming) -> set[tuple[str, tuple[str, ...]]]:
    return {(f.code, f.ids) for f in check_articles(articles, TODAY) if f.code != "untranslated"}


def test_sound_articles_give_no_finding_but_a_missing_language() -> None:
    findings = check_articles([article("a", content(zh("余额怎么查")))], TODAY)
    assert [(f.code, f.level, f.ids) for f in findings] == [("untranslated", Level.INFO, ("a",))]


def test_the_same_words_in_two_articles_whatever_the_script_and_punctuation() -> None:
    one, two = (
        article("a", content(zh("卡丢了怎么办", "答", "补卡"))),
        article("b", content(zh("补一张", "答", "卡丟了，怎麼辦？"))),
    )
    assert found(one, two) == {("same_words", ("a", "b"))}
    retired = article("b", two.content, Status.RETIRED)
    assert found(one, retired) == set()


def test_dates() -> None:
    old = article("old", content(zh("甲"), valid_until=date(2026, 11, 21)))
    soon = article("soon", content(zh("乙"), valid_from=date(2026, 11, 23)))
    last_day = article("last", content(zh("丙"), valid_until=TODAY))
    assert found(old, soon, last_day) == {("expired", ("old",)), ("not_yet_valid", ("soon",))}


def test_published_articles_without_answer() -> None:
    assert found(article("a", content(zh("问", "")))) == {("unfit", ("a",))}
    assert found(article("a", content(zh("问", "")), Status.DRAFT)) == set()


@pytest.mark.parametrize(
    ("variant", "useless"),
    [
        (Variant("念", channel="voice"), False),
        (Variant("念", channel="fax"), True),
        (Variant("念", audience="pilot"), True),
        (Variant("say", lang="en", channel="voice"), True),
        (Variant("答", channel="voice"), True),
    ],
)
def test_variants_never_used(variant: Variant, useless: bool) -> None:
    one = article("a", content(zh("问", "答"), variants=(variant,)))
    assert found(one) == ({("variant_unused", ("a",))} if useless else set())


def test_translations_that_await_review() -> None:
    one = article("a", content(zh("问"), Text("zh-Hant", "問", (), "答", reviewed=False)))
    assert ("review_needed", ("a",)) in found(one)


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant-HK", "en"])
def test_every_finding_has_words_and_advice(locale: str) -> None:
    articles = [
        article(
            "a",
            content(zh("问", "", "同句"), valid_until=date(2020, 1, 1), variants=(Variant("x", channel="fax"),)),
        ),
        article(
            "b",
            content(zh("同句"), Text("zh-Hant", "問", (), "答", reviewed=False), valid_from=date(2030, 1, 1)),
        ),
    ]
    findings = check_articles(articles, TODAY)
    findings += [
        Finding(code, ("a", "b"), {"text": "问", "other": "b", "nearest": "近"})
        for code in ("unreachable", "overtaken", "contested", "near_questions")
    ]
    assert len({f.code for f in findings}) == 11
    for one in findings:
        assert one.message(locale)
        assert "{" not in one.message(locale)
        assert one.advice(locale)


class TableEmbedder(FakeTextEmbedder):
    """Vectors from a table of angles, so that a test says what is near what."""

    def __init__(self, angles: Mapping[str, float]) -> None:
        super().__init__()
        self._angles = {normalise(k): v for k, v in angles.items()}

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            angle = np.radians(self._angles.get(text, 0))
            out[row, :2] = np.cos(angle), np.sin(angle)
        return out


def reach_codes(articles: list[Incoming], angles: Mapping[str, float]) -> set[tuple[str, tuple[str, ...], str]]:
    findings = reach.check_reach(articles, TableEmbedder(angles), MemoryVectorCache())
    return {(f.code, f.ids, f.fields["text"]) for f in findings}


def test_near_questions_with_different_answers_and_questions_nearer_to_another_article() -> None:
    angles = {"甲": 0, "甲又": 10, "乙": 4, "乙又": 90, "丙": 180, "丙又": 182, "丁": 270, "丁又": 268}
    articles = [article(name, content(zh(name, f"答{name}", f"{name}又"))) for name in ("甲", "乙", "丙", "丁")]
    codes = reach_codes(articles, angles)
    assert ("near_questions", ("乙", "甲"), "甲") in codes or ("near_questions", ("乙", "甲"), "乙") in codes
    assert not any(code == "near_questions" and "丙" in ids for code, ids, _ in codes)


def test_a_question_that_finds_another_article_first_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong:
        @classmethod
        def build(cls, *_: object, **__: object) -> Wrong:
            return cls()

        def search(self, text: str, **_: object) -> tuple[object, ...]:
            names = {"甲": ["乙", "甲"], "乙": ["乙"]}.get(text, ["乙", "丙", "丁"])
            return tuple(type("C", (), {"article_id": n}) for n in names)

    monkeypatch.setattr(reach, "ArticleIndex", Wrong)
    articles = [article("甲", content(zh("甲", "答", "甲又"))), article("乙", content(zh("乙")))]
    codes = reach_codes(articles, {"甲": 0, "甲又": 5, "乙": 180})
    assert codes >= {("overtaken", ("甲", "乙"), "甲"), ("unreachable", ("甲", "乙"), "甲又")}
    assert not any(ids == ("乙",) for _, ids, _ in codes)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    import argparse

    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    args = parser.parse_args(["kb", *arguments])
    code = args.func(args)
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_command_exits_1_when_there_are_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("id,question,answer\na,问一,答\nb,问一,答二\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", str(path), "--fast", "--json", "--locale", "zh-Hans")
    told = json.loads(out)
    assert (code, told["articles"], told["error"]) == (1, 2, 1)
    assert [(f["code"], f["ids"]) for f in told["findings"] if f["level"] == "error"] == [("same_words", ["a", "b"])]
    path.write_text("id,question,answer\na,问一,答\nb,问二,答二\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", str(path), "--fast", "--locale", "zh-Hans")
    assert (code, out.splitlines()[-1]) == (0, "共 2 篇：错误 0，警告 0，提示 1")


def test_wrong_usage_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", str(tmp_path / "none.csv"), "--locale", "en")[0] == 2
    (tmp_path / "faq.csv").write_text("question,answer\n问,答\n", encoding="utf-8")
    code, _, err = run(capsys, "import", str(tmp_path / "faq.csv"), "--locale", "en")
    assert (code, err) == (2, "there is no database here\n")
    assert run(capsys, "import", "--dry-run", str(tmp_path / "faq.csv"), "--locale", "en")[0] == 0
