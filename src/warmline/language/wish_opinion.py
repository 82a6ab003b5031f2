"""A second opinion on whether a text asks for a person, by what it means, where its words leave that unsure."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from warmline.language.normalise import normalise
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.wish import WISHED, wish_folded

UNSURE = -2.0
"""Log odds by words from which, up to `WISHED`, the meaning is asked as well: one ordinary question in forty."""
WEAK = 2.0
"""Log odds up to which a wish is one only just."""
_EVERY_TABLE = "zhuanㄖㄣˊ工, humna"
"""Looks up pinyin, bopomofo and what is English."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A support vector machine with a Gaussian kernel over the vectors of one embedding model."""

    model: str
    known: Vectors
    weights: Vectors
    bias: float
    sharpness: float

    def of(self, vector: Vectors) -> float:
        """How surely a text of this vector asks for a person, on the scale of log odds."""
        apart = ((self.known - vector) ** 2).sum(axis=1)
        return float(self.weights @ np.exp(-self.sharpness * apart)) + self.bias


class WishReader:
    """Hears a wish for a person by words and, with the embedding model it was trained on, by meaning."""

    def __init__(self, embedder: TextEmbedder) -> None:
        """Tables are read here, a fifth of a second, and not in a customer's turn."""
        self._embedder = embedder
        wish_folded(_EVERY_TABLE)
        _opinion()

    def is_unsure(self, text: str) -> bool:
        """Whether `wishes` would ask the meaning, which takes as long as embedding a text."""
        return UNSURE < wish_folded(normalise(text)) <= WISHED and self._embedder.name == _opinion().model

    def is_weak(self, text: str) -> bool:
        """Whether the words are near the border: what surely says something else then goes before a wish."""
        return UNSURE < wish_folded(normalise(text)) <= WEAK

    def wishes(self, text: str, vector: Vectors | None = None) -> bool:
        """Whether the text asks for a person. Blocks: run it in a thread where `is_unsure`.

        `vector` [d]: the normalised text as a question, where it is known already.
        """
        if not self.is_unsure(text):
            return wish_folded(normalise(text)) > WISHED
        return self.means(text, vector)

    def means(self, text: str, vector: Vectors | None = None) -> bool:
        """Whether words and meaning together ask for a person, however sure the words alone are. Blocks likewise."""
        by_words = wish_folded(normalise(text))
        if self._embedder.name != _opinion().model:
            return by_words > WISHED
        if vector is None:
            vector = self._embedder.embed_queries([normalise(text)])[0]
        return by_words + _opinion().of(vector) > WISHED


@lru_cache(maxsize=1)
def _opinion() -> Opinion:
    stored = np.load(BytesIO(files("warmline.language").joinpath("data/wish/opinion.npz").read_bytes()))
    known = stored["known"].astype(np.float32) * np.float32(stored["step"])
    return Opinion(str(stored["model"]), known, stored["weights"], float(stored["bias"]), float(stored["sharpness"]))
