"""What the rules miss: an act learnt from examples, by the short runs of characters that they share with a text.

`benchmarks/fit_acts.py` learns the weights from `data/act_examples.yaml`.
"""

import math
from collections import Counter
from functools import lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warmline.language.entities.fold import fold, load_words

MODEL_FILE = "data/acts.npz"
_NONE = "none"
_SURE = 0.5
_SHORTEST, _LONGEST, _LONGEST_ENGLISH = 5, 28, 70
"""Characters of a text that is guessed at: shorter ones are for the rules, longer ones say more than an act."""


class ActModel(NamedTuple):
    """Weights of each known run for each act."""

    rows: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    acts: tuple[str, ...]

    def weigh(self, folded: str) -> NDArray[np.float32]:
        """Weights of the known runs (sublinear tf-idf, length 1), in the order of the rows."""
        known = [(self.rows[run], 1 + math.log(n)) for run, n in runs(folded).items() if run in self.rows]
        vector = np.zeros(len(self.rows), np.float32)
        for row, weight in known:
            vector[row] = weight * self.idf[row]
        return vector / (float(np.linalg.norm(vector)) or 1.0)


def guess_act(text: str) -> str | None:
    """The act that a short text most likely does; `None` where it does none or none surely."""
    folded = fold(text).text.strip()
    if not _SHORTEST <= len(folded) <= (_LONGEST_ENGLISH if folded.isascii() else _LONGEST):
        return None
    model = read_acts_model()
    scores = model.weigh(folded) @ model.weights + model.bias
    chances = np.exp(scores - scores.max())
    best = int(chances.argmax())
    sure = chances[best] / chances.sum() >= _SURE
    return model.acts[best] if sure and model.acts[best] != _NONE else None


def list_remarks() -> list[str]:
    """Return examples of what is done with words alone, such as going back or not knowing; they ask for nothing."""
    return [text for act, texts in load_words("act_examples").items() if act != _NONE for text in texts]


def runs(folded: str) -> Counter[str]:
    """Runs of one to three characters, the ends of words marked."""
    counted: Counter[str] = Counter()
    for word in folded.split():
        edged = f" {word} "
        for size in (1, 2, 3):
            counted.update(edged[i : i + size] for i in range(len(edged) - size + 1))
    del counted[" "]
    return counted


@lru_cache(maxsize=1)
def read_acts_model() -> ActModel:
    """Read what `guess_act` needs; a node calls it at its start, not in a customer's turn."""
    with as_file(files("warmline.language.entities").joinpath(MODEL_FILE)) as path, np.load(path) as stored:
        rows = {run: n for n, run in enumerate(stored["terms"].tobytes().decode().split("\n"))}
        weights = stored["weights"].astype(np.float32)
        return ActModel(rows, stored["idf"], weights, stored["bias"], tuple(stored["acts"].tolist()))
