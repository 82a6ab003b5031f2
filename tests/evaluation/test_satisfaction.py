"""Satisfaction with the last exchange: the command on authored dialogues, and what of a dialogue is looked at."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.test_handoff import _run
from tests.fakes.embedder import FakeTextEmbedder
from warmline.evaluation import satisfaction, service
from warmline.language.satisfaction import look
from warmline.language.service import EmbedderChoice, SatisfactionClassifier
from warmline.language.turns import turn_of

WORDS = {
    "satisfied": ("谢谢，太好了", "问题解决了，很满意", "好的谢谢您"),
    "dissatisfied": ("怎么还没到，太慢了", "你们根本不管", "问了几遍都没人理"),
    "neutral": ("订单号是一二三", "我要改地址", "是哪一个网点"),
}


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "open_embedder", lambda: EmbedderChoice(FakeTextEmbedder()))


def _row(label: str, words: str, number: int) -> dict[str, Any]:
    turns = [
        {"author": "customer", "text": f"你好，我想问第{number}号业务怎么办理呢"},
        {"author": "agent", "text": f"请稍等，我来看看第{number}号业务的情况"},
        {"author": "customer", "text": words},
    ]
    return {"turns": turns, "label": label}


def _file(path: Path) -> str:
    rows = [
        _row(label, f"{w}，{n}", n * 3 + i) for n in range(8) for label, ws in WORDS.items() for i, w in enumerate(ws)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"turns": [], "label": "x"}]), encoding="utf-8")
    return str(path)


def test_what_is_measured_is_what_the_language_package_gives() -> None:
    assert vars(satisfaction)["SatisfactionClassifier"] is SatisfactionClassifier


def test_one_file_is_cross_validated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, result, _ = _run(capsys, "satisfaction", "--train", _file(tmp_path / "all.jsonl"))
    assert code == 0
    assert result["cross_validated"]
    assert result["n"] == 72
    assert result["bad_rows"] == 1
    assert result["macro_f1"] > 0.9
    assert result["recall"].keys() == WORDS.keys()
    assert result["baseline"]["macro_f1"] > 0.5


def test_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = (_file(tmp_path / "a.jsonl"), _file(tmp_path / "b.jsonl"))
    code, result, _ = _run(capsys, "satisfaction", "--train", files[0], "--test", files[1])
    assert code == 0
    assert not result["cross_validated"]
    assert result["macro_f1"] > 0.9


def test_the_end_of_a_dialogue_is_looked_at() -> None:
    told = [("customer", "一"), ("agent", "二"), ("customer", "三"), ("customer", "四?")]
    moment = look([turn_of(author, text) for author, text in told])
    assert (moment.said, moment.answer, moment.earlier) == ("四?", "二", ("三", "一"))
    assert moment.figures[:4] == (4, 3, 1, 2)
    assert look([turn_of("agent", "您好")]).said == "您好"
