"""The exact passage of an article that answers what was asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from warmline.language.ports import Vectors
from warmline.language.service import char_ngrams, normalise

LONGEST = 160
"""Characters of a passage: what can be read at a glance, and sent as one message."""
FIRST = 0.15
"""What speaks for the first line, by hand: a well-written article answers first and explains then."""
CLEARLY = 0.06
"""So much more cosine is clearly nearer, by hand on the demo's articles with multilingual-e5-small."""
_END = re.compile(r"(?<=[。！？!?；])|(?<=[^\d\s][.;])\s+|\n+")
_MARKUP = re.compile(r"^\s*(?:[-*•]|\d+[.、)])\s+|[*_`#>]+")
MEANING = 0.6
"""Weight of meaning against shared letters, by hand: letters alone where there are no vectors."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer: its words without markup, where in the answer it stands, and in which of its lines."""

    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences that answer, as one text, and where in the answer they stand."""

    text: str
    start: int
    end: int


def split_sentences(answer: str) -> list[Sentence]:
    """Return the sentences of an answer in Markdown, in order; empty ones left out."""
    found: list[Sentence] = []
    at = 0
    for piece in [*_END.finditer(answer), None]:
        end = piece.start() if piece else len(answer)
        raw = answer[at:end]
        if text := _MARKUP.sub("", raw).strip():
            lead = len(raw) - len(raw.lstrip())
            line = answer.count("\n", 0, at + lead)
            found.append(Sentence(text, at + lead, at + lead + len(raw.strip()), line))
        at = piece.end() if piece else end
    return found


def score_sentences(
    question: str, sentences: Sequence[Sentence], *, asked: Vectors | None = None, meant: Vectors | None = None
) -> list[float]:
    """Return how near each sentence is to the question, 0..1. `asked` [d], `meant` [n, d]: their vectors."""
    own = set(char_ngrams(normalise(question)))
    first = [FIRST if one.line == 0 else 0.0 for one in sentences]
    letters = [_share(own, set(char_ngrams(normalise(one.text)))) for one in sentences]
    if asked is None or meant is None or not sentences:
        return [s + f for s, f in zip(letters, first, strict=True)]
    near = _spread(meant @ asked)
    return [MEANING * float(n) + (1 - MEANING) * s + f for n, s, f in zip(near, letters, first, strict=True)]


def choose_passage(sentences: Sequence[Sentence], scores: Sequence[float]) -> Passage | None:
    """Return the best sentence with those after it in its line that still find room; the first one wins a tie."""
    if not sentences:
        return None
    first = int(np.argmax(scores))
    last = first
    while last + 1 < len(sentences) and _goes_on(sentences[first : last + 2]):
        last += 1
    chosen = sentences[first : last + 1]
    return Passage(join(one.text for one in chosen), chosen[0].start, chosen[-1].end)


def join(texts: Iterable[str]) -> str:
    """Put sentences together as they are written: with a space after Latin ones, a mark where one is missing."""
    words = ""
    for text in texts:
        if words and not words[-1].isspace() and words[-1].isascii():
            words += " "
        words += text
    return words.strip()


def _goes_on(sentences: Sequence[Sentence]) -> bool:
    return sentences[0].line == sentences[-1].line and sum(len(one.text) for one in sentences) <= LONGEST


def _share(question: set[str], sentence: set[str]) -> float:
    return len(question & sentence) / len(question) if question else 0.0


def _spread(near: Vectors) -> Vectors:
    """Return how much nearer than the farthest of them each sentence is, 0..1.

    Cosines of one answer's sentences lie close together; a few hundredths are noise.
    """
    return np.asarray(np.minimum((near - near.min()) / CLEARLY, 1.0), np.float32)
