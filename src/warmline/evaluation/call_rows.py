"""Rows of a call centre's log, each as one call on a clock that goes on over midnight."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from warmline.evaluation.rows import BadInput, Console, id_of, read_rows

DAY = 86_400.0
COLUMNS = (
    "call_id", "priority", "type", "date", "vru_entry", "vru_exit",
    "q_start", "q_time", "outcome", "ser_time", "server",
)  # fmt: skip
"""What is read of a row; `--map` says under which names another log has it."""
_OUTCOMES = ("AGENT", "HANG", "PHANTOM")
_NOBODY = ("", "NO_SERVER", "NO SERVER")


@dataclass(frozen=True, slots=True)
class Call:
    """One call; times in seconds.

    `at`: when it came to the queue or, if a server was free (or it hung up before), would have come, counted from the
    first midnight of the month in which the log begins. `waited`: until served or hung up. `service`: 0 if not served.
    """

    id: str
    kind: str
    priority: int
    at: float
    waited: float
    served: bool
    service: float
    server: str | None
    queued: bool

    @property
    def left(self) -> float:
        """When it left the queue, for a server or for good."""
        return self.at + self.waited


def read_calls(paths: Sequence[str], columns: Mapping[str, str], console: Console) -> list[Call]:
    """Calls of all files by time; a test call of the centre (`PHANTOM`) is none. `columns`: our names to theirs."""
    parsed = read_rows(paths, lambda row: _parse(row, columns), console)
    calls = [call for call in parsed if call is not None]
    if len(calls) < len(parsed):
        console.say(f"{len(parsed) - len(calls)} phantom calls left out")
    if not calls:
        raise BadInput(f"no call in {', '.join(paths)}")
    first = dt.date.fromordinal(int(min(call.at for call in calls) // DAY)).replace(day=1).toordinal() * DAY
    return sorted((replace(call, at=call.at - first) for call in calls), key=lambda call: call.at)


def parse_columns(pairs: Sequence[str]) -> dict[str, str]:
    """Read `OURS=THEIRS` pairs; raise `BadInput` for a column there is not."""
    found = {}
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        if not sign or not theirs or ours not in COLUMNS:
            raise BadInput(f"--map {pair}: write OURS=THEIRS, OURS one of {', '.join(COLUMNS)}")
        found[ours] = theirs
    return found


def _parse(row: dict[str, Any], columns: Mapping[str, str]) -> Call | None:
    """One call, its date as the calendar's ordinal number of days; None for a phantom."""
    known = {name: row[their] for name in COLUMNS if (their := columns.get(name, name)) in row}
    outcome = known["outcome"]
    if outcome not in _OUTCOMES:
        raise ValueError(f"'outcome' is none of {', '.join(_OUTCOMES)}")
    if outcome == "PHANTOM":
        return None
    waited, served = _seconds(known, "q_time"), outcome == "AGENT"
    start, out = _clock(known, "q_start"), _clock(known, "vru_exit")
    queued = start > 0 or waited > 0  # a queue entered at midnight itself has 0:00:00 too
    server = str(known.get("server", "")).strip()
    return Call(
        id=id_of(known, "call_id"),
        kind=str(known.get("type", "")).strip(),
        priority=int(_seconds(known, "priority")) if "priority" in known else 0,
        at=_date(known) * DAY
        + _after(_clock(known, "vru_entry") if "vru_entry" in known else out, start if queued else out),
        waited=waited,
        served=served,
        service=_seconds(known, "ser_time") if served else 0.0,
        server=server if served and server not in _NOBODY else None,
        queued=queued,
    )


def _after(entry: float, moment: float) -> float:
    """A time of day that follows `entry`, on the next day if it went past midnight; clocks a minute apart do not."""
    return moment + DAY if moment < entry - DAY / 2 else moment


def _date(row: dict[str, Any]) -> int:
    """Day number of `yymmdd` or `yyyy-mm-dd`."""
    text = str(row["date"]).strip()
    form = "%y%m%d" if len(text) == 6 else "%Y-%m-%d"
    try:
        return dt.datetime.strptime(text, form).toordinal()  # noqa: DTZ007 - a day without a zone
    except ValueError:
        raise ValueError("'date' is not yymmdd or yyyy-mm-dd") from None


def _clock(row: dict[str, Any], name: str) -> float:
    """Seconds of the day of `h:mm:ss`, or as they are."""
    parts = str(row[name]).strip().split(":")
    if len(parts) == 1:
        return _seconds(row, name)
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise ValueError(f"{name!r} is not h:mm:ss")
    hours, minutes, seconds = map(int, parts)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(f"{name!r} is not a time of day")
    return float(hours * 3600 + minutes * 60 + seconds)


def _seconds(row: dict[str, Any], name: str) -> float:
    """A number from 0 to a day."""
    value = row[name]
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name!r} is not a number") from None
    if not 0 <= number <= DAY:
        raise ValueError(f"{name!r} is not between 0 and a day")
    return number
