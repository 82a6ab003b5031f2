"""Days, months and weeks as customers name them, seen from a day."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from warmline.language.entities import calendar as cal
from warmline.language.entities.fold import END, START, Folded, Span, any_of, fold, load_words
from warmline.language.entities.numerals import ENGLISH_SMALL, HAN_DIGITS


class Precision(StrEnum):
    """How exactly a day was named. `LUNAR`: by the lunar calendar or a feast that moves, which is not read."""

    DAY = "day"
    RANGE = "range"
    MONTH = "month"
    LUNAR = "lunar"


@dataclass(frozen=True, slots=True)
class DateFound:
    """The first and last day meant (the same for a day); both are `None` for lunar ones."""

    first: date | None
    last: date | None
    precision: Precision
    span: Span
    words: str


_Read = Callable[[re.Match[str], date, bool | None], cal.Days | None]


class _Rule(NamedTuple):
    """`compact`: of figures alone. `vague`: counts only where no other day is named and one of the past is asked for.

    `ago`: the match says how many hours or minutes before now the day is seen from.
    """

    pattern: re.Pattern[str]
    read: _Read
    compact: bool = False
    vague: bool = False
    ago: bool = False


_N = "(?:[0-3]?\\d(?!\\d)|[一二两三四五六七八九十廿卅]{1,3})"
_YEAR = rf"(?P<year>[12]\d{{3}}|\d\d|[{''.join(HAN_DIGITS)}]{{4}}|[{''.join(HAN_DIGITS)}]{{2}})年?的?"
_NEAR_YEAR = "(?P<near>今年|本年|去年|前年|明年|后年|上年|旧年|出年)的?"
_MONTH = r"(?P<month>(?<!\d)(?:1[0-2]|0?[1-9])|十[一二]?|[一二三四五六七八九])月(?:份)?的?"
_RUNS_ON = "(?![\\d个期块元万千百天年月笔次张多来几、])"
_THIRD = "(?P<third>上旬|中旬|下旬|初|中(?!国|行)|底|末|头)"
_EN_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_EN_DAY = r"(?P<day>[0-3]?\d(?: ?(?:st|nd|rd|th))?(?![\d:a-z])|" + any_of(list(cal.ORDINALS)) + ")"
_EN_YEAR = r"(?:,?[ -]?(?P<year>(?:19|20)\d\d)(?!\d)|[ -]'?(?P<short>\d\d)(?![\d:a-z]))?"
_EN_WEEKDAY = "(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thur?s?|fri|sat|sun)(?![a-z])"
_EN_N = rf"(?P<n>\d{{1,3}}|an?|{ENGLISH_SMALL})"
_EN_UNIT = "(?P<unit>day|week|fortnight|month|year)s?(?![a-z])"


_FEAST_YEAR = (
    rf"(?:(?P<year>(?<!\d)[12]\d{{3}}|[{''.join(HAN_DIGITS)}]{{4}})年?|"
    rf"(?P<short>(?<!\d)\d\d|[{''.join(HAN_DIGITS)}]{{2}})年)的?"
)
_NO_NUMBER = rf"(?![\d{''.join(HAN_DIGITS)}十百千万亿年月日号点个块元期次张岁分楼路街])"
_SURNAME = "[张王李刘陈杨赵黄吴徐孙胡朱林郭何罗宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田]"
_DONE = "转|汇|取|存|刷|付|买|扣|还款|消费|交易|吞|丢|盗|划|到账|发生|被|收到"
_JUST_NOW = (
    rf"(?:{{}}(?=(?:那会儿?|那阵|不久|的事|的)?[啊呀吧呢的嘅了喇啦,。.! ]*$"
    rf"|[^说问讲填选输点,。?!，]{{{{0,6}}}}(?:{_DONE}))"
    rf"|刚(?=(?:{_DONE})))"
)


@lru_cache(maxsize=512)
def find_dates(text: str, now: datetime, *, future: bool | None = None) -> tuple[DateFound, ...]:
    """Days, weeks and months named in the text, in their order, seen from `now` in its own time zone.

    Weeks run from Monday to Sunday: 下周三 and "next Wednesday" are the Wednesday of next week whatever today is,
    上周三 that of last week, 这周三 that of this one; "last Wednesday" is the latest before today. Where a side is open
    (3号, 周三, 12月5日, "on Friday") `future` picks it, today counting on both; `None` takes the nearest day, the past
    one of two. 12/5 is 5 December. Years of two figures are the latest not after this year. 刚才 is today where the
    past is asked for (`future` is `False`) and no other day is named.
    """
    folded = fold(text)
    found = []
    matches = _scan(folded)
    certain = any(not rule.vague for _, _, rule, _ in matches)
    for start, end, rule, match in matches:
        if rule.vague and (certain or future is not False):
            continue
        seen = now - cal.read_hours(match) if rule.ago else now
        days = rule.read(match, seen.date(), future)
        if days is None:
            continue
        first, last, kind = days
        place, words = folded.span(start, end), folded.words(start, end)
        found.append(DateFound(first, last, Precision(kind), place, words))
    return tuple(found)


def date_spans(folded: Folded, *, compact: bool = True) -> list[Span]:
    """Where dates stand in the folded text; without `compact` not those of figures alone (19540412).

    Six figures are never among them: they may be a sum.
    """
    return [(start, end) for start, end, rule, _ in _scan(folded) if not rule.compact or (compact and end - start == 8)]


_NO_SUM, _NO_MONEY = (
    r"(?<![\d.,¥$€£])(?<!rmb)(?<!rmb )(?<!cny )(?<!人民币)",
    r"(?![\d元块圆万kw]|[.,]\d| ?(?:rmb|yuan|cny|kuai))",
)
_TWO = r"0[1-9]|[12]\d|3[01]"
_EIGHT_ABROAD_RE = re.compile(rf"{_NO_SUM}(?P<month>{_TWO})(?P<day>{_TWO})(?P<year>19\d\d|20\d\d){_NO_MONEY}")
_EIGHT_RE = re.compile(rf"{_NO_SUM}(?P<year>19\d\d|20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>{_TWO}){_NO_MONEY}")


def _scan(folded: Folded) -> list[tuple[int, int, _Rule, re.Match[str]]]:
    """The matches that stand, the earlier and then the longer first."""
    matches = [
        (m.start(), -m.end(), i, m) for i, rule in enumerate(_rules()) for m in rule.pattern.finditer(folded.text)
    ]
    kept: list[tuple[int, int, _Rule, re.Match[str]]] = []
    end = 0
    for start, minus, i, match in sorted(matches, key=lambda found: found[:3]):
        if start >= end:
            end = -minus
            kept.append((start, end, _rules()[i], match))
    return kept


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return (*_chinese(), *_figures(), *_english())


def _chinese() -> Iterator[_Rule]:
    words = load_words("terms")
    week = "(?:周|星期|礼拜)"
    yield _rule(rf"(?:农历|阴历|旧历|古历)的?(?:{_YEAR})?[正冬腊\d一二三四五六七八九十初廿月日号]*+", _lunar)
    yield _rule(
        rf"(?:{_YEAR})?(?:[正冬腊一二三四五六七八九十]|1[0-2]|[1-9]){{1,2}}月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?)",
        _lunar,
    )
    yield _rule(r"[正冬腊]月(?:[一二三四五六七八九十]{1,3}|\d{1,2})?", _lunar)
    yield _rule(f"{any_of(words['lunar'])}(?:节)?", _lunar)
    yield _rule(rf"(?:{_YEAR}|{_NEAR_YEAR})?{_MONTH}(?P<day>{_N})(?:日|号|{_RUNS_ON})", cal.read_month_day)
    yield _rule(rf"(?:{_YEAR}|{_NEAR_YEAR})?{_MONTH}{_THIRD}?", cal.read_month)
    yield _rule(
        rf"(?P<side>上上|上|这|本|今|当|下下|下)个?月的?(?:(?P<day>{_N})(?:日|号)|{_THIRD})?(?!亮|饼)",
        cal.read_near_month,
    )
    yield _rule(rf"(?:{_NEAR_YEAR}年?|年)(?P<third>[底末])", cal.read_year_end)
    yield _rule(
        r"(?<![\d一二两三四五六七八九十个上下这本今])月(?P<third>初|中|底|末|头)|(?P<ten>[上中下]旬)",
        cal.read_near_month,
    )
    yield _rule(
        rf"(?<![\d第近满共每月./a-z-])(?P<day>{_N})(?:号|日)(?![内后前机线楼店门窗院桌库柜厅馆台]|取款|存款|提款|自助|atm)",
        cal.read_day,
    )
    yield _rule(
        rf"(?<![一二两三四五六七八九十几每\d])(?P<side>上上|上|这|本|今|下下|下)?个?{week}的?(?:周|星期|礼拜)?"
        rf"(?:(?P<weekday>[一二三四五六日天]|[1-7](?!\d))(?![个天年月])|(?P<end>末))",
        cal.read_weekday,
    )
    yield _rule(rf"(?P<side>上上|上|这|本|今|下下|下)个?{week}", cal.read_week)
    yield _rule(
        rf"(?<![\d以天]){any_of(list(words['days']))}(?!天)", lambda m, today, _: cal.shift(today, words["days"][m[0]])
    )
    yield _rule(
        r"(?<![一二两三四五六七八九十几\d.])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)(?P<unit>天|日|周|个?星期|个?礼拜|个月|年)"
        r"(?:之|以)?(?P<side>前|后)",
        cal.read_offset,
    )
    yield _ago(
        r"(?<![一二两三四五六七八九十\d.点:])(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3}|半|十?几|个把)个?(?P<half>半)?"
        r"(?P<unit>小时|钟头|钟|分钟|刻钟)(?:之|以)?前"
    )
    yield _Rule(re.compile(_JUST_NOW.format(any_of(words["just_now"]))), _today, vague=True)
    yield _rule(any_of(list(words["stretches"])), lambda m, today, _: cal.stretch(today, words["stretches"][m[0]]))
    yield from _feasts(words["holidays"], words["bare_holidays"])


def _feasts(feasts: dict[str, list[int]], bare: dict[str, list[int]]) -> Iterator[_Rule]:
    """Feasts with a fixed date, of a year or not; streets and people called after them are none."""

    def read(match: re.Match[str], today: date, side: bool | None) -> cal.Days | None:
        name = match["feast"]
        return cal.read_feast(match, feasts.get(name) or bare[name], today, side)

    year = rf"(?:{_FEAST_YEAR}|{_NEAR_YEAR})"
    english, chinese = (any_of([w for w in feasts if w.isascii() is ascii]) for ascii in (True, False))
    yield _rule(
        rf"(?:{year}|(?<!{_SURNAME}))(?P<feast>{chinese})(?:(?<!一)|{_NO_NUMBER})"
        "(?!大?[街道桥]|[东西南北中大]?路|广场|支行|新村)",
        read,
    )
    yield _rule(rf"(?:(?<![\d双])){year}(?P<feast>{any_of(list(bare))}){_NO_NUMBER}", read)
    yield _rule(rf"(?<!双)(?P<feast>{any_of(list(bare))})(?=那[天日会]|当[天日]|期间|假期|长假|黄金周|放假)", read)
    yield _rule(rf"{START}(?P<feast>{english})(?:,? (?:of |in )?(?P<year>(?:19|20)\d\d)(?!\d)|{END})", read)


def _figures() -> Iterator[_Rule]:
    edge, out = r"(?<![\d./:-])", r"(?![\d:]|[./-]\d)"
    yield _rule(
        rf"{edge}(?P<year>[12]\d{{3}})([-/. ])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){out}", cal.read_month_day
    )
    yield _rule(
        rf"{edge}(?P<month>\d{{1,2}})([-/])(?P<day>\d{{1,2}})\2(?P<year>[12]\d{{3}}){out}", cal.read_either_order
    )
    yield _rule(
        rf"{edge}(?P<year>[4-9]\d|3[2-9]|00|\d\d(?=\.))([-/.])(?P<month>1[0-2]|0?[1-9])\2(?P<day>\d{{1,2}}){out}",
        cal.read_month_day,
    )
    yield _rule(rf"{edge}(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}}){out}(?<!24/7)", cal.read_either_order)
    yield _rule(rf"{edge}(?P<month>1[0-2]|0?[1-9])\.(?P<day>[0-3]?\d)(?:号|日)", cal.read_month_day)
    yield _Rule(_EIGHT_RE, cal.read_month_day, compact=True)
    yield _Rule(_EIGHT_ABROAD_RE, cal.read_either_order, compact=True)
    yield _rule(
        r"(?<![\da-z.¥$:-])(?<!码)(?<!码是)(?<!码为)(?<!码:)(?<!code )(?<!code is )"
        r"(?P<year>\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
        r"(?![\da-z.:元块])",
        cal.read_month_day,
        compact=True,
    )


def _english() -> Iterator[_Rule]:
    words = load_words("terms")
    plain = _EN_WEEKDAY.replace("weekday", "short")
    near = "(?P<side>this|next|last|past|coming|previous)"
    yield _rule(rf"{START}{_EN_DAY}(?: day)?(?: of|-)? ?{_EN_MONTH}\.?{_EN_YEAR}", cal.read_english_date)
    yield _rule(rf"{START}{_EN_MONTH}\.?(?: the)? ?{_EN_DAY}{_EN_YEAR}", cal.read_english_date)
    yield _rule(rf"{START}{_EN_MONTH},? (?P<year>(?:19|20)\d\d){END}", cal.read_english_month)
    yield _rule(rf"{START}(?:in|since|{near}) {_EN_MONTH}(?! \d)", cal.read_english_month)
    yield _rule(
        rf"{START}(?P<day>[0-3]?\d) ?(?:st|nd|rd|th){END}(?: of {near} month)?"
        r"(?! (?:time|card|one|option|floor|transaction|instal|choice|account|avenue|street))",
        cal.read_day,
    )
    yield _rule(
        rf"{START}(?:{near} (?:week'?s? )?{_EN_WEEKDAY}|(?:on|by|until|till) {plain})",
        cal.read_weekday,
    )
    yield _rule(
        rf"{START}(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?(?: (?P<side>next|this|last) week)?{END}",
        cal.read_weekday,
    )
    yield _rule(rf"{START}{_EN_WEEKDAY} (?P<side>next|this|last) week{END}", cal.read_weekday)
    yield _rule(rf"{START}{near} (?P<what>week(?:end)?|month){END}", cal.read_english_stretch)
    yield _rule(
        rf"{START}(?P<third>start|beginning|middle|mid|end)[ -](?:of )?(?:(?:the|{near}) )?month{END}",
        cal.read_near_month,
    )
    yield _rule(rf"{START}(?:the )?end of (?:the|this|{near}) year|year[ -]end{END}", cal.read_year_end)
    yield _rule(rf"{START}in {_EN_N} {_EN_UNIT}(?: time)?", cal.read_offset)
    yield _rule(rf"{START}{_EN_N} {_EN_UNIT} (?P<side>ago|from now|later|back){END}", cal.read_offset)
    yield _ago(
        rf"{START}(?P<n>half an|an?|a few|a couple of|\d{{1,2}}|{ENGLISH_SMALL}) "
        rf"(?P<unit>hour|hr|minute|min|second|sec|moment)s? (?:ago|back){END}"
    )
    yield _Rule(re.compile(rf"{START}(?:just now|moments ago){END}(?! (?:said|told|asked))"), _today, vague=True)
    yield _rule(
        rf"{START}{any_of(list(words['english_days']))}(?![a-z])",
        lambda m, today, _: cal.shift(today, words["english_days"][m[0]]),
    )


def _rule(pattern: str, read: _Read, compact: bool = False) -> _Rule:
    return _Rule(re.compile(pattern), read, compact)


def _today(_: re.Match[str], today: date, __: bool | None) -> cal.Days:
    return cal.shift(today, 0)


def _ago(pattern: str) -> _Rule:
    return _Rule(re.compile(pattern), _today, ago=True)


def _lunar(_: re.Match[str], __: date, ___: bool | None) -> cal.Days:
    return None, None, "lunar"
