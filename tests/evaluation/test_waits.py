"""What callers would have been told: from the past alone, by the code that runs live, and measured as the papers do."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from warmline.evaluation import service, waits
from warmline.evaluation.call_rows import DAY, Call
from warmline.evaluation.waits import (
    _ENTER,
    _FINISH,
    _LEAVE,
    HourOfDay,
    _happenings,
    measure_waits,
    score_intervals,
    tell_waits,
)
from warmline.routing import lately
from warmline.routing.waiting import WaitLearner


def play(number: int, seed: int = 37, servers: int = 3, *, patience: float = 400.0) -> list[Call]:
    """A queue whose callers come at random, faster every other hour, each giving up when their patience ends."""
    random = np.random.default_rng(seed)
    free, at, calls = [0.0] * servers, 8 * 3600.0, []
    for one in range(number):
        at += random.exponential(55 if at // 3600 % 2 else 75)
        server = min(range(servers), key=lambda s: free[s])
        waited, limit, service_time = max(0.0, free[server] - at), random.exponential(patience), random.exponential(170)
        served = waited <= limit
        if served:
            free[server] = at + waited + service_time
        name = f"s{server}" if served else None
        took = service_time if served else 0.0
        calls.append(Call(str(one), "PS", 0, at, min(waited, limit), served, took, name, waited > 0))
    return calls


def test_the_code_measured_is_the_live_one() -> None:
    assert vars(waits)["WaitLearner"] is WaitLearner is vars(lately)["WaitLearner"]


def test_nine_in_ten_are_served_within_what_they_were_told_and_it_beats_the_hour_of_day() -> None:
    found = measure_waits(play(6_000))
    assert 0.87 <= found["wait_coverage"] <= 0.94
    assert found["interval_score"] < 0.8 * found["interval_score_baseline"]
    assert found["waits"] == sum(band["waits"] for band in found["by_ahead"].values())


def test_what_is_told_hangs_on_nothing_that_comes_later() -> None:
    """The future is made another one; every interval told before stays the same, to the last digit."""
    calls = play(1_500)
    middle = calls[1_000].at
    changed = [
        replace(c, at=c.at + DAY, waited=c.waited * 3 + 9, served=True, service=7.0) if c.at > middle else c
        for c in calls
    ]
    known = {c.id for c in calls if c.left < middle}

    def told(some: list[Call]) -> dict[str, object]:
        return {one.call.id: (one.interval, one.baseline) for one in tell_waits(some) if one.call.id in known}

    assert told(calls) == told(changed)
    assert len(told(calls)) > 100


def test_at_one_moment_who_is_done_goes_before_who_is_served_before_who_comes() -> None:
    one, two, three = (
        Call(n, "PS", 0, at, 0.0, True, 60.0, "s", queued=False) for n, at in (("1", 0.0), ("2", 60.0), ("3", 0.0))
    )
    waited = replace(three, queued=True, waited=60.0)
    came = replace(two, queued=True, waited=30.0)
    happened = [(number, kind) for moment, kind, number in _happenings([one, came, waited]) if moment == 60]
    assert happened == [(0, _FINISH), (2, _LEAVE), (1, _ENTER)]


def test_how_a_wait_ends_is_not_known_when_it_begins() -> None:
    calls = play(800)
    waited = [n for n, c in enumerate(calls) if c.waited > 0 and c.served]
    last = waited[-1]
    other = [*calls[:last], replace(calls[last], waited=calls[last].waited + 5_000)]
    assert tell_waits(calls[: last + 1])[-1].interval == tell_waits(other)[-1].interval


def test_the_interval_score_is_that_of_gneiting_and_raftery() -> None:
    low, high, came = np.array([[10.0, 10.0, 10.0], [30.0, 30.0, 30.0], [20.0, 5.0, 33.0]])
    assert score_intervals(low, high, came).tolist() == [20.0, 20.0 + 20 * 5, 20.0 + 20 * 3]


def test_the_baseline_is_the_past_of_the_same_hour() -> None:
    hours, call = HourOfDay(), play(1)[0]
    for second in range(19):
        hours.note(replace(call, at=9 * 3600.0, waited=float(second)))
    assert hours.tell(9 * 3600.0) is None
    for second in range(200):
        hours.note(replace(call, at=DAY + 10 * 3600.0, waited=100.0 + second))
    assert hours.tell(10 * 3600.0 + 5) == pytest.approx((109.95, 289.05))
    assert hours.tell(9 * 3600.0) == pytest.approx(np.quantile([*range(19), *range(100, 300)], [0.05, 0.95]))


def row(call: Call) -> dict[str, Any]:
    def clock(seconds: float) -> str:
        whole = int(seconds % DAY)
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"

    return {
        "call_id": call.id, "priority": "0", "type": "PS", "date": f"9901{int(call.at // DAY) + 1:02d}",
        "vru_entry": clock(call.at), "vru_exit": clock(call.at), "q_start": clock(call.at if call.queued else 0),
        "hold": str(int(call.waited)), "outcome": "AGENT" if call.served else "HANG",
        "ser_time": str(int(call.service)), "server": call.server or "NO_SERVER",
    }  # fmt: skip


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calls.jsonl"
    rows = [json.dumps(row(call)) for call in play(1_200)]
    path.write_text("\n".join([*rows, "{}", "no row"]), encoding="utf-8")
    parser = argparse.ArgumentParser()
    service.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["calls", "--calls", str(path), "--map", "q_time=hold", "--json"])
    assert args.func(args) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["bad_rows"] == 2
    assert "2 bad rows skipped" in err
    assert {"task", "n", "ms_per_query", "wait_coverage", "interval_score", "interval_score_baseline"} <= found.keys()
    args = parser.parse_args(["calls", "--calls", str(path), "--map", "q_time=hold"])
    assert args.func(args) == 0
    table = capsys.readouterr().out
    assert [line.split()[0] for line in table.splitlines() if line.split()[1] == "waits"] == [
        "half", "by_hour", "by_ahead",
    ]  # fmt: skip
    args = parser.parse_args(["calls", "--calls", str(path), "--map", "wait=hold"])
    assert args.func(args) == 2
