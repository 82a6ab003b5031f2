"""`warmline eval replies`: what fits, what is left out, and that the live ranking is what is measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from warmline.evaluation.replies import evaluate_replies
from warmline.evaluation.rows import BadInput, Console
from warmline.language.ports import Vectors

LOST = ("I lost my card", "my card is gone", "card was stolen")
BALANCE = ("how much money do I have", "what is my balance", "tell me the balance please")


class TwoMatters:
    """Knows losing from owning, whatever the words."""

    name, dimensions = "two", 3

    def embed_queries(self, texts: Any) -> Vectors:
        rows = [
            (1, 0, len(t) / 1e3) if any(w in t for w in ("lost", "gone", "stolen", "missing")) else (0, 1, 0)
            for t in texts
        ]
        return np.array(rows, np.float32)

    embed_passages = embed_queries


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> list[str]:
    """Return the file with these rows."""
    file = folder / name
    file.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return [str(file)]


def turns(texts: tuple[str, ...], label: str) -> list[dict[str, str]]:
    return [{"utterance": text, "intent": label} for text in texts]


def evaluate(folder: Path, train: list[dict[str, str]], test: list[dict[str, str]]) -> dict[str, Any]:
    found = write(folder, "train.jsonl", train), write(folder, "test.jsonl", test)
    return evaluate_replies(*found, TwoMatters(), Console(quiet=True))


def test_a_reply_to_the_same_matter_fits_though_no_word_is_shared(tmp_path: Path) -> None:
    train = turns(LOST, "lost") + turns(BALANCE, "balance")
    found = evaluate(tmp_path, train, [{"utterance": "mine went missing", "intent": "lost"}])
    assert (found["hit_at_1"], found["hit_at_3"], found["baseline_hit_at_3"]) == (1.0, 1.0, 0.0)
    assert (found["n"], found["known"]) == (1, 6)


def test_small_talk_is_left_out_and_counted(tmp_path: Path) -> None:
    train = turns(LOST, "lost") + turns(("thank you",), "thanks")
    found = evaluate(tmp_path, train, [*turns(("thanks",), "thanks"), *turns(LOST[:1], "lost<div>replace")])
    assert (found["n"], found["left_out"], found["known"]) == (1, 1, 3)
    assert found["hit_at_1"] == 1.0


def test_replies_in_nearly_the_same_words_fit_without_a_label(tmp_path: Path) -> None:
    train = [
        {"text": "I lost my card", "reply": "I will block it for you now."},
        {"text": "what is my balance", "reply": "Please call us."},
    ]
    test = [{"text": "I lost my card today", "reply": "I will block it for you now"}]
    assert evaluate(tmp_path, train, test)["hit_at_3"] == 1.0
    test = [{"text": "I lost my card today", "reply": "Our office opens at nine."}]
    assert evaluate(tmp_path, train, test)["hit_at_3"] == 0.0


def test_what_has_neither_reply_nor_label_is_a_bad_row(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        evaluate(tmp_path, [{"text": "I lost my card"}], turns(LOST, "lost"))
