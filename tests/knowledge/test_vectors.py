"""Vectors lie cluster after cluster on disk; whoever asks by row does not notice."""

from pathlib import Path

import numpy as np
import pytest

from warmline.knowledge import vectors
from warmline.knowledge.segment import (
    PreparedArticle,
    Segment,
    TextKind,
    build_segment,
    merge_segments,
    open_segment,
    save_segment,
)
from warmline.knowledge.space import unit
from warmline.knowledge.vectors import VectorStore, to_bytes

D = 16


def _segment(first: int, articles: int, rng: np.random.Generator) -> Segment:
    prepared = []
    for number in range(first, first + articles):
        rows, scales = to_bytes(unit(rng.standard_normal((2, D)).astype(np.float32)))
        kinds, tokens = (TextKind.QUESTION, TextKind.SIMILAR), (np.array([4 * number], np.uint32),) * 2
        prepared.append(PreparedArticle(f"a{number}", ("q", "s"), kinds, tokens, rows, scales))
    return build_segment(prepared, D)


def test_rows_keep_their_vectors_through_clusters_merges_and_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    rng = np.random.default_rng(5)
    first, second = _segment(0, 300, rng), _segment(300, 40, rng)
    assert len(first.vectors.centres)
    assert not len(second.vectors.centres)
    alive = np.arange(300) % 3 > 0
    save_segment(merge_segments([(first, alive), (second, np.ones(40, bool))]), tmp_path / "s")
    merged = open_segment(tmp_path / "s")
    kept = np.concatenate(
        [first.vectors.floats(np.flatnonzero(np.repeat(alive, 2))), second.vectors.floats(np.arange(80))]
    )
    np.testing.assert_array_equal(merged.vectors.floats(np.arange(len(kept))), kept)
    for row in range(0, len(kept), 7):
        assert merged.vectors.nearest(kept[row], 1, 5).tolist() == [row]


def test_an_empty_store_finds_nothing() -> None:
    store = VectorStore.build(*to_bytes(np.zeros((0, D), np.float32)))
    assert store.nearest(np.ones(D, np.float32), 5, 3).tolist() == []
