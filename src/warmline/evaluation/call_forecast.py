"""A call centre's log by day and quarter of an hour, and how well its last days are forecast from those before."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

from warmline.evaluation.call_rows import Call
from warmline.routing.staffing.forecast import Forecast
from warmline.routing.staffing.model import DAY, DAY_SLOTS, SLOT, wants_person

LEARN_DAYS = 14
WORTH_COVERING = 0.5
"""Quarters of an hour in which less is expected are left out of the coverage: none there is right by itself."""


def date_of(day: int) -> date:
    """Return a date for a day of the log: which weekday it is the log does not tell, only that seven days repeat."""
    return date(2001, 1, 1) + timedelta(days=day)


def count_days(calls: Sequence[Call]) -> dict[date, list[float]]:
    """Return calls that wanted a person by day and quarter of an hour; a day without any was no day."""
    found: dict[date, list[float]] = {}
    for one in calls:
        if wants_person(one):
            counts = found.setdefault(date_of(int(one.at // DAY)), [0.0] * DAY_SLOTS)
            counts[int(one.at % DAY // SLOT)] += 1
    return found


def back_test(calls: Sequence[Call]) -> dict[str, float]:
    """Forecast each day after two weeks from those before it; return the mean absolute error a quarter of an hour.

    `error_last_week`: that of the same quarter a week earlier, for the same days; `coverage`: share within the
    5th to 95th percentile. Raise `ValueError` when no day has two weeks and the same day a week earlier behind it.
    """
    days = count_days(calls)
    errors, naive, inside = list[float](), list[float](), list[bool]()
    for day, counts in days.items():
        last_week = days.get(day - timedelta(days=7))
        if day - min(days) < timedelta(days=LEARN_DAYS) or last_week is None:
            continue
        expected = Forecast({one: days[one] for one in days if one < day}, date.weekday).expect(day)
        errors += [abs(one.mean - count) for one, count in zip(expected, counts, strict=True)]
        naive += [abs(before - count) for before, count in zip(last_week, counts, strict=True)]
        busy = [(one, n) for one, n in zip(expected, counts, strict=True) if one.mean >= WORTH_COVERING]
        inside += [one.low <= count <= one.high for one, count in busy]
    if not errors:
        raise ValueError("no day has two weeks behind it: nothing to forecast")
    return {
        "error": fmean(errors),
        "error_last_week": fmean(naive),
        "coverage": fmean(inside) if inside else 1.0,
        "days": len(errors) / DAY_SLOTS,
    }
