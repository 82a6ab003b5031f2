"""Measuring a classifier on labelled rows: learnt from one file and asked of another, or cross-validated on one."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from warmline.evaluation.metrics import macro_f1
from warmline.evaluation.rows import BadInput
from warmline.language.turns import deal

Row = TypeVar("Row")
Predict = Callable[[Sequence[Row], Sequence[Row]], list[str]]
"""Labels of the second rows by what the first teach."""


def predicted(
    known: Sequence[Row], asked: Sequence[Row] | None, groups: Sequence[object], predict: Predict[Row]
) -> list[str]:
    """Predict `asked`; None: `known` itself, in five folds that no group lies on both sides of."""
    if asked is not None:
        return predict(known, asked)
    fold = deal(len(known), groups)
    found = [""] * len(known)
    for k in np.unique(fold):
        kept, places = np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()
        labels = predict([known[i] for i in kept], [known[i] for i in places])
        for place, label in zip(places, labels, strict=True):
            found[place] = label
    return found


def figures(true: Sequence[str], found: Sequence[str]) -> dict[str, object]:
    """Macro-F1, accuracy, and recall by label."""
    t, f = np.asarray(true), np.asarray(found)
    recall = {str(label): round(float((f[t == label] == label).mean()), 5) for label in np.unique(t)}
    return {"macro_f1": round(macro_f1(true, found), 5), "accuracy": round(float((t == f).mean()), 5), "recall": recall}


def two_labels(labels: Sequence[str]) -> None:
    """Raise ``BadInput`` unless there is something to tell apart."""
    if len(set(labels)) < 2:
        raise BadInput("training needs at least two labels")


def spelled_baseline(known: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    """TF-IDF of runs of one to three characters and logistic regression, labels weighted alike."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    weigher = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    model = LogisticRegression(max_iter=500, class_weight="balanced").fit(weigher.fit_transform(known), list(labels))
    found: list[str] = model.predict(weigher.transform(asked)).tolist()
    return found
