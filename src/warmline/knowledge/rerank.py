"""Small learned scorers: which candidate is right, and whether the best one is right at all.

Both are logistic models over a handful of features, drawn towards weights that work with no data, so they
hold with five articles and never keep anything per article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.features import NAMES

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_STANDARD = {
    "meaning": (0.88, 0.04, 0.8),
    "meaning_question": (0.86, 0.04, 0.9),
    "meaning_passage": (0.83, 0.03, 1.2),
    "meaning_centre": (0.10, 0.15, 1.2),
    "words": (0.25, 0.20, 0.2),
    "grams": (0.20, 0.20, 0.5),
    "sounds": (0.22, 0.20, 0.3),
    "chars": (0.30, 0.20, 0.8),
    "words_in_article": (0.45, 0.25, 0.5),
    "grams_in_article": (0.40, 0.25, 0.7),
    "sounds_in_article": (0.40, 0.25, 0.5),
    "chars_in_article": (0.60, 0.20, 0.6),
    "exact": (0.0, 1.0, 6.0),
    "meaning_lead": (0.0, 0.02, 0.6),
    "passage_lead": (0.0, 0.02, 0.1),
    "chars_lead": (0.0, 0.15, 0.3),
}
"""Centre and scale of each feature, and the weight it has before anything is learnt.

The weights were fitted on `demo/labelled_questions.jsonl`: what people ask is nearer to an article as a whole than
its similar questions, each written to differ from the rest, are to one another; so the prior counts for much.
"""
_CENTRES, _SCALES, _PRIOR = (np.array([_STANDARD[n][i] for n in NAMES]) for i in range(3))
_SHAPED = ("meaning", "meaning_passage", "words", "grams", "chars", "words_in_article", "chars_in_article", "exact")
_CONFIDENCE_PRIOR = np.array([0.4, 0.7, 0.7, 0.6, -0.4, -0.4, 0.1, 0.1, -0.2, -0.2, 4.0, 1.3, -0.4])
"""Of the best score, its lead, its share, the best candidate's ``_SHAPED`` features, the text's length, and 1."""


PRIOR_SHARE = 2.0
"""How strongly the prior holds, in units of the learnt questions: chosen on the labelled questions."""


@dataclass(frozen=True)
class Example:
    """Features of one query's candidates [n, len(NAMES)] and which is right; −1 when none is."""

    features: Floats
    right: int
    length: int
    article_id: str = ""


@dataclass(frozen=True)
class Reranker:
    """``weights`` over features; ``confidence_weights`` over what the ranking looks like, bias last."""

    weights: tuple[float, ...] = tuple(_PRIOR)
    confidence_weights: tuple[float, ...] = tuple(_CONFIDENCE_PRIOR)

    def scores(self, features: Floats) -> Doubles:
        """One number for each candidate; only their order and differences mean anything."""
        scores: Doubles = _standard(features) @ np.asarray(self.weights)
        return scores

    def confidence(self, features: Floats, scores: Doubles, length: int) -> float:
        """Estimated chance that the best-scored candidate is right, in 0..1."""
        if not len(scores):
            return 0.0
        z = _shape(features, scores, length) @ np.asarray(self.confidence_weights)
        return float(1 / (1 + np.exp(-z)))


def train_reranker(examples: Sequence[Example], start: Reranker | None = None) -> Reranker:
    """Fit ranking, then confidence; few examples leave the prior nearly as it was."""
    start = start or Reranker()
    known = [e for e in examples if e.right >= 0 and len(e.features) > 1]
    weights = _fit_ranking(known, np.asarray(start.weights)) if known else np.asarray(start.weights)
    ranked = Reranker(tuple(weights.tolist()), start.confidence_weights)
    shapes, right = _confidence_set(examples, ranked)
    fitted = (
        _fit_logistic(shapes, right, np.asarray(start.confidence_weights), PRIOR_SHARE * len(right))
        if len(right)
        else None
    )
    return ranked if fitted is None else Reranker(ranked.weights, tuple(fitted.tolist()))


