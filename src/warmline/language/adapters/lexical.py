"""Hashed words as vectors: keeps every part working where no model can run. Knows spelling, not meaning."""

import zlib
from collections.abc import Sequence

import numpy as np

from warmline.language.normalise import normalise
from warmline.language.ports import Vectors
from warmline.language.tokens import char_ngrams, sounds, words

DIMENSIONS = 384


class LexicalTextEmbedder:
    """Signed feature hashing of words, n-grams and sounds (Weinberger et al. 2009)."""

    name = "lexical-hash-1"
    dimensions = DIMENSIONS

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions [n, 384]."""
        return np.stack([_hashed(t) for t in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of articles' texts [n, 384]."""
        return self.embed_queries(texts)


def _hashed(text: str) -> Vectors:
    vector = np.zeros(DIMENSIONS, np.float32)
    folded = normalise(text)
    for weight, tokens in ((2.0, words(folded)), (1.0, char_ngrams(folded)), (0.5, sounds(folded))):
        for token in set(tokens):
            bits = zlib.crc32(token.encode())
            vector[bits % DIMENSIONS] += weight if bits & 0x8000_0000 else -weight
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
