"""Placeholders for what must not leave the house, put back into what comes home. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from warmline.kit.masking import SURNAMES, find_personal
from warmline.language.normalise import strip_hidden

_HAN = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER = re.compile(r"\[[ ]?([A-Z]{2,10}\d{1,3})[ ]?\]")
_FIGURE = r"[\d一二三四五六七八九零〇幺]"
_TAIL = re.compile(
    rf"(?:(?:尾号|尾號|末四位|后四位|後四位|卡号|卡號|账号|帳號|帐号|密码|密碼|验证码|驗證碼)(?:是|为|為|:|：|\s){{0,3}}"
    rf"|(?:ending|ends?|last four(?: digits)?|card number|account number|pin|password|code)(?: in| with| is|:| )*)"
    rf"({_FIGURE}(?:[ \-]?{_FIGURE}){{2,}}[Xx]?)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:生日|出生日期|出生于|出生於|出生|birthday|date of birth|born(?: on)?)(?:是|在|为|為|is|:|：|\s)*"
    r"([12]\d{3}[年./-]\s?\d{1,2}[月./-]\s?\d{1,2}日?|[12]\d{7}|\d{1,2} [A-Za-z]{3,9} [12]\d{3})",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?<![一二三四五六七八九零〇幺])[一二三四五六七八九零〇幺](?:[ \-]?[一二三四五六七八九零〇幺]){6,}"
)
_CJK_TITLE = re.compile(
    r"([\u4e00-\u9fff]{1,3}?)(?=先生|女士|小姐|太太|阿姨|叔叔|大爷|大爺|大妈|大媽|奶奶|爷爷|爺爺|经理|經理|老师|老師|师傅|師傅)"
)
_LATIN = r"[A-ZÀ-Ý][a-zA-Zà-ÿ'’\-]*"
_LATIN_NAME = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? ?{_LATIN}(?: {_LATIN}){{0,2}}|{_LATIN}\.? {_LATIN}(?: {_LATIN}){{0,2}})"
)
_LATIN_TOLD = re.compile(
    r"\b(?:my name is|i am called|name:|name is|called|this is|to|from|for|payee:?|recipient:?|i'm|i am) "
    rf"({_LATIN}(?: {_LATIN}){{0,2}}|(?<=my name is )[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_ENGLISH_ADDRESS = re.compile(
    r"\b(?:(?:Flat|Room|Unit|Apt|Apartment|Floor)\s[\w-]{1,6},?\s)?\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\w'’]*\s){1,4}"
    r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Drive|Garden|Court|Estate|Boulevard|Blvd)\b\.?",
)
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,3}\d{6,10}(?!\d)")
_DOTTED = re.compile(r"(?<![\d.,])(?!\d{1,3}(?:,\d{3})+(?!\d))\d{3,4}(?:[.,·_/，]\d{3,4}){2,5}(?![\d.,])")
"""Figures in groups that are no sum."""
_NOT_NAMES = frozenset(["谢谢", "高兴", "和谐", "明白", "方便", "安全", "华为", "元宝", "祝您", "祝你"])


class Found(NamedTuple):
    """Where something personal stands."""

    start: int
    end: int
    kind: str


class Mask:
    """One call's placeholders: the same words get the same one throughout."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """Return the text with placeholders; what looks like one already gets one of its own."""
        text = strip_hidden(text)
        parts, last = [], 0
        for found in _without_overlaps(find_all(_plain(text))):
            parts += [text[last : found.start], self._place(text[found.start : found.end], found.kind)]
            last = found.end
        return "".join([*parts, text[last:]])

    def hide_all(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values with placeholders."""
        return {name: self.hide(text) for name, text in values.items()}

    def reveal(self, text: str) -> str:
        """Return a text with what the placeholders stand for; one that was never given stays and is seen as such."""
        back = {placeholder: words for words, placeholder in self._given.items()}
        return _PLACEHOLDER.sub(lambda one: back.get(f"[{one[1]}]", one[0]), text)

    def _place(self, words: str, kind: str) -> str:
        if words not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[words] = f"[{kind}{self._counts[kind]}]"
        return self._given[words]


def has_placeholder(text: str) -> bool:
    """Tell whether a placeholder stands in a text."""
    return bool(_PLACEHOLDER.search(text))


def find_names(text: str) -> set[str]:
    """Return what looks like the name of a person, erring on the side of taking too much for one."""
    return {text[one.start : one.end] for one in (*_find_han_names(text), *_find_latin_names(text))}


def find_all(text: str) -> Iterator[Found]:
    """Find everything personal, the most certain first."""
    yield from (Found(*one.span(), "TEXT") for one in _PLACEHOLDER.finditer(text))
    yield from (Found(*one.span(), "ID") for one in _LETTERED.finditer(text))
    yield from (Found(start, end, kind.upper()) for start, end, kind in find_personal(text))
    yield from (Found(*one.span(1), "BIRTH") for one in _BIRTH.finditer(text))
    yield from (Found(*one.span(1), "NUMBER") for one in _TAIL.finditer(text))
    yield from (Found(*one.span(), "NUMBER") for one in _SPOKEN.finditer(text))
    yield from (Found(*one.span(), "NUMBER") for one in _DOTTED.finditer(text))
    yield from (Found(*one.span(), "PLACE") for one in _ENGLISH_ADDRESS.finditer(text))
    yield from _find_han_names(text)
    yield from _find_latin_names(text)


def _find_latin_names(text: str) -> Iterator[Found]:
    yield from (Found(*one.span(), "NAME") for one in _LATIN_NAME.finditer(text))
    told = (one for one in _LATIN_TOLD.finditer(text) if one[1][0].isupper() or one[0][:2].lower() == "my")
    yield from (Found(*one.span(1), "NAME") for one in told)


def _find_han_names(text: str) -> Iterator[Found]:
    """Names by the dictionary's word classes; a surname takes the given name that stands behind it along."""
    if not _HAN.search(text):
        return
    for one in _CJK_TITLE.finditer(text):
        surname = _last_surname(one[1])
        if surname:
            yield Found(one.end() - len(surname), one.end(), "NAME")
    place = 0
    tagged = _tag(text)
    for number, (word, tag) in enumerate(tagged):
        start, place = place, place + len(word)
        if not tag.startswith("nr") or word in _NOT_NAMES or not _HAN.match(word):
            continue
        after = tagged[number + 1] if number + 1 < len(tagged) else ("", "")
        takes = len(word) == 1 and len(after[0]) <= 2 and _HAN.match(after[0]) and after[1][:1] in "nx"
        if len(word) > 1 or takes:
            yield Found(start, place + (len(after[0]) if takes else 0), "NAME")


def _last_surname(words: str) -> str:
    """Return the surname that ends these words: 找孙(经理) is 孙."""
    return words[-1] if words and words[-1] in SURNAMES else ""


@lru_cache(maxsize=64)
def _tag(text: str) -> list[tuple[str, str]]:
    import rjieba  # only where there is a language model: its table of word classes takes a while to load

    return [(str(word), str(tag)) for word, tag in rjieba.tag(text)]


def _plain(text: str) -> str:
    """Return the text with plain figures and letters, each sign in its place: １ and ٣ are 1 and 3."""
    return "".join(c if c.isascii() else _plain_one(c) for c in text)


def _plain_one(sign: str) -> str:
    figure = unicodedata.decimal(sign, None)
    if figure is not None:
        return str(figure)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 and folded.isalnum() and folded.isascii() else sign


def _without_overlaps(found: Iterator[Found]) -> list[Found]:
    taken: list[Found] = []
    for one in found:
        if one.end > one.start and not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
    return sorted(taken)
