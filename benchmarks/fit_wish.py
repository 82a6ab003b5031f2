"""Learns the weights of the recogniser of wishes for a person, and of its second opinion.

`python -m benchmarks.fit_wish` writes `weights.npz` and, where the embedding wheel is installed, `opinion.npz` beside
the authored phrasings in `language/data/wish/`. `--words` leaves the second opinion as it is; `--cross-validate`
measures instead, families of phrasings held out whole.
"""

import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.wish_data import FOLDER, Example, load_examples, sources
from warmline.language.normalise import normalise
from warmline.language.service import CachedTextEmbedder, FileVectorCache, TextEmbedder, open_embedder
from warmline.language.wish import BUCKETS, bucketed, likeliest
from warmline.language.wish_features import features, stretches

Doubles = NDArray[np.float64]
Bag = list[NDArray[np.intp]]
"""The features of each stretch of one text, as buckets."""

_C = 4.0
_OPINION_C, _OPINION_SCALE = 10.0, 3.0
_ROUNDS = 2
_STEP = 1 / 40
_GRAIN = 1 / 400
"""What a step of 8 bits is worth in a weight, and in a number of a vector."""
_IN_FAMILIES = 2
"""What occurs in fewer families says nothing about others."""
_EMBEDDED = 3
"""So many texts of a family are embedded."""
_FOLDS = 5
OUT = FOLDER


@dataclass(frozen=True)
class Fitted:
    """Weight of each bucket, and the bias."""

    weights: Doubles
    bias: float

    def of(self, bag: Bag) -> float:
        """Log odds of a text."""
        return likeliest([float(self.weights[one].sum()) for one in bag], self.bias)


def bag_of(text: str) -> Bag:
    """What a text is judged by."""
    return [np.array(sorted(bucketed(features(one))), np.intp) for one in stretches(normalise(text))]


def fit(bags: Sequence[Bag], examples: Sequence[Example]) -> Fitted:
    """Learn from texts of which all stretches (of a mention) or the likeliest (of a wish) count."""
    from sklearn.linear_model import LogisticRegression

    common = _common(bags, examples)
    flat = [one[common[one]] for bag in bags for one in bag]
    owner = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    wishes = np.array([one.wish for one in examples])[owner]
    share = np.array([one.share for one in examples])[owner]
    sizes = np.array([len(bag) for bag in bags])[owner]
    x, kept, weight = _matrix(flat), np.ones(len(flat), bool), np.where(wishes, share / sizes, share)
    for _ in range(_ROUNDS):
        model = LogisticRegression(C=_C, solver="liblinear", random_state=37, max_iter=200, tol=1e-3)
        model.fit(x[kept], wishes[kept], sample_weight=weight[kept])
        kept, weight = ~wishes | _likeliest(x @ model.coef_[0], owner), share
    return Fitted(np.clip(np.rint(model.coef_[0] / _STEP), -127, 127) * _STEP, round(float(model.intercept_[0]), 3))


def _common(bags: Sequence[Bag], examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Which buckets occur in enough families."""
    families: dict[str, set[int]] = defaultdict(set)
    for bag, one in zip(bags, examples, strict=True):
        families[one.family].update(i for stretch in bag for i in stretch.tolist())
    counts = np.zeros(BUCKETS, int)
    for seen in families.values():
        counts[list(seen)] += 1
    return counts >= _IN_FAMILIES


def _matrix(rows: Sequence[NDArray[np.intp]]) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row) for row in rows)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), shape=(len(rows), BUCKETS))


def _likeliest(scores: Doubles, owner: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark the highest score of each owner (owners stand together, the first of equals wins)."""
    best: dict[int, int] = {}
    for i, text in enumerate(owner.tolist()):
        if text not in best or scores[i] > scores[best[text]]:
            best[text] = i
    marked = np.zeros(len(scores), bool)
    marked[list(best.values())] = True
    return marked


def fit_opinion(embedder: TextEmbedder, examples: Sequence[Example]) -> dict[str, Any]:
    """Learn the same from the meaning of whole texts; returns what `language.wish_opinion` reads."""
    from sklearn.svm import SVC

    some = list(_some(examples))
    vectors = np.clip(np.rint(embedder.embed_queries([normalise(one.text) for one in some]) / _GRAIN), -127, 127)
    known = vectors * _GRAIN
    sharpness = round(1 / (known.shape[1] * float(known.var())), 3)
    model = SVC(C=_OPINION_C, gamma=sharpness, cache_size=1000)
    model.fit(known, [one.wish for one in some], sample_weight=[one.share for one in some])
    return {
        "model": np.array(embedder.name),
        "known": vectors[model.support_].astype(np.int8),
        "step": np.float64(_GRAIN),
        "weights": np.round(model.dual_coef_[0] * _OPINION_SCALE, 3).astype(np.float32),
        "bias": np.float64(round(float(model.intercept_[0]) * _OPINION_SCALE, 3)),
        "sharpness": np.float64(sharpness),
    }


def _some(examples: Iterable[Example]) -> Iterator[Example]:
    taken: dict[str, int] = defaultdict(int)
    for one in examples:
        taken[one.family] += 1
        if taken[one.family] <= _EMBEDDED:
            yield one


def cross_validate() -> None:
    """Print, for each origin of texts, how many wishes are missed and how many mentions raise a false alarm."""
    examples = [one for one in load_examples() if stretches(normalise(one.text))]
    bags = [bag_of(one.text) for one in examples]
    fold = np.array([zlib.crc32(one.family.encode()) % _FOLDS for one in examples])
    found = np.zeros(len(examples))
    for k in range(_FOLDS):
        learnt = np.flatnonzero(fold != k)
        fitted = fit([bags[i] for i in learnt], [examples[i] for i in learnt])
        for i in np.flatnonzero(fold == k):
            found[i] = fitted.of(bags[i])
        sys.stderr.write(f"fold {k + 1} of {_FOLDS}\n")
    rows = defaultdict(list)
    for score, one in zip(found, examples, strict=True):
        rows[f"{one.origin} {'wishes' if one.wish else 'mentions'}"].append((float(score), one.share))
    for name, scored in rows.items():
        said = [(sum(s for at, s in scored if at > t), sum(s for _, s in scored)) for t in (-1.0, -0.5, 0.0, 0.5, 1.0)]
        sys.stdout.write(json.dumps({name: len(scored), "heard": [round(a / b, 4) for a, b in said]}) + "\n")


def main() -> None:
    """Fit and write."""
    examples = [one for one in load_examples() if stretches(normalise(one.text))]
    fitted = fit([bag_of(one.text) for one in examples], examples)
    weights = np.rint(fitted.weights / _STEP).astype(np.int8)
    _write("weights", {"weights": weights, "step": np.float64(_STEP), "bias": np.float64(fitted.bias)})
    if "--words" in sys.argv[1:]:
        return
    choice = open_embedder()
    if choice.notice:
        sys.stderr.write(f"{choice.notice}\n")
        return
    embedder = CachedTextEmbedder(choice.embedder, FileVectorCache(Path(".make/wish-vectors")))
    _write("opinion", fit_opinion(embedder, examples))


def _write(name: str, arrays: dict[str, Any]) -> None:
    np.savez(OUT / f"{name}.npz", **arrays, sources=np.array(sources()))


if __name__ == "__main__":
    if "--cross-validate" in sys.argv[1:]:
        cross_validate()
    else:
        main()
