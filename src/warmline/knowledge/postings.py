"""A compact sparse index over hashed tokens: BM25 by inverted lists, overlap features by forward lists.

Tokens are 32-bit hashes, lists are plain arrays: they map from disk, merge without cutting a text again,
and cost about 10 bytes a token whatever the vocabulary. Inside, a token is its term: its place among the keys.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from warmline.language.service import char_ngrams, characters, sounds, words

Ints = NDArray[np.int32]
Hashes = NDArray[np.uint32]
Floats = NDArray[np.float32]

WORD, GRAM, SOUND, CHAR = 0, 1, 2, 3
KINDS = (WORD, GRAM, SOUND, CHAR)
_WEIGHTS = np.array([1.0, 0.5, 0.35, 0.5], np.float32)
_K1, _B = 0.9, 0.4
_MAX_TOKENS = 400


def hashed_tokens(text: str) -> Hashes:
    """Distinct token hashes of a normalised text; the two lowest bits tell word, n-gram, sound or character."""
    found: set[int] = set()
    cuts = ((WORD, words), (GRAM, char_ngrams), (SOUND, sounds), (CHAR, characters))
    for kind, cut in cuts:
        tokens = cut(text)
        found.update(zlib.crc32(t.encode(), kind) & 0xFFFF_FFFC | kind for t in tokens[:_MAX_TOKENS])
    return np.array(sorted(found), np.uint32)


def kinds_of(tokens: Hashes) -> NDArray[np.intp]:
    """The kind of each token, from its two lowest bits."""
    return (tokens & 3).astype(np.intp)


@dataclass(frozen=True)
class Postings:
    """Forward lists (text → terms) and inverted lists (term → texts); all arrays are read only."""

    starts: Ints
    terms: Ints
    keys: Hashes
    key_starts: Ints
    rows: Ints

    @classmethod
    def build(cls, texts: Sequence[Hashes]) -> "Postings":
        """Index texts given as distinct token hashes."""
        lengths = np.fromiter((len(t) for t in texts), np.int32, len(texts))
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        tokens = np.concatenate(texts).astype(np.uint32) if texts else np.zeros(0, np.uint32)
        return cls.invert(starts, tokens)

    @classmethod
    def invert(cls, starts: Ints, tokens: Hashes) -> "Postings":
        """Make the inverted lists from the forward lists."""
        owners = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        order = np.argsort(tokens, kind="stable")
        keys, first = np.unique(tokens[order], return_index=True)
        key_starts = np.append(first, len(tokens)).astype(np.int32)
        terms = np.empty(len(tokens), np.int32)
        terms[order] = np.repeat(np.arange(len(keys), dtype=np.int32), np.diff(key_starts))
        return cls(starts, terms, keys, key_starts, owners[order])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def places(self, tokens: Hashes) -> NDArray[np.intp]:
        """The term of each token, −1 where unknown."""
        if not len(self.keys):
            return np.full(len(tokens), -1, np.intp)
        found = np.searchsorted(self.keys, tokens).clip(max=len(self.keys) - 1)
        return np.where(self.keys[found] == tokens, found, -1)

    def counts(self, tokens: Hashes) -> Ints:
        """In how many texts each token occurs."""
        at = self.places(tokens)
        sizes = self.key_starts[at.clip(0) + 1] - self.key_starts[at.clip(0)] if len(self.keys) else at * 0
        return np.where(at >= 0, sizes, 0).astype(np.int32)

    def counts_in(self, other: "Postings") -> Ints:
        """In how many texts of ``other`` each of these terms occurs; the shorter list of keys is looked up."""
        if other is self:
            return np.diff(self.key_starts)
        if len(other.keys) > len(self.keys):
            return other.counts(self.keys)
        counts = np.zeros(len(self.keys), np.int32)
        places = self.places(other.keys)
        counts[places[places >= 0]] = np.diff(other.key_starts)[places >= 0]
        return counts

    def scores(self, tokens: Hashes, idf: Floats, budget: int) -> Floats:
        """BM25 (Robertson) of every text; rarest tokens first until ``budget`` list entries were read."""
        total = np.zeros(len(self), np.float32)
        at = self.places(tokens)
        sizes = self.counts(tokens)
        read = 0
        for i in np.argsort(sizes, kind="stable"):
            if at[i] < 0:
                continue
            if read and read + sizes[i] > budget:
                break
            read += int(sizes[i])
            rows = self.rows[self.key_starts[at[i]] : self.key_starts[at[i] + 1]]
            total[rows] += idf[i] * _WEIGHTS[tokens[i] & 3]
        total *= self.length_factor
        return total

    @cached_property
    def length_factor(self) -> Floats:
        """BM25's saturation for a token that occurs once in a text of each length."""
        lengths = np.diff(self.starts).astype(np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        return (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / max(mean, 1.0)))

    def forward(self, rows: NDArray[np.intp]) -> tuple[Ints, NDArray[np.intp]]:
        """All terms of the given texts, and for each the position of its text in ``rows``."""
        first = self.starts[rows].astype(np.intp)
        counts = self.starts[rows + 1] - first
        owner = np.repeat(np.arange(len(rows)), counts)
        before = np.cumsum(counts) - counts
        return self.terms[np.arange(len(owner)) + np.repeat(first - before, counts)], owner

    def tokens_of(self, row: int) -> Hashes:
        """The token hashes of one text."""
        return self.keys[self.terms[self.starts[row] : self.starts[row + 1]]]

    def select(self, keep: NDArray[np.bool_]) -> tuple[Ints, Hashes]:
        """Forward lists of the kept texts, as `invert` takes them."""
        lengths = np.diff(self.starts)
        tokens = self.keys[self.terms[np.repeat(keep, lengths)]]
        return np.concatenate([[0], np.cumsum(lengths[keep])]).astype(np.int32), tokens


def idf_of(counts: NDArray[np.int32], texts: int) -> Floats:
    """Inverse document frequency, never below a small positive number."""
    return np.maximum(np.log((texts + 1) / (counts + 0.5)), 0.05).astype(np.float32)
