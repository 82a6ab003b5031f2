"""A call centre's log played anew from its arrivals, service times, patience and agents, beside what was measured."""

from collections.abc import Sequence
from statistics import fmean, stdev

from warmline.evaluation.call_rows import Call
from warmline.routing.staffing.habits import Habits, learn_habits, learn_shifts
from warmline.routing.staffing.model import Arrival, Outcome, wants_person
from warmline.routing.staffing.simulate import simulate

RUNS = 10


def arrivals_of(calls: Sequence[Call]) -> list[Arrival]:
    """Return who came as far as the queue; a priority is known of who queued, and drawn for the others."""
    return [Arrival(one.at, one.kind, one.priority if one.queued else None) for one in calls if wants_person(one)]


def measure_simulation(
    calls: Sequence[Call], habits: Habits | None = None, runs: int = RUNS, seed: int = 1
) -> dict[str, float]:
    """Return mean wait (s, until served or gone, over all calls) and share that hung up, measured and simulated.

    Whoever hung up in the menu, or was put through to no agent, never waited: they count in both as they were.
    `habits`: learnt from other calls, to see that they hold there. The spread is that of single runs (standard
    deviation).
    """
    learnt, shifts, arrivals = habits or learn_habits(calls), learn_shifts(calls), arrivals_of(calls)
    passed_by = [one for one in calls if not wants_person(one)]
    hung_up = sum(not one.served for one in passed_by)
    waited = sum(one.waited for one in passed_by)
    played = [simulate(arrivals, shifts, learnt, seed + run) for run in range(runs)]
    waits = [(sum(one.waited for one in run) + waited) / len(calls) for run in played]
    gone = [(_gone(run) + hung_up) / len(calls) for run in played]
    queued = sum(one.queued for one in calls)
    return {
        "mean_wait_measured": fmean(one.waited for one in calls),
        "mean_wait_simulated": fmean(waits),
        "mean_wait_spread": stdev(waits) if runs > 1 else 0.0,
        "abandonment_measured": fmean(not one.served for one in calls),
        "abandonment_simulated": fmean(gone),
        "abandonment_spread": stdev(gone) if runs > 1 else 0.0,
        "delayed_measured": queued / len(calls),
        "delayed_simulated": fmean(sum(one.waited > 0 for one in run) / len(calls) for run in played),
    }


def _gone(outcomes: Sequence[Outcome]) -> int:
    return sum(not one.served for one in outcomes)
