"""A choice is put to the customer when the right reading is likely among those shown, else it is said to be unsure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.dialogue.readings import choose_at, decide_release, is_near
from warmline.knowledge.calibration import ReleaseKind, ReleasePolicy
from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate

POLICY = ReleasePolicy(answer_at=0.9, clarify_at=0.3, target_error=0.02)


def candidates(*scores: float) -> list[Candidate]:
    return [Candidate("abcdef"[place], score) for place, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "kind", "ids"),
    [
        ((0.95, 0.02), ReleaseKind.ANSWER, ("a",)),
        ((0.29, 0.29, 0.06), ReleaseKind.CLARIFY, ("a", "b", "c")),
        ((0.45, 0.17, 0.001), ReleaseKind.CLARIFY, ("a", "b")),
        ((0.35, 0.1, 0.09), ReleaseKind.NOTHING, ()),
        ((0.1, 0.1, 0.1), ReleaseKind.NOTHING, ()),
        ((), ReleaseKind.NOTHING, ()),
    ],
)
def test_two_articles_on_one_trouble_are_a_choice_and_three_strangers_are_none(
    scores: tuple[float, ...], kind: ReleaseKind, ids: tuple[str, ...]
) -> None:
    release = decide_release(POLICY, candidates(*scores))
    assert (release.kind, release.article_ids) == (kind, ids)


chances = st.floats(0, 1)


@given(st.lists(chances, max_size=5), chances, chances)
def test_an_answer_is_the_policys_alone_and_its_confidence_stays(scores: list[float], one: float, two: float) -> None:
    clarify_at, answer_at = sorted((one, two))
    policy = ReleasePolicy(answer_at, clarify_at, 0.02)
    ranked = candidates(*sorted(scores, reverse=True))
    plain, mine = policy.release(ranked), decide_release(policy, ranked)
    assert (plain.kind is ReleaseKind.ANSWER) is (mine.kind is ReleaseKind.ANSWER)
    assert mine.confidence == plain.confidence
    assert clarify_at <= choose_at(policy) <= answer_at


@pytest.mark.parametrize(
    ("meaning", "wording", "near"), [(0.60, 0.10, True), (0.40, 0.45, True), (0.54, 0.39, False), (0.0, 0.0, False)]
)
def test_what_is_about_something_else_is_not_named_as_near(meaning: float, wording: float, near: bool) -> None:
    features = tuple({"meaning": meaning, "wording": wording}.get(name, 1.0) for name in NAMES)
    assert is_near(Candidate("a", 0.2, features=features)) is near
    assert is_near(Candidate("a", 0.2))
    assert is_near(Candidate("a", 0.4, features=features))
