"""What a text states that can be compared: its numbers with unit and bounds, and what its clauses say yes or no to.

Pure. Two spellings of one thing are one fact (两万元, 20,000 元; 百分之五, 5%; 1/3, 三分之一).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from warmline.language.entities.numerals import ENGLISH_NUMBER, NUMBER, read_english, read_number
from warmline.language.normalise import strip_hidden, to_simplified

_GAP = re.compile(r"(?<=[\u3400-\u9fff]) +| +(?=[\u3400-\u9fff])")
_CLAUSE = re.compile(r"[。；;！!？?\n]|，|、|：|,(?!\d)|(?<!\d)\.|\.(?!\d)|:(?!\d)|（|）|\(|\)")
_LIST_MARK = re.compile(
    r"(?m)^[ \t]*(?:[-*+•·](?=[ \t])|\d{1,2}[.)、](?!\d)|[（(]\d{1,2}[)）]|[一二三四五六七八九十][、.])[ \t]*"
)
_STEP = re.compile(r"第[一二三四五六七八九十\d]{1,2}步|\bstep \d{1,2}\b|首先|其次|最后")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_DAYS = ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"]
_ENGLISH_MULTIPLES = {"once": ("1", "次"), "twice": ("2", "次"), "thrice": ("3", "次"), "double": ("2", "倍"),
                      "triple": ("3", "倍"), "dozen": ("12", ""), "half": ("0.5", "")}  # fmt: skip
_HAN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_SHARES = {"‰": Decimal("0.1"), "成": Decimal(10)}
_SIGN = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_ENGLISH = ENGLISH_NUMBER.replace(" ", r"\ ")
_TOKEN = re.compile(
    rf"""
      (?P<per>百分之|千分之|万分之)\s?(?P<per_n>{NUMBER}(?:点[零一二三四五六七八九]+)?)
    | (?P<iso>(?<![\d.])(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))
    | (?P<clock>(?<![\d:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d))
    | (?P<below>{NUMBER})分之(?P<above>{NUMBER})
    | (?P<frac>(?<![\d/.])\d{{1,4}}\s?[/⁄∕]\s?\d{{1,4}}(?![\d/]))
    | (?P<ordinal>第\s?(?P<ordinal_n>{NUMBER}))
    | (?P<weekday>(?:周|星期|礼拜)(?P<weekday_n>[一二三四五六日天末\d]))
    | (?P<phone>\+\d[\d -]{{6,20}}\d|(?<![\d.])\d{{2,4}}(?:-\d{{3,4}}){{1,3}}(?![\d-])
        |(?<![\d.,])\d{{3}}[ ]\d{{4}}[ ]\d{{4}}(?!\d))
    | (?P<english>{_ENGLISH})
    | (?P<en_month>\b(?:{"|".join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b)
    | (?P<en_day>\b(?:{"|".join(_DAYS)})day\b)
    | (?P<en_ordinal>\b(?:{"|".join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\b)
    | (?P<multiple>\b(?:{"|".join(_ENGLISH_MULTIPLES)})\b)
    | (?P<half>一半|半)
    | (?P<kilo>\d[\d,]*(?:\.\d+)?\s?[kw](?![a-z]))
    | (?P<number>{NUMBER})
    """,
    re.VERBOSE,
)
_DAY_WORDS = re.compile(
    "今天|明天|后天|昨天|前天|今日|明日|本周|下周|上周|本月|下月|上月|今年|明年|去年|周末|节假日|工作日|凌晨|零点|"
    "working days?|business days?|today|tomorrow|yesterday|tonight|weekends?|weekdays?|holidays?|midnight|noon"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number: its value as written down plainly, its unit, and how it is bounded (`most`, `day`, `card` …)."""

    value: str
    unit: str = ""
    bounds: frozenset[str] = frozenset()

    @property
    def bare(self) -> tuple[str, str]:
        """The number without its bounds."""
        return self.value, self.unit


@lru_cache(maxsize=1)
def load_terms() -> dict[str, Any]:
    """Return the table of words."""
    source = files("warmline.language.lm").joinpath("data/terms.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(source)
    return loaded


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Return the text as it is compared: half width, plain figures, Simplified, lower case, nothing hidden."""
    kept = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in strip_hidden(text))
    kept = "".join(c if c in "，：；！？（）" else unicodedata.normalize("NFKC", c) for c in kept)
    kept = _GAP.sub("", kept)
    return to_simplified(kept.casefold()).replace("⁄", "/").replace("∕", "/").replace("’", "'")


def clauses(text: str) -> list[str]:
    """Return the clauses of a text that is plain already, without the marks of lists and steps."""
    text = _STEP.sub(" ", _LIST_MARK.sub("\n", text))
    return [clause.strip() for clause in _CLAUSE.split(text) if clause and clause.strip()]


def find_facts(text: str) -> tuple[Fact, ...]:
    """Return the numbers of a text in their order."""
    return tuple(fact for clause in clauses(plain(text)) for fact in _facts_of(clause))


def find_day_words(text: str) -> set[str]:
    """Return the words for days that are no numbers."""
    return set(_DAY_WORDS.findall(plain(text)))


def find_bounds(text: str) -> list[str]:
    """Return how things are bounded in a text, with numbers and without, in its order."""
    said = plain(text)
    found = [
        (one.start(), name)
        for table in ("bounds", "edges", "each")
        for name, pattern in _patterns(table).items()
        for one in pattern.finditer(said)
    ]
    return [name for _, name in sorted(found)]


def _facts_of(clause: str) -> Iterator[Fact]:
    around = _bounds_of(clause, "each")
    last = 0
    for match in _TOKEN.finditer(clause):
        if match.start() < last or _is_idle(clause, match):
            continue
        for value, unit, end in _read(clause, match):
            before = clause[max(0, last if last < match.start() else 0) : match.start()]
            near = _bounds_of(before, "bounds") | _bounds_behind(clause[end:])
            yield Fact(value, unit, frozenset(near | around))
            last = max(last, end)


def _read(clause: str, match: re.Match[str]) -> Iterator[tuple[str, str, int]]:
    """Return value, unit and where the unit ends."""
    kind, end = match.lastgroup, match.end()
    groups = match.groupdict()
    if groups["per"]:
        scale = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}[groups["per"][0]]
        yield _scaled(groups["per_n"], scale), "%", end
    elif groups["iso"]:
        for part, unit in zip(re.split(r"[-/.]", groups["iso"]), ("年", "月", "天"), strict=True):
            yield _spell(part.lstrip("0")), unit, end
    elif groups["clock"]:
        yield ":".join(part.zfill(2) for part in groups["clock"].split(":")), "clock", end
    elif groups["below"]:
        yield f"{_spell(groups['above'])}/{_spell(groups['below'])}", "", end
    elif groups["frac"]:
        yield re.sub(r"\s", "", groups["frac"]), "", end
    elif groups["ordinal"]:
        yield _spell(groups["ordinal_n"]), f"第{_unit(clause, end)[0]}", _unit(clause, end)[1]
    elif groups["weekday"]:
        yield groups["weekday_n"].replace("天", "日"), "星期", end
    elif groups["phone"]:
        yield re.sub(r"\D", "", groups["phone"]), "phone", end
    else:
        yield from _read_plain(clause, match, str(kind))


def _read_plain(clause: str, match: re.Match[str], kind: str) -> Iterator[tuple[str, str, int]]:
    words, end = match[0], match.end()
    if kind == "en_month":
        yield str(_MONTHS.index(words[:3]) + 1), "month", end
        return
    if kind == "en_day":
        yield str(_DAYS.index(words.removesuffix("day")) + 1), "星期", end
        return
    if kind == "en_ordinal":
        number = _ORDINALS.get(words) or int(re.sub(r"\D", "", words))
        yield str(number), "第", end
        return
    if kind == "multiple":
        value, unit = _ENGLISH_MULTIPLES[words]
        yield value, unit or _unit(clause, end)[0], _unit(clause, end)[1]
        return
    if kind == "half":
        value = "0.5"
    elif kind == "english":
        read = read_english(words.strip())
        value = _number(read) if read is not None else words
    elif kind == "kilo":
        scale = Decimal(1_000 if words[-1] == "k" else 10_000)
        value = _number(Decimal(words[:-1].replace(",", "").strip()) * scale)
    else:
        value = _spell(words)
    unit, stop = _unit(clause, end)
    if unit in ("月", "天", "点"):
        value = value.lstrip("0") or "0"
    if unit in _SHARES and re.fullmatch(r"[\d.]+", value):
        value, unit = _number(Decimal(value) * _SHARES[unit]), "%"
    sign = clause[: match.start()].rstrip()[-1:]
    yield value, _SIGN.get(sign, unit), stop


def _is_idle(clause: str, match: re.Match[str]) -> bool:
    """Tell whether these numerals count nothing: 一下, 万一, 十分."""
    words = match[0]
    if match.lastgroup not in ("number", "half", "english", "en_ordinal", "en_month"):
        return False
    if words in ("may", "second") or (words == "one" and not _unit(clause, match.end())[0]):
        return match.lastgroup == "en_month" or words != "may"
    terms = load_terms()
    for idiom in terms["idioms"]:
        at = clause.find(idiom, max(0, match.start() - len(idiom)), match.end() + len(idiom))
        if at >= 0 and at <= match.start() and match.end() <= at + len(idiom):
            return True
    if words == "一":
        return clause.startswith(tuple(terms["vague_after_one"]), match.end())
    return (
        bool(set(words) <= set("万千百亿")) and len(words) == 1 and not clause[match.end() : match.end() + 1].isdigit()
    )


def _spell(words: str) -> str:
    """Return a number plainly; where it makes none, or has figures that are no quantity, as it is written."""
    if re.fullmatch(r"0\d+", words):
        return words
    if re.fullmatch(r"[零〇一二三四五六七八九]{3,}", words):
        return "".join(str(_HAN.index(c) - 1 if _HAN.index(c) else 0) if c in "〇一" else _figure(c) for c in words)
    with_point = re.fullmatch(r"([零〇一二两三四五六七八九十百千万\d]+)点([零〇一二三四五六七八九\d]+)", words)
    if with_point:
        whole = read_number(with_point[1])
        return _number(Decimal(f"{whole or 0}." + "".join(_figure(c) for c in with_point[2])))
    try:
        value = read_number(words)
    except (InvalidOperation, ArithmeticError, ValueError):
        value = None
    return words if value is None else _number(value)


def _figure(sign: str) -> str:
    return sign if sign.isdigit() else {"零": "0", "〇": "0"}.get(sign) or str("一二三四五六七八九".index(sign) + 1)


def _scaled(words: str, scale: Decimal) -> str:
    value = _spell(words)
    return _number(Decimal(value) * scale) if re.fullmatch(r"[\d.]+", value) else value


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


@lru_cache(maxsize=1)
def _unit_words() -> tuple[tuple[str, str], ...]:
    pairs = [(word, unit) for unit, words in load_terms()["units"].items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _unit(clause: str, at: int) -> tuple[str, int]:
    """Return the unit that stands at a place, and where it ends."""
    start = at + len(clause[at:]) - len(clause[at:].lstrip(" -"))
    sign = re.compile(r"(%|‰|个百分点|percent\b|per cent\b)|(成(?!功|为|本))|(折)").match(clause, start)
    if sign:
        return ("‰" if sign[0] == "‰" else "%pt" if "点" in sign[0] else "%" if sign[1] else sign[0]), sign.end()
    for word, unit in _unit_words():
        if clause.startswith(word, start) and not (word[-1].isascii() and clause[start + len(word) :][:1].isalpha()):
            return unit, start + len(word)
    return "", at


def _bounds_of(words: str, table: str) -> set[str]:
    return {name for name, pattern in _patterns(table).items() if pattern.search(words)}


def _bounds_behind(rest: str) -> set[str]:
    found = {name for name, pattern in _patterns("bounds_behind").items() if pattern.match(rest)}
    tail = rest[:24]
    return found | {
        name for name in ("most", "least") if re.match(rf"\s?{'or less' if name == 'most' else 'or more'}", tail)
    }


@lru_cache(maxsize=8)
def _patterns(table: str) -> Mapping[str, re.Pattern[str]]:
    return {name: any_word(words) for name, words in load_terms()[table].items()}


def any_word(words: list[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words; English ones stand by themselves."""
    parts = [
        rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(parts))
