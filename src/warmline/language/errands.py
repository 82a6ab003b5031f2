"""What a text asks to be done: which matter it is about, and whether anything is wished at all. Learnt from sayings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.language.markers import Marker, find_markers
from warmline.language.normalise import normalise
from warmline.language.ports import Vectors
from warmline.language.tokens import sounds, words

_HAPPENED = frozenset({Marker.CARD_LOST, Marker.CARD_STOLEN, Marker.CARD_KEPT, Marker.MONEY_KEPT})
"""What happened stands beside the words as one more."""
_DENSE = 1.5
"""Weight of the vector beside words and letters, by cross-validation (`benchmarks/fit_starts.py`)."""


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
    """Two linear support vector machines on one view: the centred vector, words and their pairs, letters, sounds."""

    def __init__(self, sayings: Sequence[Saying], vectors: Vectors) -> None:
        """Learn; about a second for a thousand texts. `vectors` [n, d]: the normalised texts as questions."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        texts = [normalise(one.text) for one in sayings]
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2, dtype=np.float32
        )
        self._words = TfidfVectorizer(analyzer=_pairs, sublinear_tf=True, min_df=2, dtype=np.float32)
        self._sounds = TfidfVectorizer(analyzer=sounds, sublinear_tf=True, min_df=2, dtype=np.float32)
        self._letters.fit(texts)
        self._words.fit(texts)
        self._sounds.fit(texts)
        self._mean = vectors.mean(axis=0)
        x = self._view(texts, vectors)
        told = [n for n, one in enumerate(sayings) if one.matter is not None]
        self._matter = LinearSVC(random_state=37).fit(x[told], [sayings[n].matter for n in told])
        told = [n for n, one in enumerate(sayings) if one.wish is not None]
        self._wish = LinearSVC(C=0.5, class_weight="balanced", random_state=37)
        self._wish.fit(x[told], [sayings[n].wish for n in told])

    def read(self, text: str, vector: Vectors) -> Errand:
        """Read a text; about 1 ms. `vector` [d]: the normalised text as a question."""
        x = self._view([normalise(text)], vector[None, :])
        scores: NDArray[np.float64] = np.atleast_1d(self._matter.decision_function(x)[0])
        names = list(self._matter.classes_)
        if len(names) == 2:
            scores = np.array([-scores[0], scores[0]])
        order = sorted((n for n, name in enumerate(names) if name), key=lambda n: -scores[n])
        rivals = [scores[n] for n in range(len(names)) if n != order[0]]
        best = float(scores[order[0]])
        return Errand(str(names[order[0]]), best, best - float(max(rivals)), float(self._wish.decision_function(x)[0]))

    def _view(self, texts: Sequence[str], vectors: Vectors) -> Any:
        from scipy.sparse import csr_matrix, hstack

        centred = vectors - self._mean
        unit = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        spelled = [one.transform(texts) for one in (self._letters, self._words, self._sounds)]
        return hstack([csr_matrix(unit * np.float32(_DENSE)), *spelled]).tocsr()


def _pairs(text: str) -> list[str]:
    cut = [*words(text), *sorted(f"#{kind}" for kind in find_markers(text).kinds & _HAPPENED)]
    return [*cut, *(f"{one} {two}" for one, two in pairwise(cut))]
