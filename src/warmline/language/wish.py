"""Whether a text asks for a person: a linear model of words, letters and sounds, trained on authored phrasings.

`benchmarks/fit_wish.py` learns the weights from `data/wish/`; what was compared stands in `docs/benchmarks.md`.
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from warmline.language.normalise import normalise
from warmline.language.wish_features import features, stretches

WISHED = 0.0
"""Log odds above which a text asks for a person."""
NO_WISH = -10.0
"""Log odds of a text that names nobody who could come."""
_DOUBT = 0.7
"""By cross-validation: .5 to 1 give the same recall, and a quarter fewer false alarms in long stories than none."""
BUCKETS = 1 << 16
"""Names of features are folded into so many weights by their CRC-32."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight a bucket, and the bias."""

    buckets: tuple[float, ...]
    bias: float


def wish(text: str) -> float:
    """How surely the text asks for a person, as log odds, by its likeliest stretch; looks at 2,000 characters."""
    return wish_folded(normalise(text))


@lru_cache(maxsize=2_048)
def wish_folded(folded: str) -> float:
    """The same of a normalised text."""
    weights, folded = _weights(), unname(folded)
    return likeliest(
        [sum(weights.buckets[i] for i in bucketed(features(one))) for one in stretches(folded)], weights.bias
    )


def unname(folded: str) -> str:
    """Return a normalised text without 人 where it names streets, banks and money: nobody who could come (人民路)."""
    return folded.replace("人民", "民")


def likeliest(scores: Sequence[float], bias: float) -> float:
    """Log odds of a text by those of its stretches: the highest, less the more there are to be mistaken in."""
    return max(scores) - _DOUBT * math.log(len(scores)) + bias if scores else NO_WISH


def bucketed(names: Iterable[str]) -> set[int]:
    """The buckets of features."""
    return {zlib.crc32(name.encode()) % BUCKETS for name in names}


@lru_cache(maxsize=1)
def _weights() -> Weights:
    stored = np.load(BytesIO(files("warmline.language").joinpath("data/wish/weights.npz").read_bytes()))
    buckets = stored["weights"].astype(np.float64) * float(stored["step"])
    return Weights(tuple(buckets.tolist()), float(stored["bias"]))
