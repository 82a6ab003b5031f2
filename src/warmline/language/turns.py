"""Turns of a dialogue as classifiers look at them: who spoke, and tokens that may be words or bare numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from warmline.language.normalise import normalise
from warmline.language.tokens import char_ngrams, words

Doubles = NDArray[np.float64]
CUSTOMER, AGENT = "customer", "agent"


@dataclass(frozen=True)
class Turn:
    """One turn; `text` is normalised and empty where only tokens are known."""

    author: str
    tokens: tuple[str, ...]
    text: str = ""
    kinds: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", frozenset(self.tokens))


Dialogue = Sequence[Turn]


def turn_of(author: str, text: str) -> Turn:
    """A turn from what was written: its words and pairs of characters."""
    folded = normalise(text)
    return Turn(author, tuple(dict.fromkeys([*words(folded), *char_ngrams(folded)])), folded)


def overlap(a: Turn, b: Turn) -> float:
    """Share of the tokens of both that both have (Jaccard), 0..1."""
    both = len(a.kinds & b.kinds)
    either = len(a.kinds) + len(b.kinds) - both
    return both / either if either else 0.0


def deal(count: int, groups: Sequence[object] | None = None, folds: int = 5, seed: int = 37) -> NDArray[np.intp]:
    """The fold [count] each row is held out in; rows of one group are held out together."""
    named = list(range(count)) if groups is None else list(groups)
    places = {name: i for i, name in enumerate(dict.fromkeys(named))}
    order = np.random.default_rng(seed).permutation(len(places)) % folds
    return np.array([order[places[name]] for name in named], np.intp)
