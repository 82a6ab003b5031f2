"""Rows of a call centre's log: quirks of its clock and columns, and what is no call."""

import json
from pathlib import Path
from typing import Any

import pytest

from warmline.evaluation.call_rows import DAY, Call, parse_columns, read_calls
from warmline.evaluation.rows import BadInput, Console

WAITED: dict[str, Any] = {
    "vru+line": "AA0101", "call_id": "1", "customer_id": "7", "priority": "2", "type": "PS", "date": "990102",
    "vru_entry": "9:00:00", "vru_exit": "9:00:05", "vru_time": "5", "q_start": "9:00:05", "q_exit": "9:01:05",
    "q_time": "60", "outcome": "AGENT", "ser_start": "9:01:04", "ser_exit": "9:03:04", "ser_time": "120",
    "server": "TOVA",
}  # fmt: skip
DIRECT = {"call_id": "2", "q_start": "0:00:00", "q_exit": "0:00:00", "q_time": "0", "date": "990101"}
HUNG_UP = {"call_id": "3", "outcome": "HANG", "ser_time": "0", "server": "NO_SERVER", "vru_exit": "9:00:07"}


def read(tmp_path: Path, *rows: object, **columns: str) -> tuple[list[Call], Console]:
    path, console = tmp_path / "calls.jsonl", Console(quiet=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_calls([str(path)], columns, console), console


def test_calls_come_by_time_on_one_clock(tmp_path: Path) -> None:
    calls, _ = read(tmp_path, {**WAITED, **HUNG_UP, "q_start": "9:00:07"}, WAITED, {**WAITED, **DIRECT})
    at = DAY + 9 * 3600
    assert calls == [
        Call("2", "PS", 2, at - DAY + 5, 0, True, 120, "TOVA", queued=False),
        Call("1", "PS", 2, at + 5, 60, True, 120, "TOVA", queued=True),
        Call("3", "PS", 2, at + 7, 60, False, 0, None, queued=True),
    ]


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"vru_entry": "23:59:58", "vru_exit": "0:00:03", "q_start": "0:00:03"}, 2 * DAY + 3),
        ({"vru_entry": "23:59:58", "vru_exit": "0:00:00", "q_start": "0:00:00"}, 2 * DAY),
        ({"vru_entry": "23:59:50", "vru_exit": "23:59:55", "q_start": "23:59:55"}, 2 * DAY - 5),
        ({"vru_entry": "15:46:01", "vru_exit": "15:45:24", "q_start": "15:45:24"}, DAY + 56_724),
    ],
)
def test_the_clock_goes_on_over_midnight(tmp_path: Path, changed: dict[str, str], at: float) -> None:
    """The third comes before midnight, the fourth from two clocks that differ by some seconds."""
    calls, _ = read(tmp_path, {**WAITED, **changed})
    assert [(call.at, call.queued) for call in calls] == [(at, True)]


def test_a_test_call_of_the_centre_is_no_call(tmp_path: Path) -> None:
    calls, console = read(tmp_path, WAITED, {**WAITED, "outcome": "PHANTOM"})
    assert len(calls) == 1
    assert console.bad_rows == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "LOST"}, {"q_time": "-5"}, {"q_time": "nan"}, {"q_time": None}, {"q_time": "90000"},
        {"q_start": "25:00:00"}, {"q_start": "nine"}, {"date": "991301"}, {"ser_time": "x"}, {"call_id": ""},
    ],
)  # fmt: skip
def test_a_bad_row_is_counted_and_the_rest_goes_on(tmp_path: Path, changed: dict[str, Any]) -> None:
    calls, console = read(tmp_path, {**WAITED, **changed}, WAITED, [1])
    assert [call.id for call in calls] == ["1"]
    assert console.bad_rows == 2


def test_columns_may_have_other_names_and_times_be_seconds_of_the_day(tmp_path: Path) -> None:
    row = {**WAITED, "date": "1999-01-02", "vru_entry": 32_400, "vru_exit": 32_405, "q_start": 32_405}
    row["wait"] = row.pop("q_time")
    calls, _ = read(tmp_path, row, **parse_columns(["q_time=wait"]))
    assert (calls[0].at, calls[0].waited) == (DAY + 32_405, 60)
    with pytest.raises(BadInput, match="OURS=THEIRS"):
        parse_columns(["wait=q_time"])


def test_a_file_without_a_call_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path, {**WAITED, "outcome": "PHANTOM"})
