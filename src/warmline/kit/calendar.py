"""When the bank is open: weekly hours, public holidays and make-up workdays (调休). Pure; `now` is handed in.

A span belongs to the local day on which it starts, so one past midnight outlives its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from zoneinfo import ZoneInfo

from warmline.kit.i18n import pick_locale

HORIZON_DAYS = 60
"""How far ahead is looked for an opening; the longest public holiday is nine days."""
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, order=True)
class Span:
    """Open from `start` to `end`, in minutes after local midnight; `end` beyond 1,440 is past midnight."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_MINUTES or not self.start < self.end <= self.start + DAY_MINUTES:
            raise ValueError(f"not a span of opening hours: {self.start}-{self.end} minutes")


Spans = tuple[Span, ...]


def parse_hours(text: str) -> Spans:
    """Read `"08:30-12:00, 20:00-02:00"`; an empty text is closed. Raise `ValueError` on anything else."""
    return tuple(sorted(_parse_span(part) for part in re.split(r"[,，、;；]", text) if part.strip()))


def _parse_span(text: str) -> Span:
    match = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*[-–—~至]\s*(\d{1,2}):([0-5]\d)\s*", text)
    if not match:
        raise ValueError(f"opening hours look like 08:30-21:00, not {text.strip()!r}")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if end > DAY_MINUTES:
        raise ValueError(f"a day ends at 24:00, not at {text.strip()!r}")
    return Span(start, end if end > start else end + DAY_MINUTES)


@dataclass(frozen=True)
class DayPlan:
    """A year's public holidays and the weekend days worked instead."""

    holidays: frozenset[date]
    workdays: frozenset[date]


def _days(year: int, *ranges: tuple[int, int, int]) -> frozenset[date]:
    return frozenset(date(year, month, day) for month, first, last in ranges for day in range(first, last + 1))


CHINA_PLANS: Mapping[int, DayPlan | None] = {
    # State Council General Office, notice of 4 November 2025 on the arrangement of holidays in 2026.
    2026: DayPlan(
        holidays=_days(2026, (1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)),
        workdays=_days(2026, (1, 4, 4), (2, 14, 14), (2, 28, 28), (5, 9, 9), (9, 20, 20), (10, 10, 10)),
    ),
    2027: None,  # Unset until entered from the published notice: days of this year count as plain weekdays.
}


