"""How satisfied a customer is with the last exchange: what they said, and to which answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.language.feeling.classifier import Spelling
from warmline.language.feeling.lexicon import read_words
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.turns import AGENT, CUSTOMER, Dialogue, Doubles, Turn

_ANSWER, _LEXICON = 0.5, 0.5
_WIDTHS = (1.0, 0.8)
_SHARPNESS = 2.0
_CHUNK = 1_024


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


class SatisfactionClassifier:
    """Three opinions of equal weight on the last words: letters; meaning; meaning with the answer's and the lexicon.

    The latter two are support vector machines; labels count alike however rare.
    """

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def fit(self, dialogues: Sequence[Dialogue], labels: Sequence[str]) -> SatisfactionClassifier:
        """Learn from the ends of dialogues, with at least two labels."""
        from sklearn.svm import SVC

        moments = [look(d) for d in dialogues]
        self._embed(moments)
        self._mean = np.mean([self._known[m.said] for m in moments], axis=0)
        self.names = sorted(set(labels))
        self._letters = Spelling([m.said for m in moments], labels)
        self._machines: list[Any] = [
            SVC(C=1.0, gamma=width, class_weight="balanced").fit(features, list(labels))
            for width, features in zip(_WIDTHS, self._features(moments), strict=True)
        ]
        return self

    def predict(self, dialogues: Sequence[Dialogue]) -> list[str]:
        """The likeliest label of each dialogue's end."""
        moments = [look(d) for d in dialogues]
        self._embed(moments)
        shares = self._letters.shares([m.said for m in moments])
        for machine, features in zip(self._machines, self._features(moments), strict=True):
            shares = shares + _shares(machine.decision_function(features))
        return [self.names[i] for i in shares.argmax(axis=1)]

    def _features(self, moments: Sequence[Moment]) -> tuple[Doubles, Doubles]:
        said = np.array([self._unit(m.said) for m in moments])
        answer = np.array([self._unit(m.answer) if m.answer else np.zeros(said.shape[1]) for m in moments])
        words = np.array([read_words(m.said).features for m in moments])
        return said, np.hstack([said, _ANSWER * answer, _LEXICON * words])

    def _unit(self, text: str) -> Doubles:
        centred = self._known[text] - self._mean
        found: Doubles = centred / max(float(np.linalg.norm(centred)), 1e-9)
        return found

    def _embed(self, moments: Sequence[Moment]) -> None:
        wanted = dict.fromkeys(text for m in moments for text in (m.said, m.answer) if text)
        todo = [text for text in wanted if text not in self._known]
        for start in range(0, len(todo), _CHUNK):
            part = todo[start : start + _CHUNK]
            self._known |= dict(zip(part, self._embedder.embed_queries(part), strict=True))


def _shares(scores: Doubles) -> Doubles:
    sided = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
    raised = np.exp(_SHARPNESS * (sided - sided.max(axis=1, keepdims=True)))
    found: Doubles = raised / raised.sum(axis=1, keepdims=True)
    return found
