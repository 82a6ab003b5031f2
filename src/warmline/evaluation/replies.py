"""`warmline eval replies`: whether colleagues' earlier replies fit what is asked, through what suggests them live."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from warmline.assist.model import REPLIES, SAME
from warmline.assist.past import READ, closest, likeness, tell_question
from warmline.evaluation.rows import BadInput, Console, read_rows, text_of
from warmline.knowledge.documents import WordLists
from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import normalise, spelling_likeness

_CHUNK = 256


@dataclass(frozen=True)
class Turn:
    """What a customer said, and what is known of the reply to it: its words, or the labels of what it answers."""

    asked: str
    reply: str = ""
    labels: frozenset[str] = frozenset()

    def fits(self, other: Turn) -> bool:
        """Tell whether the reply to this turn would do for the other: the same label, else nearly the same words."""
        if self.labels & other.labels:
            return True
        return bool(self.reply and other.reply) and _alike(self.reply, other.reply)


Rank = Callable[[int], Sequence[int]]


def evaluate_replies(
    train: Sequence[str], test: Sequence[str], embedder: TextEmbedder, console: Console
) -> dict[str, Any]:
    """Suggest for each test turn the replies to the training turns most like it; small talk is left out of both.

    `macro_…`: the mean over labels, so that what is asked seldom counts as much. The baseline is BM25 over the same
    turns.
    """
    every_known, every_asked = read_rows(train, _parse, console), read_rows(test, _parse, console)
    known, asked = ([one for one in rows if one.asked] for rows in (every_known, every_asked))
    if not known or not asked:
        raise BadInput("nothing but small talk")
    vectors = _embed([one.asked for one in [*known, *asked]], embedder, console)
    started = time.perf_counter()
    ours = _measure(known, asked, _meaning(known, asked, vectors), console)
    each = (time.perf_counter() - started) / len(asked)
    words = WordLists([one.asked for one in known])
    theirs = _measure(known, asked, lambda row: _by_words(words, asked[row].asked), console)
    return {
        "task": "replies",
        "n": len(asked),
        "left_out": len(every_asked) - len(asked),
        "known": len(known),
        "ms_per_query": round(each * 1000, 3),
        **ours,
        **{f"baseline_{name}": value for name, value in theirs.items()},
    }


def _meaning(known: Sequence[Turn], asked: Sequence[Turn], vectors: Vectors) -> Rank:
    """Rank as `PastReplies` does; with no articles to learn from, words lead to where they stand off the mean."""
    centre = vectors[: len(known)].mean(axis=0)

    def directions(rows: Vectors) -> Vectors:
        apart = rows - centre
        found: Vectors = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
        return found

    def rank(row: int) -> list[int]:
        near = closest(vectors[len(known) + row], vectors[: len(known)], directions)[:READ]
        scores = likeness(asked[row].asked, [meant for _, meant in near], [known[one].asked for one, _ in near])
        order = sorted(range(len(near)), key=lambda place: -scores[place])
        return [near[place][0] for place in order]

    return rank


def _by_words(words: WordLists, text: str) -> Sequence[int]:
    scores = words.scores(text)
    order = np.argsort(-scores, kind="stable")[:READ]
    return [int(one) for one in order if scores[one] > 0]


def _measure(known: Sequence[Turn], asked: Sequence[Turn], rank: Rank, console: Console) -> dict[str, float]:
    hits: list[list[bool]] = []
    for row, turn in enumerate(asked):
        hits.append([one.fits(turn) for one in _distinct(known, rank(row))])
        if row % 1_000 == 0:
            console.say(f"asked {row}/{len(asked)}")
    found = {f"hit_at_{k}": [any(one[:k]) for one in hits] for k in (1, REPLIES)}
    figures = {name: round(float(np.mean(each)), 5) for name, each in found.items()}
    return {**figures, f"macro_hit_at_{REPLIES}": _macro(asked, found[f"hit_at_{REPLIES}"])}


def _macro(asked: Sequence[Turn], hit: Sequence[bool]) -> float:
    by_label: dict[str, list[bool]] = {}
    for turn, value in zip(asked, hit, strict=True):
        by_label.setdefault("|".join(sorted(turn.labels)), []).append(value)
    return round(float(np.mean([np.mean(each) for each in by_label.values()])), 5)


def _distinct(known: Sequence[Turn], rows: Sequence[int]) -> list[Turn]:
    """Return the first three that were not asked, or answered, in the same words."""
    found: dict[str, Turn] = {}
    for row in rows:
        found.setdefault(normalise(known[row].reply or known[row].asked), known[row])
    return list(found.values())[:REPLIES]


def _alike(one: str, other: str) -> bool:
    return spelling_likeness(normalise(one), normalise(other)) >= SAME


def _embed(texts: Sequence[str], embedder: TextEmbedder, console: Console) -> Vectors:
    unique = list(dict.fromkeys(normalise(one) for one in texts))
    parts = []
    for start in range(0, len(unique), _CHUNK):
        parts.append(embedder.embed_queries(unique[start : start + _CHUNK]))
        if start % (8 * _CHUNK) == 0:
            console.say(f"embedded {min(start + _CHUNK, len(unique))}/{len(unique)}")
    place = {text: row for row, text in enumerate(unique)}
    return np.concatenate(parts)[[place[normalise(one)] for one in texts]]


def _parse(row: dict[str, Any]) -> Turn:
    """``{"text", "reply", "label"}``, one of the last two at least; `utterance` and `intent` are understood too."""
    text = text_of({"text": row.get("text", row.get("utterance"))}, "text")
    reply, label = row.get("reply") or "", row.get("label", row.get("intent")) or ""
    if not isinstance(reply, str) or not isinstance(label, str) or not (reply.strip() or label.strip()):
        raise ValueError("neither 'reply' nor 'label' is a text")
    return Turn(tell_question([text]), reply, frozenset(label.split("<div>")) if label else frozenset())
