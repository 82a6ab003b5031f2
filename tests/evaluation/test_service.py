"""The commands: files and pipes in, one JSON object out, bad rows said, exit codes kept."""

import argparse
import json
import os
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.fakes.embedder import FakeTextEmbedder
from warmline.evaluation import faq, service
from warmline.knowledge.search import ArticleIndex
from warmline.language.service import EmbedderChoice

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "lost",
        "question": "信用卡掛失",
        "similar": ["卡丟了", "卡片不見了", "卡弄丟怎麼辦"],
        "answer": "請先凍結。",
    },
    {"id": 2, "question": "房貸利率", "similar": ["房貸利息多少", "買房貸款利率"]},
]


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "open_embedder", lambda: EmbedderChoice(FakeTextEmbedder()))
    monkeypatch.setattr(service, "open_english_embedder", FakeTextEmbedder)


def _lines(path: Path, rows: list[Any]) -> str:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), encoding="utf-8")
    return str(path)


def _eval(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    parser = argparse.ArgumentParser()
    service.register(parser.add_subparsers(required=True))
    args = parser.parse_args([*arguments, "--json"])
    code = args.func(args)
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def test_the_index_measured_is_the_live_one() -> None:
    assert vars(faq)["ArticleIndex"] is ArticleIndex


def test_faq(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = _lines(tmp_path / "a.jsonl", [*ARTICLES, {"id": "bad"}, "not json", "[1]"])
    queries = _lines(
        tmp_path / "q.jsonl", [{"text": "卡不见了", "article_id": "lost"}, {"text": "天气", "article_id": None}]
    )
    code, result, err = _eval(capsys, "faq", "--articles", articles, "--queries", queries, "--target-error", "0.05")
    assert code == 0
    assert result["n"] == 2
    assert result["hit_at_1"] == 1.0
    assert result["target_error"] == 0.05
    keys = {"task", "ms_per_query", "hit_at_3", "hit_at_5", "mrr", "coverage", "measured_error", "error_upper_95"}
    assert keys <= result.keys()
    assert result["bad_rows"] == 3
    assert "3 bad rows skipped" in err
    assert "'question' is missing" in err


def test_rows_of_one_id_are_one_article_in_several_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english = {
        "id": "lost",
        "lang": "en",
        "question": "I lost my card",
        "similar": ["card gone"],
        "answer": "Freeze it.",
    }
    articles = _lines(tmp_path / "a.jsonl", [*ARTICLES, english])
    asked = [{"text": "my card is gone", "article_id": "lost"}, {"text": "卡片不見了", "article_id": "lost"}]
    _, result, _ = _eval(capsys, "faq", "--articles", articles, "--queries", _lines(tmp_path / "q.jsonl", asked))
    assert result["hit_at_1"] == 1.0


def test_faq_calibrates_on_a_log_where_one_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = _lines(tmp_path / "a.jsonl", ARTICLES)
    rows = [{"text": one["question"], "article_id": one["id"]} for one in ARTICLES] * 20
    asked = _lines(tmp_path / "q.jsonl", rows)
    flags = ("--articles", articles, "--queries", asked)
    _, alone, _ = _eval(capsys, "faq", *flags)
    code, logged, _ = _eval(capsys, "faq", *flags, "--log", asked)
    assert code == 0
    assert alone["calibration"] in ("estimated from similar questions", "not calibrated")
    assert logged["calibration"] == "logs"
    assert logged["coverage"] == 1.0


def test_faq_asks_the_articles_own_similar_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    things = [f"{place}{thing}" for place in "东南西北" for thing in ("卡片", "贷款", "存折", "转账", "账单")]
    rows = [
        {"id": t, "question": f"{t}怎么办理", "similar": [f"{t}办理{n}{how}" for n, how in enumerate("早午晚夜")]}
        for t in things
    ]
    code, result, _ = _eval(
        capsys, "faq", "--articles", _lines(tmp_path / "a.jsonl", rows), "--held-out", "60", "--target-error", "0.1"
    )
    assert code == 0
    assert result["n"] == 60, "questions asked with their article taken away are no hits to be had"
    assert result["hit_at_1"] > 0.9
    assert 0 < result["coverage"] < 1, "a tenth is asked of what no article answers"
    assert result["calibration"] == "estimated from similar questions"


def test_held_out_needs_similar_questions_and_takes_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = _lines(tmp_path / "a.jsonl", [{"id": 1, "question": "房貸利率"}, {"id": 2, "question": "掛失"}])
    code, _, err = _eval(capsys, "faq", "--articles", articles, "--held-out", "9")
    assert code == 2
    assert "no article has a similar question" in err
    code, _, err = _eval(capsys, "faq", "--articles", articles, "--held-out", "9", "--log", articles)
    assert code == 2
    assert "--log" in err


def test_a_text_once_embedded_is_not_embedded_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = FakeTextEmbedder()
    monkeypatch.setattr(service, "open_embedder", lambda: EmbedderChoice(embedder))
    articles = _lines(tmp_path / "a.jsonl", ARTICLES)
    queries = _lines(tmp_path / "q.jsonl", [{"text": "卡不见了", "article_id": "lost"}])
    flags = ("faq", "--articles", articles, "--queries", queries, "--cache", str(tmp_path / "vectors"))
    _, first, _ = _eval(capsys, *flags)
    assert embedder.embedded
    embedder.embedded.clear()
    _, second, _ = _eval(capsys, *flags)
    assert not embedder.embedded
    assert {**first, "ms_per_query": 0} == {**second, "ms_per_query": 0}


def test_intent_with_out_of_scope_and_shots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"lost": ("lost card", "card missing", "stolen card"), "rate": ("loan rate", "mortgage rate", "interest")}
    rows: list[dict[str, str | None]] = [
        {"text": f"{t} {i}", "label": label} for label, ts in words.items() for t in ts for i in range(4)
    ]
    rows += [{"text": f"weather joke {i}", "label": None} for i in range(6)]
    train = _lines(tmp_path / "train.jsonl", rows)
    asked: list[dict[str, str | None]] = [
        {"text": "my lost card", "label": "lost"},
        {"text": "a loan rate", "label": "rate"},
        {"text": "weather", "label": None},
    ]
    test = _lines(tmp_path / "test.jsonl", asked)
    code, result, _ = _eval(capsys, "intent", "--train", train, "--test", test, "--shots", "8")
    assert code == 0
    assert result["accuracy"] == 1.0
    assert result["n"] == 3
    assert set(result["coverage"]) == {"0.01", "0.02", "0.05"}
    keys = {"macro_f1", "oos_auroc", "oos_recall", "in_scope_accuracy", "ms_per_query"}
    assert keys <= result.keys()


@pytest.mark.parametrize("foreign", [0, 1])
def test_intent_from_hardly_any_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str], foreign: int) -> None:
    rows: list[dict[str, str | None]] = [{"text": "lost card", "label": "lost"}, {"text": "loan rate", "label": "rate"}]
    train = _lines(tmp_path / "train.jsonl", rows + [{"text": "weather", "label": None}] * foreign)
    test = _lines(tmp_path / "test.jsonl", [{"text": "card lost", "label": "lost"}, {"text": "rain", "label": None}])
    code, result, _ = _eval(capsys, "intent", "--train", train, "--test", test)
    assert code == 0
    assert result["accuracy"] == 1.0
    assert result["in_scope_accuracy"] is not None


