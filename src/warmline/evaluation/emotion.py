"""`warmline eval emotion`: labels of single utterances, through the classifier that senses feelings."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.evaluation.labelled import figures, predicted, spelled_baseline, two_labels
from warmline.evaluation.rows import Console, id_of, read_rows, text_of
from warmline.language.feeling.classifier import Spelling
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import EmotionClassifier, normalise

_CHUNK = 1_024


@dataclass(frozen=True)
class Utterance:
    """A text with its labels; `dialogue` keeps what was said together on one side of a fold."""

    text: str
    label: str
    sentiment: str | None
    dialogue: str


def evaluate_emotion(
    train: Sequence[str], test: Sequence[str], embedder: TextEmbedder, console: Console
) -> dict[str, Any]:
    """Learn from `train`, measure on `test`; one file is cross-validated. Sentiments where rows have them."""
    known = read_rows(train, _parse, console)
    asked = None if list(train) == list(test) else read_rows(test, _parse, console)
    every = known if asked is None else [*known, *asked]
    two_labels([row.label for row in known])
    started = time.perf_counter()
    vectors = _embedded(every, embedder, console)
    found = _measured(known, asked, vectors, [row.label for row in every], console)
    spent = time.perf_counter() - started
    result = {"task": "emotion", "n": len(asked or known), "ms_per_query": round(spent / len(every) * 1000, 3), **found}
    sentiments = [row.sentiment for row in every]
    if None not in sentiments and len(set(sentiments[: len(known)])) > 1:
        result["sentiment"] = _measured(known, asked, vectors, [str(s) for s in sentiments], console)
    return {**result, "cross_validated": asked is None}


def _measured(
    known: Sequence[Utterance],
    asked: Sequence[Utterance] | None,
    vectors: Vectors,
    labels: Sequence[str],
    console: Console,
) -> dict[str, Any]:
    every = known if asked is None else [*known, *asked]
    texts, count = [row.text for row in every], len(known)

    def by_feeling(learnt: Sequence[int], held: Sequence[int]) -> list[str]:
        two_labels([labels[i] for i in learnt])
        console.say(f"learning from {len(learnt)} rows …")
        said, named = [texts[i] for i in learnt], [labels[i] for i in learnt]
        model = EmotionClassifier.fit(said, named, vectors[list(learnt)])
        heard = [texts[i] for i in held]
        shares = model.shares(heard, vectors[list(held)]) * Spelling(said, named).shares(heard)
        return [model.names[i] for i in shares.argmax(axis=1)]

    def by_spelling(learnt: Sequence[int], held: Sequence[int]) -> list[str]:
        return spelled_baseline([texts[i] for i in learnt], [labels[i] for i in learnt], [texts[i] for i in held])

    groups = [row.dialogue for row in known]
    new = None if asked is None else range(count, len(every))
    true = labels[:count] if asked is None else labels[count:]
    found, plain = (predicted(range(count), new, groups, by) for by in (by_feeling, by_spelling))
    return {**figures(true, found), "baseline": figures(true, plain)}


def _parse(row: dict[str, Any]) -> Utterance:
    text = text_of(row, "text")
    sentiment = id_of(row, "sentiment") if row.get("sentiment") is not None else None
    dialogue = id_of(row, "dialogue") if row.get("dialogue") is not None else normalise(text)
    return Utterance(text, id_of(row, "label"), sentiment, dialogue)


def _embedded(rows: Sequence[Utterance], embedder: TextEmbedder, console: Console) -> Vectors:
    texts = [normalise(row.text) or row.text for row in rows]
    parts = []
    for start in range(0, len(texts), _CHUNK):
        console.say(f"rows embedded: {start}/{len(texts)}")
        parts.append(embedder.embed_queries(texts[start : start + _CHUNK]))
    return np.concatenate(parts)
