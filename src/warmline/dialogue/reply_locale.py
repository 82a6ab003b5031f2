"""The language that is answered in. Pure."""

from __future__ import annotations

from warmline.language.service import Language, detect_language

ENGLISH_WORDS = 3


def reply_locale(preferred: str, text: str, before: str | None = None) -> str:
    """Answer in the language spoken; Simplified or Traditional as the customer prefers, unless clearly the other.

    `before`: the language a flow is being gone through in; a word or two of English do not change it.
    """
    spoken = detect_language(text)
    letters, han = sum(c.isascii() and c.isalpha() for c in text), sum("\u3400" <= c <= "\u9fff" for c in text)
    if before == "en" and letters > 2 * han:  # a branch by its Chinese name
        return before
    if before and (spoken is Language.OTHER or (spoken is Language.EN and len(text.split()) < ENGLISH_WORDS)):
        return before
    if spoken is Language.EN:
        return "en"
    if spoken in (Language.ZH_HANS, Language.ZH_HANT) and preferred == "en":
        return spoken.value
    return preferred