@dataclass(frozen=True)
class Hours:
    """What a customer is told: `opens_at` is UTC, None while open or when no opening is in sight."""

    open: bool
    opens_at: datetime | None
    text: str


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours: `weekly` from Monday to Sunday, other hours on holidays and on make-up workdays."""

    weekly: tuple[Spans, ...]
    holiday: Spans = ()
    makeup: Spans | None = None
    zone: str = "Asia/Shanghai"
    plans: Mapping[int, DayPlan | None] = field(default_factory=lambda: CHINA_PLANS)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days of opening hours")

    @classmethod
    def from_hours(
        cls, weekdays: str, weekends: str, holidays: str = "", zone: str = "Asia/Shanghai"
    ) -> BusinessCalendar:
        """Make one from texts such as `"08:30-21:00"`; see `parse_hours`."""
        work, rest = parse_hours(weekdays), parse_hours(weekends)
        return cls(weekly=(work,) * 5 + (rest,) * 2, holiday=parse_hours(holidays), zone=zone)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def local_date(self, now: datetime) -> date:
        """Return the day it is at the bank."""
        return now.astimezone(self._zone).date()

    def spans_of(self, day: date) -> Spans:
        """Return the hours of a local day."""
        plan = self.plans.get(day.year)
        if plan and day in plan.holidays:
            return self.holiday
        if plan and day in plan.workdays:
            return self.weekly[0] if self.makeup is None else self.makeup
        return self.weekly[day.weekday()]

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is a 工作日: Monday to Friday but for public holidays, and the days worked instead."""
        plan = self.plans.get(day.year)
        if plan and (day in plan.holidays or day in plan.workdays):
            return day in plan.workdays
        return day.weekday() < 5

    def add_workdays(self, day: date, count: int) -> date:
        """Return the `count`th working day after `day`."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def is_open(self, now: datetime) -> bool:
        """Tell whether `now` lies in opening hours; the closing moment itself does not."""
        return any(start <= now < end for start, end in self._intervals(now, days=1))

    def next_opening(self, now: datetime) -> datetime | None:
        """Return the start (UTC) of the next open spell strictly after `now`; None if none within 60 days."""
        return next((start for start, _ in self._spells(now) if start > now), None)

    def first_open(self, now: datetime) -> datetime | None:
        """Return `now` if it is open, else the next opening."""
        return now if self.is_open(now) else self.next_opening(now)

    def opening_times_after(self, now: datetime, n: int, step: timedelta) -> tuple[datetime, ...]:
        """Return the next `n` times (UTC): whole steps from a span's start, one more fits before its end."""
        if step <= timedelta(0):
            raise ValueError("a step between two times must be positive")
        return tuple(islice(self._times(now, step), n))

    def unset_years(self, now: datetime) -> tuple[int, ...]:
        """Return the years within the horizon whose holiday plan has not been entered."""
        first = self.local_date(now)
        years = range(first.year, (first + timedelta(days=HORIZON_DAYS)).year + 1)
        return tuple(year for year in years if self.plans.get(year) is None)

    def get_hours(self, now: datetime, locale: str) -> Hours:
        """Return the state of opening in one look, with a sentence in `locale`."""
        if self.is_open(now):
            return Hours(True, None, self.describe_hours(now, locale))
        return Hours(False, self.next_opening(now), self.describe_hours(now, locale))

    def describe_hours(self, now: datetime, locale: str) -> str:
        """Say when it is open in zh-Hans, zh-Hant or en: `今天 08:30–21:00`, `明天（周一）08:30 开始`."""
        words = _words(locale)
        if self.is_open(now):
            return self._describe_open(now, words)
        opening = self.next_opening(now)
        if opening is None:
            return words["never"]
        local = opening.astimezone(self._zone)
        return words["opens"].format(day=_day_name(local.date(), self.local_date(now), words), time=f"{local:%H:%M}")

    def _describe_open(self, now: datetime, words: Mapping[str, str]) -> str:
        today = self.local_date(now)
        spans = self.spans_of(today)
        if not any(start <= now < end for start, end in self._bounds(today)):
            end = max(end for start, end in self._bounds(today - timedelta(days=1)) if start <= now < end)
            return words["until"].format(time=f"{end.astimezone(self._zone):%H:%M}")
        if spans == (Span(0, DAY_MINUTES),):
            return words["all_day"]
        return words["today"] + words["and"].join(_span_text(span, words) for span in spans)

    def _bounds(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield a local day's spans as UTC moments; wall times a clock change skips or repeats count once."""
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time, given its zone below
        for span in self.spans_of(day):
            wall = (midnight + timedelta(minutes=minutes) for minutes in (span.start, span.end))
            start, end = (moment.replace(tzinfo=self._zone).astimezone(UTC) for moment in wall)
            if start < end:
                yield start, end

    def _intervals(self, now: datetime, days: int = HORIZON_DAYS) -> Iterator[tuple[datetime, datetime]]:
        first = self.local_date(now) - timedelta(days=1)
        for offset in range(days + 1):
            yield from sorted(self._bounds(first + timedelta(days=offset)))

    def _spells(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield spans merged where they touch, in order, without those that ended before `now`."""
        spell: tuple[datetime, datetime] | None = None
        for start, end in self._intervals(now):
            if end <= now:
                continue
            if spell and start <= spell[1]:
                spell = (spell[0], max(spell[1], end))
                continue
            if spell:
                yield spell
            spell = (start, end)
        if spell:
            yield spell

    def _times(self, now: datetime, step: timedelta) -> Iterator[datetime]:
        last = now
        for start, end in self._intervals(now):
            steps = max(0, (last - start) // step)
            moment = start + steps * step
            while moment + step <= end:
                if moment > last:
                    last = moment
                    yield moment
                moment += step


_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {
        "today": "今天 ",
        "tomorrow": "明天（{week}）",
        "later": "后天（{week}）",
        "date": "{month}月{day}日（{week}）",
        "week": "周一 周二 周三 周四 周五 周六 周日",
        "opens": "{day}{time} 开始",
        "until": "现在到 {time}",
        "all_day": "今天 24 小时",
        "next_day": "次日 ",
        "and": "、",
        "never": "近期暂无服务时间",
    },
    "zh-Hant": {
        "today": "今天 ",
        "tomorrow": "明天（{week}）",
        "later": "後天（{week}）",
        "date": "{month}月{day}日（{week}）",
        "week": "週一 週二 週三 週四 週五 週六 週日",
        "opens": "{day}{time} 開始",
        "until": "現在到 {time}",
        "all_day": "今天 24 小時",
        "next_day": "次日 ",
        "and": "、",
        "never": "近期暫無服務時間",
    },
    "en": {
        "today": "today ",
        "tomorrow": "tomorrow ({week}) ",
        "later": "{week}, {day} {name} ",
        "date": "{week}, {day} {name} ",
        "week": "Mon Tue Wed Thu Fri Sat Sun",
        "opens": "{day}from {time}",
        "until": "now until {time}",
        "all_day": "today, 24 hours",
        "next_day": "next day ",
        "and": ", ",
        "never": "no opening hours in the coming weeks",
        "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    },
}


def _words(locale: str) -> Mapping[str, str]:
    return _WORDS[pick_locale(locale)]


def _day_name(day: date, today: date, words: Mapping[str, str]) -> str:
    """Name a day as people do: today, tomorrow (Monday), a date further off."""
    names = {0: "today", 1: "tomorrow", 2: "later"}
    week = words["week"].split()[day.weekday()]
    month = words.get("months", "").split()
    form = words[names.get((day - today).days, "date")]
    name = month[day.month - 1] if month else ""
    return form.format(week=week, month=day.month, day=day.day, name=name)


def _span_text(span: Span, words: Mapping[str, str]) -> str:
    next_day = words["next_day"] if span.end > DAY_MINUTES else ""
    return f"{_clock(span.start)}–{next_day}{_clock(span.end)}"


def _clock(minutes: int) -> str:
    if minutes != DAY_MINUTES:
        minutes %= DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"
