"""`warmline eval handoff`: at which turns of a dialogue a person should take over."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.evaluation.dialogues import turns_of
from warmline.evaluation.metrics import auroc
from warmline.evaluation.rows import BadInput, Console, read_rows
from warmline.language.handoff_need import best_threshold, mark
from warmline.language.service import HandoffNeed
from warmline.language.turns import Doubles, Turn, deal

TOLERANCES = (1, 2, 3)
_ENOUGH = 10
Marks = Sequence[Sequence[int]]
Row = tuple[tuple[Turn, ...], list[int]]


@dataclass(frozen=True)
class _Found:
    marks: list[int]
    shares: Doubles
    predicted: list[int]
    plain: Doubles
    plain_predicted: list[int]


def evaluate_handoff(train: Sequence[str], test: Sequence[str], console: Console) -> dict[str, Any]:
    """Learn from `train`, measure on `test`; the same file twice is cross-validated, five folds of dialogues."""
    rows = read_rows(train, _parse, console)
    if sum(any(marks) for _, marks in rows) < _ENOUGH or all(all(marks) for _, marks in rows):
        raise BadInput(
            f"training needs {_ENOUGH} dialogues with a turn where a person should take over, and other turns"
        )
    crossed = list(train) == list(test)
    asked = rows if crossed else read_rows(test, _parse, console)
    started = time.perf_counter()
    parts = _crossed(rows) if crossed else [(rows, asked)]
    found: list[_Found] = []
    for number, (known, held) in enumerate(parts, 1):
        console.say(f"learning {number}/{len(parts)} from {len(known)} dialogues …")
        found += _measured(known, held)
    spent = time.perf_counter() - started
    marks = [one.marks for one in found]
    figures = _figures(marks, [one.shares for one in found], [one.predicted for one in found])
    baseline = _figures(marks, [one.plain for one in found], [one.plain_predicted for one in found])
    turns = sum(len(m) for m in marks)
    named = {"task": "handoff", "n": len(asked), "ms_per_query": round(spent / turns * 1000, 3), **figures}
    return {**named, "baseline": baseline, "cross_validated": crossed}


def golden_transfer(marks: Marks, predicted: Marks, tolerance: int) -> float:
    """GT-T with λ = 0 (Liu et al. 2021): mean over dialogues, each scored as the data's README defines it."""
    return float(np.mean([_transfer(m, p, tolerance) for m, p in zip(marks, predicted, strict=True)]))


def _transfer(marks: Sequence[int], predicted: Sequence[int], tolerance: int) -> float:
    gold, given = ([i for i, one in enumerate(side) if one] for side in (marks, predicted))
    if not gold or not given:
        return float(not gold and not given)
    return float(np.mean([max(math.exp(-((p - q) ** 2) / (2 * tolerance**2)) for q in gold) for p in given]))


def f1(marks: Marks, predicted: Marks) -> float:
    """F1 of the turns marked, all dialogues together."""
    gold, given = np.concatenate(marks), np.concatenate(predicted)
    total = int(gold.sum()) + int(given.sum())
    return 2 * int((gold * given).sum()) / total if total else 1.0


def balance(predicted: Marks, marks: Marks) -> float:
    """What thresholds are chosen by: the right turns, and twice as much the right dialogues and neighbourhoods."""
    return f1(marks, predicted) + 2 * golden_transfer(marks, predicted, max(TOLERANCES))


def _parse(row: dict[str, Any]) -> Row:
    turns = turns_of(row)
    marks = [turn.get("handoff") for turn in row["turns"]]
    if any(mark not in (0, 1) for mark in marks):
        raise ValueError("a turn's 'handoff' is neither 0 nor 1")
    return turns, [int(mark) for mark in marks]


def _crossed(rows: Sequence[Row]) -> list[tuple[list[Row], list[Row]]]:
    fold = deal(len(rows))
    return [
        ([r for r, f in zip(rows, fold, strict=True) if f != k], [r for r, f in zip(rows, fold, strict=True) if f == k])
        for k in np.unique(fold)
    ]


def _measured(known: Sequence[Row], held: Sequence[Row]) -> list[_Found]:
    dialogues, marks = [d for d, _ in known], [m for _, m in known]
    model = HandoffNeed().fit(dialogues, marks, balance)
    shares = model.shares([d for d, _ in held])
    plain, threshold = _baseline(known, held)
    return [
        _Found(row[1], one, marked, plainly, plainly_marked)
        for row, one, marked, plainly, plainly_marked in zip(
            held, shares, model.predict(shares), plain, mark(plain, threshold), strict=True
        )
    ]


def _baseline(known: Sequence[Row], held: Sequence[Row]) -> tuple[list[Doubles], float]:
    """TF-IDF of the turn and the three before it and logistic regression; its threshold is chosen as the model's."""
    fold = deal(len(known))
    shares = [np.zeros(0)] * len(known)
    for k in np.unique(fold):
        kept, places = np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()
        found = _plain([known[i] for i in kept], [known[i] for i in places])
        for place, one in zip(places, found, strict=True):
            shares[place] = one
    return _plain(known, held), best_threshold(shares, [m for _, m in known], balance)


def _plain(known: Sequence[Row], held: Sequence[Row]) -> list[Doubles]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def documents(rows: Sequence[Row]) -> list[str]:
        return [
            " ".join(
                f"{i - j}{t.author[0]}{w}"
                for j, t in enumerate(turns[max(0, i - 3) : i + 1], max(0, i - 3))
                for w in t.tokens
            )
            for turns, _ in rows
            for i in range(len(turns))
        ]

    weigher = TfidfVectorizer(token_pattern=r"\S+", sublinear_tf=True)
    model = LogisticRegression(max_iter=500, class_weight="balanced")
    model.fit(weigher.fit_transform(documents(known)), np.concatenate([marks for _, marks in known]))
    found = model.predict_proba(weigher.transform(documents(held)))[:, 1]
    return np.split(found, np.cumsum([len(marks) for _, marks in held])[:-1])


def _figures(marks: Marks, shares: Sequence[Doubles], predicted: Marks) -> dict[str, float]:
    auc = auroc(np.concatenate(marks).astype(bool), np.concatenate(shares))
    transfers = {f"gt_{t}": golden_transfer(marks, predicted, t) for t in TOLERANCES}
    return {name: round(value, 5) for name, value in {"f1": f1(marks, predicted), "auc": auc, **transfers}.items()}
