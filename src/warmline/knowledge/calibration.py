"""When to answer: the confidence above which wrong answers stay under a promised rate.

The risk is the selective risk of Geifman & El-Yaniv (2017, arXiv:1705.08500), estimated on questions that the ranking
has not learnt from. The threshold keeps it within the promise in expectation; the Clopper-Pearson bound beside it
says how far the truth may lie above.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from warmline.knowledge.outcome import Outcome
from warmline.knowledge.search import ArticleIndex, Candidate

ESTIMATED = "estimated from similar questions"
FROM_LOGS = "logs"
UNCALIBRATED = "not calibrated"

NEVER = math.nextafter(1.0, 2.0)
"""A threshold no confidence reaches."""
RATES = (0.01, 0.02, 0.05, 0.1)
"""What tolerating other rates would give is told for these."""
_LEAST_OUTCOMES = 30
_PRIOR_ANSWERS = 20
_CURVE_POINTS = 40
_READINGS = 3
_WORTH_A_CHOICE = 0.6
"""Below this it is said that the answer is not known, and what comes nearest is named: at half, half of what no article
answers was put to customers as a choice, at three fifths a third (benchmarks/data, 51 such questions)."""
_SHARE_OF_BEST = 0.08


class ReleaseKind(StrEnum):
    """What may be said."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Release:
    """One article to answer with, two or three readings to choose from, or nothing."""

    kind: ReleaseKind
    article_ids: tuple[str, ...]
    confidence: float
    reason: str


@dataclass(frozen=True)
class CurvePoint:
    """Answering above ``threshold``: share answered, share of answers wrong, and its upper bound."""

    threshold: float
    coverage: float
    error: float
    error_upper: float


@dataclass(frozen=True)
class ReleasePolicy:
    """Thresholds on confidence; ``source`` says what they rest on.

    ``error_upper``: 95 % upper bound on the share of wrong answers among the questions that set them.
    """

    answer_at: float
    clarify_at: float
    target_error: float
    source: str = UNCALIBRATED
    error_upper: float = 1.0

    def release(self, candidates: Sequence[Candidate]) -> Release:
        """Decide from candidates, best first."""
        if not candidates:
            return Release(ReleaseKind.NOTHING, (), 0.0, "no_candidate")
        best = candidates[0].score
        if best >= self.answer_at:
            return Release(ReleaseKind.ANSWER, (candidates[0].article_id,), best, "above_answer_threshold")
        if best < self.clarify_at:
            return Release(ReleaseKind.NOTHING, (), best, "below_clarify_threshold")
        readings = [c for c in candidates[:_READINGS] if c.score >= _SHARE_OF_BEST * best]
        return Release(ReleaseKind.CLARIFY, tuple(c.article_id for c in readings), best, "between_thresholds")


@dataclass(frozen=True)
class Choice:
    """Where on the curve a tolerated rate leads; ``point`` None: nothing would be answered."""

    target_error: float
    point: CurvePoint | None


@dataclass(frozen=True)
class Calibration:
    """A policy, the curve it was read from, on how many questions, and what other tolerated rates would give.

    ``choices`` hold the policy's own rate and ``RATES``, lowest first; none without a curve.
    """

    policy: ReleasePolicy
    curve: tuple[CurvePoint, ...]
    n: int
    choices: tuple[Choice, ...] = ()


DEFAULT_POLICY = ReleasePolicy(answer_at=0.9, clarify_at=0.25, target_error=0.02)


