"""The forecast on days made up, whose means are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from warmline.kit.calendar import BusinessCalendar
from warmline.routing.staffing.forecast import HOLIDAY, Forecast, kind_of_day

MONDAY = date(2026, 8, 31)
CALENDAR = BusinessCalendar.from_hours("08:30-21:00", "09:00-18:00")


def _mean(day: date) -> np.ndarray:
    """Busiest on Mondays and at eleven; a tenth on holidays."""
    hours = np.arange(96) / 4
    kind = kind_of_day(CALENDAR, day)
    factor = 0.1 if kind == HOLIDAY else (1.4, 1.1, 1.0, 1.0, 0.9, 0.5, 0.4)[kind]
    return factor * 30 * np.exp(-((hours - 11) ** 2) / 18)


def _days(first: date, number: int, seed: int = 1, spread: float = 0.0) -> dict[date, list[float]]:
    random = np.random.default_rng(seed)
    found = {}
    for day in (first + timedelta(days=n) for n in range(number)):
        busy = random.gamma(1 / spread, spread) if spread else 1.0
        found[day] = random.poisson(_mean(day) * busy).tolist()
    return found


def _kind(day: date) -> int:
    return kind_of_day(CALENDAR, day)


def test_back_test_is_nearer_the_truth_than_last_week() -> None:
    """Thirteen weeks, the last four forecast a day ahead: error against the true means, and the interval's coverage."""
    days = _days(MONDAY - timedelta(weeks=13), 91, spread=0.01)
    own, naive, inside, seen = 0.0, 0.0, 0, 0
    for day in sorted(days)[-28:]:
        expected = Forecast({one: days[one] for one in days if one < day}, _kind).expect(day)
        own += sum(abs(one.mean - true) for one, true in zip(expected, _mean(day), strict=True))
        naive += float(np.abs(np.array(days[day - timedelta(days=7)]) - _mean(day)).sum())
        busy = [(one, count) for one, count in zip(expected, days[day], strict=True) if one.mean >= 5]
        inside += sum(one.low <= count <= one.high for one, count in busy)
        seen += len(busy)
    assert own < 0.5 * naive
    assert 0.86 <= inside / seen <= 0.97, "a 90 % interval of whole numbers covers a little more"


def test_the_level_follows_and_the_pattern_stays() -> None:
    days = _days(MONDAY, 56)
    halved = {day: [count / 2 if day >= MONDAY + timedelta(days=28) else count for count in days[day]] for day in days}
    coming = MONDAY + timedelta(days=56)
    full, half = (sum(one.mean for one in Forecast(past, _kind).expect(coming)) for past in (days, halved))
    assert half / full == pytest.approx(0.5, abs=0.08)


def test_holidays_and_makeup_days() -> None:
    """National Day 2026: a holiday after others; 10 October, a Saturday worked, is forecast like a Monday."""
    past = _days(date(2026, 6, 1), 123)
    forecast = Forecast(past, _kind)
    sums = {day: sum(one.mean for one in forecast.expect(day)) for day in (date(2026, 10, 2), date(2026, 10, 10))}
    monday = sum(_mean(MONDAY))
    assert sums[date(2026, 10, 2)] < 0.2 * monday
    assert sums[date(2026, 10, 10)] == pytest.approx(monday, rel=0.15)


def test_a_first_holiday_is_taken_for_a_sunday() -> None:
    past = _days(date(2026, 7, 6), 60)
    forecast = Forecast(past, _kind)
    holiday, sunday = (sum(one.mean for one in forecast.expect(day)) for day in (date(2026, 10, 1), date(2026, 10, 11)))
    assert holiday == pytest.approx(sunday, rel=0.05)


def test_quiet_days_are_forecast_quiet() -> None:
    nothing = {MONDAY + timedelta(days=n): [0.0] * 96 for n in range(10)}
    assert all((one.mean, one.low, one.high) == (0, 0, 0) for one in Forecast(nothing, _kind).expect(MONDAY))


def test_a_handful_of_days_is_no_history() -> None:
    with pytest.raises(ValueError, match="at least 7"):
        Forecast(_days(MONDAY, 6), _kind)


def test_quarters_speak_for_their_neighbours() -> None:
    """Eight came in one quarter each day: by chance some would have come a quarter earlier or later."""
    days = {MONDAY + timedelta(days=n): [8.0 if quarter == 40 else 0.0 for quarter in range(96)] for n in range(14)}
    expected = Forecast(days, _kind).expect(MONDAY + timedelta(days=14))
    assert [round(one.mean, 1) for one in expected[38:43]] == [0, 2, 4, 2, 0]
