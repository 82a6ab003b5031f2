"""At which turns of a dialogue a person should take over, judged from what was said until then.

Four bags of tokens are weighed by logistic regression; what they said of this and earlier turns, and how the dialogue
goes (lengths, repetition, who spoke last), is weighed by boosted trees and another regression, whose mean decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.language.turns import AGENT, CUSTOMER, Dialogue, Doubles, Turn, deal, overlap

Labels = Sequence[Sequence[int]]
Criterion = Callable[[Sequence[Sequence[int]], Labels], float]

_NEAR, _CONTEXT = 1, 3
_AGAIN = 0.8
_FEW = 500
_LEVELS = 60
_TREES = {"max_iter": 250, "learning_rate": 0.05, "max_leaf_nodes": 7, "min_samples_leaf": 30,
          "l2_regularization": 1.0, "max_features": 0.5}  # fmt: skip
_BOOSTERS = 3


@dataclass(frozen=True)
class _Bag:
    """Documents of each turn: itself (reach 0), or the turns before it up to `reach` back."""

    reach: int
    longest: int = 1
    least: int = 2
    weight: float = 1.0

    def documents(self, dialogue: Dialogue) -> Iterator[str]:
        for i, turn in enumerate(dialogue):
            before = dialogue[max(0, i - self.reach) : i + 1 if self.reach > _CONTEXT else i]
            told = before if self.reach else [turn]
            yield " ".join([".", *(f"{t.author[0]}{w}" for t in told for w in t.tokens)])


_EVER = 10**6
_VIEWS: tuple[tuple[float, tuple[_Bag, ...]], ...] = (
    (3.0, (_Bag(0, longest=2),)),
    (3.0, (_Bag(0, longest=2), _Bag(_CONTEXT, weight=0.6))),
    (1.0, (_Bag(0), _Bag(_NEAR))),
    (1.0, (_Bag(0, weight=0.7), _Bag(_EVER, least=3))),
)
"""Regularisation and bags of each view: the turn; with what led to it; with the turn before; with all that was said."""


class HandoffNeed:
    """Learns from dialogues with marked turns; `predict` marks turns, `shares` says how likely each is."""

    def fit(self, dialogues: Sequence[Dialogue], marks: Labels, criterion: Criterion) -> HandoffNeed:
        """Learn; the threshold is that of the highest `criterion(predicted, marks)` on held-out dialogues."""
        y = np.concatenate([np.asarray(m) for m in marks])
        fold = _dealt(marks)
        rows = np.repeat(fold, [len(d) for d in dialogues])
        told = np.zeros((len(y), len(_VIEWS)))
        for k in np.unique(fold):
            kept = [d for d, f in zip(dialogues, fold, strict=True) if f != k]
            held = [d for d, f in zip(dialogues, fold, strict=True) if f == k]
            told[rows == k] = _weigh(_learn_views(kept, y[rows != k]), held)
        x = _course(dialogues, told)
        found = np.zeros(len(y))
        for k in np.unique(fold):
            found[rows == k] = _decide(_learn_course(x[rows != k], y[rows != k]), x[rows == k])
        self._views = _learn_views(dialogues, y)
        self._course = _learn_course(x, y)
        self.threshold = best_threshold(_split(found, dialogues), marks, criterion)
        return self

    def shares(self, dialogues: Sequence[Dialogue]) -> list[Doubles]:
        """For each dialogue [turns]: how likely a person should take over there; each from the turns until then."""
        x = _course(dialogues, _weigh(self._views, dialogues))
        return _split(_decide(self._course, x), dialogues)

    def predict(self, shares: Sequence[Doubles]) -> list[list[int]]:
        """Mark the turns that are likely enough."""
        return mark(shares, self.threshold)


def _dealt(marks: Labels) -> Any:
    """Folds of dialogues, those with a mark and those without dealt out evenly."""
    fold = np.zeros(len(marks), int)
    for marked in (True, False):
        places = np.flatnonzero([any(one) is marked for one in marks])
        fold[places] = deal(len(places))
    return fold


def _learn_views(dialogues: Sequence[Dialogue], y: Doubles) -> list[tuple[Any, Any]]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    learnt = []
    for strength, bags in _VIEWS:
        weighers = [
            TfidfVectorizer(
                token_pattern=r"\S+",
                ngram_range=(1, b.longest),
                min_df=b.least if len(y) > _FEW else 1,
                sublinear_tf=True,
            )
            for b in bags
        ]
        for bag, weigher in zip(bags, weighers, strict=True):
            weigher.fit(_documents(bag, dialogues))
        model = LogisticRegression(C=strength, max_iter=200, class_weight="balanced")
        learnt.append((weighers, model.fit(_sparse(bags, weighers, dialogues), y)))
    return learnt


def _weigh(views: list[tuple[Any, Any]], dialogues: Sequence[Dialogue]) -> Doubles:
    columns = [
        model.predict_proba(_sparse(bags, weighers, dialogues))[:, 1]
        for (_, bags), (weighers, model) in zip(_VIEWS, views, strict=True)
    ]
    return np.column_stack(columns)


def _documents(bag: _Bag, dialogues: Sequence[Dialogue]) -> list[str]:
    return [document for dialogue in dialogues for document in bag.documents(dialogue)]


def _sparse(bags: Sequence[_Bag], weighers: Sequence[Any], dialogues: Sequence[Dialogue]) -> Any:
    from scipy.sparse import hstack

    parts = [b.weight * w.transform(_documents(b, dialogues)) for b, w in zip(bags, weighers, strict=True)]
    return hstack(parts).tocsr()


def _course(dialogues: Sequence[Dialogue], told: Doubles) -> Doubles:
    """How each dialogue goes, turn by turn [turns, features]: nothing that comes later is looked at."""
    goes = np.concatenate([_signs(d) for d in dialogues])
    passed = [
        np.hstack([_memory(d, column) for column in p.T])
        for d, p in zip(dialogues, _split(told, dialogues), strict=True)
    ]
    return np.hstack([goes, np.concatenate(passed)])


def _signs(dialogue: Dialogue) -> Doubles:
    rows, said, run = [], {AGENT: list[Turn](), CUSTOMER: list[Turn]()}, 0
    for i, turn in enumerate(dialogue):
        own, other = said[turn.author], said[AGENT if turn.author == CUSTOMER else CUSTOMER]
        same = i > 0 and dialogue[i - 1].author == turn.author
        run = run + 1 if same else 1
        heard = [overlap(other[-1], one) for one in other[:-1]]
        rows.append([
            turn.author == AGENT, i, len(turn.tokens), len(turn.kinds), run, same,
            max((overlap(turn, one) for one in own), default=0.0),
            overlap(turn, own[-1]) if own else 0.0,
            max((overlap(turn, one) for one in other), default=0.0),
            overlap(turn, other[-1]) if other else 0.0,
            len(own), len(other), _mean_length(own), _mean_length(other), _mean_length(other[-1:]),
            _mean_length(dialogue[max(0, i - 1) : i]),
            max(heard, default=0.0), sum(one > _AGAIN for one in heard),
        ])  # fmt: skip
        own.append(turn)
    return np.array(rows, float)


def _mean_length(turns: Sequence[Turn]) -> float:
    return sum(len(t.tokens) for t in turns) / len(turns) if turns else 0.0


def _memory(dialogue: Dialogue, told: Doubles) -> Doubles:
    """What a view said of this turn and the three before, and has said so far."""
    rows, fading, highest, total, agents = [], 0.0, 0.0, 0.0, [0.0, 0.0]
    for i, p in enumerate(told):
        before = [*told[max(0, i - 3) : i][::-1], 0.0, 0.0, 0.0][:3]
        rows.append([p, *before, fading, highest, total / (i + 1), max(agents[-2:])])
        fading, highest, total = 0.7 * fading + 0.3 * p, max(highest, p), total + p
        if dialogue[i].author == AGENT:
            agents.append(p)
    return np.array(rows, float)


def _learn_course(x: Doubles, y: Doubles) -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    boosters = [HistGradientBoostingClassifier(random_state=k, **_TREES).fit(x, y) for k in range(_BOOSTERS)]
    return [*boosters, make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)).fit(x, y)]


def _decide(course: list[Any], x: Doubles) -> Doubles:
    trees = np.mean([booster.predict_proba(x)[:, 1] for booster in course[:-1]], axis=0)
    found: Doubles = (trees + course[-1].predict_proba(x)[:, 1]) / 2
    return found


def best_threshold(shares: Sequence[Doubles], marks: Labels, criterion: Criterion) -> float:
    """The share from which marking a turn gives the highest `criterion`."""
    levels = np.unique(np.quantile(np.concatenate(shares), np.linspace(0.7, 0.99, _LEVELS)))
    return float(max(levels, key=lambda level: criterion(mark(shares, float(level)), marks)))


def mark(shares: Sequence[Doubles], threshold: float) -> list[list[int]]:
    """Mark the turns of each dialogue that reach the threshold."""
    return [(one >= threshold).astype(int).tolist() for one in shares]


def _split(values: Doubles, dialogues: Sequence[Dialogue]) -> list[Doubles]:
    return np.split(values, np.cumsum([len(d) for d in dialogues])[:-1])
