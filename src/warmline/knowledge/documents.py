"""Which documents a long description needs: each of its sentences asks, and documents alike vouch for each other."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from warmline.language.ports import TextEmbedder, Vectors
from warmline.language.service import normalise, words

Doubles = NDArray[np.float64]

_CHUNK_CHARS = 600
_MIN_SENTENCE = 6
_SHARPNESS = 3.0
_ALIKE_FROM = 0.2
_FAR, _FAR_COUNTS = 0.25, 0.02
"""The quarter of the sentences that no document is near to counts with this cosine alone: stage directions, manners."""
_K1, _B = 0.9, 0.4
_SENTENCE_RE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_PARAGRAPH_RE = re.compile(r"\n\s*\n|\n(?=#)")


@dataclass(frozen=True)
class Document:
    """A text of any length with a title."""

    document_id: str
    title: str
    content: str


class DocumentSearch:
    """Dense pieces of documents and word lists, held in memory: for thousands of documents."""

    def __init__(
        self, documents: Sequence[Document], embedder: TextEmbedder, progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self._ids = [d.document_id for d in documents]
        self._embedder = embedder
        cut = [pieces(d) for d in documents]
        self._starts = np.cumsum([0, *(len(c) for c in cut)])[:-1]
        self._pieces = _embedded(embedder, [p for c in cut for p in c], progress)
        self._titles = embedder.embed_passages([d.title for d in documents])
        self._words = WordLists([f"{d.title} {d.title} {d.content}" for d in documents])
        self._alike = _alike(self._pieces, self._starts)

    def search(self, text: str, limit: int = 20) -> tuple[str, ...]:
        """Ids of the documents ``text`` needs most, best first."""
        scores = self.scores(text)
        return tuple(self._ids[i] for i in np.argsort(-scores, kind="stable")[:limit])

    def scores(self, text: str) -> Doubles:
        """One number for each document; only their order means anything."""
        asked = sentences(text) or [text]
        vectors = self._embedder.embed_queries(asked)
        by_piece = np.maximum.reduceat(vectors @ self._pieces.T, self._starts, axis=1)
        weights = _weights(by_piece)
        ranks = np.stack([_reciprocal_ranks(self._words.scores(s)) for s in asked])
        views = (
            _votes(by_piece, weights),
            _votes(vectors @ self._titles.T, weights),
            by_piece.max(axis=0),
            weights @ ranks,
        )
        found = _standard(np.sum([_standard(v) for v in views], axis=0))
        vouched: Doubles = self._alike @ np.maximum(found, 0)
        return vouched


def pieces(document: Document) -> list[str]:
    """Paragraphs joined up to about 600 characters, each under the document's title."""
    found: list[str] = []
    current = ""
    for paragraph in (p.strip() for p in _PARAGRAPH_RE.split(document.content) if p.strip()):
        if current and len(current) + len(paragraph) > _CHUNK_CHARS:
            found.append(current)
            current = ""
        current = f"{current}\n{paragraph}".strip()
        while len(current) > 1.5 * _CHUNK_CHARS:
            found.append(current[:_CHUNK_CHARS])
            current = current[_CHUNK_CHARS:]
    if current:
        found.append(current)
    return [f"{document.title}\n{p}" for p in found] or [document.title]


def sentences(text: str) -> list[str]:
    """Sentences long enough to ask something."""
    return [s.strip() for s in _SENTENCE_RE.split(text) if len(s.strip()) >= _MIN_SENTENCE]


class WordLists:
    """BM25 (Robertson & Zaragoza 2009) over whole documents."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(normalise_long(t))) for t in texts]
        lengths = np.array([sum(c.values()) for c in counts], float)
        norm = 1 - _B + _B * lengths / max(lengths.mean(), 1.0)
        self._size = len(texts)
        self._lists: dict[str, list[tuple[int, float]]] = {}
        for i, count in enumerate(counts):
            for word, n in count.items():
                self._lists.setdefault(word, []).append((i, n * (_K1 + 1) / (n + _K1 * norm[i])))

    def scores(self, text: str) -> Doubles:
        """How well each text fits these words."""
        total = np.zeros(self._size)
        for word in set(words(normalise_long(text))):
            if entries := self._lists.get(word):
                idf = math.log(1 + (self._size - len(entries) + 0.5) / (len(entries) + 0.5))
                for i, weight in entries:
                    total[i] += idf * weight
        return total


def normalise_long(text: str) -> str:
    """``normalise`` for texts of any length."""
    return " ".join(normalise(text[i : i + 2_000]) for i in range(0, len(text), 2_000))


def _embedded(embedder: TextEmbedder, texts: Sequence[str], progress: Callable[[str], None]) -> Vectors:
    parts = []
    for start in range(0, len(texts), 64):
        parts.append(embedder.embed_passages(texts[start : start + 64]))
        if start % 512 == 0:
            progress(f"pieces embedded: {min(start + 64, len(texts))}/{len(texts)}")
    return np.concatenate(parts)


def _alike(piece_vectors: Vectors, starts: NDArray[np.intp]) -> Doubles:
    """How much each document vouches for each other one and itself, rows summing to less than 1."""
    ends = [*starts.tolist(), len(piece_vectors)]
    means = np.stack([piece_vectors[a:b].mean(axis=0) for a, b in pairwise(ends)])
    means -= means.mean(axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    near = means @ means.T
    np.fill_diagonal(near, 1.0)
    near = np.maximum(near - _ALIKE_FROM, 0).astype(float) ** 2
    found: Doubles = near / (near.sum(axis=1, keepdims=True) + 1)
    return found


def _weights(scores: NDArray[np.floating]) -> Doubles:
    """How much each sentence counts: by how near it comes to any document, those far from all hardly."""
    nearest = scores.max(axis=1).astype(float)
    above = np.maximum(nearest - np.quantile(nearest, _FAR), 0) + _FAR_COUNTS
    found: Doubles = above / above.mean()
    return found


def _votes(scores: NDArray[np.floating], weights: Doubles) -> Doubles:
    """Each sentence has a vote and shares it among the documents near it (softmax of standard scores)."""
    spread = scores.std(axis=1, keepdims=True)
    shares = np.exp(_SHARPNESS * (scores - scores.max(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1))
    total: Doubles = weights @ (shares / shares.sum(axis=1, keepdims=True))
    return total


def _reciprocal_ranks(scores: Doubles) -> Doubles:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return np.where(scores > 0, 1 / (1 + ranks), 0.0)


def _standard(values: Doubles) -> Doubles:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else values * 0.0
