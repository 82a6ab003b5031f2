"""How satisfied a customer is with the last exchange: what they said, to which answer, and after what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.language.feeling.lexicon import read_words
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.turns import AGENT, CUSTOMER, Dialogue, Doubles, Turn, overlap

_EARLIER = 3
_WEIGHTS = (1.0, 0.7, 0.7)
"""Of the last words, the answer before them and what the customer said before; chosen by cross-validation."""
_LEXICON, _NUMBERS = 0.5, 0.2
_CHUNK = 1_024


@dataclass(frozen=True)
class Moment:
    """The end of a dialogue: the customer's last words, the answer they follow, up to three earlier words, figures."""

    said: str
    answer: str
    earlier: tuple[str, ...]
    figures: tuple[float, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that a vector is needed of."""
        return (self.said, *([self.answer] if self.answer else []), *self.earlier)


def look(dialogue: Dialogue) -> Moment:
    """What of a dialogue tells how its last exchange went."""
    said = [turn for turn in dialogue if turn.author == CUSTOMER]
    answers = [turn for turn in dialogue if turn.author == AGENT]
    last = said[-1] if said else dialogue[-1]
    alike = [overlap(last, one) for one in said[:-1]]
    waiting = next((i for i, turn in enumerate(reversed(dialogue)) if turn.author == AGENT), len(dialogue))
    text = _text(last)
    figures = (
        len(dialogue), len(said), len(answers), waiting, len(text), len(_text(answers[-1])) if answers else 0,
        max(alike, default=0.0), sum(alike[-4:]), overlap(last, answers[-1]) if answers else 0.0,
        overlap(answers[-1], answers[-2]) if len(answers) > 1 else 0.0, "?" in text, "!" in text,
        sum(len(_text(one)) < 5 for one in said[-4:]),
    )  # fmt: skip
    earlier = tuple(_text(one) for one in reversed(said[-1 - _EARLIER : -1]))
    return Moment(text, _text(answers[-1]) if answers else "", earlier, tuple(float(f) for f in figures))


def _text(turn: Turn) -> str:
    return turn.text or " ".join(turn.tokens) or "-"


class SatisfactionClassifier:
    """Two opinions, averaged: regression on words, meaning and figures; a support vector machine on the last words."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def fit(self, dialogues: Sequence[Dialogue], labels: Sequence[str]) -> SatisfactionClassifier:
        """Learn from the ends of dialogues; labels count alike however rare."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC

        moments = [look(d) for d in dialogues]
        self._embed(moments)
        self._mean = np.mean([self._known[m.said] for m in moments], axis=0)
        figures = np.array([m.figures for m in moments])
        self._typical, self._spread = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-6)
        letters = {"analyzer": "char", "ngram_range": (1, 3), "min_df": min(2, len(moments)), "sublinear_tf": True}
        self._weighers = [TfidfVectorizer(**letters).fit(texts) for texts in _sides(moments)]
        wide, narrow = self._features(moments)
        self._broad = LogisticRegression(C=0.3, max_iter=400, class_weight="balanced").fit(wide, list(labels))
        self._close: Any = SVC(C=1.0, gamma=1.0, class_weight="balanced").fit(narrow, list(labels))
        return self

    def predict(self, dialogues: Sequence[Dialogue]) -> list[str]:
        """The likeliest label of each dialogue's end."""
        moments = [look(d) for d in dialogues]
        self._embed(moments)
        wide, narrow = self._features(moments)
        scores = self._close.decision_function(narrow)
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores])
        raised = np.exp(2 * (scores - scores.max(axis=1, keepdims=True)))
        shares = self._broad.predict_proba(wide) + raised / raised.sum(axis=1, keepdims=True)
        return [str(self._broad.classes_[i]) for i in shares.argmax(axis=1)]

    def _features(self, moments: Sequence[Moment]) -> tuple[Any, Doubles]:
        from scipy.sparse import csr_matrix, hstack

        said = np.array([self._unit([m.said]) for m in moments])
        answer = np.array([self._unit([m.answer] if m.answer else []) for m in moments])
        earlier = np.array([self._unit(m.earlier) for m in moments])
        words = np.array([[*read_words(m.said).features, *read_words(m.answer or "-").features] for m in moments])
        figures = (np.array([m.figures for m in moments]) - self._typical) / self._spread
        meaning = [weight * part for weight, part in zip(_WEIGHTS, (said, answer, earlier), strict=True)]
        dense = csr_matrix(np.hstack([*meaning, _LEXICON * words, _NUMBERS * figures]))
        letters = [
            weight * weigher.transform(texts)
            for weight, weigher, texts in zip(_WEIGHTS, self._weighers, _sides(moments), strict=True)
        ]
        return hstack([dense, *letters]).tocsr(), said

    def _unit(self, texts: Sequence[str]) -> Doubles:
        if not texts:
            return np.zeros(self._embedder.dimensions)
        centred = np.array([self._known[t] for t in texts]) - self._mean
        found: Doubles = (centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)).mean(axis=0)
        return found

    def _embed(self, moments: Sequence[Moment]) -> None:
        todo = [t for t in dict.fromkeys(t for m in moments for t in m.texts) if t not in self._known]
        for start in range(0, len(todo), _CHUNK):
            part = todo[start : start + _CHUNK]
            self._known |= dict(zip(part, self._embedder.embed_queries(part), strict=True))


def _sides(moments: Sequence[Moment]) -> tuple[list[str], list[str], list[str]]:
    """The texts of each side, each begun with a sign so that none is empty."""
    return (
        ["|" + m.said for m in moments],
        ["|" + m.answer for m in moments],
        ["|" + "|".join(m.earlier) for m in moments],
    )
