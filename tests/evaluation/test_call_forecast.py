"""The back-test of a log's forecast."""

from __future__ import annotations

from random import Random

import pytest

from warmline.evaluation.call_forecast import back_test, count_days
from warmline.evaluation.call_rows import Call
from warmline.routing.staffing.model import DAY


def _log(days: int, *, busy: dict[int, int] | None = None) -> list[Call]:
    """A day of a weekday-dependent number of calls, all within ten hours, Poisson-like."""
    random, found = Random(1), list[Call]()
    for day in range(days):
        number = 300 if day % 7 < 5 else 100
        for _ in range((busy or {}).get(day, number)):
            at = day * DAY + 8 * 3600 + random.random() * 36_000
            found.append(Call(f"{len(found)}", "PS", 0, at, 0.0, True, 60.0, "ANNA", False))
    return sorted(found, key=lambda call: call.at)


def test_a_steady_house_is_forecast_better_than_by_last_week() -> None:
    found = back_test(_log(42))
    assert found["days"] == 28
    assert found["error"] < 0.85 * found["error_last_week"]
    assert found["coverage"] > 0.85


def test_a_day_is_forecast_from_those_before_it_alone() -> None:
    """A last day ten times as busy changes its own error and nothing else."""
    plain, odd = back_test(_log(21)), back_test(_log(21, busy={20: 1000}))
    rest = back_test(_log(20))
    for found in (plain, odd):
        assert found["error"] * 7 - rest["error"] * 6 > 0
    assert (odd["error"] * 7 - rest["error"] * 6) > 5 * (plain["error"] * 7 - rest["error"] * 6)


def test_who_hung_up_in_the_menu_is_no_arrival() -> None:
    menu = Call("1", "PS", 0, 10.0, 0.0, False, 0.0, None, False)
    assert sum(sum(day) for day in count_days([menu, *_log(1)]).values()) == 300


def test_too_short_a_log() -> None:
    with pytest.raises(ValueError, match="two weeks"):
        back_test(_log(14))
