"""Emotions of single utterances: the command on authored rows, through the classifier that senses feelings."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.test_handoff import _run
from tests.fakes.embedder import FakeTextEmbedder
from warmline.evaluation import emotion, service
from warmline.language.feeling import sense
from warmline.language.service import EmbedderChoice, EmotionClassifier

WORDS = {
    "angry": ("气死我了", "太过分了", "凭什么扣钱"),
    "glad": ("太好了", "很满意", "好开心"),
    "plain": ("查余额", "改地址", "办张卡"),
}


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "open_embedder", lambda: EmbedderChoice(FakeTextEmbedder()))


def _file(path: Path, *, sentiment: bool = False) -> str:
    rows: list[dict[str, Any]] = [
        {
            "text": f"{w}{end}",
            "label": label,
            **({"sentiment": "good" if label == "glad" else "bad"} if sentiment else {}),
        }
        for end in ("", "啊", "呀", "了吧", "嘛", "，第二次")
        for label, ws in WORDS.items()
        for w in ws
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"text": ""}]), encoding="utf-8")
    return str(path)


def test_the_classifier_measured_is_the_one_that_senses_feelings() -> None:
    assert vars(emotion)["EmotionClassifier"] is EmotionClassifier is vars(sense)["EmotionClassifier"]


def test_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = (_file(tmp_path / "a.jsonl"), _file(tmp_path / "b.jsonl"))
    code, result, _ = _run(capsys, "emotion", "--train", files[0], "--test", files[1])
    assert code == 0
    assert (result["n"], result["bad_rows"]) == (54, 2)
    assert result["macro_f1"] > 0.9
    assert result["recall"].keys() == WORDS.keys()
    assert result["baseline"]["accuracy"] > 0.5
    assert "sentiment" not in result


def test_one_file_is_cross_validated_and_sentiments_are_measured_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, result, _ = _run(capsys, "emotion", "--test", _file(tmp_path / "a.jsonl", sentiment=True))
    assert code == 0
    assert result["cross_validated"]
    assert result["macro_f1"] > 0.8
    assert result["sentiment"]["recall"].keys() == {"good", "bad"}
    assert result["sentiment"]["baseline"]["macro_f1"] > 0.5


def test_one_label_alone_is_nothing_to_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"text": "好", "label": "a"}) + "\n", encoding="utf-8")
    code, _, err = _run(capsys, "emotion", "--train", str(path))
    assert code == 2
    assert "two labels" in err
