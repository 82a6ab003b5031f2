"""`warmline simulate`: a call centre's log played anew, as it was staffed or otherwise; and a day planned from it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import fmean
from typing import Any

from warmline.evaluation.call_forecast import count_days, date_of
from warmline.evaluation.call_rows import Call, parse_columns, read_calls
from warmline.evaluation.call_simulation import arrivals_of
from warmline.evaluation.rows import BadInput, Console
from warmline.kit.console import count_from, progress, say, say_json
from warmline.kit.errors import UsageError
from warmline.routing.staffing.erlang import Target
from warmline.routing.staffing.forecast import FEWEST_DAYS, Expected, Forecast
from warmline.routing.staffing.habits import Habits, learn_habits, learn_shifts
from warmline.routing.staffing.model import DAY, SLOT, Shift
from warmline.routing.staffing.planning import Basis, Spans, clock, draw_arrivals, mean_patience
from warmline.routing.staffing.shifts import Pattern, ShiftPlan, make_patterns, plan_shifts
from warmline.routing.staffing.simulate import simulate
from warmline.routing.staffing.summary import Interval, every, replace_agents, summarise


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `simulate`."""
    parser = commands.add_parser("simulate", help="a call centre's log played anew, or a day planned from it")
    parser.add_argument("--calls", action="extend", nargs="+", required=True, metavar="FILE", help="JSON Lines")
    parser.add_argument(
        "--map", action="extend", nargs="+", default=[], metavar="OURS=THEIRS", help="how the log calls a column"
    )
    parser.add_argument(
        "--day", type=count_from(1), metavar="N", help="only this day, counted from the first of the log's month"
    )
    parser.add_argument("--agents", type=_spans, metavar="09:00-11:00=12,…", help="so many, instead")
    parser.add_argument(
        "--plan", type=_target, metavar="SHARE/SECONDS", help="plan --day for a service level, as 80/20"
    )
    parser.add_argument("--shifts", type=_hours, default=(8, 6, 4), metavar="HOURS", help="lengths, as 8,6,4 (default)")
    parser.add_argument("--at-most", type=count_from(1), metavar="N", help="agents there are for --plan")
    parser.add_argument(
        "--within", type=count_from(0), default=20, metavar="S", help="service level time (default: 20)"
    )
    parser.add_argument("--every", type=_minutes, default=60, metavar="MIN", help="interval shown (default: 60)")
    parser.add_argument("--runs", type=count_from(1), default=10, metavar="N", help="times played (default: 10)")
    parser.add_argument("--seed", type=count_from(0), default=1, metavar="N", help="of the first run (default: 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Play or plan; print a table by interval."""
    try:
        calls = read_calls(options.calls, parse_columns(options.map), Console())
        habits = learn_habits(calls)
    except (BadInput, ValueError) as error:
        raise UsageError(reason=str(error)) from error
    result = _plan(options, calls, habits) if options.plan else _play(options, calls, habits)
    if options.json:
        say_json(result.to_json())
    else:
        result.show()
    return 0


@dataclass(frozen=True)
class Played:
    """A log played anew. `measured`: mean wait and abandonment as the log has them, unless staffed otherwise."""

    days: list[int]
    intervals: list[Interval]
    runs: int
    within: int
    measured: dict[str, float] | None

    def to_json(self) -> dict[str, Any]:
        """Return it as one object."""
        return {
            "days": [day + 1 for day in self.days],
            "runs": self.runs,
            "within": self.within,
            "measured": self.measured,
            "intervals": [_shown(one) for one in self.intervals],
        }

    def show(self) -> None:
        """Print it."""
        about = f"day {self.days[0] + 1}" if len(self.days) == 1 else f"{len(self.days)} days, each interval of all"
        progress(f"{about}; {self.runs} runs; of who came as far as the queue")
        _show_intervals(self.intervals, self.within)
        if self.measured:
            wait, gone = self.measured["mean_wait"], self.measured["abandonment"]
            say(f"measured: mean wait {wait:.1f} s, abandonment {gone:.1%}")


def _play(options: argparse.Namespace, calls: Sequence[Call], habits: Habits) -> Played:
    days = _days(options, calls)
    chosen = [one for one in calls if int(one.at // DAY) in days]
    shifts = learn_shifts(chosen)
    if options.agents:
        shifts = replace_agents(shifts, days, options.agents.spans)
    arrivals = arrivals_of(chosen)
    runs = [simulate(arrivals, shifts, habits, options.seed + run) for run in range(options.runs)]
    came = [one for one in chosen if one.queued or one.server is not None]
    measured = {"mean_wait": fmean(one.waited for one in came), "abandonment": fmean(not one.served for one in came)}
    intervals = summarise(runs, shifts, every(options.every * 60.0), days, options.within)
    return Played(days, intervals, options.runs, options.within, None if options.agents else measured)


def _days(options: argparse.Namespace, calls: Sequence[Call]) -> list[int]:
    known = sorted({int(one.at // DAY) for one in calls})
    if options.day is None:
        return known
    if options.day - 1 not in known:
        raise UsageError(reason=f"--day {options.day}: no call; the log has days {known[0] + 1} to {known[-1] + 1}")
    return [options.day - 1]


@dataclass(frozen=True)
class Planned:
    """A day planned for a service level: what is expected, how many that takes, and the shifts."""

    day: int
    target: Target
    basis: Basis
    expected: list[Expected]
    need: list[int]
    plan: ShiftPlan
    intervals: list[Interval]

    def to_json(self) -> dict[str, Any]:
        """Return it as one object."""
        quarters = zip(self.expected, self.need, self.plan.covered, self.plan.short, strict=True)
        return {
            "day": self.day + 1,
            "target": asdict(self.target),
            "taken_up_seconds": round(self.basis.taken_up, 1),
            "patience_seconds": self.basis.patience and round(self.basis.patience, 1),
            "quarters": [
                {"start": clock(n * SLOT), **asdict(expected), "need": need, "planned": there, "short": short}
                for n, (expected, need, there, short) in enumerate(quarters)
            ],
            "shifts": [{**_pattern(one), "agents": number} for one, number in self.plan.staffed],
            "agents": self.plan.agents,
            "agent_hours": self.plan.cost / 4,
            "intervals": [_shown(one) for one in self.intervals],
        }

    def show(self) -> None:
        """Print it."""
        patience = f"{self.basis.patience:.0f} s" if self.basis.patience else "without end"
        progress(
            f"day {self.day + 1}; a customer takes an agent {self.basis.taken_up:.0f} s, patience {patience} (Erlang A)"
        )
        say(f"{'':<6}{'expected':>9}{'5–95 %':>10}{'need':>6}{'planned':>9}{'short':>7}")
        for n, one in enumerate(self.expected):
            if self.need[n] or self.plan.covered[n]:
                span, there, short = f"{one.low}–{one.high}", self.plan.covered[n], self.plan.short[n] or ""
                say(f"{clock(n * SLOT):<6}{one.mean:>9.1f}{span:>10}{self.need[n]:>6}{there:>9}{short:>7}")
        say(f"{self.plan.agents} agents, {self.plan.cost / 4:.1f} hours paid:")
        for pattern, number in self.plan.staffed:
            shown = _pattern(pattern)
            pause = f", pause {shown['pause']}" if shown["pause"] else ""
            say(f"  {number:>3} × {shown['from']}–{shown['to']}{pause}")
        say("played with these shifts:")
        _show_intervals(self.intervals, round(self.target.seconds))


def _plan(options: argparse.Namespace, calls: Sequence[Call], habits: Habits) -> Planned:
    if options.agents:
        raise UsageError(reason="--plan finds the agents itself: leave out --agents")
    last = int(calls[-1].at // DAY)
    day = last + 1 if options.day is None else options.day - 1
    past = count_days([one for one in calls if one.at < day * DAY])
    if len(past) < FEWEST_DAYS:
        raise UsageError(reason=f"--day {day + 1}: fewer than {FEWEST_DAYS} days of the log lie before it")
    expected = Forecast(past, date.weekday).expect(date_of(day))
    service = fmean(one.service for one in calls if one.served)
    basis = Basis(service + habits.returning[1].mean, mean_patience(calls))
    need = [basis.need(one.mean, options.plan) if one.mean >= 0.5 else 0 for one in expected]
    busy = [quarter for quarter, wanted in enumerate(need) if wanted]
    patterns = make_patterns(busy[0], busy[-1] + 1, [hours * 4 for hours in options.shifts], step=1) if busy else []
    plan = plan_shifts(need, patterns, options.at_most)
    team = [shift for pattern, number in plan.staffed for shift in _work(pattern, number)]
    means = [one.mean for one in expected]
    kinds = [one.kind for one in arrivals_of(calls)]
    seeds = range(options.seed, options.seed + options.runs)
    runs = [simulate(draw_arrivals(means, seed, kinds=kinds), team, habits, seed) for seed in seeds]
    intervals = summarise(runs, team, every(options.every * 60.0), [0], options.plan.seconds)
    return Planned(day, options.plan, basis, expected, need, plan, intervals)


def _work(pattern: Pattern, number: int) -> list[Shift]:
    pieces = ((pattern.start, pattern.pause_from or pattern.end), (pattern.pause_to, pattern.end))
    spans = [(start * SLOT, end * SLOT) for start, end in pieces[: 2 if pattern.pause_from else 1]]
    return [Shift(*span) for span in spans for _ in range(number)]


def _pattern(pattern: Pattern) -> dict[str, str | None]:
    pause = f"{clock(pattern.pause_from * SLOT)}–{clock(pattern.pause_to * SLOT)}" if pattern.pause_from else None
    return {"from": clock(pattern.start * SLOT), "to": clock(pattern.end * SLOT), "pause": pause}


def _shown(one: Interval) -> dict[str, Any]:
    numbers = {name: value if value is None else round(value, 4) for name, value in asdict(one).items()}
    return {**numbers, "start": clock(one.start), "end": clock(one.end)}


def _show_intervals(intervals: Sequence[Interval], within: int) -> None:
    say(
        f"{'':<12}{'arrivals':>9}{'agents':>8}{'mean s':>8}{'p50 s':>7}{'p90 s':>7}{f'≤ {within} s':>8}"
        f"{'gave up':>9}{'busy':>7}"
    )
    for one in intervals:
        busy = "–" if one.occupancy is None else f"{one.occupancy:.0%}"
        say(
            f"{clock(one.start)}–{clock(one.end):<6}{one.arrivals:>9.1f}{one.agents:>8.1f}{one.mean_wait:>8.1f}"
            f"{one.p50:>7.0f}{one.p90:>7.0f}{one.level:>8.0%}{one.abandonment:>9.1%}{busy:>7}"
        )
    total = sum(one.arrivals for one in intervals) or 1.0
    wait = sum(one.mean_wait * one.arrivals for one in intervals) / total
    gone = sum(one.abandonment * one.arrivals for one in intervals) / total
    say(f"played: mean wait {wait:.1f} s, abandonment {gone:.1%}")


def _spans(text: str) -> Spans:
    try:
        return Spans.parse(part for part in text.split(",") if part.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _target(text: str) -> Target:
    try:
        return Target.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _hours(text: str) -> list[int]:
    lengths = text.split(",")
    if not all(one.isdecimal() and 1 <= int(one) <= 12 for one in lengths):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of whole hours from 1 to 12, such as 8,6,4")
    return [int(one) for one in lengths]


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 5 <= int(text) <= 1440 or 1440 % int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes that divides the day, 5 at least")
    return int(text)
