"""Learns `language/entities/data/acts.npz` from the examples beside it: `python -m benchmarks.fit_acts`, seconds."""

from __future__ import annotations

from collections import Counter
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from warmline.language.entities.fold import fold, load_words
from warmline.language.entities.learnt import MODEL_FILE, ActModel, runs


def fit() -> ActModel:
    """Return what the examples teach: logistic regression, acts weighted to count alike."""
    examples = [(fold(t).text.strip(), act) for act, texts in load_words("act_examples").items() for t in texts]
    counts = [runs(text) for text, _ in examples]
    seen = Counter(run for counted in counts for run in counted)
    rows = {run: i for i, run in enumerate(sorted(run for run, n in seen.items() if n > 1))}
    idf = np.log((1 + len(counts)) / (1 + np.array([seen[run] for run in rows]))).astype(np.float32) + np.float32(1)
    blank = ActModel(rows, idf, np.zeros((0, 0), np.float32), np.zeros(0, np.float32), ())
    learner = LogisticRegression(C=20, class_weight="balanced", max_iter=200)
    learner.fit(csr_matrix(np.stack([blank.weigh(text) for text, _ in examples])), [act for _, act in examples])
    weights, bias = learner.coef_.T.astype(np.float32), learner.intercept_.astype(np.float32)
    return blank._replace(weights=weights, bias=bias, acts=tuple(str(act) for act in learner.classes_))


def write(path: Path, model: ActModel) -> None:
    """Write a model; weights in 16 bits, which changes no decision."""
    terms = np.frombuffer("\n".join(model.rows).encode(), np.uint8)
    np.savez(
        path, terms=terms, idf=model.idf, weights=model.weights.astype(np.float16), bias=model.bias,
        acts=np.array(model.acts),
    )  # fmt: skip


if __name__ == "__main__":
    with as_file(files("warmline.language.entities").joinpath(MODEL_FILE)) as target:
        write(target, fit())