def _standard(features: Floats) -> Doubles:
    standard: Doubles = (features - _CENTRES) / _SCALES
    return standard


def _shape(features: Floats, scores: Doubles, length: int) -> Doubles:
    best = int(np.argmax(scores))
    others = np.delete(scores, best)
    lead = scores[best] - others.max() if len(others) else 3.0
    share = 1 / np.exp(np.minimum(scores - scores[best], 0)).sum()
    z = _standard(features)[best]
    named = [z[NAMES.index(n)] for n in _SHAPED]
    return np.array([scores[best] / 3, min(lead, 4) - 1, share * 2 - 1, *named, np.log1p(length) - 3, 1.0])


def _confidence_set(examples: Sequence[Example], ranked: Reranker) -> tuple[Doubles, Doubles]:
    rows, right = [], []
    for example in examples:
        if len(example.features):
            scores = ranked.scores(example.features)
            rows.append(_shape(example.features, scores, example.length))
            right.append(float(int(np.argmax(scores)) == example.right))
    return np.array(rows), np.array(right)


def _fit_ranking(examples: Sequence[Example], prior: Doubles) -> Doubles:
    """Conditional logit (McFadden 1974) with a Gaussian prior; more agreement never counts against a candidate."""
    blocks = [_standard(e.features) for e in examples]
    starts = np.cumsum([0, *(len(b) for b in blocks)])[:-1]
    rows = np.concatenate(blocks)
    right = starts + np.array([e.right for e in examples])
    used = np.ones(len(prior), bool)
    while True:
        weights = np.zeros(len(prior))
        weights[used] = _fit_choices(rows[:, used], starts, right, prior[used], PRIOR_SHARE * len(examples))
        if (weights >= 0).all():
            return weights
        used &= weights >= 0


def _fit_choices(
    x: Doubles, starts: NDArray[np.intp], right: NDArray[np.intp], prior: Doubles, strength: float
) -> Doubles:
    owner = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(x))))

    def loss(weights: Doubles) -> tuple[float, Doubles, Doubles]:
        z = x @ weights
        z -= np.maximum.reduceat(z, starts)[owner]
        sums = np.add.reduceat(np.exp(z), starts)
        p = np.exp(z) / sums[owner]
        mean = np.add.reduceat(x * p[:, None], starts)
        away = weights - prior
        value = float((np.log(sums) - z[right]).sum() + strength / 2 * away @ away)
        gradient = (mean - x[right]).sum(axis=0) + strength * away
        hessian = (x * p[:, None]).T @ x - mean.T @ mean + strength * np.eye(len(prior))
        return value, gradient, hessian

    return _newton(loss, prior.copy())


def _fit_logistic(x: Doubles, y: Doubles, prior: Doubles, strength: float) -> Doubles:
    """Logistic regression with a Gaussian prior."""

    def loss(weights: Doubles) -> tuple[float, Doubles, Doubles]:
        z = np.clip(x @ weights, -30, 30)
        p = 1 / (1 + np.exp(-z))
        away = weights - prior
        value = float(np.logaddexp(0, np.where(y > 0, -z, z)).sum() + strength / 2 * away @ away)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + strength * np.eye(len(prior))
        return value, x.T @ (p - y) + strength * away, hessian

    return _newton(loss, prior.copy())


def _newton(loss: Callable[[Doubles], tuple[float, Doubles, Doubles]], weights: Doubles) -> Doubles:
    """Damped Newton: halve the step until the loss falls."""
    value, gradient, hessian = loss(weights)
    for _ in range(40):
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-3:
            tried = loss(weights - size * step)
            if tried[0] <= value:
                break
            size /= 2
        else:
            return weights
        weights = weights - size * step
        if value - tried[0] < 1e-6 * max(1.0, abs(value)):
            return weights
        value, gradient, hessian = tried
    return weights
