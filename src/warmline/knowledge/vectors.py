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
    """Vectors of rows, in 8 bits: ``bytes`` [n, d] and ``scales`` [n].

    Where clustered (``centres`` is not empty) they lie cluster after cluster, so that a search reads few, whole
    stretches of a mapped file: ``lists`` names the row at each place, ``places`` the place of each row.
    """

    bytes: NDArray[np.int8]
    scales: Floats
    centres: Floats
    list_starts: NDArray[np.int32]
    lists: NDArray[np.int32]
    places: NDArray[np.int32]

    @classmethod
    def build(cls, rows: NDArray[np.int8], scales: Floats, centres: Floats | None = None) -> "VectorStore":
        """Index 8-bit rows; known centres are kept while they fit the size, else learnt anew."""
        if len(rows) <= EXACT_UP_TO:
            none = np.zeros(0, np.int32)
            return cls(rows, scales, np.zeros((0, rows.shape[1]), np.float32), np.zeros(1, np.int32), none, none)
        wanted = int(2 * np.sqrt(len(rows)))
        if centres is None or not wanted / 2 <= len(centres) <= wanted * 2:
            centres = _learn_centres(rows, scales, wanted)
        nearest = _assign(rows, scales, centres)
        order = np.argsort(nearest, kind="stable").astype(np.int32)
        starts = np.searchsorted(nearest[order], np.arange(len(centres) + 1)).astype(np.int32)
        places = np.empty_like(order)
        places[order] = np.arange(len(order), dtype=np.int32)
        return cls(rows[order], scales[order], centres, starts, order, places)

    def __len__(self) -> int:
        return len(self.bytes)

    @property
    def dimensions(self) -> int:
        """Numbers a vector."""
        return int(self.bytes.shape[1])

    def stored(self, rows: Rows) -> tuple[NDArray[np.int8], Floats]:
        """The given rows as `build` takes them."""
        at = self.places[rows] if len(self.places) else rows
        return self.bytes[at], self.scales[at]

    def floats(self, rows: Rows) -> Floats:
        """The given rows as floats [k, d]."""
        stored, scales = self.stored(rows)
        return stored.astype(np.float32) * scales[:, None]

    def nearest(self, query: Floats, limit: int, probes: int) -> Rows:
        """Rows with the largest dot product with ``query`` [d], best first; approximate when clustered."""
        parts = self._near(query, probes)
        scores = np.concatenate([(self.bytes[p].astype(np.float32) @ query) * self.scales[p] for p in parts])
        if not len(scores):
            return np.zeros(0, np.intp)
        best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
        best = best[np.argsort(-scores[best])]
        if not len(self.lists):
            return best
        return np.concatenate([self.lists[p] for p in parts])[best].astype(np.intp)

    def _near(self, query: Floats, probes: int) -> list[slice]:
        """The places to compare: all, or those of the nearest clusters."""
        if not len(self.centres):
            return [slice(0, len(self.bytes))]
        chosen = np.argpartition(-(self.centres @ query), min(probes, len(self.centres) - 1))[:probes]
        return [slice(int(self.list_starts[c]), int(self.list_starts[c + 1])) for c in chosen]


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
