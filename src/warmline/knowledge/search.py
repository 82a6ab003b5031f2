"""One search over the bank's articles: by words, spelling, sound and meaning, changed in place and merged aside."""

import json
import re
import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warmline.knowledge.features import NAMES, Corpus, Query
from warmline.knowledge.outcome import Outcome
from warmline.knowledge.postings import hashed_tokens
from warmline.knowledge.ranking import Scored, rank
from warmline.knowledge.rerank import Reranker
from warmline.knowledge.segment import (
    Flags,
    PreparedArticle,
    Segment,
    TextKind,
    build_segment,
    merge_segments,
    open_segment,
    save_segment,
)
from warmline.knowledge.space import Space, learn_space, open_space, save_space
from warmline.knowledge.training import MAX_QUESTIONS, learn
from warmline.knowledge.vectors import to_bytes
from warmline.language.ports import TextEmbedder, VectorCache
from warmline.language.service import MemoryVectorCache, embed_cached, normalise

ANSWER_CHARS = 300
"""How much of question and answer together is searched as one passage; the point of an answer is at its start."""
_MERGE_AT = 1_000
_ALWAYS_MERGE_SHARE = 0.25
_TELLING = 30
"""Articles that are enough to learn from what wording is; docs/benchmarks.md has the figures with fewer."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ArticleTexts:
    """What is searched of one article; ``translations`` are the same article in other languages."""

    article_id: str
    question: str
    similar: tuple[str, ...] = ()
    answer: str = ""
    lang: str = "zh-Hans"
    translations: tuple["ArticleTexts", ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An article that may answer; ``score`` is the estimated chance that it is the right one."""

    article_id: str
    score: float
    matched_text: str = ""
    features: tuple[float, ...] = ()


@dataclass(frozen=True)
class _State:
    main: Segment
    alive: Flags
    fresh: dict[str, PreparedArticle]
    delta: Segment
    space: Space
    reranker: Reranker = field(default_factory=Reranker)

    @cached_property
    def corpus(self) -> Corpus:
        return Corpus.of((self.main, self.delta), self.space)

    @cached_property
    def served(self) -> list[Flags]:
        return [self.alive, np.ones(len(self.delta), bool)]


