"""What language needs from outside."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    """Return vectors, [d] or [n, d], at length 1; a zero stays one."""
    found: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found


class TextEmbedder(Protocol):
    """Texts to unit vectors. Calls block (CPU or network): run them in a thread from async code."""

    @property
    def name(self) -> str:
        """Model name and version; vectors of different names never mix."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Float32 unit vectors [n, dimensions] of what customers ask."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Float32 unit vectors [n, dimensions] of what the bank wrote."""


class VectorCache(Protocol):
    """Vectors kept by a hash of model name, role and text."""

    def get_many(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are known, each [dimensions] float32."""

    def put_many(self, vectors: dict[str, Vectors]) -> None:
        """Keep vectors; a known key may be overwritten with the same value."""
