"""`warmline eval intent`: fixed labels, with or without texts out of scope."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.evaluation.metrics import auroc, macro_f1
from warmline.evaluation.rows import BadInput, Console, label_of, read_rows, text_of
from warmline.knowledge.calibration import Outcome, calibrate
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import IntentClassifier

ERRORS = (0.01, 0.02, 0.05)
REJECTED_SHARE = 0.004
"""Share of in-scope texts, labelled rightly otherwise, that the scope threshold may turn away."""
_CHUNK = 256
_SEED = 37


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
    learnt = _embedded(_few(known, shots) if shots else known, embedders, "training", console)
    started = time.perf_counter()
    measured = _embedded(asked, embedders, "test", console)
    embedding_s = time.perf_counter() - started
    console.say("calibrating on a fifth of the training rows …")
    threshold, answer_at = _thresholds(learnt, embedders)
    console.say("training …")
    classifier = _fit(learnt, embedders)
    started = time.perf_counter()
    found = classifier.predict(measured.texts, measured.vectors)
    each = (embedding_s + time.perf_counter() - started) / len(measured.texts)
    figures = _figures(measured.labels, found.labels, found.in_scope, threshold, answer_at)
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


def _thresholds(rows: Labelled, embedders: Sequence[TextEmbedder]) -> tuple[float, dict[str, float]]:
    """On a fifth of the training rows held out: the scope threshold, and where each error rate can be promised."""
    order = np.random.default_rng(_SEED).permutation(len(rows.texts))
    cut = max(1, len(order) // 5)
    kept, held = rows.part(order[cut:]), rows.part(order[:cut])
    if len({label for label in kept.labels if label is not None}) < 2:
        return 0.0, {str(e): 0.0 for e in ERRORS}
    found = _fit(kept, embedders).predict(held.texts, held.vectors)
    right = found.labels == np.array([label or "" for label in held.labels])
    threshold = float(np.quantile(found.in_scope[right], REJECTED_SHARE)) if right.any() else 0.0
    outcomes = [Outcome(float(s), bool(r)) for s, r in zip(found.in_scope, right, strict=True)]
    return threshold, {str(e): calibrate(outcomes, e).policy.answer_at for e in ERRORS}


def _figures(
    true: Sequence[str | None],
    labels: NDArray[np.str_],
    in_scope: NDArray[np.float64],
    threshold: float,
    answer_at: dict[str, float],
) -> dict[str, Any]:
    inside = np.array([t is not None for t in true])
    named = np.array([t or "" for t in true])
    right = (labels == named) & inside
    kept = in_scope >= threshold
    outside = int((~inside).sum())
    return {
        "accuracy": _mean(right[inside]),
        "macro_f1": macro_f1(named[inside].tolist(), labels[inside].tolist()),
        "oos_auroc": auroc(inside, in_scope) if outside else None,
        "oos_recall": _mean(~kept[~inside]) if outside else None,
        "in_scope_accuracy": _mean((right & kept)[inside]) if outside else _mean(right[inside]),
        "coverage": {e: _mean(in_scope >= t) for e, t in answer_at.items()},
        "coverage_error": {e: _mean(~right[in_scope >= t]) for e, t in answer_at.items()},
    }


def _mean(flags: NDArray[np.bool_]) -> float | None:
    return round(float(flags.mean()), 5) if len(flags) else None
