"""How well a call centre's log is forecast and played anew, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from warmline.bench.report import Row
from warmline.evaluation.call_forecast import back_test
from warmline.evaluation.call_rows import Call, read_calls
from warmline.evaluation.call_simulation import arrivals_of, measure_simulation
from warmline.evaluation.rows import BadInput, Console
from warmline.kit.console import progress
from warmline.kit.errors import UsageError
from warmline.routing.staffing.habits import learn_habits, learn_shifts
from warmline.routing.staffing.model import DAY
from warmline.routing.staffing.simulate import simulate


async def run_staffing(*, paths: Sequence[str]) -> list[Row]:
    """Measure on these logs: the whole, its halves, and each half by what the other teaches."""
    try:
        calls = read_calls(paths, {}, Console())
        tested = back_test(calls)
    except (BadInput, ValueError) as error:
        raise UsageError(reason=str(error)) from error
    rows = [
        _against("forecast error per 15 min", tested["error"], "calls", tested["error_last_week"]),
        Row("within the 90 % interval", 100 * tested["coverage"], "%"),
    ]
    middle = (calls[0].at + calls[-1].at) / 2 // DAY * DAY
    first, second = [one for one in calls if one.at < middle], [one for one in calls if one.at >= middle]
    for name, played, learnt in (
        ("all", calls, calls),
        ("first half", first, first),
        ("second half", second, second),
        ("second by first", second, first),
        ("first by second", first, second),
    ):
        progress(f"playing {name} …")
        rows += _played(name, played, learnt)
    return [*rows, _speed(calls)]


def _played(name: str, played: Sequence[Call], learnt: Sequence[Call]) -> list[Row]:
    found = measure_simulation(played, learn_habits(learnt))
    wait = _against(f"mean wait, {name}", found["mean_wait_simulated"], "s", found["mean_wait_measured"])
    simulated, measured = (100 * found[f"abandonment_{of}"] for of in ("simulated", "measured"))
    return [
        wait,
        Row(f"  spread of a run, {name}", found["mean_wait_spread"], "s"),
        _against(f"abandonment, {name}", simulated, "%", measured),
    ]


def _against(name: str, value: float, unit: str, baseline: float) -> Row:
    return Row(name, value, unit, baseline, value / baseline if baseline else None)


def _speed(calls: Sequence[Call]) -> Row:
    habits, shifts, arrivals = learn_habits(calls), learn_shifts(calls), arrivals_of(calls)
    began = time.perf_counter()
    simulate(arrivals, shifts, habits, 1)
    return Row("played", len(arrivals) / (time.perf_counter() - began), "calls/s")
