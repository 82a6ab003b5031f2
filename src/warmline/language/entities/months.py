"""Stretches of months: over how many instalments, for how long."""

import re
from dataclasses import dataclass
from functools import lru_cache

from warmline.language.entities.fold import Span, fold
from warmline.language.entities.numerals import ENGLISH_SMALL, read_count

_N = r"(?<![\d第.一二三四五六七八九十廿两])(?P<n>\d{1,3}|[一二两三四五六七八九十廿卅]{1,3})"
_EN_N = rf"(?<![\d.,a-z])(?P<n>\d{{1,3}}|an?|{ENGLISH_SMALL})"
_PATTERNS = (
    re.compile(
        rf"{_N}(?P<unit>个?期(?!货|权|限|待|望|间)|个月|年|个?季度)(?P<half>半)?"
        r"(?!的?[前后]|以[前后]|之[前后]|级|代|纪|\d|[一二三四五六七八九十]月)"
    ),
    re.compile(r"(?<![一二三四五六七八九十\d两])(?P<n>半)(?P<unit>年|个月)(?!的?[前后]|以[前后]|之[前后])"),
    re.compile(
        rf"{_EN_N}(?: |-)?(?P<half>and a half )?(?P<unit>months?|mths?|mos?|years?|yrs?|instal+ments?|payments|periods|"
        r"quarters?)(?![a-z\d])(?P<more> and a half)?(?! ago| old| back| later| from now)"
    ),
    re.compile(r"(?<![a-z\d])(?P<n>half) an? (?P<unit>year)(?![a-z\d])(?! ago)"),
)


@dataclass(frozen=True, slots=True)
class MonthsFound:
    """A number of months."""

    months: int
    span: Span
    words: str


@lru_cache(maxsize=512)
def find_months(text: str) -> tuple[MonthsFound, ...]:
    """Numbers of months and of instalments (12期, 一年半, over two years) in their order; no dates, no 一年前."""
    folded = fold(text)
    found, end = [], 0
    for match in sorted((m for p in _PATTERNS for m in p.finditer(folded.text)), key=lambda m: m.start()):
        months = _months(match)
        if months and match.start() >= end:
            end = match.end()
            place, words = folded.span(*match.span()), folded.words(*match.span())
            found.append(MonthsFound(months, place, words))
    return tuple(found)


def _months(match: re.Match[str]) -> int:
    groups = match.groupdict()
    unit = match["unit"]
    each = 12 if unit.startswith(("年", "y")) else 3 if "季" in unit or unit.startswith("quarter") else 1
    if match["n"] in ("半", "half"):
        return each // 2
    count = 1 if match["n"] in ("a", "an") else read_count(match["n"]) or 0
    if each == 12 and len(match["n"]) > 1 and count > 40:
        return 0
    half = groups.get("half") or groups.get("more")
    return count * each + (each // 2 if half else 0)
