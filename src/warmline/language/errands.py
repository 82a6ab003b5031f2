"""What a text asks to be done: which matter it is about, and whether anything is wished at all. Learnt from sayings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.language.markers import Marker, find_kinds
from warmline.language.normalise import normalise
from warmline.language.ports import Vectors, unit
from warmline.language.tokens import sounds, words

Arrays = Mapping[str, NDArray[Any]]
_HAPPENED = frozenset({Marker.CARD_LOST, Marker.CARD_STOLEN, Marker.CARD_KEPT, Marker.MONEY_KEPT})
"""What happened stands beside the words as one more."""
_DENSE = 1.5
"""Weight of the vector beside words and letters, by cross-validation (`benchmarks/fit_starts.py`)."""
_LONGEST_RUN = 4
_KINDS = ("letters", "words", "sounds")


@dataclass(frozen=True, slots=True)
class Saying:
    """A text to learn from. `matter`: what it is about, empty for anything else; `wish`: whether something is wished.

    None where that is not known, which teaches nothing of it.
    """

    text: str
    matter: str | None
    wish: bool | None


@dataclass(frozen=True, slots=True)
class Errand:
    """The likeliest matter; how far it lies from its border and ahead of the next; how far the wish lies from its."""

    matter: str
    margin: float
    lead: float
    wish: float


class ErrandClassifier:
    """Two linear borders in one view: the centred vector, words and pairs of them, letters 1–4, pairs of sounds."""

    def __init__(self, arrays: Arrays) -> None:
        """Take up what `learn` gave; `KeyError`, `ValueError` where its parts are missing or do not fit each other."""
        self.arrays = arrays
        self._mean = arrays["mean"]
        self._terms = [_Terms(arrays[f"{kind}_terms"], arrays[f"{kind}_rarity"]) for kind in _KINDS]
        self._names = [str(name) for name in arrays["matters"]]
        self._weights, self._bias = arrays["weights"], arrays["bias"]
        width = len(self._mean) + sum(len(part.rarity) for part in self._terms)
        if self._weights.shape != (len(self._names) + 1, width) or self._bias.shape != (len(self._names) + 1,):
            raise ValueError("the weights fit neither the matters nor the terms")

    @classmethod
    def learn(cls, sayings: Sequence[Saying], vectors: Vectors) -> ErrandClassifier:
        """Learn; some seconds for ten thousand texts. `vectors` [n, d]: the normalised texts as questions."""
        texts = [normalise(one.text) for one in sayings]
        mean = vectors.mean(axis=0)
        bags = [[bag[kind] for bag in map(bags_of, texts)] for kind in range(len(_KINDS))]
        terms = [_Terms.common(bag) for bag in bags]
        x = _view(unit(vectors - mean) * np.float32(_DENSE), bags, terms)
        told = [n for n, one in enumerate(sayings) if one.matter is not None]
        names, weights, bias = _borders(x[told], [sayings[n].matter for n in told])
        told = [n for n, one in enumerate(sayings) if one.wish is not None]
        _, wish, wish_bias = _borders(x[told], [sayings[n].wish for n in told], C=0.5, class_weight="balanced")
        packed = {f"{kind}_terms": part.packed for kind, part in zip(_KINDS, terms, strict=True)}
        rarity = {f"{kind}_rarity": part.rarity for kind, part in zip(_KINDS, terms, strict=True)}
        borders = {"weights": np.vstack([weights, wish[1:]]), "bias": np.append(bias, wish_bias[1:])}
        return cls({"mean": mean, "matters": np.array(names), **packed, **rarity, **borders})

    def read(self, text: str, vector: Vectors) -> Errand:
        """Read a text; below 1 ms. `vector` [d]: the normalised text as a question."""
        folded = normalise(text)
        start = len(self._mean)
        scores = self._bias + self._weights[:, :start] @ (unit(vector - self._mean) * np.float32(_DENSE))
        for part, counted in zip(self._terms, bags_of(folded), strict=True):
            columns, values = part.weigh(counted)
            scores = scores + self._weights[:, [start + column for column in columns]] @ values
            start += len(part.rarity)
        *matters, wish = scores.tolist()
        order = sorted((n for n, name in enumerate(self._names) if name), key=lambda n: -matters[n])
        best = matters[order[0]]
        rival = max(score for n, score in enumerate(matters) if n != order[0])
        return Errand(self._names[order[0]], best, best - rival, wish)


class _Terms:
    """Terms that occur in two texts or more, each with how rare it is (inverse document frequency)."""

    def __init__(self, packed: NDArray[Any], rarity: Vectors) -> None:
        """`packed`: the terms as UTF-8, a line each."""
        self.packed, self.rarity = packed, rarity
        terms = packed.tobytes().decode().split("\n") if packed.size else []
        self._columns = {term: n for n, term in enumerate(terms)}
        if len(self._columns) != len(rarity):
            raise ValueError("not every term has its rarity")

    @classmethod
    def common(cls, bags: Sequence[Counter[str]]) -> _Terms:
        """Return those of these texts."""
        seen = Counter(term for bag in bags for term in bag)
        terms = sorted(term for term, n in seen.items() if n > 1)
        rarity = [math.log((1 + len(bags)) / (1 + seen[term])) + 1 for term in terms]
        return cls(np.frombuffer("\n".join(terms).encode(), np.uint8), np.array(rarity, np.float32))

    def weigh(self, bag: Counter[str]) -> tuple[list[int], Vectors]:
        """Return the columns of a text's terms, and their weights: sublinear, of length 1."""
        known = [(self._columns[term], n) for term, n in bag.items() if term in self._columns]
        columns = [column for column, _ in known]
        weights = self.rarity[columns] * np.array([1 + math.log(n) for _, n in known], np.float32)
        return columns, unit(weights)


def _view(dense: Vectors, bags: Sequence[Sequence[Counter[str]]], terms: Sequence[_Terms]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    parts = [csr_matrix(dense)]
    for bag, part in zip(bags, terms, strict=True):
        rows = [part.weigh(counted) for counted in bag]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([np.array(columns, np.intp) for columns, _ in rows])
        values = np.concatenate([weights for _, weights in rows])
        parts.append(csr_matrix((values, columns, ends), shape=(len(rows), len(part.rarity))))
    return hstack(parts).tocsr()


def _borders(x: Any, labels: Sequence[Any], **more: Any) -> tuple[list[Any], Vectors, Vectors]:
    """Return the labels, and of each its border: weights and bias of a linear support vector machine."""
    from sklearn.svm import LinearSVC

    learnt = LinearSVC(random_state=37, **more).fit(x, labels)
    weights, bias = learnt.coef_.astype(np.float32), learnt.intercept_.astype(np.float32)
    if len(learnt.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.append(-bias, bias)
    return learnt.classes_.tolist(), weights, bias


def bags_of(text: str) -> tuple[Counter[str], ...]:
    """Count what a normalised text is seen by, in the order of `_KINDS`."""
    return Counter(_runs(text)), Counter(_pairs(text)), Counter(sounds(text))


def _runs(text: str) -> Iterator[str]:
    """Runs of one to four characters within words, their edges marked."""
    for word in text.split():
        edged = f" {word} "
        for size in range(1, min(_LONGEST_RUN, len(edged)) + 1):
            yield from (edged[i : i + size] for i in range(len(edged) - size + 1))


def _pairs(text: str) -> list[str]:
    cut = [*words(text), *sorted(f"#{kind}" for kind in find_kinds(text, _HAPPENED))]
    return [*cut, *(f"{one} {two}" for one, two in pairwise(cut))]
