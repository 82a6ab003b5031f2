"""How many waited at every moment of a log."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from warmline.routing.staffing.model import Contact

SETTLE = 10.0
"""Who came so shortly before somebody was served may already be on the way to an agent."""


class Line:
    """The number of people waiting, as a step function of time."""

    def __init__(self, queued: Sequence[Contact]) -> None:
        self._came = sorted(one.at for one in queued)
        self._left = sorted(one.at + one.waited for one in queued)
        steps = Counter(self._came)
        steps.subtract(Counter(self._left))
        self._times, self._counts, waiting = [0.0], [0], 0
        for moment in sorted(steps):
            waiting += steps[moment]
            self._times.append(moment)
            self._counts.append(waiting)
        self._busy = list(self._busy_spells())
        self._busy_from = [start for start, _ in self._busy]
        self._busy_to = [end for _, end in self._busy]

    def waiting_before(self, one: Contact) -> int:
        """Return how many waited when this one came."""
        return bisect_left(self._came, one.at) - bisect_right(self._left, one.at)

    def last_waiting(self, moment: float) -> float:
        """Return the last moment before, but for `SETTLE`, at which somebody waited; 0 if nobody ever had."""
        limit = moment - SETTLE
        spell = bisect_left(self._busy_from, limit) - 1
        return min(limit, self._busy_to[spell]) if spell >= 0 else 0.0

    def next_waiting(self, moment: float) -> float:
        """Return the first moment from this one at which somebody waits."""
        spell = bisect_right(self._busy_to, moment)
        return max(moment, self._busy_from[spell]) if spell < len(self._busy) else float("inf")

    def spells(self, start: float, end: float) -> Iterator[tuple[float, float, int]]:
        """Yield the pieces between two moments with how many waited in each."""
        step = bisect_right(self._times, start) - 1
        while start < end:
            until = min(end, self._times[step + 1]) if step + 1 < len(self._times) else end
            if until > start:
                yield start, until, self._counts[step]
            start, step = until, step + 1

    def _busy_spells(self) -> Iterator[tuple[float, float]]:
        begun = None
        for moment, waiting in zip(self._times, self._counts, strict=True):
            if waiting and begun is None:
                begun = moment
            elif not waiting and begun is not None:
                yield begun, moment
                begun = None
