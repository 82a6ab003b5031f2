"""Sums of money in yuan, in figures and in words."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from warmline.language.entities.dates import date_spans
from warmline.language.entities.digits import chain_spans
from warmline.language.entities.fold import Folded, Span, any_of, fold, load_words
from warmline.language.entities.numerals import (
    DIGIT,
    ENGLISH_NUMBER,
    ENGLISH_SMALL,
    HAN_DIGITS,
    NUMBER,
    read_english,
    read_number,
)
from warmline.language.entities.times import time_spans

_MAX = Decimal(10) ** 12
_SPACED = r"(?<![\d.,] )(?<![\d.,])\d{1,3}(?: \d{3})++(?= ?(?:yuan|rmb|cny|kuai|元|块))"
_NUMBER_RE = re.compile(rf"{_SPACED}|(?P<en>{ENGLISH_NUMBER})|(?<![\d.]){NUMBER}")
_LEAD_RE = re.compile(rf"[\d十拾廿卅]|{DIGIT}")
_MAGNITUDE_RE = re.compile(r"[百佰千仟万亿]|[a-z]")
_NOT_ONE_RE = re.compile("钱?[都也](?:不|没|唔|冇|别|过唔|[转出花动取刷]不)")
"""一块钱都转不出去 names no sum."""
_SMALL_WORD_RE = re.compile(rf"(?:{ENGLISH_SMALL}|an?) ?")
"""three, twenty-five: as well a count as a sum."""
_FACE = r"(?P<{}>一百|五十|二十|十|五|100|50|20|10)(?:块|元)?(?:钱)?"
_COUNT = rf"(?P<{{}}>(?:\d|{DIGIT}|[十百])++) ?张"
_NOTES_RE = re.compile(
    rf"{_COUNT.format('count')} ?{_FACE.format('face')}(?:的|面额|面值|红票|大钞|(?![\d十百千万]))"
    rf"|{_COUNT.format('red')}(?:红[的票钞]?|大红|毛爷爷|百元大?钞)(?:[,， ]*{_FACE.format('unit')}的?一张)?"
    rf"|(?<![\d十百千万]){_FACE.format('each')}的? ?{_COUNT.format('many')}"
)
"""二十张一百的 and 一百的二十张 tell of notes; kinds of notes beside one another are one sum."""
_BESIDE_RE = re.compile(r"(?:[,，、和跟加又再还有外带另 ]|的){0,4}")
_SCALE_RE = re.compile(r"个? ?(?P<scale>k|w)(?![a-z])|(?P<more>来|多|余|几)(?P<times>[万亿])?")
_PART_RE = re.compile(
    rf"零?(\d|{DIGIT})(?:毛|角)(?:(\d|{DIGIT})(?:分|(?![\d百千万.,])))?|零(\d|{DIGIT})分|(\d|{DIGIT})(?![\d百千万.,天日个年月次期笔张号])"
)
_COINS_RE = re.compile(r"(毛|角)(?:钱)?|分钱")
_JOINED_BEHIND_RE = re.compile(r"[a-z]|[./:]\d|-\d(?![\d.,]*+ ?(?:元|块|万|k|w|yuan|rmb))|分之")
_MINUTES = rf"分(?!期|成?(?:半年|(?:\d|{DIGIT}|十){{1,3}}个?[期月年]))"
"""3200分12期 is a sum in twelve parts."""
_LAST_RE = re.compile(r"(?:万|w|千|k|thousand|grand)$")
_WINDOW, _SENTENCE = 14, 48
_CAP_RE = re.compile(
    r"[不别唔莫勿甭][^,，。.!?]{0,10}(?:超过|多过|多于)$"
    r"|(?:\b(?:no|not|never|nobody|without)\b|n't\b)[^.!?]{0,40}\b(?:more than|over|above|exceed) ?$"
)
"""What is not to be gone beyond is the very sum."""
_TARGET_RE = re.compile(
    r"(?:(?:[提涨升加增降减调改换变设弄搞整放拉开]|恢复)(?:[高大低小多少升整定置宽返回]?)(?:[到成为至做作]|回)"
    r"|(?<![转汇存打收扣欠花用达付等看拿借贷取还刷买卖充入给退送寄来去回\d十百千万元块])[到至]|[从由][^,，。]{1,10}[到至])"
    r"(?:了|个|每[天日]|[单每]笔|大概|大约|约|差不多|人民币|[ :¥])*+$"
    r"|(?:(?<![a-z])(?:rais|increas|lower|reduc|chang|set|mak|bring|cut|put|lift|drop|bump|adjust)[a-z]*+"
    r"(?:[^.,;?!]|(?<=\d)[.,]){0,30}? (?:to|at)"
    r"|(?<![a-z])(?:up|down|back|from [^;?!]{1,20}?) to|make (?:it|that)|^to)(?: about| around| roughly| rmb| ¥)?+ ?$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in yuan. `sure`: a money word, sign or magnitude said that it is one; else it is a bare number.

    `target`: what something is to become (提到一万, down to 3,000), beside others that say what it is.
    """

    value: Decimal
    span: Span
    words: str
    approximate: bool = False
    sure: bool = True
    target: bool = False


