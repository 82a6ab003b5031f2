"""From a query to ordered candidates over one or more segments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.features import NAMES, Corpus, Query, article_features, gather
from warmline.knowledge.rerank import Reranker
from warmline.knowledge.segment import Flags, Segment

Rows = NDArray[np.intp]
Floats = NDArray[np.float32]

_POOL = 60
_CANDIDATES = 25
_PROBES = 24
_LIST_BUDGET = 50_000


@dataclass(frozen=True)
class Scored:
    """All candidates of one query with their features, best first."""

    article_ids: tuple[str, ...]
    features: Floats
    scores: NDArray[np.float64]
    matched: tuple[tuple[Segment, int], ...]


def rank(
    corpus: Corpus,
    alive: Sequence[Flags],
    query: Query,
    reranker: Reranker,
    *,
    allowed: Callable[[str], bool] | None = None,
    hidden: Sequence[Flags] | None = None,
) -> Scored:
    """Find candidates in every segment, then order them; ``hidden`` flags rows of each segment not to be seen."""
    ids: list[str] = []
    blocks: list[Floats] = []
    matched: list[tuple[Segment, int]] = []
    for number, segment in enumerate(corpus.segments):
        unseen = hidden[number] if hidden else None
        articles = _candidates(segment, alive[number], query, unseen, allowed)
        if len(articles):
            features, best = article_features(corpus, number, gather(segment, articles, unseen), query)
            ids += [segment.article_ids[a] for a in articles]
            blocks.append(features)
            matched += [(segment, int(row)) for row in best]
    features = np.concatenate(blocks) if blocks else np.zeros((0, len(NAMES)), np.float32)
    scores = reranker.scores(features)
    order = np.argsort(-scores, kind="stable")
    return Scored(tuple(ids[i] for i in order), features[order], scores[order], tuple(matched[i] for i in order))


def _candidates(
    segment: Segment, alive: Flags, query: Query, hidden: Flags | None, allowed: Callable[[str], bool] | None
) -> Rows:
    if not len(segment):
        return np.zeros(0, np.intp)
    lexical = segment.postings.scores(query.tokens, query.idf, _LIST_BUDGET)
    pool = min(len(lexical), _POOL if hidden is None else 2 * _POOL)
    by_words = np.argpartition(-lexical, pool - 1)[:pool]
    by_words = by_words[np.argsort(-lexical[by_words], kind="stable")]
    by_words = by_words[lexical[by_words] > 0]
    by_meaning = segment.vectors.nearest(query.vector, pool, _PROBES)
    votes: dict[int, float] = {}
    for rows in (by_words, by_meaning):
        for place, row in enumerate(rows if hidden is None else rows[~hidden[rows]]):
            article = int(segment.owners[row])
            votes[article] = votes.get(article, 0.0) + 1 / (10 + place)
    best = sorted((a for a in votes if alive[a]), key=lambda a: -votes[a])
    if allowed is not None:
        best = [a for a in best if allowed(segment.article_ids[a])]
    return np.array(best[:_CANDIDATES], np.intp)
