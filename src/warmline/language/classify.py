"""Which of the bank's topics a text is about, or none: several simple views of it vote, and each can be explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.language.ports import TextEmbedder, Vectors, unit

Doubles = NDArray[np.float64]
Labels = NDArray[np.intp]

_NEIGHBOURS = 20
_NEIGHBOUR_SHARPNESS = 20.0
_SVM_SHARPNESS = 4.0
_DENSE_C = 20.0
_FLOOR = 1e-4
_FAMILIAR = 5


@dataclass(frozen=True)
class Prediction:
    """For each text [n]: the best label, how surely it is right (0..1), and signs [n, 4] of being in scope at all.

    Being right and being in scope are told apart best by different measures; ``Scope`` makes one of the signs.
    """

    labels: NDArray[np.str_]
    confidence: Doubles
    signs: Doubles


@dataclass(frozen=True)
class Views:
    """What the members look at: unit dense vectors by embedder, and weighted words and letters."""

    dense: tuple[Vectors, ...]
    sparse: Any

    @property
    def joined(self) -> Vectors:
        """Dense views side by side, unit length."""
        return np.hstack(self.dense) / np.float32(np.sqrt(len(self.dense)))


class IntentClassifier:
    """Mean vote of: logistic regression on vectors, SVM on words, SVM on both, nearest examples.

    Each alone is 1 point or more below their mean (see the quality notes in docs). Training on 10,000 texts takes
    about a minute beside the embedding; a text takes about 2 ms beside its embedding.
    """

    def __init__(self, embedders: Sequence[TextEmbedder]) -> None:
        self._embedders = tuple(embedders)

    def embed(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """One matrix [n, d] for each embedder; pass it on to save embedding twice."""
        return tuple(e.embed_queries(texts) for e in self._embedders)

    def fit(
        self, texts: Sequence[str], labels: Sequence[str | None], vectors: Sequence[Vectors] | None = None
    ) -> "IntentClassifier":
        """Learn; texts labelled None are examples of what is out of scope."""
        self._names, y = _number(labels)
        self._words = _Words(texts)
        vectors = vectors or self.embed(texts)
        self._means = tuple(v.mean(axis=0) for v in vectors)
        views = self._views(texts, vectors)
        self._y = y
        self._examples = views.joined
        self._known = vectors[-1][y < len(self._names)]
        self._on_vectors = _logistic(views.joined, y)
        self._on_words = _svm(views.sparse, y)
        self._on_both = _svm(_both(views), y)
        return self

    def predict(self, texts: Sequence[str], vectors: Sequence[Vectors] | None = None) -> Prediction:
        """The best in-scope label by mean vote."""
        vectors = vectors or self.embed(texts)
        views = self._views(texts, vectors)
        size = len(self._names)
        logits = _two_sided(self._on_vectors.decision_function(views.joined))
        members = [
            _shares(logits),
            _shares(_SVM_SHARPNESS * _two_sided(self._on_words.decision_function(views.sparse))),
            _shares(_SVM_SHARPNESS * _two_sided(self._on_both.decision_function(_both(views)))),
            self._neighbours(views.joined),
        ]
        best = np.mean(members, axis=0)[:, :size].argmax(axis=1)
        agreement = _agreement(members, size)
        signs = (
            agreement,
            _energy(logits[:, :size]),
            self._familiarity(vectors[-1]),
            _not_foreign(members, size),
        )
        return Prediction(self._names[best], np.exp(agreement), np.column_stack(signs))

    def _familiarity(self, vectors: Vectors) -> Doubles:
        """Mean cosine to the nearest examples in scope; not centred, which tells the foreign from the known best."""
        count = min(_FAMILIAR, len(self._known))
        near = [
            np.partition(vectors[i : i + 512] @ self._known.T, -count, axis=1)[:, -count:].mean(axis=1)
            for i in range(0, len(vectors), 512)
        ]
        return np.concatenate(near).astype(float)

    def _views(self, texts: Sequence[str], vectors: Sequence[Vectors]) -> Views:
        dense = tuple(unit(v - m) for v, m in zip(vectors, self._means, strict=True))
        return Views(dense, self._words(texts))

    def _neighbours(self, joined: Vectors) -> Doubles:
        votes = np.full((len(joined), int(self._y.max()) + 1), _FLOOR)
        count = min(_NEIGHBOURS, len(self._examples))
        for start in range(0, len(joined), 512):
            near = joined[start : start + 512] @ self._examples.T
            top = np.argpartition(-near, count - 1, axis=1)[:, :count]
            weight = np.exp(_NEIGHBOUR_SHARPNESS * (np.take_along_axis(near, top, axis=1) - 1))
            rows = np.repeat(np.arange(start, start + len(near)), count)
            np.add.at(votes, (rows, self._y[top].ravel()), weight.ravel())
        shares: Doubles = votes / votes.sum(axis=1, keepdims=True)
        return shares


class _Words:
    """TF-IDF of words and pairs, and of letters 2–5, each unit length."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._parts = (
            TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b"),
            TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5), min_df=min(2, len(texts))),
        )
        for part in self._parts:
            part.fit(texts)

    def __call__(self, texts: Sequence[str]) -> Any:
        from scipy.sparse import hstack

        return hstack([part.transform(texts) for part in self._parts]).tocsr()


def _both(views: Views) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(views.dense[-1]), views.sparse * 0.5]).tocsr()


def _logistic(x: Vectors, y: Labels) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_DENSE_C, max_iter=200).fit(x, y)


def _svm(x: Any, y: Labels) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1.0, random_state=37).fit(x, y)


def _number(labels: Sequence[str | None]) -> tuple[NDArray[np.str_], Labels]:
    names = np.array(sorted({label for label in labels if label is not None}))
    place = {name: i for i, name in enumerate(names.tolist())}
    return names, np.array([len(names) if label is None else place[label] for label in labels], np.intp)


def _two_sided(scores: Doubles) -> Doubles:
    """One column a label, also where there are only two."""
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def _agreement(members: Sequence[Doubles], size: int) -> Doubles:
    """Log of the best label's geometric mean share: highest where all members say the same."""
    found: Doubles = np.mean([np.log(m[:, :size] + 1e-6) for m in members], axis=0).max(axis=1)
    return found


def _energy(logits: Doubles) -> Doubles:
    """Log of summed exponentials (Liu et al. 2020, arXiv:2010.03759): high where some label fits well at all."""
    peak = logits.max(axis=1)
    found: Doubles = peak + np.log(np.exp(logits - peak[:, None]).sum(axis=1))
    return found


def _not_foreign(members: Sequence[Doubles], size: int) -> Doubles:
    """How little the members take a text for out of scope; 0 where they have seen no examples of that."""
    if members[0].shape[1] == size:
        return np.zeros(len(members[0]))
    found: Doubles = -np.mean([np.log(m[:, size] + _FLOOR) for m in members], axis=0)
    return found


def _shares(scores: Doubles) -> Doubles:
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Doubles = p / p.sum(axis=1, keepdims=True)
    return shares