class ArticleIndex:
    """Readers see one immutable state; a writer replaces it whole. Every method may be called from any thread."""

    def __init__(self, embedder: TextEmbedder, cache: VectorCache | None = None) -> None:
        self._embedder = embedder
        self._cache = cache or MemoryVectorCache()
        self._write = threading.Lock()
        empty = build_segment([], embedder.dimensions)
        self._state = _State(empty, np.zeros(0, bool), {}, empty, Space.plain(embedder.dimensions))
        self._learnt: tuple[Reranker, list[Outcome]] = (Reranker(), [])
        self.stamp = ""

    @classmethod
    def build(
        cls, articles: Iterable[ArticleTexts], embedder: TextEmbedder, *, cache: VectorCache | None = None
    ) -> "ArticleIndex":
        """Index ``articles`` and learn to rank them. Blocks: about 10 ms a text that the cache lacks."""
        index = cls(embedder, cache)
        unique = list({a.article_id: a for a in articles}.values())
        prepared = index._prepare(unique)
        main = build_segment(prepared, embedder.dimensions)
        index._state = replace(index._state, main=main, alive=np.ones(len(main), bool))
        index.retrain()
        return index

    @classmethod
    def open(cls, folder: Path, embedder: TextEmbedder, *, cache: VectorCache | None = None) -> "ArticleIndex | None":
        """Map a saved index, or None where there is none for this embedder."""
        try:
            about = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            if about["embedder"] != embedder.name or tuple(about["features"]) != tuple(NAMES):
                return None
            main = open_segment(folder / about["segment"])
            space = open_space(folder / about["segment"])
        except (OSError, ValueError, KeyError):
            return None
        index = cls(embedder, cache)
        reranker = Reranker(tuple(about["weights"]), tuple(about["confidence_weights"]))
        index._state = replace(index._state, main=main, alive=np.ones(len(main), bool), space=space, reranker=reranker)
        index.stamp = about["stamp"]
        return index

    def save(self, folder: Path, stamp: str = "") -> None:
        """Merge and write to ``folder``; ``stamp`` is the caller's own mark. A half-made save is never opened."""
        self.merge()
        state = self._state
        name = f"segment-{uuid.uuid4().hex}"
        save_segment(state.main, folder / name)
        save_space(state.space, folder / name)
        about = {
            "embedder": self._embedder.name,
            "features": list(NAMES),
            "segment": name,
            "stamp": stamp,
            "weights": state.reranker.weights,
            "confidence_weights": state.reranker.confidence_weights,
        }
        half = folder / "index.json.tmp"
        half.write_text(json.dumps(about), encoding="utf-8")
        half.replace(folder / "index.json")
        self.stamp = stamp
        self._map(state.main, open_segment(folder / name))
        for old in folder.glob("segment-*"):
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    def _map(self, main: Segment, mapped: Segment) -> None:
        """Serve the main part from its file from now on, so that it is held once and may be paged out."""
        with self._write:
            if self._state.main is main:
                self._state = replace(self._state, main=mapped)

    def __len__(self) -> int:
        state = self._state
        return int(state.alive.sum()) + len(state.fresh)

    def __contains__(self, article_id: str) -> bool:
        state = self._state
        place = state.main.article_ids.find(article_id)
        return article_id in state.fresh or (place is not None and bool(state.alive[place]))

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Ids of all articles, main part first."""
        state = self._state
        return (*(a for a, on in zip(state.main.article_ids, state.alive, strict=True) if on), *state.fresh)

    @property
    def needs_merge(self) -> bool:
        """Whether the part that changed has grown enough to slow searches down."""
        state = self._state
        dead = len(state.alive) - int(state.alive.sum())
        return len(state.fresh) + dead >= min(_MERGE_AT, max(64, int(len(self) * _ALWAYS_MERGE_SHARE)))

    @property
    def reranker(self) -> Reranker:
        """The scorer in use."""
        return self._state.reranker

    def use_reranker(self, reranker: Reranker) -> None:
        """Score with ``reranker`` from the next search on."""
        with self._write:
            self._state = replace(self._state, reranker=reranker)

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        allowed: Callable[[str], bool] | None = None,
        vector: Floats | None = None,
    ) -> tuple[Candidate, ...]:
        """Best articles for ``text``, at most ``limit``, best first; empty text finds nothing. Blocks ~15 ms."""
        folded = normalise(text)
        if not folded:
            return ()
        if vector is None:
            vector = self._embedder.embed_queries([folded])[0]
        state = self._state
        tokens = hashed_tokens(folded)
        query = Query(tokens, state.corpus.idf(tokens), vector)
        found = rank(state.corpus, state.served, query, state.reranker, allowed=allowed)
        shares = _shares(found.scores, state.reranker.confidence(found.features, found.scores, len(folded)))
        return _candidates(found, shares, limit)

    def embed(self, text: str) -> Floats | None:
        """The vector that `search` takes for ``text``, None for an empty one. Blocks ~15 ms."""
        folded = normalise(text)
        return self._embedder.embed_queries([folded])[0] if folded else None

    def embed_many(self, texts: Sequence[str]) -> Floats:
        """The vectors [n, d] of several texts, an empty one's too. Blocks ~12 ms each."""
        return self._embedder.embed_queries([normalise(text) or "-" for text in texts])

    @property
    def knows_wording(self) -> bool:
        """Whether enough articles have told what is mere wording, for `directions`."""
        return len(self._state.main) >= _TELLING

    def directions(self, vectors: Floats) -> Floats:
        """Where questions [n, d] lead, whatever their wording: unit vectors."""
        return self._state.space.telling(vectors)

    def prepare_part(self, articles: Sequence[ArticleTexts]) -> Segment:
        """Index articles apart, for `absorb`: a thousand at a time keeps memory low."""
        return build_segment(
            self._prepare(list({a.article_id: a for a in articles}.values())), self._embedder.dimensions
        )

    def absorb(self, parts: Sequence[Segment]) -> None:
        """Add or replace all articles of the parts in one pass; for loading, while nothing else changes the index."""
        self.merge()
        state = self._state
        new = {article_id for part in parts for article_id in part.article_ids}
        kept = np.array([article_id not in new for article_id in state.main.article_ids], bool)
        main = merge_segments([(state.main, kept), *((part, np.ones(len(part), bool)) for part in parts)])
        alive = np.ones(len(main), bool)
        with self._write:
            self._state = replace(state, main=main, alive=alive, space=learn_space([main], [alive]))

    def upsert(self, article: ArticleTexts) -> None:
        """Add or replace an article; the next search sees it."""
        self.upsert_many([article])

    def upsert_many(self, articles: Sequence[ArticleTexts]) -> None:
        """Add or replace articles; the next search sees them all."""
        prepared = {p.article_id: p for p in self._prepare(list({a.article_id: a for a in articles}.values()))}
        self._change({**prepared})

    def remove(self, article_id: str) -> None:
        """Take an article out; the next search does not see it. Unknown ids are fine."""
        self._change({article_id: None})

    def merge(self) -> None:
        """Fold changes into a new main part and swap it in; searches go on meanwhile. Run it off the event loop."""
        before = self._state
        if not before.fresh and before.alive.all():
            return
        main = merge_segments([(before.main, before.alive), (before.delta, np.ones(len(before.delta), bool))])
        space = learn_space([main], [np.ones(len(main), bool)])
        with self._write:
            now = self._state
            unchanged = [now.fresh.get(a) is before.fresh[a] for a in before.delta.article_ids]
            alive = np.concatenate([now.alive[before.alive], np.array(unchanged, bool)])
            fresh = {a: p for a, p in now.fresh.items() if before.fresh.get(a) is not p}
            delta = build_segment(list(fresh.values()), self._embedder.dimensions)
            self._state = _State(main, alive, fresh, delta, space, now.reranker)

    def retrain(self) -> None:
        """Learn space and ranking anew from the articles' own questions. Blocks for seconds: not on the event loop."""
        corpus, alive = self.searched()
        corpus = replace(corpus, space=learn_space(corpus.segments, alive))
        reranker, outcomes = learn(corpus, alive)
        with self._write:
            self._state = replace(self._state, space=corpus.space, reranker=reranker)
            self._learnt = reranker, outcomes

    def held_out_outcomes(self, asked: int = MAX_QUESTIONS) -> list[Outcome]:
        """How sure and how right the search is on ``asked`` of the articles' own similar questions, hidden a tenth at
        a time; every ninth is asked once more with its article taken away.

        Each is scored by a reranker that has not learnt from its article. Blocks for seconds, unless the ranking in
        use was learnt here from as many.
        """
        ranking, outcomes = self._learnt
        known = ranking is self._state.reranker and asked == MAX_QUESTIONS
        return outcomes if known else learn(*self.searched(), asked)[1]

    def searched(self) -> tuple[Corpus, list[Flags]]:
        """What is searched now, for training and calibration."""
        state = self._state
        return state.corpus, state.served

    def _change(self, changes: dict[str, PreparedArticle | None]) -> None:
        with self._write:
            state = self._state
            fresh = {a: p for a, p in state.fresh.items() if a not in changes}
            fresh |= {a: p for a, p in changes.items() if p is not None}
            alive = state.alive.copy()
            alive[[at for a in changes if (at := state.main.article_ids.find(a)) is not None]] = False
            delta = build_segment(list(fresh.values()), self._embedder.dimensions)
            self._state = _State(state.main, alive, fresh, delta, state.space, state.reranker)

    def _prepare(self, articles: Sequence[ArticleTexts]) -> list[PreparedArticle]:
        pairs = [_texts_of(a) for a in articles]
        asked = list({t for texts in pairs for t, kind in texts if kind != TextKind.ANSWER})
        told = list({t for texts in pairs for t, kind in texts if kind == TextKind.ANSWER})
        vectors = dict(zip(asked, embed_cached(self._embedder, self._cache, asked, is_query=True), strict=True))
        answers = dict(zip(told, embed_cached(self._embedder, self._cache, told), strict=True))
        return [_prepared(a.article_id, texts, vectors, answers) for a, texts in zip(articles, pairs, strict=True)]


