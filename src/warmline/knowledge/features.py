"""What a query and an article have in common, as numbers a small model can weigh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.postings import KINDS, Hashes, idf_of, kinds_of
from warmline.knowledge.segment import Segment, TextKind

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

NAMES = (
    "meaning",
    "meaning_question",
    "meaning_passage",
    "meaning_centre",
    "words",
    "grams",
    "sounds",
    "chars",
    "words_in_article",
    "grams_in_article",
    "sounds_in_article",
    "chars_in_article",
    "exact",
    "meaning_lead",
    "passage_lead",
    "chars_lead",
)
_SAME_TEXT = 0.995
"""Cosine of a text with its own 8-bit copy is above this."""
_LEADS = ("meaning", "meaning_passage", "chars_in_article")
_PASSAGE_HANDICAP = np.float32(0.04)
"""Raw cosines of passages run this much below those of questions (multilingual-e5-small)."""


@dataclass(frozen=True)
class Query:
    """A folded question: its token hashes with the weight of each, and its vector [d]."""

    tokens: Hashes
    idf: Floats
    vector: Floats


@dataclass(frozen=True)
class Corpus:
    """Segments searched as one; token weights come from all of them together."""

    segments: tuple[Segment, ...]

    @property
    def texts(self) -> int:
        """Texts in all segments."""
        return sum(len(s.kinds) for s in self.segments)

    def idf(self, tokens: Hashes) -> Floats:
        """Weight of each token over all segments."""
        counts = sum((s.postings.counts(tokens) for s in self.segments), np.zeros(len(tokens), np.int32))
        return idf_of(counts, self.texts)


@dataclass(frozen=True)
class Texts:
    """The texts of the candidate articles, article after article; ``owner`` says whose each is."""

    rows: Rows
    starts: Rows
    owner: Rows
    kinds: NDArray[np.uint8]
    vectors: Floats


def gather(segment: Segment, articles: Rows, hidden: NDArray[np.bool_] | None = None) -> Texts:
    """Every text of the articles but the hidden rows (an article's first text is never hidden)."""
    ranges = [np.arange(segment.starts[a], segment.starts[a + 1]) for a in articles]
    if hidden is not None:
        ranges = [r[~hidden[r]] for r in ranges]
    counts = np.fromiter((len(r) for r in ranges), np.intp, len(ranges))
    rows = np.concatenate(ranges).astype(np.intp)
    owner = np.repeat(np.arange(len(articles)), counts)
    starts = (np.cumsum(counts) - counts).astype(np.intp)
    return Texts(rows, starts, owner, np.asarray(segment.kinds[rows]), segment.vectors.floats(rows))


def article_features(corpus: Corpus, segment: Segment, texts: Texts, query: Query) -> tuple[Floats, Rows]:
    """Features [n articles, len(NAMES) − leads] and each article's best row."""
    cosine = (texts.vectors @ query.vector).astype(np.float32)
    asked = np.where(texts.kinds == TextKind.ANSWER, cosine - _PASSAGE_HANDICAP, cosine)
    best, best_row = _best(asked, texts)
    standard = _max_where(cosine, texts.kinds == TextKind.QUESTION, texts, best)
    passage = _max_where(cosine, texts.kinds == TextKind.ANSWER, texts, best - _PASSAGE_HANDICAP)
    centre = _centres(texts) @ query.vector
    agreed, inside = _lexical(corpus, segment, texts, query)
    exact = (best > _SAME_TEXT) & (agreed.min(axis=1, where=agreed > 0, initial=1) > 1 - 1e-4)
    return np.column_stack([best, standard, passage, centre, agreed, inside, exact]).astype(np.float32), best_row


def with_leads(features: Floats) -> Floats:
    """Add how far each article is ahead of (or behind) the best other one."""
    if not len(features):
        return np.zeros((0, len(NAMES)), np.float32)
    leads = [_lead(features[:, NAMES.index(n)]) for n in _LEADS]
    return np.column_stack([features, *leads]).astype(np.float32)


def _lexical(corpus: Corpus, segment: Segment, texts: Texts, query: Query) -> tuple[Floats, Floats]:
    """By token kind: the best text's weighted Dice agreement, and the query's weight found in the whole article."""
    tokens, owner = segment.postings.forward(texts.rows)
    unique, back = np.unique(tokens, return_inverse=True)
    weight = corpus.idf(unique)[back]
    at = np.searchsorted(query.tokens, tokens).clip(max=max(len(query.tokens) - 1, 0))
    shared = query.tokens[at] == tokens if len(query.tokens) else np.zeros(len(tokens), bool)
    size, count = len(texts.rows) * len(KINDS), len(texts.starts)
    cell = owner * len(KINDS) + kinds_of(tokens)
    text_mass = np.bincount(cell, weight, size).reshape(-1, len(KINDS))
    common = np.bincount(cell[shared], weight[shared], size).reshape(-1, len(KINDS))
    query_kinds = kinds_of(query.tokens)
    query_mass = np.bincount(query_kinds, query.idf, len(KINDS))
    agreement = 2 * common / np.maximum(text_mass + query_mass, 1e-6)
    covered = np.zeros((count, len(query.tokens)), np.float32)
    covered[texts.owner[owner[shared]], at[shared]] = 1
    by_kind = (query_kinds[:, None] == np.arange(len(KINDS))) * query.idf[:, None]
    inside = covered @ by_kind / np.maximum(query_mass, 1e-6)
    return np.maximum.reduceat(agreement, texts.starts, axis=0), inside


def _centres(texts: Texts) -> Floats:
    """Unit centre of each article's texts, seen from the centre of all candidates."""
    local = texts.vectors - texts.vectors.mean(axis=0)
    sums = np.add.reduceat(local, texts.starts, axis=0)
    centres: Floats = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return centres


def _best(scores: Floats, texts: Texts) -> tuple[Floats, Rows]:
    order = np.lexsort((-scores, texts.owner))
    return scores[order][texts.starts], texts.rows[order][texts.starts]


def _max_where(values: Floats, where: NDArray[np.bool_], texts: Texts, otherwise: Floats) -> Floats:
    found = np.full(len(texts.starts), -np.inf, np.float32)
    np.maximum.at(found, texts.owner[where], values[where])
    return np.where(np.isfinite(found), found, otherwise).astype(np.float32)


def _lead(values: Floats) -> Floats:
    if len(values) < 2:
        return np.zeros(len(values), np.float32)
    second, first = np.partition(values, -2)[-2:]
    leads: Floats = np.where(values >= first, values - second, values - first).astype(np.float32)
    return leads
