"""The shape of the bank's own questions: where they lie, and which directions tell its articles apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.segment import Flags, Segment, TextKind

Floats = NDArray[np.float32]

_SAMPLE = 4_000
_FIRM_AFTER = 10
"""Texts after which half of their mean is believed to be what all questions share."""
_SHRINKAGE = 3.0
"""Isotropic part of the within-article covariance, in units of its mean variance."""


@dataclass(frozen=True)
class Space:
    """``centre`` of questions [d] and of passages [d]; ``metric`` [d, d] of Fisher's linear discriminant (1936)."""

    centre: Floats
    passage_centre: Floats
    metric: Floats

    @classmethod
    def plain(cls, dimensions: int) -> "Space":
        """The space of an empty knowledge base: vectors as they are."""
        zero = np.zeros(dimensions, np.float32)
        return cls(zero, zero, np.eye(dimensions, dtype=np.float32))

    @cached_property
    def floor(self) -> float:
        """Cosine to expect between two unrelated questions of this bank."""
        return min(float(self.centre @ self.centre), 0.95)

    def asked(self, query: Floats) -> Floats:
        """The direction of a question [d], or of many [n, d], from the centre of all questions."""
        return unit(query - self.centre)

    def telling(self, query: Floats) -> Floats:
        """The direction [d], or [n, d], along which articles that it may mean differ, rather than their wordings."""
        return unit(self.asked(query) @ self.metric.T)


def learn_space(segments: Sequence[Segment], alive: Sequence[Flags], hidden: Sequence[Flags] | None = None) -> Space:
    """The space of what is served, from a seeded sample of the articles; ``hidden`` rows are not looked at."""
    dimensions = segments[0].vectors.dimensions
    rng = np.random.default_rng(37)
    asked, owners, told = [], [], []
    first = 0
    for number, segment in enumerate(segments):
        articles = np.flatnonzero(alive[number])
        articles = np.sort(rng.permutation(articles)[:_SAMPLE])
        chosen = np.zeros(len(segment), bool)
        chosen[articles] = True
        seen = np.repeat(chosen, np.diff(segment.starts))
        if hidden is not None:
            seen &= ~hidden[number]
        passage = np.asarray(segment.kinds) == TextKind.ANSWER
        questions = np.flatnonzero(seen & ~passage)
        asked.append(segment.vectors.floats(questions))
        owners.append(segment.owners[questions] + first)
        told.append(segment.vectors.floats(np.flatnonzero(seen & passage)))
        first += len(segment)
    questions_seen = np.concatenate(asked)
    if not len(questions_seen):
        return Space.plain(dimensions)
    centre = _shared(questions_seen)
    return Space(centre, _shared(np.concatenate(told)), _metric(unit(questions_seen - centre), np.concatenate(owners)))


def save_space(space: Space, folder: Path) -> None:
    """Write it into a folder that exists."""
    np.savez(folder / "space.npz", centre=space.centre, passage_centre=space.passage_centre, metric=space.metric)


def open_space(folder: Path) -> Space:
    """Read a saved space; raises ``OSError``, ``ValueError`` or ``KeyError`` where there is none."""
    with np.load(folder / "space.npz") as saved:
        return Space(saved["centre"], saved["passage_centre"], saved["metric"])


def unit(vectors: Floats) -> Floats:
    """Rows, or one vector, scaled to length 1; zeros stay."""
    scaled: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)
    return scaled.astype(np.float32, copy=False)


def _shared(vectors: Floats) -> Floats:
    """Their mean, shrunk to nothing where they are few."""
    total: Floats = vectors.sum(axis=0) / (len(vectors) + _FIRM_AFTER)
    return total.astype(np.float32)


def _metric(directions: Floats, owners: NDArray[np.int32]) -> Floats:
    """Inverse of the covariance of questions around their articles' means, shrunk (Ledoit & Wolf's form, 2004)."""
    _, own = np.unique(owners, return_inverse=True)
    counts = np.bincount(own)
    sums = np.zeros((len(counts), directions.shape[1]), np.float32)
    np.add.at(sums, own, directions)
    around = directions - (sums / counts[:, None])[own]
    freedom = len(own) - len(counts)
    if freedom < 1:
        return np.eye(directions.shape[1], dtype=np.float32)
    covariance = around.T.astype(np.float64) @ around / freedom
    mean = float(np.trace(covariance)) / len(covariance)
    if mean < 1e-9:
        return np.eye(directions.shape[1], dtype=np.float32)
    inverse = np.linalg.inv(covariance / mean + _SHRINKAGE * np.eye(len(covariance)))
    found: Floats = inverse.astype(np.float32)
    return found
