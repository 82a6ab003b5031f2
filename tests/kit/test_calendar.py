"""Opening hours hold over weekends, holidays, make-up workdays, midnights and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.kit.calendar import CHINA_PLANS, BusinessCalendar, Hours, Span, parse_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BANK = BusinessCalendar.from_hours("08:30-21:00", "09:00-18:00", "09:00-18:00")
NIGHT = BusinessCalendar.from_hours("20:00-02:00", "", "")
ALWAYS = BusinessCalendar.from_hours("00:00-24:00", "00:00-24:00", "00:00-24:00")
NEVER = BusinessCalendar.from_hours("", "", "")
LUNCH = BusinessCalendar.from_hours("09:00-12:00, 13:30-17:00", "")
HALF_HOUR = timedelta(minutes=30)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_parse_hours() -> None:
    assert parse_hours("08:30-21:00") == (Span(510, 1260),)
    assert parse_hours("13:30–17:00，09:00-12:00") == (Span(540, 720), Span(810, 1020))
    assert parse_hours("20:00-02:00") == (Span(1200, 1560),)
    assert parse_hours("") == ()


@pytest.mark.parametrize("text", ["8-9", "08:30", "25:00-26:00", "08:00-24:30", "08:61-09:00", "closed"])
def test_parse_hours_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|day ends"):
        parse_hours(text)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        BusinessCalendar(weekly=((),) * 6)


def test_the_published_plan_of_2026() -> None:
    plan = CHINA_PLANS[2026]
    assert plan is not None
    assert len(plan.holidays) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    worked = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
    assert sorted(plan.workdays) == [date(2026, month, day) for month, day in worked]
    assert all(day.weekday() >= 5 for day in plan.workdays)
    assert not plan.holidays & plan.workdays


def test_2027_is_unset_and_says_so() -> None:
    assert BANK.unset_years(at("2026-06-01T12:00")) == ()
    assert BANK.unset_years(at("2026-12-20T12:00")) == (2027,)
    assert BANK.spans_of(date(2027, 1, 1)) == BANK.weekly[4]


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-23T08:29:59", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T20:59:59", True),
        ("2026-11-23T21:00", False),
        ("2026-11-22T18:30", False),
        ("2026-10-01T08:45", False),
        ("2026-10-01T09:00", True),
        ("2026-10-10T20:00", True),
        ("2026-10-11T20:00", False),
    ],
)
def test_is_open(moment: str, open_: bool) -> None:
    assert BANK.is_open(at(moment)) is open_


def test_past_midnight_belongs_to_the_day_it_began() -> None:
    assert NIGHT.is_open(at("2026-11-28T01:59"))
    assert not NIGHT.is_open(at("2026-11-28T02:00"))
    assert not NIGHT.is_open(at("2026-11-28T20:30"))
    assert not NIGHT.is_open(at("2026-11-23T01:00"))


def test_openings() -> None:
    assert BANK.next_opening(at("2026-11-22T22:30")) == at("2026-11-23T08:30")
    assert BANK.next_opening(at("2026-11-23T10:00")) == at("2026-11-24T08:30")
    assert BANK.first_open(at("2026-11-23T10:00")) == at("2026-11-23T10:00")
    assert BANK.first_open(at("2026-11-23T05:00")) == at("2026-11-23T08:30")
    assert NEVER.next_opening(at("2026-11-23T05:00")) is None
    assert NEVER.first_open(at("2026-11-23T05:00")) is None
    assert ALWAYS.next_opening(at("2026-11-23T05:00")) is None


def test_callback_times_fit_the_hours() -> None:
    times = LUNCH.opening_times_after(at("2026-11-23T11:10"), 4, HALF_HOUR)
    assert times == tuple(at(f"2026-11-23T{text}") for text in ("11:30", "13:30", "14:00", "14:30"))
    assert NEVER.opening_times_after(at("2026-11-23T11:10"), 4, HALF_HOUR) == ()
    with pytest.raises(ValueError, match="positive"):
        LUNCH.opening_times_after(at("2026-11-23T11:10"), 4, timedelta(0))


@pytest.mark.parametrize(
    ("moment", "locale", "text"),
    [
        ("2026-11-23T10:00", "zh-Hans", "今天 08:30–21:00"),
        ("2026-11-23T06:00", "zh-Hans", "今天 08:30 开始"),
        ("2026-11-22T22:30", "zh-Hans", "明天（周一）08:30 开始"),
        ("2026-11-22T22:30", "zh-Hant", "明天（週一）08:30 開始"),
        ("2026-11-22T22:30", "zh-Hant-HK", "明天（週一）08:30 開始"),
        ("2026-11-22T22:30", "en", "tomorrow (Mon) from 08:30"),
        ("2026-11-23T10:00", "en", "today 08:30–21:00"),
    ],
)
def test_describe_hours(moment: str, locale: str, text: str) -> None:
    assert BANK.describe_hours(at(moment), locale) == text


@pytest.mark.parametrize(
    ("calendar", "moment", "text"),
    [
        (LUNCH, "2026-11-23T10:00", "今天 09:00–12:00、13:30–17:00"),
        (LUNCH, "2026-11-20T18:00", "11月23日（周一）09:00 开始"),
        (LUNCH, "2026-11-21T18:00", "后天（周一）09:00 开始"),
        (NIGHT, "2026-11-23T21:00", "今天 20:00–次日 02:00"),
        (NIGHT, "2026-11-28T01:00", "现在到 02:00"),
        (ALWAYS, "2026-11-28T01:00", "今天 24 小时"),
        (NEVER, "2026-11-28T01:00", "近期暂无服务时间"),
    ],
)
def test_describe_other_hours(calendar: BusinessCalendar, moment: str, text: str) -> None:
    assert calendar.describe_hours(at(moment), "zh-Hans") == text


def test_english_names_a_date() -> None:
    assert LUNCH.describe_hours(at("2026-11-20T18:00"), "en") == "Mon, 23 Nov from 09:00"


def test_get_hours() -> None:
    assert BANK.get_hours(at("2026-11-23T10:00"), "en") == Hours(True, None, "today 08:30–21:00")
    closed = BANK.get_hours(at("2026-11-23T05:00"), "en")
    assert (closed.open, closed.opens_at) == (False, at("2026-11-23T08:30").astimezone(UTC))


def test_a_clock_change_moves_utc_but_not_the_wall() -> None:
    berlin = BusinessCalendar(weekly=(parse_hours("09:00-17:00"),) * 7, zone="Europe/Berlin", plans={})
    before = berlin.next_opening(datetime(2026, 3, 28, 0, tzinfo=UTC))
    after = berlin.next_opening(datetime(2026, 3, 28, 20, tzinfo=UTC))
    assert before == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert after == datetime(2026, 3, 29, 7, tzinfo=UTC)


spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 1439), st.integers(1, 1440))
days = st.lists(spans, max_size=3).map(lambda found: tuple(sorted(found)))
calendars = st.builds(
    BusinessCalendar,
    weekly=st.tuples(*[days] * 7),
    holiday=days,
    makeup=st.none() | days,
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
moments = st.datetimes(datetime(2026, 1, 3), datetime(2027, 10, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(calendars, moments)
def test_the_next_opening_is_the_first_moment_of_being_open(calendar: BusinessCalendar, now: datetime) -> None:
    opening = calendar.next_opening(now)
    if opening is None:
        assert calendar.is_open(now) or not any(calendar.weekly)
        return
    assert opening > now
    assert calendar.is_open(opening)
    assert not calendar.is_open(opening - timedelta(microseconds=1))
    if not calendar.is_open(now):
        middle = now + (opening - now) / 2
        assert not calendar.is_open(middle)


@given(calendars, moments, st.integers(0, 12), st.integers(5, 120).map(lambda n: timedelta(minutes=n)))
def test_callback_times_rise_and_are_open(calendar: BusinessCalendar, now: datetime, n: int, step: timedelta) -> None:
    times = calendar.opening_times_after(now, n, step)
    assert len(times) <= n
    assert list(times) == sorted(set(times))
    assert all(time > now and calendar.is_open(time) for time in times)


@given(calendars, moments, st.sampled_from(["zh-Hans", "zh-Hant", "en", "zh-TW", "fr"]))
def test_there_is_always_something_to_say(calendar: BusinessCalendar, now: datetime, locale: str) -> None:
    hours = calendar.get_hours(now, locale)
    assert hours.text
    assert "{" not in hours.text
    assert hours.open == calendar.is_open(now)


def test_working_days_skip_weekends_and_holidays_and_count_the_days_worked_instead() -> None:
    calendar = BusinessCalendar.from_hours("08:30-21:00", "09:00-18:00")
    assert calendar.add_workdays(date(2026, 11, 23), 5) == date(2026, 11, 30)
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.is_workday(date(2026, 10, 10)), "a Saturday that is worked instead"
    assert not calendar.is_workday(date(2026, 10, 5))
    assert calendar.add_workdays(date(2026, 11, 23), 0) == date(2026, 11, 23)
