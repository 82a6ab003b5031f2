"""The promise: above the threshold, answers are wrong at most as often as was agreed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.test_search import ARTICLES
from warmline.knowledge.calibration import (
    DEFAULT_POLICY,
    Outcome,
    ReleaseKind,
    ReleasePolicy,
    binomial_cdf,
    calibrate,
    measure_outcomes,
    upper_bound,
)
from warmline.knowledge.search import ArticleIndex, Candidate


def _world(n: int, rng: np.random.Generator) -> list[Outcome]:
    """Confidence c is right with probability 0.7 + 0.3·c^(1/4): near certain only at the top."""
    confidence = rng.random(n)
    return [Outcome(float(c), bool(rng.random() < 0.7 + 0.3 * c**0.25)) for c in confidence]


def test_clopper_pearson_agrees_with_known_values() -> None:
    assert upper_bound(0, 149, 0.05) == pytest.approx(0.0199, abs=2e-4)
    assert upper_bound(2, 100, 0.05) == pytest.approx(0.0616, abs=2e-4)
    assert upper_bound(0, 0) == 1.0
    assert binomial_cdf(1, 3, 0.5) == pytest.approx(0.5)


def test_the_promise_holds_on_average_and_the_bound_nearly_always() -> None:
    rng = np.random.default_rng(5)
    errors, above = [], 0
    for _ in range(60):
        policy = calibrate(_world(800, rng), 0.05).policy
        later = [o for o in _world(20_000, rng) if o.confidence >= policy.answer_at]
        errors.append(sum(not o.correct for o in later) / len(later))
        above += errors[-1] > policy.error_upper
    assert 0.02 < np.mean(errors) <= 0.055
    assert above <= 0.1 * 60


def test_curve_has_coverage_error_and_bound() -> None:
    curve = calibrate(_world(500, np.random.default_rng(1))).curve
    assert curve[-1].coverage == 1.0
    assert all(p.error <= p.error_upper for p in curve)
    assert [p.threshold for p in curve] == sorted((p.threshold for p in curve), reverse=True)


def test_other_rates_show_what_they_would_give() -> None:
    found = calibrate(_world(2_000, np.random.default_rng(3)), 0.03)
    assert [one.target_error for one in found.choices] == [0.01, 0.02, 0.03, 0.05, 0.1]
    coverage = [one.point.coverage if one.point else 0.0 for one in found.choices]
    assert coverage == sorted(coverage)
    assert coverage[-1] > coverage[0]
    chosen = found.choices[2].point
    assert chosen is not None
    assert (chosen.threshold, chosen.error_upper) == (found.policy.answer_at, found.policy.error_upper)
    none = calibrate([Outcome(0.0, False, offered=False)] * 200)
    assert {one.point for one in none.choices} == {None}
    assert calibrate([]).choices == ()


def test_all_right_answers_everything_and_all_wrong_nothing() -> None:
    assert calibrate([Outcome(i / 4000, True) for i in range(4000)]).policy.answer_at == 0.0
    none = calibrate([Outcome(i / 400, False, offered=False) for i in range(400)]).policy
    assert none.answer_at > 1.0
    assert none.error_upper == 1.0


@pytest.mark.parametrize("outcomes", [[], [Outcome(0.99, True)] * 20])
def test_too_little_measured_is_the_cautious_default(outcomes: list[Outcome]) -> None:
    assert calibrate(outcomes, 0.05).policy == replace(DEFAULT_POLICY, target_error=0.05)


def test_an_index_that_knew_nothing_never_lets_anything_be_answered() -> None:
    assert calibrate([Outcome(0.0, False, offered=False)] * 200).policy.answer_at > 1.0


@pytest.mark.parametrize(
    ("scores", "kind", "ids"),
    [
        ([0.95, 0.02], ReleaseKind.ANSWER, ("a",)),
        ([0.6, 0.3, 0.08, 0.07], ReleaseKind.CLARIFY, ("a", "b", "c")),
        ([0.6, 0.01], ReleaseKind.CLARIFY, ("a",)),
        ([0.1, 0.1], ReleaseKind.NOTHING, ()),
        ([], ReleaseKind.NOTHING, ()),
    ],
)
def test_release(scores: list[float], kind: ReleaseKind, ids: tuple[str, ...]) -> None:
    policy = ReleasePolicy(answer_at=0.9, clarify_at=0.3, target_error=0.02)
    release = policy.release([Candidate("abcd"[i], s) for i, s in enumerate(scores)])
    assert (release.kind, release.article_ids) == (kind, ids)


def test_outcomes_from_similar_questions_and_from_logs() -> None:
    index = ArticleIndex.build(ARTICLES, FakeTextEmbedder())
    held_out = index.held_out_outcomes()
    similar = sum(len(a.similar) for a in ARTICLES)
    assert similar < len(held_out) < 1.5 * similar
    logged = measure_outcomes(index, [("银行卡丢了怎么办", "lost"), ("天气好吗", None)])
    assert [o.correct for o in logged] == [True, False]
