"""From the parts of a date that were named to the days that are meant."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from warmline.language.entities.numerals import HAN_DIGITS, read_count

Days = tuple[date | None, date | None, str]
"""First day, last day and the kind: day, range, month or lunar."""

_MORE = "first second third fourth fifth sixth seventh eighth ninth"
_TEENS = "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_ORDINALS = f"{_MORE} tenth {_TEENS} twentieth"
ORDINALS = {
    word: i
    for i, word in enumerate(
        [*_ORDINALS.split(), *(f"twenty-{w}" for w in _MORE.split()), "thirtieth", "thirty-first"], 1
    )
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = {**dict(zip("一二三四五六日", range(7), strict=True)), "天": 6, **{str(i + 1): i for i in range(7)}}
_WEEKDAYS |= dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(7), strict=True))
_STEPS = {"上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "当": 0, "下": 1, "下下": 2}
_STEPS |= {"this": 0, "coming": 0, "next": 1, "last": -1, "past": -1, "previous": -1}
_DAYS_IN = {"周": 7, "星期": 7, "礼拜": 7, "week": 7, "fortnight": 14}
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "旧年": -1, "前年": -2, "明年": 1, "出年": 1, "后年": 2}
_MINUTES_IN = {"小时": 60, "钟头": 60, "钟": 60, "hour": 60, "hr": 60, "刻钟": 15, "分钟": 1, "minute": 1, "min": 1}
_VAGUE = {"半": 0.5, "half an": 0.5, "个把": 1, "a couple of": 2, "几": 5, "a few": 5, "十几": 15}
_THIRDS = {"初": 1, "头": 1, "上旬": 1, "start": 1, "beginning": 1, "中": 11, "中旬": 11, "middle": 11, "mid": 11}


def _part(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _day(day: date | None) -> Days | None:
    return (day, day, "day") if day else None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _pick(days: Iterable[date | None], today: date, future: bool | None) -> date | None:
    known = sorted(d for d in days if d)
    if future is True:
        return next((d for d in known if d >= today), None)
    if future is False:
        return next((d for d in reversed(known) if d <= today), None)
    return min(known, key=lambda d: (abs(d - today), d > today), default=None)


def _year(match: re.Match[str], today: date) -> int | None:
    named = _part(match, "year") or _part(match, "short")
    if not named:
        near = _part(match, "near")
        return today.year + _YEARS[near] if near else None
    figures = int("".join(str(HAN_DIGITS.get(c, c)) for c in named))
    if len(named) == 4:
        return figures
    century = today.year - today.year % 100
    return figures + (century if figures <= today.year % 100 else century - 100)


def _month_number(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else read_count(name) or 0


def _day_number(name: str) -> int:
    if name in ORDINALS:
        return ORDINALS[name]
    return read_count(re.sub(" ?(?:st|nd|rd|th)$", "", name)) or 0


def read_month_day(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """A day of a month, of a year or of the one the side asks for."""
    return _in_year(_year(match, today), _month_number(match["month"]), _day_number(match["day"]), today, future)


read_english_date = read_month_day


def _in_year(year: int | None, month: int, day: int, today: date, future: bool | None) -> Days | None:
    if year:
        return _day(_make(year, month, day))
    return _day(_pick((_make(today.year + i, month, day) for i in range(-4, 5)), today, future))


def read_either_order(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """12/5 is 5 December, 25/12 can only be 25 December."""
    month, day = int(match["month"]), int(match["day"])
    if month > 12:
        month, day = day, month
    return _in_year(_year(match, today), month, day, today, future)


def read_feast(match: re.Match[str], feast: list[int], today: date, future: bool | None) -> Days | None:
    """A feast with a fixed date."""
    return _in_year(_year(match, today), feast[0], feast[1], today, future)


def read_year_end(match: re.Match[str], today: date, _: bool | None) -> Days:
    """The last ten days of a year, this one unless another is named."""
    side = _part(match, "side")
    year = _year(match, today) or today.year + (_STEPS[side] if side else 0)
    return date(year, 12, 21), date(year, 12, 31), "range"


def read_month(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """A month, or its beginning, middle or end."""
    month = _month_number(match["month"])
    year = _year(match, today)
    if not year:
        near = _pick((_make(today.year + i, month, 1) for i in (-1, 0, 1)), today.replace(day=1), future)
        year = near.year if near else today.year
    return _stretch_of_month(year, month, _part(match, "third"))


def read_english_month(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """March 2026, in March, last March."""
    side = _part(match, "side")
    return read_month(match, today, future if not side or side == "this" else _STEPS[side] >= 0)


def _stretch_of_month(year: int, month: int, third: str = "") -> Days | None:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    end = monthrange(year, month)[1]
    if not third:
        return date(year, month, 1), date(year, month, end), "month"
    first = _THIRDS.get(third, 21)
    return date(year, month, first), date(year, month, min(first + 9, end) if first < 21 else end), "range"


def _add_months(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return years, month + 1


def read_near_month(match: re.Match[str], today: date, _: bool | None) -> Days | None:
    """Last, this or next month, a day of it or its beginning, middle or end."""
    year, month = _add_months(today, _STEPS.get(_part(match, "side"), 0))
    if _part(match, "day"):
        return _day(_make(year, month, _day_number(match["day"])))
    return _stretch_of_month(year, month, _part(match, "third") or _part(match, "ten"))


def read_day(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """A day of the month, of whichever month the side asks for."""
    if _part(match, "side"):
        return read_near_month(match, today, future)
    day = _day_number(match["day"])
    return _day(_pick((_make(*_add_months(today, i), day) for i in range(-3, 4)), today, future))


def read_weekday(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """A day of last, this or next week, or the one the side asks for."""
    side = _part(match, "side")
    monday = today - timedelta(days=today.weekday())
    if _part(match, "end"):
        return _weekend(monday + timedelta(weeks=_STEPS.get(side, 0)))
    name = _part(match, "weekday") or _part(match, "short")
    weekday = monday + timedelta(days=_WEEKDAYS[name[:3]])
    if side in ("last", "past", "previous") and "week" not in match[0].split(" ")[-1:]:
        return _day(_pick((weekday - timedelta(weeks=i) for i in range(2)), today - timedelta(days=1), False))
    if side == "coming":
        return _day(_pick((weekday, weekday + timedelta(weeks=1)), today, True))
    if side:
        return _day(weekday + timedelta(weeks=_STEPS[side]))
    return _day(_pick((weekday + timedelta(weeks=i) for i in (-1, 0, 1)), today, future))


def _weekend(monday: date) -> Days:
    return monday + timedelta(days=5), monday + timedelta(days=6), "range"


def read_week(match: re.Match[str], today: date, _: bool | None) -> Days | None:
    """Last, this or next week from Monday to Sunday."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_STEPS[match["side"]])
    return monday, monday + timedelta(days=6), "range"