def test_match_reads_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pairs = [("卡丢了", "卡丢失了", 1), ("卡丢了", "利率", 0), ("转账限额", "转账额度", 1), ("开户", "天气", 0)]
    rows = [{"a": a, "b": b, "score": s} for a, b, s in pairs]
    writer = Thread(target=_lines, args=(pipe, rows))
    writer.start()
    code, result, _ = _eval(capsys, "match", "--test", str(pipe))
    writer.join()
    assert code == 0
    assert result["auc"] == 1.0
    assert result["spearman"] > 0.8


def test_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [{"id": f"d{i}", "title": f"Topic {i}", "content": f"Nothing about word{i}."} for i in range(30)]
    documents[7] = {
        "id": "gold",
        "title": "Gold card",
        "content": "The gold card has no annual fee.\n\nIt pays cash back.",
    }
    known = _lines(tmp_path / "d.jsonl", documents)
    asked = _lines(tmp_path / "q.jsonl", [{"text": "I want a gold card. It should pay cash back.", "ids": ["gold"]}])
    code, result, _ = _eval(capsys, "documents", "--documents", known, "--queries", asked)
    assert code == 0
    assert result["recall_at_5"] == 1.0
    assert result["n"] == 1


@pytest.mark.parametrize("rows", [[], ["{}"], [{"a": "x", "b": "y", "score": 1}, {"a": "x", "b": "z", "score": 1}]])
def test_unusable_input_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[Any]) -> None:
    code, result, err = _eval(capsys, "match", "--test", _lines(tmp_path / "m.jsonl", rows))
    assert code == 2
    assert result == {}
    assert err


def test_missing_file_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _eval(capsys, "match", "--test", str(tmp_path / "none.jsonl"))
    assert code == 2
    assert "cannot read" in err
    assert len(err.splitlines()) == 1


def test_wish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = _lines(
        tmp_path / "w.jsonl",
        [
            {"text": "帮我转人工", "locale": "zh-Hans", "kind": "plain", "half": "open"},
            {"text": "rutabaga", "locale": "en", "kind": "plain", "half": "open"},
            {"text": "找个真人", "locale": "zh-Hans", "kind": "plain", "half": "blind"},
        ],
    )
    mentions = _lines(tmp_path / "m.jsonl", [{"text": "人工费是多少", "locale": "zh-Hans", "half": "open"}])
    code, result, _ = _eval(capsys, "wish", "--test", test, "--mentions", mentions, "--half", "open")
    assert code == 0
    assert (result["n_recall"], result["recall"], result["false_alarms"]) == (2, 0.5, 0.0)
    assert result["recall_by_locale"] == {"en": 0.0, "zh-Hans": 1.0}
    code, result, _ = _eval(capsys, "wish", "--test", test, "--words-only")
    assert (code, result["n_recall"]) == (0, 3)
    assert "false_alarms" not in result
