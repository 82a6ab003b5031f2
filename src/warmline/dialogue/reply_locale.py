"""The language that is answered in. Pure."""

from __future__ import annotations

from warmline.language.service import Language, detect_language

ENGLISH_WORDS = 3


def reply_locale(preferred: str, text: str, before: str | None = None) -> str:
    """Answer in the language spoken; Simplified or Traditional as the customer prefers, unless clearly the other.

    `before`: the language a flow is being gone through in; a word or two of English do not change it.
    """
    spoken = detect_language(text)
    if before and (spoken is Language.OTHER or (spoken is Language.EN and len(text.split()) < ENGLISH_WORDS)):
        return before
    if spoken is Language.EN:
        return "en"
    if spoken in (Language.ZH_HANS, Language.ZH_HANT) and preferred == "en":
        return spoken.value
    return preferred
