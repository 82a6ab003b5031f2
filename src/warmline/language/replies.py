"""What a short reply does in a conversation: agrees, refuses, closes, gives a value, corrects. Learnt from examples.

`scripts/train_replies.py` learns the weights from `data/replies/replies.yaml`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

import numpy as np
import yaml
from numpy.typing import NDArray

from warmline.language.errands import bags_of
from warmline.language.normalise import normalise
from warmline.language.ports import Vectors, unit

BUCKETS = 1 << 14
"""Terms of one kind are folded into so many weights by their CRC-32."""
MEANING = 0.7
"""Weight of the vector beside the terms: of .7, 1 and 1.4 the best on replies by another author."""
LONGEST = 180
"""Bytes of a reply in UTF-8, 60 Chinese characters; longer messages say more than one thing."""
KINDS = 3
"""Letters, words and pairs of them, pairs of sounds."""


class Reply(StrEnum):
    """`MORE` wants the same done for another one, `PERSON` a human; `OTHER` is no reply but a matter of its own."""

    YES = "yes"
    NO = "no"
    THINKS = "thinks"
    CLOSING = "closing"
    VALUE = "value"
    CORRECT = "correct"
    QUESTION = "question"
    CANNOT = "cannot"
    MORE = "more"
    PERSON = "person"
    OTHER = "other"


Shares = Mapping[Reply, float]
"""How likely each is; they add up to 1."""


@dataclass(frozen=True, slots=True)
class _Weights:
    names: tuple[Reply, ...]
    terms: NDArray[np.float32]
    bias: NDArray[np.float32]
    meaning: NDArray[np.float32]
    mean: Vectors
    model: str


class ReplyReader:
    """Reads replies; keeps nothing of what it reads.

    `model`: name of the embedder whose vectors will be passed; with another than the one learnt with, or no vector,
    the characters alone are weighed.
    """

    def __init__(self, model: str = "") -> None:
        self._by_words = _load("words")
        by_meaning = _load("meaning")
        self._by_meaning = by_meaning if by_meaning.model == model else None

    def read(self, text: str, vector: Vectors | None = None) -> Shares:
        """Return the shares, nothing for a text too long to be a reply, or one character over and over; below 1 ms.

        `vector` [d]: the normalised text as a query.
        """
        said = normalise(text)
        if not said or not is_short(said) or (len(said) > 2 and len(set(said)) == 1):
            return MappingProxyType({})
        weights = self._by_words if vector is None or self._by_meaning is None else self._by_meaning
        columns, values = terms_of(said)
        scores = values @ weights.terms[columns] + weights.bias
        if weights is self._by_meaning and vector is not None:
            scores = scores + MEANING * unit(vector - weights.mean) @ weights.meaning
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        return MappingProxyType(dict(zip(weights.names, shares.tolist(), strict=True)))


def is_short(text: str) -> bool:
    """Tell whether a text is short enough to be a reply."""
    return len(text.encode()) <= LONGEST


def list_replies(*kinds: Reply) -> list[str]:
    """Return the examples of these kinds."""
    source = files("warmline.language").joinpath("data/replies/replies.yaml").read_text(encoding="utf-8")
    texts: dict[str, list[str]] = yaml.safe_load(source)
    return [text for kind in kinds for text in texts[kind]]


def terms_of(said: str) -> tuple[list[int], NDArray[np.float32]]:
    """Return the columns of a normalised text's terms, of `KINDS` times `BUCKETS`, and their weights, 1 a kind."""
    columns: list[int] = []
    weights: list[float] = []
    for kind, bag in enumerate(bags_of(said)):
        found = sorted({kind * BUCKETS + zlib.crc32(term.encode()) % BUCKETS for term in bag})
        columns += found
        weights += [len(found) ** -0.5 for _ in found]
    return columns, np.array(weights, np.float32)


@lru_cache(maxsize=2)
def _load(kind: str) -> _Weights:
    stored = np.load(BytesIO(files("warmline.language").joinpath("data/replies/weights.npz").read_bytes()))
    terms = stored[f"{kind}_terms"].astype(np.float32) * np.float32(stored["step"])
    meaning, mean = (
        (stored["meaning"].astype(np.float32), stored["mean"]) if kind == "meaning" else (terms[:0], terms[0, :0])
    )
    names = tuple(Reply(name) for name in stored["names"].tolist())
    return _Weights(names, terms, stored[f"{kind}_bias"], meaning, mean, str(stored["model"]))