class _Words(NamedTuple):
    unit: re.Pattern[str]
    foreign: re.Pattern[str]
    counted: re.Pattern[str]
    about_after: re.Pattern[str]
    before: re.Pattern[str]
    foreign_before: re.Pattern[str]
    about_before: re.Pattern[str]
    named: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    money = load_words("terms")["money"]

    def after(name: str) -> re.Pattern[str]:
        return re.compile(rf" ?{any_of(money[name])}(?<![a-z](?=[a-z]))")

    def before(name: str, gap: str = r"[ :]*+") -> re.Pattern[str]:
        return re.compile(rf"(?<![a-z])(?:{any_of(money[name])}){gap}$")

    return _Words(
        unit=after("units"),
        foreign=after("foreign_after"),
        counted=re.compile(rf"[ -]?(?:{any_of(money['counted'])}(?<![a-z](?=[a-z]))|{_MINUTES})"),
        about_after=re.compile(rf"[ -]?{any_of(money['about_after'])}"),
        before=before("before"),
        foreign_before=before("foreign_before"),
        about_before=before("about_before", r"(?: |有|是|扣了|取了|a )*+"),
        named=before("named", r"(?: |:|是|为|is |in |was )*+"),
    )


@lru_cache(maxsize=512)
def find_amounts(text: str) -> tuple[Amount, ...]:
    """Sums of yuan in their order; other currencies, dates, hours, phone and card numbers and counts are left out."""
    folded = fold(text)
    found = _read_notes(folded)
    taken = [*date_spans(folded), *time_spans(folded), *chain_spans(folded)]
    text, end = _without(folded.text, [*taken, *(span for span, _ in found)]), 0
    sums = [amount for _, amount in found]
    for number in _NUMBER_RE.finditer(text):
        if number.start() >= end:
            amount = _read(folded, number) or _read_short(folded, number, sums)
            if amount:
                sums.append(amount[0])
                end = amount[1]
    return tuple(sorted(sums, key=lambda one: one.span))


def _read_notes(folded: Folded) -> list[tuple[Span, Amount]]:
    """Return what notes come to, with where they stand in the folded text."""
    runs: list[list[re.Match[str]]] = []
    for one in _NOTES_RE.finditer(folded.text):
        if runs and _BESIDE_RE.fullmatch(folded.text[runs[-1][-1].end() : one.start()]):
            runs[-1].append(one)
        else:
            runs.append([one])
    found = []
    for run in runs:
        value = sum((_count_notes(one) for one in run), Decimal())
        place = (run[0].start(), run[-1].end())
        found.append((place, Amount(value, folded.span(*place), folded.words(*place))))
    return found


def _count_notes(run: re.Match[str]) -> Decimal:
    count = run["count"] or run["many"] or run["red"]
    face = run["face"] or run["each"] or run["unit"] or "100"
    return (read_number(count) or Decimal()) * (read_number(face) or Decimal())


def _read_short(folded: Folded, number: re.Match[str], before: list[Amount]) -> tuple[Amount, int] | None:
    """Return what a number comes to that leans on the sum it comes from: from a hundred thousand to sixty."""
    start, end = number.span()
    scale = _LAST_RE.search(before[-1].words.lower()) if before else None
    value = _value(number)
    if (
        scale is None
        or value is None
        or not value
        or not _TARGET_RE.search(folded.text[max(0, start - _SENTENCE) : start])
    ):
        return None
    apart = _stands_alone(folded.text, start, end, number[0], "") and not _words().foreign.match(folded.text, end)
    if not apart or re.match(r"[\u3400-\u9fff]", folded.text[end:]):
        return None
    times = 10_000 if scale[0] in "万w" else 1_000
    return Amount(value * times, folded.span(start, end), folded.words(start, end), target=True), end


