"""Figures that stand for themselves: the tail of a card, a code, a phone number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from warmline.language.entities.dates import date_spans
from warmline.language.entities.fold import Folded, Span, fold, overlaps
from warmline.language.entities.numerals import ENGLISH_DIGITS, HAN_DIGITS

_SPOKEN = {
    **{k: str(v) for k, v in HAN_DIGITS.items() if k not in "两俩"},
    **{k: str(v) for k, v in ENGLISH_DIGITS.items()},
    "oh": "0",
    "o": "0",
}
_HAN = "[" + "".join(k for k in HAN_DIGITS if k not in "两俩") + "]"
_EN = "(?:" + "|".join(ENGLISH_DIGITS) + "|oh|o)"
_SAID = rf"(?:(?:double[ -]|triple[ -])?{_EN}(?![a-z]))"
_FIGURE = rf"(?:\d|{_HAN})"
_CHAIN_RE = re.compile(
    rf"(?<![a-z\d.,])(?<!\d[:/]){_SAID}(?:[ ,-]{{0,2}}{_SAID})++"
    rf"|(?<![a-z\d.十百千万])(?<!\d[:/]){_FIGURE}++(?:[ -]{_FIGURE}++)*+(?: ?x(?![a-z\d]))?+"
)
_ALNUM_RE = re.compile(r"(?<![a-z\d])(?=[a-z]{0,3}\d)[a-z\d]{3,10}(?![a-z\d])")
_SUFFIX_RE = re.compile(r"\d+(?:k|w|am|pm|st|nd|rd|th|rmb|cny|yuan|kuai|x)$")
_X_RE = re.compile(rf"(?<!\d)(?P<figures>{_FIGURE}{{3,17}})[^\d]{{1,10}}?(?:叉|勾叉|x\b)")
"""A last X named apart: 221，最后是个叉."""
_UNIT_BEHIND_RE = re.compile(
    r" ?(?:[块元圆万千百十亿年月日号点期个笔次张天岁分角毛倍折%:kw]|来块|多块|rmb|cny|yuan|kuai)"
    r"| ?(?:am|pm|months?|years?|days?)(?![a-z\d])|\.\d|,\d{3}(?!\d)|/\d"
)
_MONEY_BEFORE_RE = re.compile(r"(?<!\d)\d{1,3},$|[¥$€£] ?$|(?:rmb|cny) ?$|/$")
_PART_RE = re.compile(rf"{_SAID}|{_FIGURE}|x")
_OVER_THE_PHONE = {"两": "2", "么": "1", "拐": "7", "勾": "9", "洞": "0"}
"""Figures as they are said in telephone numbers alone."""
_DIALLED = rf"(?:\d|{_HAN}|[{''.join(_OVER_THE_PHONE)}])"
_GROUP_RE = re.compile(rf"{_DIALLED}++")
_DICTATED_RE = re.compile(
    rf"(?<![a-z\d.,十百千万¥]){_DIALLED}++"
    rf"(?:[ ,，、.-]{{1,2}}{_DIALLED}++)*+(?![a-z\d十百千万元块])"
)
_MOBILE_RE = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_LANDLINE_RE = re.compile(r"(?<!\d)(?<!\d[ -])\(?(0(?:10|2\d|[3-9]\d\d))\)?[ -]?([2-9]\d{2,3}[ -]?\d{4})(?![ -]?\d)")
_TAIL_RE = re.compile(
    r"(?:最后|末|尾|后)面?的?[两二三四五六2-6]?(?:[位个]?数字?|位|码|号|个字)?(?:应该|其实)?(?:是|为|系|改成) ?$"
    r"|\b(?:last|final) (?:two |three |four |five |six |[2-6] )?(?:digits |numbers |figures )?"
    r"(?:should be |should read |are |is |be )(?:the )?$|\b(?:ends|ending) (?:in |with )$"
)
_GROUPED = {(3, 4, 4), (3, 8), (4, 4, 3), (7, 4), (3, 3, 5), (6, 5), (2, 3, 4, 4), (2, 11), (5, 6)}
_TAIL_FROM = _MOBILE = 11
_PIECE, _PIECES = 8, 5
"""So many figures a piece of a number has at most, and a number so many pieces."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Figures as written down: no spaces, spoken ones as 0–9, letters large."""

    digits: str
    span: Span
    words: str


@lru_cache(maxsize=512)
def find_digits(text: str, length: int | None = None) -> tuple[Digits, ...]:
    """Runs of figures in their order; sums, dates and counts are left out.

    With `length`: those of that many figures (a last X, or letters among them as in passports, count as figures), and
    the tail of numbers of 11 and more, such as the last four of a whole card number.
    """
    folded = fold(text)
    dates = date_spans(folded, compact=False)
    found = [d for run in _CHAIN_RE.finditer(folded.text) for d in _read(folded, run, length, dates)]
    if length and not found and (tail := _X_RE.search(folded.text)) and len(tail["figures"]) == length - 1:
        found.append(Digits(f"{_spell(tail['figures'])}X", folded.span(*tail.span()), folded.words(*tail.span())))
    if length:
        taken = [d.span for d in found]
        for token in _ALNUM_RE.finditer(folded.text):
            span = folded.span(*token.span())
            plain = token[0].isdigit() or _SUFFIX_RE.search(token[0])
            if len(token[0]) == length and not plain and not overlaps(*span, taken):
                found.append(Digits(token[0].upper(), span, folded.words(*token.span())))
    return tuple(sorted(found, key=lambda d: d.span))


