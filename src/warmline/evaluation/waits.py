"""`warmline eval calls`, the waits: what each caller would have been told on coming to the queue, and what came."""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.evaluation.call_rows import DAY, Call
from warmline.evaluation.rows import BadInput
from warmline.routing.floor import Line
from warmline.routing.model import round_outwards
from warmline.routing.waiting import WaitLearner

ALPHA = 0.10
FEW = 20
"""With fewer past waits of an hour, the baseline takes those of all hours; with fewer of all, nothing is measured."""
_BANDS = ((0.5, "0"), (1.5, "1"), (3.5, "2-3"), (7.5, "4-7"), (float("inf"), "8+"))
_FINISH, _LEAVE, _ENTER, _DIRECT, _AT_ONCE = range(5)
"""At one moment, who is done goes first; who is served for no time at all is done after being served."""
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Told:
    """An interval for one caller, the baseline's for the same, and how many were before them, by what was known."""

    call: Call
    interval: Interval
    baseline: Interval
    ahead: float


def measure_waits(calls: Sequence[Call]) -> dict[str, Any]:
    """Coverage and interval score over served calls that waited, both from what was over when each call came."""
    told = tell_waits(calls)
    if not told:
        raise BadInput(f"fewer than {FEW} served calls waited: nothing to measure")
    middle = (calls[0].at + calls[-1].at) / 2
    halves = {"first": [o for o in told if o.call.at < middle], "second": [o for o in told if o.call.at >= middle]}
    sums, rounded = _sum_up(told), _sum_up([_rounded(one) for one in told])
    return {
        "waits": len(told),
        **sums,
        "gain": round(1 - sums["interval_score"] / sums["interval_score_baseline"], 4),
        "rounded_coverage": rounded["wait_coverage"],
        "rounded_score": rounded["interval_score"],
        "half": {name: {"waits": len(some), **_sum_up(some)} for name, some in halves.items() if some},
        "by_hour": _banded(told, lambda one: f"{int(one.call.at % DAY // 3600):02d}"),
        "by_ahead": _banded(told, lambda one: next(name for end, name in _BANDS if one.ahead < end)),
    }


def tell_waits(calls: Sequence[Call]) -> list[Told]:
    """Play the calls in the order in which things happened; return what was told to the served who waited."""
    learner, hours = WaitLearner(), HourOfDay()
    heard: dict[int, tuple[Interval, Interval | None, float]] = {}
    for moment, kind, number in _happenings(calls):
        call = calls[number]
        line = Line(call.kind, str(call.priority))
        if kind == _ENTER:
            ahead = learner.count_ahead(line)
            interval = learner.enter(number, line, moment)
            assert interval is not None  # with one place for each server, nobody at work has room
            heard[number] = interval, hours.tell(moment), ahead
        elif kind in (_LEAVE, _DIRECT) and call.served:
            learner.serve(number, line, call.server or "", moment)
            if call.waited > 0:
                hours.note(call)
        else:
            learner.leave(number, moment)
    return [
        Told(calls[number], interval, baseline, ahead)
        for number, (interval, baseline, ahead) in heard.items()
        if baseline and calls[number].served and calls[number].waited > 0
    ]


def _happenings(calls: Sequence[Call]) -> list[tuple[float, int, int]]:
    found = []
    for number, call in enumerate(calls):
        if call.queued:
            found.append((call.at, _ENTER, number))
        if call.queued or call.served:
            found.append((call.left, _LEAVE if call.waited > 0 else _DIRECT, number))
        if call.served:
            found.append((call.left + call.service, _FINISH if call.service > 0 else _AT_ONCE, number))
    return sorted(found)


class HourOfDay:
    """The baseline: quantiles of the past waits that began in the same hour of the day, those given up left out."""

    def __init__(self) -> None:
        self._all: list[float] = []
        self._hours: dict[int, list[float]] = defaultdict(list)

    def note(self, call: Call) -> None:
        """A wait is over."""
        insort(self._all, call.waited)
        insort(self._hours[int(call.at % DAY // 3600)], call.waited)

    def tell(self, at: float) -> Interval | None:
        """Return the interval for who comes now; None while next to nothing is known."""
        hour = self._hours[int(at % DAY // 3600)]
        known = hour if len(hour) >= FEW else self._all
        if len(known) < FEW:
            return None
        low, high = np.quantile(known, [ALPHA / 2, 1 - ALPHA / 2])
        return float(low), float(high)


def score_intervals(
    low: NDArray[np.float64], high: NDArray[np.float64], came: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interval score of each, the smaller the better (Gneiting and Raftery 2007, section 6.2)."""
    missed = np.maximum(low - came, 0) + np.maximum(came - high, 0)
    found: NDArray[np.float64] = high - low + 2 / ALPHA * missed
    return found


def _sum_up(told: Sequence[Told]) -> dict[str, Any]:
    came = np.array([one.call.waited for one in told])
    low, high = np.array([one.interval for one in told]).T
    plain_low, plain_high = np.array([one.baseline for one in told]).T
    return {
        "wait_coverage": round(float(np.mean((low <= came) & (came <= high))), 4),
        "interval_score": round(float(score_intervals(low, high, came).mean()), 2),
        "interval_score_baseline": round(float(score_intervals(plain_low, plain_high, came).mean()), 2),
        "coverage_baseline": round(float(np.mean((plain_low <= came) & (came <= plain_high))), 4),
        "sooner": round(float(np.mean(came < low)), 4),
        "later": round(float(np.mean(came > high)), 4),
        "mean_width": round(float(np.mean(high - low)), 1),
        "mean_width_baseline": round(float(np.mean(plain_high - plain_low)), 1),
    }


def _rounded(one: Told) -> Told:
    """As a customer reads it."""
    low, high = round_outwards(*one.interval)
    return Told(one.call, (float(low), float(high)), one.baseline, one.ahead)


def _banded(told: Sequence[Told], name: Callable[[Told], str]) -> dict[str, Any]:
    bands: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        bands[name(one)].append(one)
    return {key: {"waits": len(bands[key]), **_sum_up(bands[key])} for key in sorted(bands)}
