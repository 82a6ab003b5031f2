"""What the rules miss: an act learnt from examples, by the short runs of characters that they share with a text."""

import math
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warmline.language.entities.fold import fold, load_words

_NONE = "none"
_SURE = 0.5
_SHORTEST, _LONGEST, _LONGEST_ENGLISH = 5, 28, 70
"""Characters of a text that is guessed at: shorter ones are for the rules, longer ones say more than an act."""


class _Model(NamedTuple):
    rows: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    acts: tuple[str, ...]


def guess_act(text: str) -> str | None:
    """The act that a short text most likely does; `None` where it does none or none surely. The first call learns."""
    folded = fold(text).text.strip()
    if not _SHORTEST <= len(folded) <= (_LONGEST_ENGLISH if folded.isascii() else _LONGEST):
        return None
    model = _model()
    scores = _weigh(folded, model) @ model.weights + model.bias
    chances = np.exp(scores - scores.max())
    best = int(chances.argmax())
    sure = chances[best] / chances.sum() >= _SURE
    return model.acts[best] if sure and model.acts[best] != _NONE else None


def learn_acts() -> None:
    """Learn now what `guess_act` needs, which takes a moment: when a node starts, not in a customer's turn."""
    _model()


def list_remarks() -> list[str]:
    """Return examples of what is done with words alone, such as going back or not knowing; they ask for nothing."""
    return [text for act, texts in load_words("act_examples").items() if act != _NONE for text in texts]


def _runs(folded: str) -> Counter[str]:
    """Runs of one to three characters, the ends of words marked."""
    counted: Counter[str] = Counter()
    for word in folded.split():
        edged = f" {word} "
        for size in (1, 2, 3):
            counted.update(edged[i : i + size] for i in range(len(edged) - size + 1))
    del counted[" "]
    return counted


def _weigh(folded: str, model: _Model) -> NDArray[np.float32]:
    """Weights of the known runs (sublinear tf-idf, length 1), in the order of the rows."""
    known = [(model.rows[run], 1 + math.log(n)) for run, n in _runs(folded).items() if run in model.rows]
    vector = np.zeros(len(model.rows), np.float32)
    for row, weight in known:
        vector[row] = weight * model.idf[row]
    return vector / (float(np.linalg.norm(vector)) or 1.0)


@lru_cache(maxsize=1)
def _model() -> _Model:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    examples = [(fold(t).text.strip(), act) for act, texts in load_words("act_examples").items() for t in texts]
    counts = [_runs(text) for text, _ in examples]
    seen = Counter(run for counted in counts for run in counted)
    rows = {run: i for i, run in enumerate(sorted(run for run, n in seen.items() if n > 1))}
    idf = np.array([math.log((1 + len(counts)) / (1 + seen[run])) + 1 for run in rows], np.float32)
    blank = _Model(rows, idf, np.zeros((0, 0), np.float32), np.zeros(0, np.float32), ())
    learner = LogisticRegression(C=20, class_weight="balanced", max_iter=200)
    learner.fit(csr_matrix(np.stack([_weigh(text, blank) for text, _ in examples])), [act for _, act in examples])
    weights, bias = learner.coef_.T.astype(np.float32), learner.intercept_.astype(np.float32)
    return blank._replace(weights=weights, bias=bias, acts=tuple(str(act) for act in learner.classes_))
