"""Figures: ranking, classification, correlation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def auroc(positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Chance that a positive scores above a negative, ties half (Mann-Whitney); nan with one class only."""
    good, bad = int(positive.sum()), int((~positive).sum())
    if not good or not bad:
        return float("nan")
    return float((ranks(score)[positive].sum() - good * (good + 1) / 2) / (good * bad))


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, ties averaged."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return found


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Rank correlation; nan when either side is constant."""
    x, y = ranks(a), ranks(b)
    if x.std() == 0 or y.std() == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def macro_f1(true: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in ``true``."""
    t, f = np.asarray(true), np.asarray(found)
    scores = []
    for label in np.unique(t):
        hits = int(((t == label) & (f == label)).sum())
        total = int((t == label).sum()) + int((f == label).sum())
        scores.append(2 * hits / total)
    return float(np.mean(scores)) if scores else float("nan")
