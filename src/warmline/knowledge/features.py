"""What a query and an article have in common, as numbers a small model can weigh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.postings import KINDS, Hashes, Postings, idf_of, kinds_of
from warmline.knowledge.segment import Segment, TextKind
from warmline.knowledge.space import Space, unit

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

NAMES = (
    "meaning",
    "meaning_question",
    "meaning_passage",
    "meaning_whole",
    "words_in_article",
    "grams_in_article",
    "sounds_in_article",
    "chars_in_article",
    "nearness",
    "wording",
    "exact",
)
"""Centred cosine with the nearest question of the article, its standard question, its answer, all its questions
together; shares of the query's words, n-grams, sounds and characters found anywhere in it; cosine with its nearest
question (0: two unrelated questions of this bank, 1: the same) and agreement in wording; whether it is the query."""
_SAME_TEXT = 0.995
"""Cosine of a text with its own 8-bit copy is above this."""


@dataclass(frozen=True)
class Query:
    """A folded question: its token hashes with the weight of each, and its vector [d]."""

    tokens: Hashes
    idf: Floats
    vector: Floats


@dataclass(frozen=True)
class Corpus:
    """Segments searched as one; the space and ``weights``, by segment of each of its terms, come from all together."""

    segments: tuple[Segment, ...]
    space: Space
    weights: tuple[Floats, ...]

    @classmethod
    def of(cls, segments: tuple[Segment, ...], space: Space) -> "Corpus":
        """Segments as one. Takes milliseconds for 100,000 articles."""
        texts = sum(len(s.kinds) for s in segments)
        found = [[one.postings.counts_in(other.postings) for other in segments] for one in segments]
        return cls(segments, space, tuple(idf_of(np.sum(counts, axis=0), texts) for counts in found))

    def idf(self, tokens: Hashes) -> Floats:
        """Weight of each token over all segments."""
        counts = sum((s.postings.counts(tokens) for s in self.segments), np.zeros(len(tokens), np.int32))
        return idf_of(counts, sum(len(s.kinds) for s in self.segments))


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


def article_features(corpus: Corpus, number: int, texts: Texts, query: Query) -> tuple[Floats, Rows]:
    """Features [n articles, len(NAMES)] from segment ``number`` and the row of each article's nearest question."""
    question = texts.kinds != TextKind.ANSWER
    cosine, whole, raw = _dense(corpus.space, texts, question, query)
    nearest = _places_of_best(np.where(question, cosine, -np.inf).astype(np.float32), texts)
    best = cosine[nearest]
    standard = _max_where(cosine, texts.kinds == TextKind.QUESTION, texts, best)
    passage = _max_where(cosine, ~question, texts, best)
    nearness = (raw - corpus.space.floor) / (1 - corpus.space.floor)
    wording, inside = _lexical(corpus.segments[number].postings, corpus.weights[number], texts, query)
    exact = (raw > _SAME_TEXT) & (wording > 1 - 1e-4)
    columns = [best, standard, passage, whole, inside, nearness, wording, exact]
    return np.column_stack(columns).astype(np.float32), texts.rows[nearest]


def _dense(space: Space, texts: Texts, question: NDArray[np.bool_], query: Query) -> tuple[Floats, Floats, Floats]:
    """Cosine of each text's direction with the question's; by article, that of all its questions' directions
    together with the telling one, and the largest plain cosine of a question. Nothing as large as the texts'
    vectors is made but one weighted copy: this runs for every turn."""
    asked, telling = space.asked(query.vector), space.telling(query.vector)
    centres = np.stack([space.centre, space.passage_centre])
    seen_from = (~question).astype(np.intp)
    along = texts.vectors @ np.column_stack([asked, query.vector, centres.T])
    squares = np.einsum("ij,ij->i", texts.vectors, texts.vectors)
    squares += (centres * centres).sum(axis=1)[seen_from] - 2 * along[np.arange(len(along)), 2 + seen_from]
    length = np.sqrt(squares.clip(1e-9))
    cosine = (along[:, 0] - (centres @ asked)[seen_from]) / length
    share = question / length
    sums = np.add.reduceat(texts.vectors * share[:, None], texts.starts, axis=0)
    sums -= np.add.reduceat(share, texts.starts)[:, None] * space.centre
    whole = unit(sums) @ telling
    raw = np.maximum.reduceat(np.where(question, along[:, 1], -1.0), texts.starts)
    return cosine.astype(np.float32), whole, raw


def _lexical(postings: Postings, weights: Floats, texts: Texts, query: Query) -> tuple[Floats, Floats]:
    """Best text's weighted Dice agreement, and by token kind the query's weight found in the whole article."""
    terms, owner = postings.forward(texts.rows)
    places = postings.places(query.tokens)
    slots = np.full(len(weights), -1, np.int16)
    slots[places[places >= 0]] = np.flatnonzero(places >= 0)
    slot = slots[terms]
    shared = np.flatnonzero(slot >= 0)
    size = len(texts.rows)
    mass = np.bincount(owner, weights[terms], size) + query.idf.sum()
    common = np.bincount(owner[shared], weights[terms[shared]], size)
    agreement = (2 * common / np.maximum(mass, 1e-6)).astype(np.float32)
    query_kinds = kinds_of(query.tokens)
    query_mass = np.bincount(query_kinds, query.idf, len(KINDS))
    covered = np.zeros((len(texts.starts), len(query.tokens)), np.float32)
    covered[texts.owner[owner[shared]], slot[shared]] = 1
    by_kind = (query_kinds[:, None] == np.arange(len(KINDS))) * query.idf[:, None]
    inside = covered @ by_kind / np.maximum(query_mass, 1e-6)
    return np.maximum.reduceat(agreement, texts.starts), inside


def _places_of_best(scores: Floats, texts: Texts) -> Rows:
    """For each article, which of its texts scores best."""
    order = np.lexsort((-scores, texts.owner))
    return order[texts.starts]


def _max_where(values: Floats, where: NDArray[np.bool_], texts: Texts, otherwise: Floats) -> Floats:
    found = np.full(len(texts.starts), -np.inf, np.float32)
    np.maximum.at(found, texts.owner[where], values[where])
    return np.where(np.isfinite(found), found, otherwise).astype(np.float32)
