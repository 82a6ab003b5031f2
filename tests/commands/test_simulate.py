"""`warmline simulate` on a small log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from warmline.cli import main


def _rows() -> Iterator[dict[str, object]]:
    """Ten days of four hours at two agents: a call every two minutes, each served at once or after a short wait."""
    random = Random(1)
    for day in range(1, 11):
        free = [0.0, 0.0]
        at = 9 * 3600.0
        while (at := at + random.expovariate(1 / 120)) < 13 * 3600:
            agent = free.index(min(free))
            wait, service = round(max(0.0, free[agent] - at)), round(random.expovariate(1 / 150)) + 5
            gone = wait > 200
            free[agent] = free[agent] if gone else at + wait + service
            clock = f"{int(at) // 3600}:{int(at) // 60 % 60:02}:{int(at) % 60:02}"
            yield {
                "call_id": f"{day}-{at}", "priority": "0", "type": "PS", "date": f"9901{day:02}", "vru_entry": clock,
                "vru_exit": clock, "q_start": clock if wait else "0:00:00", "q_time": str(min(wait, 200)),
                "outcome": "HANG" if gone else "AGENT", "ser_time": "0" if gone else str(service),
                "server": "NO_SERVER" if gone else ("ANNA", "BEN")[agent],
            }  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "calls.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in _rows()))
    return str(path)


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", *arguments])
    return int(ended.value.code or 0)


def test_a_day_as_it_was_and_with_more_agents(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--calls", log, "--day", "3", "--json") == 0
    was = json.loads(capsys.readouterr().out)
    assert was["days"] == [3]
    assert was["measured"]["mean_wait"] > 0
    assert _run("--calls", log, "--day", "3", "--agents", "08:00-14:00=9", "--every", "15", "--json") == 0
    more = json.loads(capsys.readouterr().out)
    assert more["measured"] is None
    assert all(one["agents"] == 9 for one in more["intervals"])
    assert max(one["mean_wait"] for one in more["intervals"]) < max(one["mean_wait"] for one in was["intervals"])
    assert sum(one["arrivals"] for one in was["intervals"]) == sum(one["arrivals"] for one in more["intervals"])


def test_the_table_is_for_people(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--calls", log, "--runs", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["arrivals", "agents", "mean"]
    assert [line[:11] for line in lines[1:5]] == ["09:00–10:00", "10:00–11:00", "11:00–12:00", "12:00–13:00"]
    assert lines[-2].startswith("played: mean wait")
    assert lines[-1].startswith("measured: mean wait")


def test_a_plan_covers_what_it_says_is_needed(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--calls", log, "--plan", "80/20", "--shifts", "4,2", "--json") == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["day"] == 11
    needed = [one for one in plan["quarters"] if one["need"]]
    assert {"09:00", "12:45"} <= {one["start"] for one in needed}
    assert all(one["planned"] >= one["need"] and one["short"] == 0 for one in needed)
    assert sum(one["agents"] for one in plan["shifts"]) == plan["agents"]
    assert _run("--calls", log, "--plan", "80/20", "--shifts", "4,2", "--at-most", "1", "--json") == 0
    assert any(one["short"] for one in json.loads(capsys.readouterr().out)["quarters"])
    assert _run("--calls", log, "--plan", "80/20", "--shifts", "8") == 0
    assert "short" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--day", "12"], "days 1 to 10"),
        (["--agents", "9-11=3"], "such as 09:00-11:00=12"),
        (["--agents", "09:00-11:00=1,10:00-12:00=2"], "at 10:00"),
        (["--plan", "fast"], "such as 80/20"),
        (["--plan", "80/20", "--day", "3"], "fewer than 7 days"),
        (["--plan", "80/20", "--agents", "09:00-11:00=1"], "leave out --agents"),
        (["--every", "7"], "divides the day"),
        (["--shifts", "25"], "from 1 to 12"),
        (["--map", "wait=q_time"], "OURS=THEIRS"),
    ],
)
def test_what_makes_no_sense_is_refused(
    log: str, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert _run("--calls", log, *arguments) == 2
    assert told in capsys.readouterr().err


def test_a_log_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--calls", str(tmp_path / "none.jsonl")) == 2
    assert "cannot read" in capsys.readouterr().err
