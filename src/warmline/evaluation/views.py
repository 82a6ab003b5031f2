"""Which embedders a set of texts is looked at with."""

from collections.abc import Sequence

from warmline.language.ports import TextEmbedder
from warmline.language.service import Language, detect_language

_LOOKED_AT = 200


def suited(embedders: Sequence[TextEmbedder], texts: Sequence[str]) -> list[TextEmbedder]:
    """All of them where most texts are English, else the first alone: the others read English only."""
    looked_at = texts[:: max(1, len(texts) // _LOOKED_AT)]
    english = sum(detect_language(t) is Language.EN for t in looked_at)
    return list(embedders if english * 2 > len(looked_at) else embedders[:1])
