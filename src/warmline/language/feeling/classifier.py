"""Feelings learnt from labelled sentences: what they mean (a vector) and what the lexicon says of them, together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.language.feeling.lexicon import read_words
from warmline.language.feeling.risks import find_risks
from warmline.language.normalise import normalise
from warmline.language.ports import Vectors, unit

Doubles = NDArray[np.float64]

_LEXICON_WEIGHT = 0.5
"""Against a unit vector; chosen by cross-validation on the authored sentences, between .2 and 1."""
_C = 3.0


class Spelling:
    """A second opinion by runs of one to three characters; what a large file of sentences teaches beside meaning."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self._weigher = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        self._model = LogisticRegression(max_iter=500, class_weight="balanced")
        self._model.fit(self._weigher.fit_transform([normalise(t) for t in texts]), list(labels))

    def shares(self, texts: Sequence[str]) -> Doubles:
        """How likely each label is [n, labels], labels in alphabetical order."""
        found: Doubles = self._model.predict_proba(self._weigher.transform([normalise(t) for t in texts]))
        return found


class EmotionClassifier:
    """Logistic regression, labels weighted to count alike; also without vectors, by the lexicon alone."""

    def __init__(self, names: Sequence[str], mean: Vectors, weights: Doubles, bias: Doubles) -> None:
        self.names = tuple(names)
        self._mean, self._weights, self._bias = mean, weights, bias

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], vectors: Vectors | None = None) -> "EmotionClassifier":
        """Learn from at least two labels; `vectors` [n, d] are of the normalised texts, as queries."""
        from sklearn.linear_model import LogisticRegression

        mean = np.zeros(0, np.float32) if vectors is None else vectors.mean(axis=0)
        model = LogisticRegression(C=_C, max_iter=500, class_weight="balanced")
        model.fit(_features(texts, vectors, mean), list(labels))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(tuple(str(name) for name in model.classes_), mean, weights, bias)

    def shares(self, texts: Sequence[str], vectors: Vectors | None = None) -> Doubles:
        """How likely each label is [n, labels], in the order of `names`; vectors as learnt with."""
        scores = _features(texts, vectors, self._mean) @ self._weights.T + self._bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Doubles = raised / raised.sum(axis=1, keepdims=True)
        return found

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What `read` needs, by name."""
        parts = {"names": np.array(self.names), "mean": self._mean, "weights": self._weights, "bias": self._bias}
        return {f"{prefix}_{name}": _slim(part) for name, part in parts.items()}

    @classmethod
    def read(cls, path: Path, prefix: str) -> "EmotionClassifier":
        """Read what `arrays` gave, from an .npz file."""
        with np.load(path) as stored:
            names, mean, weights, bias = (stored[f"{prefix}_{part}"] for part in ("names", "mean", "weights", "bias"))
            return cls(tuple(names.tolist()), mean, weights.astype(float), bias.astype(float))


def _features(texts: Sequence[str], vectors: Vectors | None, mean: Vectors) -> Doubles:
    told = np.array([(*read_words(t).features, float(find_risks(t).complaint)) for t in texts]) * _LEXICON_WEIGHT
    if vectors is None:
        return told
    return np.hstack([unit(vectors - mean), told])


def _slim(part: Any) -> Any:
    return part.astype(np.float32) if part.dtype == np.float64 else part