def _read(folded: Folded, run: re.Match[str], length: int | None, dates: list[Span]) -> list[Digits]:
    groups = [(run.start() + g.start(), run.start() + g.end()) for g in re.finditer(r"[^ -]+", run[0])]
    if _UNIT_BEHIND_RE.match(folded.text, run.end()):
        groups.pop()
    if _MONEY_BEFORE_RE.search(folded.text[max(0, run.start() - 5) : run.start()]):
        groups = groups[1:]
    groups = [g for g in groups if not overlaps(*g, dates)]
    found = []
    for start, end in _join(folded.text, groups, length):
        digits = _of_length(_spell(folded.text[start:end]), length)
        if digits and (len(digits) > 1 or length == 1):
            found.append(Digits(digits, folded.span(start, end), folded.words(start, end)))
    return found


def _join(text: str, groups: list[Span], length: int | None) -> list[Span]:
    """Groups of figures that are one number (138 0000 1001, 4 8 2 1), or each by itself (4821 0426)."""
    if len(groups) < 2:
        return groups
    whole = (groups[0][0], groups[-1][1])
    words = text[slice(*whole)]
    spelt = [_spell(text[first:last]) for first, last in groups]
    sizes = tuple(len(s) for s in spelt)
    if re.search("[a-wyz]", words) or (spelt[-1] == "X" and max(sizes) <= 3):
        return [whole]
    if len(set(sizes)) > 1 and sizes not in _GROUPED:
        return groups
    short = sum(sizes) < _TAIL_FROM
    return groups if length and length in sizes and short and sizes[0] > 1 else [whole]


def _of_length(digits: str, length: int | None) -> str:
    if not length or len(digits) == length:
        return digits
    return digits[-length:] if len(digits) >= _TAIL_FROM and length < _TAIL_FROM else ""


def _spell(run: str) -> str:
    out = ""
    for part in _PART_RE.findall(run):
        *times, word = re.split("[ -]", part)
        digit = "X" if word == "x" else word if word.isdigit() else _SPOKEN[word]
        out += digit * {"double": 2, "triple": 3}.get(times[0] if times else "", 1)
    return out


@lru_cache(maxsize=512)
def find_phones(text: str) -> tuple[Digits, ...]:
    """Mainland mobile numbers (11 figures, without +86; also dictated: 一三八，零零零零，三零零幺) and landlines."""
    folded = fold(text)
    places = list(_dictated(folded.text))
    spans = [(start, end) for start, end, _ in places]
    for run in _CHAIN_RE.finditer(folded.text):
        mobile = _MOBILE_RE.fullmatch(_spell(run[0]))
        if mobile and "x" not in run[0] and not overlaps(*run.span(), spans):
            places.append((*run.span(), mobile[1]))
    found = [Digits(digits, folded.span(a, b), folded.words(a, b)) for a, b, digits in places]
    found = found or _pieced_together(text)
    taken = [d.span for d in found]
    for line in _LANDLINE_RE.finditer(folded.text):
        span = folded.span(*line.span())
        if not overlaps(*span, taken):
            digits = re.sub(r"\D", "", line[0])
            found.append(Digits(digits, span, folded.words(*line.span())))
    return tuple(sorted(found, key=lambda d: d.span))


@lru_cache(maxsize=512)
def find_tail(text: str) -> str:
    """The figures that a number ends in, where that is said (最后四位是3458); empty where it is not."""
    folded = fold(text)
    for one in reversed(find_digits(text)):
        start = next(i for i, at in enumerate(folded.at) if at == one.span[0])
        if _TAIL_RE.search(folded.text[:start]):
            return one.digits
    return ""


def _pieced_together(text: str) -> list[Digits]:
    """A mobile number told piece by piece, with nothing else in figures: 前三位137，中间5566，最后7788."""
    pieces = [one for one in find_digits(text) if len(one.digits) <= _PIECE]
    number = "".join(one.digits for one in pieces)
    if not 1 < len(pieces) <= _PIECES or not _MOBILE_RE.fullmatch(number) or len(pieces) != len(find_digits(text)):
        return []
    span = (pieces[0].span[0], pieces[-1].span[1])
    return [Digits(number, span, text[slice(*span)])]


def _dictated(text: str) -> Iterator[tuple[int, int, str]]:
    """Mobile numbers in groups with commas, points or spaces between them; only where nothing is left over."""
    for run in _DICTATED_RE.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP_RE.finditer(run[0])]
        found = []
        while groups:
            size = next((n for n in range(1, len(groups) + 1) if _is_mobile(text, groups[:n])), 0)
            if not size:
                break
            first, last = groups[0][0], groups[size - 1][1]
            found.append((first, last, _dial(text[first:last])[-_MOBILE:]))
            groups = groups[size:]
        if not groups:
            yield from found


def _is_mobile(text: str, groups: list[Span]) -> bool:
    """Whether groups are one mobile number as such are grouped, or said figure by figure."""
    sizes = tuple(last - first for first, last in groups)
    grouped = len(sizes) == 1 or sizes in _GROUPED or set(sizes) == {1}
    return grouped and bool(_MOBILE_RE.fullmatch(_dial(text[groups[0][0] : groups[-1][1]])))


def _dial(words: str) -> str:
    return "".join(c if c.isdigit() else _OVER_THE_PHONE.get(c) or _SPOKEN.get(c, "") for c in words)


def chain_spans(folded: Folded) -> list[Span]:
    """Where figures stand that are no number: phones, cards, codes said one by one (places in the folded text)."""
    spans = [(start, end) for start, end, _ in _dictated(folded.text)]
    for run in _CHAIN_RE.finditer(folded.text):
        digits = _spell(run[0])
        groups = re.split("[ -]", run[0])
        single = len(groups) > 1 and all(len(g) == 1 for g in groups)
        spoken = len(digits) > 2 and not re.search(r"\d", run[0])
        if len(digits) >= 11 or single or spoken or digits.endswith("X"):
            spans.append(run.span())
    return spans