def _without(text: str, taken: list[Span]) -> str:
    """Return a text of the same length with these stretches struck out: of 15万12月16号 the date is no part."""
    for first, last in taken:
        text = text[:first] + "|" * (last - first) + text[last:]
    return text


def _read(folded: Folded, number: re.Match[str]) -> tuple[Amount, int] | None:
    text, start, end = folded.text, number.start(), number.end()
    written = number[0]
    value = _value(number)
    if value is None:
        return None
    value, end, scaled, about = _scale(text, value, end)
    value, end, named = _name(text, value, end)
    before = text[max(0, start - _WINDOW) : start]
    words = _words()
    sign = words.before.search(before)
    if sign:
        start -= len(sign[0])
        before = text[max(0, start - _WINDOW) : start]
    money = named or bool(sign)
    if not money and not _stands_alone(text, start, end, written, before):
        return None
    if words.foreign.match(text, end) or words.foreign_before.search(before) or value > _MAX:
        return None
    bulk = scaled or (bool(_MAGNITUDE_RE.search(written)) and not _SMALL_WORD_RE.fullmatch(written))
    if value <= 1 and _NOT_ONE_RE.match(text, end):
        return None
    sure = money or bulk or "," in written or bool(re.search(r"\.\d\d$", written))
    if not sure and not _may_be_bare(text, written, start, end):
        return None
    about = about or bool(words.about_after.match(text, end) or words.about_before.search(before))
    sentence = text[max(0, start - _SENTENCE) : start]
    cap = bool(_CAP_RE.search(sentence))
    about, target = about and not cap, cap or bool(_TARGET_RE.search(sentence))
    return Amount(value, folded.span(start, end), folded.words(start, end), about, sure, target), end


def _value(number: re.Match[str]) -> Decimal | None:
    """The value of a run of numerals; 千万 and 百分 lead with a magnitude and are no number."""
    if number["en"]:
        return read_english(number[0])
    return read_number(number[0].replace(" ", "")) if _LEAD_RE.match(number[0]) else None


def _scale(text: str, value: Decimal, end: int) -> tuple[Decimal, int, bool, bool]:
    """k and w behind a number, and 多, 来 with or without 万."""
    scale = _SCALE_RE.match(text, end)
    if not scale:
        return value, end, False, False
    if scale["scale"]:
        value *= 1_000 if scale["scale"] == "k" else 10_000
        more = re.compile("来|多|余|几").match(text, scale.end())
        return value, more.end() if more else scale.end(), True, bool(more)
    times = {"万": 10_000, "亿": 100_000_000}.get(scale["times"] or "", 1)
    return value * times, scale.end(), times > 1, True


def _name(text: str, value: Decimal, end: int) -> tuple[Decimal, int, bool]:
    """The money word behind a number and the coins behind that: 块五, 元5角2分, 毛钱."""
    coins = _COINS_RE.match(text, end)
    if coins:
        return value / (10 if coins[1] else 100), coins.end(), True
    unit = _words().unit.match(text, end)
    if not unit or (unit[0] == "块" and value == 1 and not re.compile(rf"[\d钱]|{DIGIT}|$").match(text, unit.end())):
        return value, end, False
    end = unit.end()
    part = _PART_RE.match(text, end) if unit[0].strip() in ("块", "元", "圆", "蚊") else None
    if part:
        tenths, hundredths = part[1] or part[4], part[2] or part[3]
        value += Decimal(_digit(tenths)) / 10 + Decimal(_digit(hundredths)) / 100
        end = part.end()
    return value, end, True


def _digit(sign: str | None) -> int:
    return 0 if not sign else int(sign) if sign.isascii() else HAN_DIGITS[sign]


def _stands_alone(text: str, start: int, end: int, written: str, before: str) -> bool:
    words = _words()
    if words.counted.match(text, end) or words.named.search(before):
        return False
    if _JOINED_BEHIND_RE.match(text, end) or re.search(r"[a-z]-?$|\d[./:-]$", before):
        return False
    return not (written.isdigit() and len(written) > 1 and written[0] == "0")


def _may_be_bare(text: str, written: str, start: int, end: int) -> bool:
    """A number without any mark of money: from three figures on, or when little else is said."""
    alone = not re.search(r"[\w]", text[:start] + text[end:].lstrip(" 吧.!。"))
    if not written.isascii() or written[0].isalpha():
        return alone
    digits = len(re.sub(r"\D", "", written))
    return digits < 10 and (digits >= 3 or alone)
