"""How satisfied a customer is with the last exchange: what they said, and to which answer.

One kernel machine: moments are alike as far as the words are, in meaning and in letters, more so after like answers,
and as far as the lexicon hears the same in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.language.feeling.lexicon import read_words
from warmline.language.ports import TextEmbedder, Vectors, unit
from warmline.language.turns import AGENT, CUSTOMER, Dialogue, Turn

_SAID, _ANSWERED, _HEARD = 0.2, 0.15, 0.3
"""What meaning and letters count each; what they count besides after the same answer; what the lexicon counts."""
_WIDTH, _HEARD_WIDTH = 1.0, 0.25
_RIDGE = 1.5
_CHUNK = 1_024
_MOST = 12_000
"""Moments learnt from, spread evenly over those given: memory grows with their square."""


@dataclass(frozen=True)
class Moment:
    """The end of a dialogue: the customer's last words and the answer before them, which may be none."""

    said: str
    answer: str


def look(dialogue: Dialogue) -> Moment:
    """What of a dialogue tells how its last exchange went; what was said before that tells no more (see benchmarks)."""
    said = next((turn for turn in reversed(dialogue) if turn.author == CUSTOMER), dialogue[-1])
    answer = next((turn for turn in reversed(dialogue) if turn.author == AGENT and turn is not said), None)
    return Moment(_text(said), _text(answer) if answer else "")


def _text(turn: Turn) -> str:
    return turn.text or " ".join(turn.tokens) or "-"


@dataclass(frozen=True)
class _Described:
    """Moments as they are compared, a row each: three kinds of vectors, and weighed runs of characters (sparse)."""

    said: Vectors
    answer: Vectors
    heard: Vectors
    letters: Any

    def alike(self, others: _Described) -> Vectors:
        """How alike each of these is to each of the others [n, m]."""
        found = _near(self.said, others.said, _WIDTH)
        found += (self.letters @ others.letters.T).toarray()
        answered = _near(self.answer, others.answer, _WIDTH)
        answered *= _ANSWERED
        answered += _SAID
        found *= answered
        found += np.float32(_HEARD) * _near(self.heard, others.heard, _HEARD_WIDTH)
        return found


class SatisfactionClassifier:
    """Ridge regression of each label in the space of the kernel; labels count alike however rare."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}

    def fit(self, dialogues: Sequence[Dialogue], labels: Sequence[str]) -> SatisfactionClassifier:
        """Learn from the ends of dialogues, with at least two labels."""
        from scipy.linalg import solve
        from sklearn.feature_extraction.text import TfidfVectorizer

        places = np.unique(np.linspace(0, len(labels) - 1, min(len(labels), _MOST)).astype(int))
        moments = [look(dialogues[i]) for i in places]
        self.names, label, count = np.unique([labels[i] for i in places], return_inverse=True, return_counts=True)
        self._embed(moments)
        self._mean = np.mean([self._vectors[m.said] for m in moments], axis=0)
        self._weigher = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
        self._weigher.fit([m.said for m in moments])
        self._known = self._describe(moments)
        gram = self._known.alike(self._known)
        gram[np.diag_indices(len(moments))] += _RIDGE * (len(count) * count / len(moments))[label]
        wanted = np.eye(len(count), dtype=np.float32)[label] - np.float32(1 / len(count))
        self._pull = solve(gram, wanted, assume_a="pos", overwrite_a=True)
        return self

    def predict(self, dialogues: Sequence[Dialogue]) -> list[str]:
        """The likeliest label of each dialogue's end."""
        found: list[str] = []
        for start in range(0, len(dialogues), _CHUNK):
            moments = [look(d) for d in dialogues[start : start + _CHUNK]]
            self._embed(moments)
            scores = self._describe(moments).alike(self._known) @ self._pull
            found += self.names[scores.argmax(axis=1)].tolist()
        return found

    def _describe(self, moments: Sequence[Moment]) -> _Described:
        said = unit(np.array([self._vectors[m.said] - self._mean for m in moments]))
        none = np.zeros_like(self._mean)
        answer = unit(np.array([self._vectors[m.answer] - self._mean if m.answer else none for m in moments]))
        heard = np.array([read_words(m.said).features for m in moments], np.float32)
        return _Described(said, answer, heard, self._weigher.transform([m.said for m in moments]))

    def _embed(self, moments: Sequence[Moment]) -> None:
        wanted = dict.fromkeys(text for m in moments for text in (m.said, m.answer) if text)
        todo = [text for text in wanted if text not in self._vectors]
        for start in range(0, len(todo), _CHUNK):
            part = todo[start : start + _CHUNK]
            self._vectors |= dict(zip(part, self._embedder.embed_queries(part), strict=True))


def _near(a: Vectors, b: Vectors, width: float) -> Vectors:
    """1 where two rows are the same, falling with their squared distance [n, m]."""
    found: Vectors = a @ b.T
    found *= 2
    found -= (a * a).sum(axis=1)[:, None]
    found -= (b * b).sum(axis=1)
    found *= width
    np.exp(found, out=found)
    return found
