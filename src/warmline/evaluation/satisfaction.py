"""`warmline eval satisfaction`: how satisfied customers are with the last exchange of a dialogue."""

import time
from collections.abc import Sequence
from typing import Any

from warmline.evaluation.dialogues import same_dialogue, turns_of
from warmline.evaluation.labelled import figures, predicted, spelled_baseline, two_labels
from warmline.evaluation.rows import Console, id_of, read_rows
from warmline.language.ports import TextEmbedder
from warmline.language.satisfaction import look
from warmline.language.service import SatisfactionClassifier
from warmline.language.turns import Turn

Row = tuple[tuple[Turn, ...], str]


def evaluate_satisfaction(
    train: Sequence[str], test: Sequence[str], embedder: TextEmbedder, console: Console
) -> dict[str, Any]:
    """Learn from `train`, measure on `test`; one file is cross-validated, no dialogue on both sides of a fold."""
    known = read_rows(train, _parse, console)
    asked = None if list(train) == list(test) else read_rows(test, _parse, console)
    two_labels([label for _, label in known])
    classifier = SatisfactionClassifier(embedder)

    def by_classifier(learnt: Sequence[Row], held: Sequence[Row]) -> list[str]:
        two_labels([label for _, label in learnt])
        console.say(f"learning from {len(learnt)} dialogues …")
        return classifier.fit([d for d, _ in learnt], [label for _, label in learnt]).predict([d for d, _ in held])

    def by_spelling(learnt: Sequence[Row], held: Sequence[Row]) -> list[str]:
        return spelled_baseline(
            [look(d).said for d, _ in learnt], [label for _, label in learnt], [look(d).said for d, _ in held]
        )

    groups = same_dialogue([turns for turns, _ in known])
    started = time.perf_counter()
    found = predicted(known, asked, groups, by_classifier)
    spent = time.perf_counter() - started
    true = [label for _, label in asked or known]
    return {
        "task": "satisfaction",
        "n": len(true),
        "ms_per_query": round(spent / len(true) * 1000, 3),
        **figures(true, found),
        "baseline": figures(true, predicted(known, asked, groups, by_spelling)),
        "dialogues": len(set(groups)),
        "cross_validated": asked is None,
    }


def _parse(row: dict[str, Any]) -> Row:
    return turns_of(row), id_of(row, "label")
