"""Which flow a customer's words ask for, learnt from what each flow's file says that customers say. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from warmline.language.ports import Vectors
from warmline.language.service import ErrandClassifier, Saying, normalise

BEGINS, OFFERS, SURE = 0.5, 0.25, 0.8
"""So sure, a flow begins; it is offered; it begins though an article answers for sure as well."""
FEWEST = 8
"""Sayings of a flow below which nothing can be learnt of it."""
_WEIGHTS = (-0.003, 0.399, 0.216, 1.066, 2.751, 1.008)
"""Of: the bias, the margin, the lead, the wish, the weaker of margin and wish, the flow's share of the articles found.

`benchmarks/fit_starts.py` learns them.
"""


@dataclass(frozen=True, slots=True)
class Sayings:
    """What there is to learn from: by flow what begins it, and questions on its matter; what begins none."""

    begins: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: Sequence[str] = ()
    """What is said of the same matters, and wishes for nothing."""
    elsewhere: Sequence[str] = ()
    """Questions on other matters."""

    def each(self) -> Iterator[Saying]:
        """Yield them with what they teach; a flow with too few is left out."""
        known = {flow for flow, texts in self.begins.items() if len(texts) >= FEWEST}
        yield from (Saying(text, flow, True) for flow in sorted(known) for text in self.begins[flow])
        yield from (Saying(text, flow, None) for flow in sorted(known) for text in self.asks.get(flow, ()))
        yield from (Saying(text, None, False) for text in self.others)
        yield from (Saying(text, "", False) for text in self.elsewhere)


@dataclass(frozen=True, slots=True)
class Wished:
    """The flow that words most likely ask for, and how likely (0..1)."""

    flow_id: str = ""
    sure: float = 0.0
    words: str = ""
    """The part of the message that asks for it, where it asks for two."""


class FlowStarts:
    """Guesses the flow."""

    def __init__(self, errands: ErrandClassifier) -> None:
        self.errands = errands

    @classmethod
    def learn(cls, sayings: Sayings, embed: Callable[[Sequence[str]], Vectors]) -> FlowStarts | None:
        """Learn in seconds; None where there is too little. `embed`: normalised texts as questions, vectors [n, d]."""
        taught = list(sayings.each())
        if not any(one.matter for one in taught) or len(sayings.elsewhere) < FEWEST:
            return None
        texts = list(dict.fromkeys(normalise(one.text) for one in taught))
        known = dict(zip(texts, embed(texts), strict=True))
        return cls(ErrandClassifier.learn(taught, np.stack([known[normalise(one.text)] for one in taught])))

    def guess(self, text: str, vector: Vectors, shares: Mapping[str, float]) -> Wished:
        """Return the flow that a text most likely asks for; about 1 ms.

        `vector` [d]: the normalised text as a question; `shares`: how much of what was found leads to each flow.
        """
        flow_id, signs = self.signs(text, vector, shares)
        bias, *weights = _WEIGHTS
        odds = bias + sum(weight * sign for weight, sign in zip(weights, signs, strict=True))
        return Wished(flow_id, 1 / (1 + math.exp(-odds)))

    def signs(self, text: str, vector: Vectors, shares: Mapping[str, float]) -> tuple[str, tuple[float, ...]]:
        """Return the likeliest flow, and what tells how likely it is."""
        found = self.errands.read(text, vector)
        weaker = min(found.margin, found.wish)
        return found.matter, (found.margin, found.lead, found.wish, weaker, shares.get(found.matter, 0.0))
