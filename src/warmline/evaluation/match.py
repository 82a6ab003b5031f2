"""`warmline eval match`: how like two sentences are, by what the article search weighs."""

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from warmline.evaluation.metrics import auroc, spearman
from warmline.evaluation.rows import BadInput, Console, read_rows, text_of
from warmline.language.ports import TextEmbedder
from warmline.language.similarity import Likeness


def evaluate_match(test: Sequence[str], embedder: TextEmbedder, console: Console) -> dict[str, Any]:
    """Spearman against the scores; AUC of scores in the upper half of their range against the rest."""
    pairs = read_rows(test, _parse, console)
    started = time.perf_counter()
    likeness = Likeness(embedder)
    found = np.array(likeness.of([(a, b) for a, b, _ in pairs], console.say))
    each = (time.perf_counter() - started) / len(pairs)
    gold = np.array([s for *_, s in pairs])
    low, high = float(gold.min()), float(gold.max())
    if low == high:
        raise BadInput("every pair has the same score: nothing to measure")
    figures = {"spearman": spearman(gold, found), "auc": auroc(gold > (low + high) / 2, found)}
    return {"task": "match", "n": len(pairs), "ms_per_query": round(each * 1000, 3), **_rounded(figures)}


def _parse(row: dict[str, Any]) -> tuple[str, str, float]:
    score = row["score"]
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise ValueError("'score' is not a number")
    return text_of(row, "a"), text_of(row, "b"), float(score)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in figures.items()}
