"""One turn's feeling: the learnt classifier's shares, how strongly it is said, and what presses."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from types import MappingProxyType

import numpy as np

from warmline.language.feeling.classifier import EmotionClassifier
from warmline.language.feeling.lexicon import Evidence, fold, read_words
from warmline.language.feeling.model import Emotion, Feeling, Urgency
from warmline.language.feeling.risks import find_risks
from warmline.language.markers import find_markers
from warmline.language.normalise import normalise
from warmline.language.ports import Vectors
from warmline.language.similarity import spelling_likeness

MODEL_FILE = "data/classifier.npz"
_SAME_WORDS = 0.8
_LOOKED_BACK = 5
_SAID_SHORTLY = 4
"""Fewer characters are said again without meaning anything by it."""
_WEARY = {Emotion.CALM: 0.3, Emotion.JOY: 0.3, Emotion.DISAPPOINTMENT: 2.0, Emotion.ANGER: 2.0}
_ORDINARY = frozenset({Urgency.NONE, Urgency.CARD_STOLEN})
_PRESSING = 0.6
"""At least so intense is the feeling of whoever is being cheated or in danger, however calmly they write."""


class FeelingSense:
    """Reads feelings; made once, keeps nothing of what it reads.

    `model` is the name of the embedder whose vectors will be passed; with another than the one learnt with, or no
    vector, the lexicon alone is weighed.
    """

    def __init__(self, model: str = "") -> None:
        with as_file(files("warmline.language.feeling").joinpath(MODEL_FILE)) as path, np.load(path) as stored:
            learnt_with = str(stored["model"])
            self._by_words = EmotionClassifier.read(path, "words")
            self._by_meaning = EmotionClassifier.read(path, "meaning") if learnt_with == model else None

    def feel(self, text: str, vector: Vectors | None = None, before: Sequence[str] = ()) -> Feeling:
        """Return the feeling of a turn as typed. Pure: the same arguments give the same feeling; below 1 ms.

        `vector` [d]: the normalised text as a query. `before`: what the customer wrote earlier, newest last;
        whoever says the same again is not getting through.
        """
        if not fold(text):
            return Feeling()
        evidence, risks = read_words(text), find_risks(text)
        again = says_again(text, before)
        shares = self._shares(text, vector)
        if again:
            shares = _weary(shares)
        emotion = max(shares, key=lambda one: shares[one])
        intensity = _intensity(emotion, shares[emotion], evidence, again)
        if risks.urgency not in _ORDINARY:
            emotion = Emotion.ANGER if emotion is Emotion.ANGER else Emotion.ANXIETY
            intensity = max(intensity, _PRESSING)
        signs = (*evidence.signs, *(("again.words",) if again else ()), *risks.signs)
        return Feeling(
            emotion=emotion,
            intensity=round(intensity, 3),
            scores=MappingProxyType({one: round(share, 4) for one, share in shares.items()}),
            complaint=risks.complaint,
            urgency=risks.urgency,
            vulnerability=risks.vulnerability,
            signs=signs or ("classifier",),
        )

    def _shares(self, text: str, vector: Vectors | None) -> dict[Emotion, float]:
        if vector is None or self._by_meaning is None:
            learnt, found = self._by_words, self._by_words.shares([text])
        else:
            learnt, found = self._by_meaning, self._by_meaning.shares([text], vector[None, :])
        return {Emotion(name): float(share) for name, share in zip(learnt.names, found[0], strict=True)}


def says_again(text: str, before: Sequence[str]) -> bool:
    """Whether the customer said nearly the same within their last five turns; a second yes or number is none."""
    said = normalise(text)
    if len(said) < _SAID_SHORTLY or find_markers(text).only is not None:
        return False
    return any(spelling_likeness(said, normalise(one)) >= _SAME_WORDS for one in before[-_LOOKED_BACK:] if one.strip())


def _weary(shares: dict[Emotion, float]) -> dict[Emotion, float]:
    turned = {one: share * _WEARY.get(one, 1.0) for one, share in shares.items()}
    return {one: share / sum(turned.values()) for one, share in turned.items()}


def _intensity(emotion: Emotion, share: float, evidence: Evidence, again: bool) -> float:
    """How strongly it is felt, 0..1: certainty, the weight of the words and how loudly they are said; calm is 0."""
    if emotion is Emotion.CALM:
        return 0.0
    told = min(1.0, evidence.weights[tuple(Emotion).index(emotion)] / 3)
    return min(1.0, share * (0.45 + 0.35 * told) + 0.25 * evidence.loudness + 0.1 * again)
