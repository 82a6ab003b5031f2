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

from warmline.language.normalise import normalise
from warmline.language.ports import Vectors, unit

BUCKETS = 1 << 14
"""Runs of characters are folded into so many weights by their CRC-32."""
LONGEST = 60
"""Characters of a reply; longer messages say more than one thing."""
_RUNS = (1, 2, 3)


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
    runs: NDArray[np.float32]
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
        if not said or len(said) > LONGEST or (len(said) > 2 and len(set(said)) == 1):
            return MappingProxyType({})
        weights = self._by_words if vector is None or self._by_meaning is None else self._by_meaning
        scores = runs_of(said) @ weights.runs + weights.bias
        if weights is self._by_meaning and vector is not None:
            scores = scores + unit(vector - weights.mean) @ weights.meaning
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        return MappingProxyType(dict(zip(weights.names, shares.tolist(), strict=True)))


def list_replies(*kinds: Reply) -> list[str]:
    """Return the examples of these kinds."""
    source = files("warmline.language").joinpath("data/replies/replies.yaml").read_text(encoding="utf-8")
    texts: dict[str, list[str]] = yaml.safe_load(source)
    return [text for kind in kinds for text in texts[kind]]


def runs_of(said: str) -> NDArray[np.float32]:
    """Return the runs of characters of a normalised text, words edged with spaces, as a unit vector [`BUCKETS`]."""
    seen = {
        zlib.crc32(edged[i : i + size].encode()) % BUCKETS
        for word in said.split() if (edged := f" {word} ")
        for size in _RUNS for i in range(len(edged) - size + 1)
    }  # fmt: skip
    vector = np.zeros(BUCKETS, np.float32)
    vector[list(seen)] = 1.0
    return unit(vector)


@lru_cache(maxsize=2)
def _load(kind: str) -> _Weights:
    stored = np.load(BytesIO(files("warmline.language").joinpath("data/replies/weights.npz").read_bytes()))
    runs = stored[f"{kind}_runs"].astype(np.float32) * np.float32(stored["step"])
    meaning, mean = (
        (stored["meaning"].astype(np.float32), stored["mean"]) if kind == "meaning" else (runs[:0], runs[0, :0])
    )
    names = tuple(Reply(name) for name in stored["names"].tolist())
    return _Weights(names, runs, stored[f"{kind}_bias"], meaning, mean, str(stored["model"]))
