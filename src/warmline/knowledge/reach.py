"""Checks by search and by meaning: articles that their own words do not find, and articles too alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.check import Finding, bare
from warmline.knowledge.follow import texts_of
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import Status, Text
from warmline.knowledge.search import ArticleIndex
from warmline.language.ports import TextEmbedder, VectorCache
from warmline.language.service import embed_cached, normalise

NEAR_QUESTIONS = 0.85
"""Cosine of centred vectors from which two standard questions count as the same question. Among 462
hand-written bank articles the nearest two that differ lie at 0.82."""
CONTEST_NEAR, CONTEST_MARGIN = 0.75, 0.2
"""A question is contested when this near to another article's, and this much nearer than to its own."""
SHOWN = 3
"""The assistant offers up to three readings: an article below them is not reached."""
BLOCK = 1_024

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Line:
    """A question of an article; `first` marks the standard one."""

    article_id: str
    words: str
    lang: str
    first: bool
    answer: str


def check_reach(
    articles: Sequence[Incoming], embedder: TextEmbedder, cache: VectorCache, progress: Progress | None = None
) -> list[Finding]:
    """Search for every question of every published article, compare meanings. Blocks, minutes for many."""
    live = [a for a in articles if a.status == Status.PUBLISHED and a.content.texts]
    lines = [line for a in live for text in a.content.texts for line in _lines(a.id, text)]
    if not lines:
        return []
    vectors = embed_cached(embedder, cache, [normalise(line.words) for line in lines], is_query=True)
    texts = [t for a in live if (t := texts_of(a.id, a.content))]
    index = ArticleIndex.build(texts, embedder, cache=cache)
    return [*_unreached(lines, vectors, index, progress), *_alike(lines, vectors)]


def _lines(article_id: str, text: Text) -> Iterator[_Line]:
    for i, words in enumerate((text.question, *text.similar)):
        if words:
            yield _Line(article_id, words, text.lang, i == 0, text.answer)


def _unreached(
    lines: Sequence[_Line], vectors: Floats, index: ArticleIndex, progress: Progress | None
) -> Iterator[Finding]:
    for i, (line, vector) in enumerate(zip(lines, vectors, strict=True)):
        found = [c.article_id for c in index.search(line.words, limit=SHOWN, vector=vector)]
        if progress and i % 100 == 0:
            progress(i, len(lines))
        if found[:1] == [line.article_id]:
            continue
        code = "overtaken" if line.article_id in found else "unreachable"
        other = found[0] if found else "-"
        yield Finding(code, (line.article_id, *found[:1]), {"text": line.words, "other": other})


def _centred(vectors: Floats) -> Floats:
    moved = vectors - vectors.mean(axis=0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), np.float32)


def _alike(lines: Sequence[_Line], vectors: Floats) -> Iterator[Finding]:
    """Compare each question with all others of its language, its own article's apart from the rest."""
    for lang in sorted({line.lang for line in lines}):
        rows = np.array([i for i, line in enumerate(lines) if line.lang == lang])
        part = [lines[i] for i in rows]
        owners = np.unique([line.article_id for line in part], return_inverse=True)[1]
        yield from _alike_in(part, _centred(vectors[rows]), owners)


def _alike_in(lines: Sequence[_Line], vectors: Floats, owners: NDArray[np.intp]) -> Iterator[Finding]:
    firsts = np.array([line.first for line in lines])
    seen: set[tuple[str, str]] = set()
    for start in range(0, len(lines), BLOCK):
        block = slice(start, start + BLOCK)
        near = vectors[block] @ vectors.T
        own = owners[block][:, None] == owners[None, :]
        own_best = np.where(own, near, -1)
        own_best[np.arange(len(near)), np.arange(start, start + len(near))] = -1
        foreign = np.where(own, -1, near)
        for i, line in enumerate(lines[block]):
            if line.first:
                yield from _near_questions(line, lines, np.where(firsts, foreign[i], -1), seen)
            elif finding := _contested(line, lines, float(own_best[i].max()), foreign[i]):
                yield finding


def _near_questions(line: _Line, lines: Sequence[_Line], near: Floats, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    for j in np.flatnonzero(near >= NEAR_QUESTIONS):
        other = lines[int(j)]
        first, second = sorted((line.article_id, other.article_id))
        if (first, second) not in seen and bare(line.answer) != bare(other.answer):
            seen.add((first, second))
            fields = {"text": line.words, "nearest": other.words, "nearness": round(float(near[j]), 3)}
            yield Finding("near_questions", (first, second), fields)


def _contested(line: _Line, lines: Sequence[_Line], own: float, foreign: Floats) -> Finding | None:
    j = int(foreign.argmax())
    if foreign[j] < CONTEST_NEAR or own < 0 or foreign[j] - own < CONTEST_MARGIN:
        return None
    other = lines[j]
    if bare(other.words) == bare(line.words):  # that is `same_words`
        return None
    fields = {"text": line.words, "other": other.article_id, "nearest": other.words}
    return Finding("contested", (line.article_id, other.article_id), fields)
