"""Learning from the bank's own similar questions: a tenth of them is hidden, then asked, ten times over."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.features import Corpus, Query
from warmline.knowledge.outcome import Outcome
from warmline.knowledge.ranking import Scored, rank
from warmline.knowledge.rerank import Example, Reranker, train_reranker
from warmline.knowledge.segment import Flags, Segment, TextKind
from warmline.knowledge.space import learn_space

MAX_QUESTIONS = 1_500
UNKNOWN_SHARE = 0.1
"""Assumed share of customers' questions that no article answers, where no logs say. Taking a question's article away
leaves its neighbours, so these are harder to tell than most of what a bank has no article for."""
_FOLDS = 10
"""A tenth of the similar questions is hidden at a time: an article asked about keeps nearly all of its own."""
_PARTS = 3


@dataclass(frozen=True)
class HeldOut:
    """One similar question asked while its fold is hidden everywhere; ``hidden`` flags rows by segment.

    ``corpus`` is what is searched, its space learnt without the fold.
    """

    segment: int
    row: int
    article: int
    hidden: tuple[Flags, ...]
    corpus: Corpus


def pick_held_out(corpus: Corpus, alive: Sequence[Flags], limit: int = MAX_QUESTIONS, seed: int = 37) -> list[HeldOut]:
    """A seeded sample of the similar questions of what is served."""
    rng = np.random.default_rng(seed)
    folds = [_fold_of_rows(segment, rng) for segment in corpus.segments]
    hidden = [tuple(f == fold for f in folds) for fold in range(_FOLDS)]
    unseen = [replace(corpus, space=learn_space(corpus.segments, alive, rows)) for rows in hidden]
    found = [
        (number, int(row))
        for number, segment in enumerate(corpus.segments)
        for row in np.flatnonzero((folds[number] >= 0) & np.repeat(alive[number], np.diff(segment.starts)))
    ]
    chosen = [found[i] for i in rng.permutation(len(found))[:limit]]
    return [
        HeldOut(n, row, int(corpus.segments[n].owners[row]), hidden[fold], unseen[fold])
        for n, row in chosen
        for fold in [int(folds[n][row])]
    ]


def ask(alive: Sequence[Flags], held: HeldOut, reranker: Reranker, *, known: bool = True) -> Scored:
    """Rank candidates for a held-out question; ``known=False`` takes its whole article away."""
    corpus = held.corpus
    segment = corpus.segments[held.segment]
    tokens = segment.postings.tokens_of(held.row)
    query = Query(tokens, corpus.idf(tokens), segment.vectors.floats(np.array([held.row]))[0])
    mine = segment.article_ids[held.article]
    allowed = None if known else (lambda article_id: article_id != mine)
    return rank(corpus, alive, query, reranker, allowed=allowed, hidden=held.hidden)


def examples(alive: Sequence[Flags], held: Sequence[HeldOut]) -> Iterator[Example]:
    """Each question with its article, and every ninth once more with its article taken away."""
    every = round((1 - UNKNOWN_SHARE) / UNKNOWN_SHARE)
    for number, one in enumerate(held):
        segment = one.corpus.segments[one.segment]
        length = len(segment.text(one.row))
        mine = segment.article_ids[one.article]
        found = ask(alive, one, Reranker())
        right = found.article_ids.index(mine) if mine in found.article_ids else -1
        yield Example(found.features, right, length, mine)
        if number % every == 0:
            yield Example(ask(alive, one, Reranker(), known=False).features, -1, length, mine, known=False)


def learn(corpus: Corpus, alive: Sequence[Flags], limit: int = MAX_QUESTIONS) -> tuple[Reranker, list[Outcome]]:
    """The reranker for what is searched now, and outcomes on the same questions, cross-fitted: each is scored by a
    reranker learnt on other articles' questions."""
    every = list(examples(alive, pick_held_out(corpus, alive, limit)))
    parts = {a: zlib.crc32(a.encode()) % _PARTS for a in {e.article_id for e in every}}
    found: list[Outcome] = []
    for part in range(_PARTS):
        reranker = train_reranker([e for e in every if parts[e.article_id] != part])
        found += [_outcome(reranker, e) for e in every if parts[e.article_id] == part]
    return train_reranker(every), found


def _outcome(reranker: Reranker, example: Example) -> Outcome:
    if not len(example.features):
        return Outcome(0.0, correct=False, offered=False, known=example.known)
    scores = reranker.scores(example.features)
    best = np.argsort(-scores, kind="stable")
    confidence = reranker.confidence(example.features, scores, example.length)
    return Outcome(confidence, bool(best[0] == example.right), example.right in best[:3].tolist(), example.known)


def _fold_of_rows(segment: Segment, rng: np.random.Generator) -> NDArray[np.int8]:
    """Fold of every similar question, spread evenly over each article; −1 for other texts."""
    similar = np.flatnonzero(np.asarray(segment.kinds) == TextKind.SIMILAR)
    folds = np.full(len(segment.kinds), -1, np.int8)
    shuffled = similar[rng.permutation(len(similar))]
    by_article = shuffled[np.argsort(segment.owners[shuffled], kind="stable")]
    owners = segment.owners[by_article]
    first = np.searchsorted(owners, owners)
    shift = rng.integers(0, _FOLDS, len(segment))
    folds[by_article] = (np.arange(len(by_article)) - first + shift[owners]) % _FOLDS
    return folds
