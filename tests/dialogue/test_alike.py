"""Questions in other words are one group; strangers are not joined by a chain of neighbours."""

from __future__ import annotations

import numpy as np

from warmline.dialogue.alike import ALIKE, group_alike, stand_for


def turned(*degrees: float) -> np.ndarray:
    """Return unit vectors in a plane at these angles."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_what_lies_together_is_one_group_and_the_rest_is_apart() -> None:
    assert group_alike(turned(0, 120, 10, 240, 125)) == [[0, 2], [1, 4], [3]]


def test_a_chain_does_not_join_its_ends() -> None:
    found = group_alike(turned(*range(0, 180, 20)), 0.5)
    assert len(found) > 1
    assert sorted(row for rows in found for row in rows) == list(range(9))


def test_unrelated_directions_stay_apart_and_none_or_one_is_no_trouble() -> None:
    many = np.eye(40, dtype=np.float32)
    assert len(group_alike(many)) == 40
    assert group_alike(many[:0]) == []
    assert group_alike(many[:1]) == [[0]]
    assert len(group_alike(np.zeros((3, 384), np.float32))) == 3
    assert 0 < ALIKE < 0.5


def test_asked_most_stands_for_the_group_else_the_one_in_its_middle() -> None:
    directions = turned(0, 20, 40)
    assert stand_for([0, 1, 2], [1, 1, 1], directions)[0] == 1
    assert stand_for([0, 1, 2], [1, 1, 2], directions)[0] == 2
    assert stand_for([0, 1], [1, 3], None) == [1, 0]
