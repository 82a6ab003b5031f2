"""Signs of different sizes weigh the same; so many in-scope texts are given up as was allowed."""

import numpy as np

from warmline.language.service import learn_scope


def test_gives_up_the_allowed_share_and_finds_the_strange() -> None:
    known = np.random.default_rng(1).normal([10.0, 0.5], [2.0, 0.01], size=(2_000, 2))
    scope = learn_scope(known, 0.05)
    assert abs(float((scope.scores(known) < scope.threshold).mean()) - 0.05) < 0.001
    assert (scope.scores(np.array([[2.0, 0.46], [10.0, 0.4]])) < scope.threshold).all()


def test_every_sign_has_the_same_weight() -> None:
    scope = learn_scope(np.array([[0.0, 0.0], [2.0, 200.0]]), 0.0)
    low, high = scope.scores(np.array([[0.0, 200.0], [2.0, 0.0]]))
    assert low == high == 0.0


def test_a_sign_that_never_varied_is_ignored() -> None:
    assert learn_scope(np.array([[1.0, 5.0], [3.0, 5.0]]), 0.0).scores(np.array([[2.0, 9.0]])) == [0.0]


def test_with_no_texts_to_learn_from_everything_is_in_scope() -> None:
    nothing = learn_scope(np.zeros((0, 2)), 0.1)
    assert nothing.scores(np.array([[1.0, 3.0]]))[0] >= nothing.threshold