def calibrate(outcomes: Sequence[Outcome], target_error: float = 0.02, *, source: str = ESTIMATED) -> Calibration:
    """The lowest threshold whose expected selective error is ≤ ``target_error``; too few outcomes set none.

    The error is the mean of a Beta posterior: before the first outcome it is worth ``_PRIOR_ANSWERS`` answers that
    were wrong as often as their own confidence says, so that a few lucky answers promise nothing.
    """
    ranked = sorted(outcomes, key=lambda o: -o.confidence)
    if len(ranked) < _LEAST_OUTCOMES:
        return Calibration(replace(DEFAULT_POLICY, target_error=target_error), (), len(ranked))
    wrong = _cumulated_wrong(ranked)
    doubt = accumulate(1 - o.confidence for o in ranked)
    expected = [
        (w + _PRIOR_ANSWERS * d / n) / (n + _PRIOR_ANSWERS)
        for n, (w, d) in enumerate(zip(wrong, doubt, strict=True), 1)
    ]
    rates = sorted({*RATES, target_error})
    counts = {rate: max((n for n, e in enumerate(expected, 1) if e <= rate), default=0) for rate in rates}
    choices = tuple(Choice(rate, _point(ranked, wrong, count) if count else None) for rate, count in counts.items())
    answered = counts[target_error]
    answer_at = ranked[answered - 1].confidence if answered else NEVER
    clarify_at = min(_clarify_threshold(ranked), answer_at)
    policy = ReleasePolicy(
        answer_at, clarify_at, target_error, source, upper_bound(_wrong_of(wrong, answered), answered)
    )
    return Calibration(policy, _curve(ranked, wrong), len(ranked), choices)


def upper_bound(wrong: int, answered: int, delta: float = 0.05) -> float:
    """Clopper-Pearson: the error rate above which so few errors would have probability ≤ ``delta``."""
    if answered == 0 or wrong >= answered:
        return 1.0
    low, high = wrong / answered, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if binomial_cdf(wrong, answered, middle) > delta:
            low = middle
        else:
            high = middle
    return high


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X ≤ k) of a binomial, summed in logarithms."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(k >= n)
    log_p, log_q = math.log(p), math.log1p(-p)
    logs = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q
        for i in range(k + 1)
    ]
    peak = max(logs)
    return min(1.0, math.exp(peak) * sum(math.exp(x - peak) for x in logs))


def _cumulated_wrong(ranked: Sequence[Outcome]) -> list[int]:
    total, found = 0, []
    for outcome in ranked:
        total += not outcome.correct
        found.append(total)
    return found


def _wrong_of(wrong: Sequence[int], answered: int) -> int:
    return wrong[answered - 1] if answered else 0


def _clarify_threshold(ranked: Sequence[Outcome]) -> float:
    """Where three readings stop containing the right one in at least ``_WORTH_A_CHOICE`` of the cases."""
    window = max(20, len(ranked) // 20)
    for end in range(len(ranked), window, -max(1, window // 4)):
        part = ranked[end - window : end]
        if sum(o.offered for o in part) >= _WORTH_A_CHOICE * len(part):
            return ranked[end - 1].confidence
    return ranked[0].confidence


def _curve(ranked: Sequence[Outcome], wrong: Sequence[int]) -> tuple[CurvePoint, ...]:
    n = len(ranked)
    counts = sorted({max(1, round(n * (i + 1) / _CURVE_POINTS)) for i in range(_CURVE_POINTS)})
    return tuple(_point(ranked, wrong, c) for c in counts)


def _point(ranked: Sequence[Outcome], wrong: Sequence[int], answered: int) -> CurvePoint:
    missed = wrong[answered - 1]
    bound = upper_bound(missed, answered)
    return CurvePoint(ranked[answered - 1].confidence, answered / len(ranked), missed / answered, bound)


def measure_outcomes(index: ArticleIndex, asked: Sequence[tuple[str, str | None]]) -> list[Outcome]:
    """Outcomes on logged questions with the article a person found right (None: no article answers)."""
    return [_measured(index.search(text, limit=_READINGS), right) for text, right in asked]


def _measured(found: Sequence[Candidate], right: str | None) -> Outcome:
    ids = [c.article_id for c in found]
    return Outcome(found[0].score if found else 0.0, bool(ids) and ids[0] == right, right in ids)


__all__ = [
    "DEFAULT_POLICY",
    "ESTIMATED",
    "FROM_LOGS",
    "Calibration",
    "Choice",
    "CurvePoint",
    "Outcome",
    "Release",
    "ReleaseKind",
    "ReleasePolicy",
    "binomial_cdf",
    "calibrate",
    "measure_outcomes",
    "upper_bound",
]
