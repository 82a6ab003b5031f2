"""`warmline eval intent`: fixed labels, with or without texts out of scope."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.evaluation.metrics import auroc, macro_f1
from warmline.evaluation.rows import BadInput, Console, label_of, read_rows, text_of
from warmline.evaluation.views import suited
from warmline.knowledge.calibration import Outcome, calibrate
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import IntentClassifier, Prediction, Scope, learn_scope

ERRORS = (0.01, 0.02, 0.05)
TURNED_AWAY = 0.008
"""Share of in-scope texts, labelled rightly otherwise, that may be held to be out of scope."""
_FOLDS, _FOLDS_OF_MANY = 5, 3
_MANY = 3_000
"""Training rows from which three of the five folds are enough to calibrate on."""
_CHUNK = 256
_SEED = 37

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """Texts, their labels (None: out of scope) and their vectors by embedder."""

    texts: tuple[str, ...]
    labels: tuple[str | None, ...]
    vectors: tuple[Vectors, ...]

    def part(self, rows: NDArray[np.intp]) -> "Labelled":
        """The given rows."""
        return Labelled(
            tuple(self.texts[i] for i in rows),
            tuple(self.labels[i] for i in rows),
            tuple(v[rows] for v in self.vectors),
        )


def evaluate_intent(
    train: Sequence[str],
    test: Sequence[str],
    embedders: Sequence[TextEmbedder],
    console: Console,
    shots: int | None = None,
) -> dict[str, Any]:
    """Train on ``train`` (``shots``: a seeded sample of that many a label), measure on ``test``."""
    known, asked = (read_rows(p, _parse, console) for p in (train, test))
    if len({label for _, label in known if label is not None}) < 2:
        raise BadInput("training needs at least two labels")
    embedders = suited(embedders, [text for text, _ in known])
    learnt = _embedded(_few(known, shots) if shots else known, embedders, "training", console)
    started = time.perf_counter()
    measured = _embedded(asked, embedders, "test", console)
    embedding_s = time.perf_counter() - started
    console.say("calibrating on training rows held out …")
    scope, answer_at = _calibrated(learnt, embedders)
    console.say("training …")
    classifier = _fit(learnt, embedders)
    started = time.perf_counter()
    found = classifier.predict(measured.texts, measured.vectors)
    each = (embedding_s + time.perf_counter() - started) / len(measured.texts)
    figures = _figures(measured.labels, found, scope, answer_at)
    return {"task": "intent", "n": len(asked), "ms_per_query": round(each * 1000, 3), **figures, "shots": shots}


def _parse(row: dict[str, Any]) -> tuple[str, str | None]:
    return text_of(row, "text"), label_of(row, "label")


def _few(rows: Sequence[tuple[str, str | None]], shots: int) -> list[tuple[str, str | None]]:
    rng = np.random.default_rng(_SEED)
    kept: dict[str | None, int] = {}
    chosen = []
    for i in rng.permutation(len(rows)):
        label = rows[i][1]
        kept[label] = kept.get(label, 0) + 1
        if label is None or kept[label] <= shots:
            chosen.append(rows[i])
    return chosen


def _embedded(
    rows: Sequence[tuple[str, str | None]], embedders: Sequence[TextEmbedder], what: str, console: Console
) -> Labelled:
    texts = [t for t, _ in rows]
    parts: list[list[Vectors]] = [[] for _ in embedders]
    for start in range(0, len(texts), _CHUNK):
        for part, embedder in zip(parts, embedders, strict=True):
            part.append(embedder.embed_queries(texts[start : start + _CHUNK]))
        if start % (_CHUNK * 8) == 0:
            console.say(f"{what} rows embedded: {min(start + _CHUNK, len(texts))}/{len(texts)}")
    return Labelled(tuple(texts), tuple(label for _, label in rows), tuple(np.concatenate(p) for p in parts))


def _fit(rows: Labelled, embedders: Sequence[TextEmbedder]) -> IntentClassifier:
    return IntentClassifier(embedders).fit(rows.texts, rows.labels, rows.vectors)


def _calibrated(rows: Labelled, embedders: Sequence[TextEmbedder]) -> tuple[Scope, dict[str, float]]:
    """From training rows held out: what is in scope, and the confidence where each error rate can be promised."""
    found = [_held_out(rows.part(kept), rows.part(held), embedders) for kept, held in _folds(rows)]
    right, confidence, signs = (np.concatenate(parts) for parts in zip(*found, strict=True))
    scope = learn_scope(signs[right], TURNED_AWAY)
    kept = scope.scores(signs) >= scope.threshold
    outcomes = [Outcome(float(c), bool(r)) for c, r in zip(confidence[kept], right[kept], strict=True)]
    return scope, {str(e): calibrate(outcomes, e).policy.answer_at for e in ERRORS}


def _folds(rows: Labelled) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows to learn from and rows to hold out, every label in both; all rows twice where there are too few."""
    names = np.array([label or "" for label in rows.labels])
    order = np.random.default_rng(_SEED).permutation(len(names))
    order = order[np.argsort(names[order], kind="stable")]
    held = [order[i::_FOLDS] for i in range(_FOLDS_OF_MANY if len(names) >= _MANY else _FOLDS)]
    pairs = [(np.setdiff1d(order, fold), fold) for fold in held if len(fold)]
    return [p for p in pairs if len(set(names[p[0]]) - {""}) > 1] or [(order, order)]


def _held_out(
    learnt: Labelled, held: Labelled, embedders: Sequence[TextEmbedder]
) -> tuple[NDArray[np.bool_], Doubles, Doubles]:
    """Which of ``held`` is labelled rightly by what ``learnt`` teaches, how surely, and signs of being in scope."""
    found = _fit(learnt, embedders).predict(held.texts, held.vectors)
    return found.labels == np.array([label or "" for label in held.labels]), found.confidence, found.signs


def _figures(
    true: Sequence[str | None], found: Prediction, scope: Scope, answer_at: dict[str, float]
) -> dict[str, Any]:
    labels, in_scope = found.labels, scope.scores(found.signs)
    inside = np.array([t is not None for t in true])
    named = np.array([t or "" for t in true])
    right = (labels == named) & inside
    kept = in_scope >= scope.threshold
    answered = {e: kept & (found.confidence >= t) for e, t in answer_at.items()}
    outside = int((~inside).sum())
    return {
        "accuracy": _mean(right[inside]),
        "macro_f1": macro_f1(named[inside].tolist(), labels[inside].tolist()),
        "oos_auroc": auroc(inside, in_scope) if outside else None,
        "oos_recall": _mean(~kept[~inside]) if outside else None,
        "in_scope_accuracy": _mean((right & kept)[inside]) if outside else _mean(right[inside]),
        "coverage": {e: _mean(a) for e, a in answered.items()},
        "coverage_error": {e: _mean(~right[a]) for e, a in answered.items()},
    }


def _mean(flags: NDArray[np.bool_]) -> float | None:
    return round(float(flags.mean()), 5) if len(flags) else None