def _candidates(found: Scored, shares: NDArray[np.float64], limit: int) -> tuple[Candidate, ...]:
    rows = zip(found.article_ids, shares, found.matched, found.features, strict=True)
    return tuple(
        Candidate(article_id, float(share), segment.text(row), tuple(features.tolist()))
        for article_id, share, (segment, row), features in islice(rows, limit)
    )


def _shares(scores: NDArray[np.float64], confidence: float) -> NDArray[np.float64]:
    """The best gets ``confidence``; the others share what is left, never more than the best."""
    if not len(scores):
        return scores
    p = np.exp(scores - scores[0])
    rest = p[1:] / max(float(p[1:].sum()), 1e-9) * (1 - confidence)
    return np.concatenate([[confidence], np.minimum(rest, confidence)])


def _texts_of(article: ArticleTexts) -> list[tuple[str, TextKind]]:
    found: dict[str, TextKind] = {}
    for one in (article, *article.translations):
        for text, kind in (
            (one.question, TextKind.QUESTION),
            *((s, TextKind.SIMILAR) for s in one.similar),
            (passage_of(one.question, one.answer), TextKind.ANSWER),
        ):
            if folded := normalise(text):
                found.setdefault(folded, kind)
    return list(found.items()) or [("-", TextKind.QUESTION)]


def passage_of(question: str, answer: str) -> str:
    """The text of an answer that is searched; empty where there is no answer."""
    return f"{question}。{_plain(answer)}"[:ANSWER_CHARS] if answer else ""


def _plain(markdown: str) -> str:
    return re.sub(r"[*#>|`_\-]+", " ", markdown[: ANSWER_CHARS * 2])


def _prepared(
    article_id: str, texts: list[tuple[str, TextKind]], asked: dict[str, Floats], told: dict[str, Floats]
) -> PreparedArticle:
    rows = np.stack([(told if kind == TextKind.ANSWER else asked)[t] for t, kind in texts])
    vectors, scales = to_bytes(rows)
    tokens = tuple(hashed_tokens(t) for t, _ in texts)
    return PreparedArticle(article_id, tuple(t for t, _ in texts), tuple(k for _, k in texts), tokens, vectors, scales)
