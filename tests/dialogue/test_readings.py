"""What is named as near to a question that no article answers."""

from __future__ import annotations

import pytest

from warmline.dialogue.readings import is_near
from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate


@pytest.mark.parametrize(
    ("meaning", "wording", "near"), [(0.60, 0.10, True), (0.40, 0.45, True), (0.54, 0.39, False), (0.0, 0.0, False)]
)
def test_what_is_about_something_else_is_not_named_as_near(meaning: float, wording: float, near: bool) -> None:
    features = tuple({"meaning": meaning, "wording": wording}.get(name, 1.0) for name in NAMES)
    assert is_near(Candidate("a", 0.2, features=features)) is near
    assert is_near(Candidate("a", 0.2))
    assert is_near(Candidate("a", 0.4, features=features))
