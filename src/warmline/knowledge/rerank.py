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
    "meaning": (0.10, 0.17),
    "meaning_question": (0.10, 0.47),
    "meaning_passage": (0.10, 0.69),
    "meaning_whole": (0.10, 0.79),
    "words_in_article": (0.25, 0.31),
    "grams_in_article": (0.25, 0.74),
    "sounds_in_article": (0.25, 0.83),
    "chars_in_article": (0.20, 0.95),
    "nearness": (0.15, 0.25),
    "wording": (0.15, 0.55),
    "exact": (0.10, 0.50),
}
"""Scale of each feature, and the weight it has before anything is learnt.

The weights come from `benchmarks/fit_ranking.py`: what people ask is nearer to an article as a whole than its
similar questions, each written to differ from the rest, are to one another; so the prior counts for much.
"""
_SCALES, _PRIOR = (np.array([_STANDARD[n][i] for n in NAMES]) for i in range(2))
_OF_BEST = ("nearness", "meaning_whole", "wording", "words_in_article", "chars_in_article")
_AHEAD = ("meaning_whole", "words_in_article", "chars_in_article")
_CONFIDENCE = {
    "odds": (0.0, 1.5, 0.47),
    "lead": (1.0, 1.5, 0.48),
    "agreement": (0.6, 0.3, 0.08),
    "nearness": (0.5, 0.15, 0.26),
    "meaning_whole": (0.5, 0.15, 0.02),
    "wording": (0.5, 0.15, 0.19),
    "words_in_article": (0.5, 0.2, 0.01),
    "chars_in_article": (0.5, 0.2, 0.11),
    "ahead_in_meaning_whole": (0.0, 0.15, 0.36),
    "ahead_in_words_in_article": (0.0, 0.15, -0.11),
    "ahead_in_chars_in_article": (0.0, 0.15, 0.12),
    "length": (2.5, 0.5, 0.52),
    "bias": (0.0, 1.0, -0.26),
}
"""Centre, scale and weight; of the best candidate: log-odds of its share, its lead, the share of features in which no
other is ahead of it, five of its features and how far it is ahead of all others in three; then the logarithm of the
question's length, and 1. Fitted with the weights."""
CONFIDENCE_NAMES = tuple(_CONFIDENCE)
_CONFIDENCE_CENTRES, _CONFIDENCE_SCALES, _CONFIDENCE_PRIOR = (
    np.array([_CONFIDENCE[n][i] for n in CONFIDENCE_NAMES]) for i in range(3)
)


_MOST_LEAD = 6.0
_GRADED = np.array([i for i, name in enumerate(NAMES) if name != "exact"])
PRIOR_SHARE = 2.0
"""How strongly the prior holds, in units of the learnt questions: chosen on the labelled questions."""


@dataclass(frozen=True)
class Example:
    """Features of one query's candidates [n, len(NAMES)] and which is right; −1 when none is.

    ``known``: some article answers it, be it among the candidates or not.
    """

    features: Floats
    right: int
    length: int
    article_id: str = ""
    known: bool = True


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


def train_reranker(
    examples: Sequence[Example], start: Reranker | None = None, prior_share: float = PRIOR_SHARE
) -> Reranker:
    """Fit ranking, then confidence, drawn towards ``start`` as strongly as ``prior_share`` of the examples would."""
    start = start or Reranker()
    known = [e for e in examples if e.right >= 0 and len(e.features) > 1]
    weights = _fit_ranking(known, np.asarray(start.weights), prior_share) if known else np.asarray(start.weights)
    ranked = Reranker(tuple(weights.tolist()), start.confidence_weights)
    shapes, right = _confidence_set(examples, ranked)
    if not len(right):
        return ranked
    fitted = _fit_logistic(shapes, right, np.asarray(start.confidence_weights), prior_share * len(right))
    return Reranker(ranked.weights, tuple(fitted.tolist()))


def _standard(features: Floats) -> Doubles:
    standard: Doubles = features / _SCALES
    return standard


def _shape(features: Floats, scores: Doubles, length: int) -> Doubles:
    best = int(np.argmax(scores))
    others = np.exp(np.minimum(np.delete(scores, best) - scores[best], 0))
    odds = -np.log(others.sum() + 1e-3)
    lead = min(-float(np.log(others.max(initial=1e-3))), _MOST_LEAD)
    ahead = features[best] - np.delete(features, best, axis=0).max(axis=0, initial=0)
    agreement = float((ahead[_GRADED] >= 0).mean())
    mine = (features[best, NAMES.index(n)] for n in _OF_BEST)
    leads = (ahead[NAMES.index(n)] for n in _AHEAD)
    raw = np.array([odds, lead, agreement, *mine, *leads, np.log1p(length), 1.0])
    shape: Doubles = (raw - _CONFIDENCE_CENTRES) / _CONFIDENCE_SCALES
    return shape


def _confidence_set(examples: Sequence[Example], ranked: Reranker) -> tuple[Doubles, Doubles]:
    rows, right = [], []
    for example in examples:
        if len(example.features):
            scores = ranked.scores(example.features)
            rows.append(_shape(example.features, scores, example.length))
            right.append(float(int(np.argmax(scores)) == example.right))
    return np.array(rows), np.array(right)


def _fit_ranking(examples: Sequence[Example], prior: Doubles, share: float) -> Doubles:
    """Conditional logit (McFadden 1974) with a Gaussian prior; more agreement never counts against a candidate."""
    blocks = [_standard(e.features) for e in examples]
    starts = np.cumsum([0, *(len(b) for b in blocks)])[:-1]
    rows = np.concatenate(blocks)
    right = starts + np.array([e.right for e in examples])
    used = np.ones(len(prior), bool)
    while True:
        weights = np.zeros(len(prior))
        weights[used] = _fit_choices(rows[:, used], starts, right, prior[used], share * len(examples))
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
