"""Dense vectors kept small: 8 bits a number, searched through clusters once there are many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

EXACT_UP_TO = 4_000
"""Below this many texts every vector is compared."""
_SAMPLE_PER_CLUSTER = 40
_ROUNDS = 8


def to_bytes(vectors: Floats) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric 8-bit rows and their scales: row ≈ bytes * scale."""
    scale = np.abs(vectors).max(axis=1, initial=1e-9) / 127
    return np.rint(vectors / scale[:, None]).astype(np.int8), scale.astype(np.float32)


@dataclass(frozen=True)
class VectorStore:
    """Rows [n, d] in 8 bits; ``centres`` is empty when the search is exact."""

    rows: NDArray[np.int8]
    scales: Floats
    centres: Floats
    list_starts: NDArray[np.int32]
    lists: NDArray[np.int32]

    @classmethod
    def build(cls, rows: NDArray[np.int8], scales: Floats, centres: Floats | None = None) -> "VectorStore":
        """Index 8-bit rows; known centres are kept while they fit the size, else learnt anew."""
        if len(rows) <= EXACT_UP_TO:
            return cls(rows, scales, np.zeros((0, rows.shape[1]), np.float32), np.zeros(1, np.int32), _none())
        wanted = int(2 * np.sqrt(len(rows)))
        if centres is None or not wanted / 2 <= len(centres) <= wanted * 2:
            centres = _learn_centres(rows, scales, wanted)
        nearest = _assign(rows, scales, centres)
        order = np.argsort(nearest, kind="stable").astype(np.int32)
        starts = np.searchsorted(nearest[order], np.arange(len(centres) + 1)).astype(np.int32)
        return cls(rows, scales, centres, starts, order)

    def __len__(self) -> int:
        return len(self.rows)

    def floats(self, rows: Rows) -> Floats:
        """The given rows as floats [k, d]."""
        return self.rows[rows].astype(np.float32) * self.scales[rows, None]

    def nearest(self, query: Floats, limit: int, probes: int) -> Rows:
        """Rows with the largest dot product with ``query`` [d], best first; approximate when clustered."""
        rows = self._near(query, probes)
        if not len(rows):
            return rows
        scores = (self.rows[rows].astype(np.float32) @ query) * self.scales[rows]
        best = np.argpartition(-scores, min(limit, len(rows)) - 1)[:limit]
        return rows[best[np.argsort(-scores[best])]]

    def _near(self, query: Floats, probes: int) -> Rows:
        if not len(self.centres):
            return np.arange(len(self.rows))
        chosen = np.argpartition(-(self.centres @ query), min(probes, len(self.centres) - 1))[:probes]
        parts = [self.lists[self.list_starts[c] : self.list_starts[c + 1]] for c in chosen]
        return np.concatenate(parts).astype(np.intp)


def _none() -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


def _blocks(total: int, size: int = 8_192) -> list[slice]:
    return [slice(i, min(i + size, total)) for i in range(0, total, size)]


def _assign(rows: NDArray[np.int8], scales: Floats, centres: Floats) -> NDArray[np.int32]:
    half = (centres * centres).sum(axis=1) / 2
    found = np.empty(len(rows), np.int32)
    for part in _blocks(len(rows)):
        block = rows[part].astype(np.float32) * scales[part, None]
        found[part] = np.argmax(block @ centres.T - half, axis=1)
    return found


def _learn_centres(rows: NDArray[np.int8], scales: Floats, wanted: int) -> Floats:
    """Lloyd's k-means on a seeded sample."""
    rng = np.random.default_rng(37)
    sample = np.sort(rng.choice(len(rows), min(len(rows), wanted * _SAMPLE_PER_CLUSTER), replace=False))
    part, part_scales = rows[sample], scales[sample]
    start = rng.choice(len(sample), wanted, replace=False)
    centres = part[start].astype(np.float32) * part_scales[start, None]
    for _ in range(_ROUNDS):
        owner = _assign(part, part_scales, centres)
        order = np.argsort(owner, kind="stable")
        used, first = np.unique(owner[order], return_index=True)
        sums = np.add.reduceat(part[order].astype(np.float32) * part_scales[order, None], first, axis=0)
        centres[used] = sums / np.diff(np.append(first, len(order)))[:, None]
    return centres
