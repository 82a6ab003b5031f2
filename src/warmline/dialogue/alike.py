"""Which questions are one question in other words. Pure; `python -m benchmarks.gap_grouping` measures it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from warmline.language.ports import Vectors

ALIKE = 0.175
"""Mean cosine of directions from which two groups are one; chosen on one half of the demo's articles."""


def group_alike(directions: Vectors, at: float = ALIKE) -> list[list[int]]:
    """Return the rows of unit vectors [n, d] in groups; average-link, as a chain of neighbours joins strangers."""
    if len(directions) < 2:
        return [[row] for row in range(len(directions))]
    from sklearn.cluster import AgglomerativeClustering

    apart = 1.0 - np.clip(directions.astype(np.float64) @ directions.T, -1.0, 1.0)
    linked = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - at
    )
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(linked.fit_predict(apart)):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())


def stand_for(rows: Sequence[int], counts: Sequence[int], directions: Vectors | None) -> list[int]:
    """Return a group's rows, the one that stands for it first: asked most often, among those in its middle."""
    if directions is None:
        return sorted(rows, key=lambda row: -counts[row])
    middle = directions[list(rows)].sum(axis=0)
    return sorted(rows, key=lambda row: (-counts[row], -float(directions[row] @ middle)))
