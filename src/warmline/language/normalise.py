"""One spelling for one meaning: what people type, folded so that equal things compare equal."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import opencc

MAX_QUERY_CHARS = 2_000
"""Longer texts carry no more of a question; what is cut is never seen by search."""

_HAN = r"\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RE = re.compile(f"[{_HAN}]")
_LATIN_RE = re.compile(r"[A-Za-z]")
_LETTER_RE = re.compile(r"[^\W\d_]")
_SPACE_RE = re.compile(r"\s+")
_CJK_GAP_RE = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_SIGNS = r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299"
_PICTURE = rf"[{_SIGNS}\U0001f000-\U0001faff]"
_EMOJI_RE = re.compile(f"{_PICTURE}\ufe0f?(?:\u200d{_PICTURE}\ufe0f?)*|[0-9#*]\ufe0f\u20e3")
"""Sequences of Unicode Technical Standard 51, section 2.3, without tags; a picture's skin colour is a picture."""
_KEPT_CONTROLS = frozenset("\t\n\r")
_HIDDEN = frozenset(
    [chr(c) for c in (0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF)]
    + [chr(c) for c in range(0x200B, 0x2010)]
    + [chr(c) for c in range(0x202A, 0x202F)]
    + [chr(c) for c in range(0x2060, 0x2070)]
    + [chr(c) for c in range(0xFE00, 0xFE10)]
    + [chr(c) for c in range(0xE0000, 0xE0080)]
)


_HONG_KONG = {"咭": "卡", "银包": "钱包"}
_CALLED_BACK = ("回撥", "回拨")
"""A call returned, which the converter takes for a program's callback."""
_HONG_KONG_RE = re.compile("|".join(_HONG_KONG))


class Language(StrEnum):
    """The languages the house speaks; ``OTHER`` is everything else."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"
    OTHER = "other"


@lru_cache(maxsize=4)
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def strip_hidden(text: str, *, keep_emoji: bool = False) -> str:
    """Drop zero-width, direction-changing, tag and control characters (tab and newline stay).

    With `keep_emoji` what joins several pictures into one stays (👨‍👩‍👧), and what makes a picture of a sign (❤️).
    """
    kept = {i for found in _EMOJI_RE.finditer(text) for i in range(*found.span())} if keep_emoji else frozenset()
    return "".join(c for i, c in enumerate(text) if i in kept or not _is_hidden(c))


def _is_hidden(c: str) -> bool:
    return c in _HIDDEN or (c not in _KEPT_CONTROLS and unicodedata.category(c) in {"Cc", "Cs"})


def to_simplified(text: str) -> str:
    """Traditional characters as Simplified; everything else unchanged."""
    return str(_converter("t2s").convert(text)) if _HAN_RE.search(text) else text


def _to_mainland(text: str) -> str:
    """Simplified characters and, for another word in Taiwan or Hong Kong, the Mainland's (網路 → 网络)."""
    if not _HAN_RE.search(text):
        return text
    mainland = str(_converter("tw2sp").convert(text.replace(*_CALLED_BACK)))
    return _HONG_KONG_RE.sub(lambda found: _HONG_KONG[found[0]], mainland)


@lru_cache(maxsize=4_096)
def normalise(text: str) -> str:
    """Fold for matching: NFKC, hidden characters out, Mainland words, lower case, one space; ≤ 2,000 characters."""
    folded = unicodedata.normalize("NFKC", strip_hidden(text[: MAX_QUERY_CHARS * 2]))
    folded = _to_mainland(folded[:MAX_QUERY_CHARS]).casefold()
    return _CJK_GAP_RE.sub("", _SPACE_RE.sub(" ", folded)).strip()


_FEW_LETTERS = 12
"""A text of so few letters is Chinese by any Han character: thanks啦."""


def detect_language(text: str) -> Language:
    """The language to answer in: any Han text is Chinese; script by what Traditional-only characters it has."""
    plain = unicodedata.normalize("NFKC", strip_hidden(text[:MAX_QUERY_CHARS]))
    han = "".join(_HAN_RE.findall(plain))
    letters = len(_LETTER_RE.findall(plain))
    if han and (len(han) * 5 >= letters or letters <= _FEW_LETTERS):
        if any("\u3040" <= c <= "\u30ff" for c in plain):
            return Language.OTHER
        return Language.ZH_HANT if _is_traditional(han) else Language.ZH_HANS
    latin = len(_LATIN_RE.findall(plain))
    if not letters or latin * 10 >= letters * 9:
        return Language.EN if latin and _looks_english(plain) else Language.OTHER
    return Language.OTHER


def _is_traditional(han: str) -> bool:
    changed = sum(a != b for a, b in zip(han, to_simplified(han), strict=False))
    back = str(_converter("s2t").convert(han))
    simplified_only = sum(a != b for a, b in zip(han, back, strict=False))
    return changed > simplified_only


# Case is kept in the first part: ſ and ı would match every s and i.
_FOREIGN_RE = re.compile(
    r"(?-i:[À-ÖØ-öø-ÿĀ-ſ])|\b(?:el|los|las|una|por|que|como|est|une|les|der|das|und|ich|nicht|wie|eine?|il|che|non|"
    r"bagaimana|saya|tidak|apa|vous|mon|ma|mi|meine?|minha|meu|não|para|kartu|karte|carte|tarjeta|cartão)\b",
    re.IGNORECASE,
)
_ENGLISH_RE = re.compile(
    r"\b(?:the|a|an|is|are|was|do|does|did|how|what|where|when|why|who|can|could|i|my|me|you|your|to|of|on|in|"
    r"for|it|not|card|pin|app|atm|bank|account|money|please|help|hi|hello|ok|yes|no|thanks?|human|agent)\b",
    re.IGNORECASE,
)


def _looks_english(text: str) -> bool:
    foreign = len(_FOREIGN_RE.findall(text))
    return foreign == 0 or len(_ENGLISH_RE.findall(text)) > foreign