def read_english_stretch(match: re.Match[str], today: date, future: bool | None) -> Days | None:
    """Last, this or next week, weekend or month."""
    if match["what"] == "month":
        return read_near_month(match, today, future)
    monday, sunday, kind = read_week(match, today, future) or (None, None, "")
    return _weekend(monday) if monday and match["what"] == "weekend" else (monday, sunday, kind)


def read_offset(match: re.Match[str], today: date, _: bool | None) -> Days | None:
    """So many days, weeks, months or years before or after."""
    back = _part(match, "side") in ("前", "ago", "back")
    unit = match["unit"].lstrip("个")
    if match["n"] == "半":
        count, unit = (6, "month") if unit == "年" else (15, "day")
    else:
        count = 1 if match["n"] in ("a", "an") else read_count(match["n"]) or 0
    if not count:
        return None
    count = -count if back else count
    if unit in ("月", "month", "年", "year"):
        year, month = _add_months(today, count * (12 if unit in ("年", "year") else 1))
        if not 1 <= year <= 9999:
            return None
        return _day(date(year, month, min(today.day, monthrange(year, month)[1])))
    return shift(today, count * _DAYS_IN.get(unit, 1))


def read_hours(match: re.Match[str]) -> timedelta:
    """How long ago hours and minutes say: 两个半小时前, half an hour ago; 几 is five, a moment none."""
    minutes = _MINUTES_IN.get(match["unit"], 0)
    if match["n"] in _VAGUE:
        return timedelta(minutes=minutes * _VAGUE[match["n"]])
    count = 1 if match["n"] in ("a", "an") else read_count(match["n"]) or 0
    return timedelta(minutes=minutes * (count + (0.5 if _part(match, "half") else 0)))


def shift(today: date, days: int) -> Days:
    """So many days from today."""
    day = today + timedelta(days=days)
    return day, day, "day"


def stretch(today: date, days: list[int]) -> Days:
    """From so many days from today to so many."""
    return today + timedelta(days=days[0]), today + timedelta(days=days[1]), "range"
