"""Hours of the day and parts of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from warmline.language.entities.fold import END, START, Folded, Span, any_of, fold, load_words
from warmline.language.entities.numerals import ENGLISH_SMALL, read_count

_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_H = r"(?P<hour>(?<![\d.])\d{1,2}|(?<![一二两三四五六七八九十第])(?:二十[一二三]?|十[一二]?|[一二两三四五六七八九零]))"
_M = r"(?P<minute>[0-5]?\d(?!\d)|[二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"
_RUNS_ON_RE = re.compile(r"[\d零一二三四五六七八九]*+[个百千万亿元块折倍%多]|点[零一二三四五六七八九]")
_NOT_HOUR_RE = re.compile(
    "建议|要求|原因|问题|意见|疑问|也|都|儿|贵|事|小|用|麻|点|想法|利息|不|没|关系|钱|心|好(?![了啦喇])|快|慢|多|少|大|高|低|看法"
)


@dataclass(frozen=True, slots=True)
class TimeFound:
    """From `first` to `last` (the same for an hour). `either_half`: 3点 may be 15:00 too, `first` is the early one."""

    first: time
    last: time
    span: Span
    words: str
    either_half: bool = False


@lru_cache(maxsize=512)
def find_times(text: str) -> tuple[TimeFound, ...]:
    """Hours (十点一刻, 14:30, half past two) and parts of the day (上午) in their order."""
    folded = fold(text)
    found = []
    for match in _scan(folded.text):
        read = _read(match)
        if read:
            first, last, open_half = read
            place, words = folded.span(*match.span()), folded.words(*match.span())
            found.append(TimeFound(first, last, place, words, open_half))
    return tuple(found)


def time_spans(folded: Folded) -> list[Span]:
    """Where hours stand in the folded text."""
    return [m.span() for m in _scan(folded.text) if _read(m)]


def _scan(text: str) -> list[re.Match[str]]:
    matches = sorted((m for p in _patterns() for m in p.finditer(text)), key=lambda m: (m.start(), -m.end()))
    kept: list[re.Match[str]] = []
    for match in matches:
        if match.start() >= (kept[-1].end() if kept else 0) and _is_hour(match):
            kept.append(match)
    return kept


def _is_hour(match: re.Match[str]) -> bool:
    """一点 is mostly no hour, 两点建议 none either."""
    groups = match.groupdict()
    if groups.get("word") != "点":
        return True
    if _RUNS_ON_RE.match(match.string, match.end()):
        return False
    bare = not any(groups.get(name) for name in ("part", "minute", "half", "halfpast", "quarter", "short", "full"))
    if not bare:
        return True
    if _NOT_HOUR_RE.match(match.string, match.end()):
        return False
    return groups["hour"] != "一" or (match.start() == 0 and match.string[match.end() : match.end() + 1] != "好")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in _sources())


def _sources() -> Iterator[str]:
    words = load_words("terms")
    part = rf"(?P<part>{any_of(list(words['parts']))})"
    night = any_of([*words["english_parts"], "night"])
    half = rf"(?: ?(?P<half>[ap])\.?m{END}\.?)?"
    behind = rf"(?: (?:in the|at|this|tomorrow|yesterday) ?(?P<part>{night}))?"
    short = r"差(?P<short>一刻|\d{1,2}分?|[二三四五]?十?[一二三四五六七八九]?分?)(?:钟)?(?:到|就)?"
    en_hour = rf"(?P<hour>\d{{1,2}}|{ENGLISH_SMALL}){END}"
    yield (
        rf"(?:{part}的?)?(?:{short})?{_H}(?P<word>点|时(?!间|候|常|代|不|期|刻))"
        rf"(?P<full>钟|整|正)?(?:(?P<halfpast>半)|(?P<quarter>[一三1-3两])刻|过?{_M}(?:分|(?![\d个期块元万千百天年月笔次张点:])))?"
    )
    late = behind.replace("part", "late", 1)
    yield rf"(?:{part}的?)?(?<![\d:.])(?P<hour>[01]?\d|2[0-4])[:](?P<minute>[0-5]\d)(?![\d:]){half}{late}"
    yield rf"(?<![\d:.])(?P<hour>1?\d)[.](?P<minute>[0-5]\d) ?(?P<half>[ap])\.?m{END}"
    yield rf"(?<![\d:.¥$])(?P<hour>1?\d) ?(?P<half>[ap])\.?m{END}"
    past = rf"(?P<past>half|quarter|{ENGLISH_SMALL}|[0-5]?\d)(?: minutes?)? (?P<way>past|to|after|before)"
    yield rf"{START}{past} {en_hour}{half}{behind}"
    yield rf"{START}(?P<past>half) (?P<way>)(?P<hour>{_HOURS}){END}{half}{behind}"
    yield rf"{START}{en_hour} (?:o'?clock|oclock){END}{behind}"
    spoken = r"(?: (?P<spoken>fifteen|thirty|forty[ -]five|\d\d))?"
    yield rf"{START}{en_hour}{spoken} (?:in the|at|this) (?P<part>{night}){END}"
    yield (
        rf"{START}(?P<hour>{_HOURS}) (?P<spoken>fifteen|thirty|"
        rf"forty[ -]five){END}(?! (?:yuan|hundred|thousand|rmb|kuai|k{END}))"
    )
    yield rf"{START}(?:at|by|before|after) (?P<hour>1[0-2]|[1-9])(?![\d:.,%/a-z-]| ?(?:[a-z]))"
    yield rf"(?P<stretch>{any_of(list(words['parts']))})"
    yield rf"{START}(?P<stretch>{any_of(list(words['english_parts']))}){END}"
    yield rf"(?<![a-z])(?P<moment>{any_of(list(words['moments']))})(?![a-z])"


def _read(match: re.Match[str]) -> tuple[time, time, bool] | None:
    groups = {k: v for k, v in match.groupdict().items() if v}
    words = load_words("terms")
    if "moment" in groups:
        moment = time.fromisoformat(words["moments"][groups["moment"]])
        return moment, moment, False
    parts = words["parts"] | words["english_parts"]
    if "stretch" in groups:
        first, last, _ = parts[groups["stretch"]]
        return time.fromisoformat(first), time.fromisoformat(last), False
    hour = read_count(groups["hour"])
    minutes = _minutes(groups)
    if hour is None or minutes is None or hour > 24:
        return None
    part = groups.get("part") or groups.get("late") or ""
    side = (
        groups.get("half", "") + "m"
        if "half" in groups
        else parts.get(part, ("", "", "pm" if part == "night" else ""))[2]
    )
    at = _on_clock(hour, minutes, side)
    either = not side and 1 <= hour <= 12 and not groups["hour"].startswith("0")
    return (at, at, either) if at else None


def _minutes(groups: dict[str, str]) -> int | None:
    """Minutes past the hour; below 0 before it."""
    if "short" in groups:
        return -(15 if groups["short"] == "一刻" else read_count(groups["short"].rstrip("分")) or 0)
    if "halfpast" in groups:
        return 30
    if "quarter" in groups:
        return 15 * (read_count(groups["quarter"]) or 0)
    if "past" in groups:
        named = {"half": 30, "quarter": 15}.get(groups["past"]) or read_count(groups["past"])
        return named and (-named if groups.get("way") in ("to", "before") else named)
    return read_count(groups.get("minute", "").lstrip("零〇") or groups.get("spoken", "").replace("-", " ") or "0")


def _on_clock(hour: int, minutes: int, side: str) -> time | None:
    if (side == "pm" and hour < 12) or (side == "noon" and hour < 11):
        hour += 12
    elif side == "am" and hour == 12:
        hour = 0
    total = hour * 60 + minutes
    return time(total // 60 % 24, total % 60) if 0 <= minutes < 60 or total >= 0 else None
