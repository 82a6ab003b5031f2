"""Ids as arrays are the ids that went in, each found at its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warmline.knowledge.ids import Ids

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(texts, unique=True, max_size=40), texts)
def test_each_id_is_found_at_its_place_and_no_other(ids: list[str], other: str) -> None:
    kept = Ids.of(ids)
    assert list(kept) == ids
    assert [kept.find(one) for one in ids] == list(range(len(ids)))
    assert (kept.find(other) is None) is (other not in ids)
