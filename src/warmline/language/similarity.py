"""How like two texts are, by meaning and by spelling."""

from collections.abc import Callable, Sequence

import numpy as np

from warmline.language.normalise import normalise
from warmline.language.ports import TextEmbedder
from warmline.language.tokens import char_ngrams, characters, sounds, words

_CHUNK = 256
_MEANING, _SPELLING = 1.0, 0.25
_TYPICAL_COSINE, _SPREAD = 0.88, 0.04
"""Where multilingual-e5-small's cosines of related short texts lie."""


class Likeness:
    """Scores pairs; only their order means anything."""

    def __init__(self, embedder: TextEmbedder) -> None:
        self._embedder = embedder

    def of(self, pairs: Sequence[tuple[str, str]], progress: Callable[[str], None] = lambda _: None) -> list[float]:
        """One number for each pair, larger for more alike."""
        folded = [(normalise(a), normalise(b)) for a, b in pairs]
        unique = list({t for pair in folded for t in pair})
        parts = []
        for start in range(0, len(unique), _CHUNK):
            parts.append(self._embedder.embed_queries(unique[start : start + _CHUNK]))
            if start % (_CHUNK * 8) == 0:
                progress(f"texts embedded: {min(start + _CHUNK, len(unique))}/{len(unique)}")
        place = {t: i for i, t in enumerate(unique)}
        vectors = np.concatenate(parts)
        return [self._score(a, b, float(vectors[place[a]] @ vectors[place[b]])) for a, b in folded]

    def _score(self, a: str, b: str, cosine: float) -> float:
        return _MEANING * (cosine - _TYPICAL_COSINE) / _SPREAD + _SPELLING * 4 * spelling_likeness(a, b)


def spelling_likeness(a: str, b: str) -> float:
    """Mean Dice agreement (0..1) of words, characters, n-grams and sounds of two normalised texts."""
    found = []
    for cut in (words, characters, char_ngrams, sounds):
        left, right = set(cut(a)), set(cut(b))
        if left or right:
            found.append(2 * len(left & right) / (len(left) + len(right)))
    return float(np.mean(found)) if found else float(a == b)
