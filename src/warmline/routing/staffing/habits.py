"""What a log teaches of customers and agents: patience, service, how soon an agent is ready again, who was there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from warmline.routing.staffing.hazard import Gap, Hazard, fit_hazards
from warmline.routing.staffing.line import Line
from warmline.routing.staffing.model import DAY, SLOT, Contact, Shift

AHEAD_BANDS = (1, 2, 4, 6, 10)
"""Patience is learnt by how many stand ahead: who is told a long line leaves sooner."""
LEAST = 100
"""Observations below which a law is learnt of a wider class."""
SERVICE_HOURS = 2
FEW_SERVICES = 30
TAKES_SHARE = 0.1
"""An agent takes a kind that is at least this part of what their share of it would be."""
LONGEST_IDLE = 2 * 3600.0
"""An agent without a customer for longer has been away, whether or not somebody waited."""
HEAD_STARTS = tuple(range(0, 301, 15))
PAIRS_LOOKED_AT = 60

PatienceClass = tuple[str | None, int | None, int]


@dataclass(frozen=True, slots=True)
class Patience:
    """The product-limit law (Kaplan and Meier 1958): `shares[i]` have gone by `times[i]`.

    Nobody is taken to wait longer than the longest wait seen (Efron 1967).
    """

    times: tuple[float, ...]
    shares: tuple[float, ...]
    longest: float

    def draw(self, random: Random) -> float:
        """Return after how many seconds somebody gives up."""
        found = bisect_left(self.shares, random.random())
        return self.times[found] if found < len(self.times) else self.longest


@dataclass(frozen=True)
class Habits:
    """Laws of one house. `returning[b]`: how soon agents are ready again with `bands` of customers waiting."""

    patience: Mapping[PatienceClass, Patience]
    services: Mapping[tuple[str | None, int | None], Sequence[float]]
    returning: Sequence[Hazard]
    priorities: Mapping[str, Sequence[int]] = field(default_factory=dict)
    head_start: Mapping[int, float] = field(default_factory=dict)

    def draw_patience(self, random: Random, kind: str, priority: int, ahead: int) -> float:
        """Return how long somebody waits at most who comes with `ahead` before them; for ever if nothing is known."""
        band = bisect_right(AHEAD_BANDS, ahead)
        classes: tuple[PatienceClass, ...] = ((kind, priority, band), (kind, None, band), (None, None, band))
        known = next((self.patience[one] for one in (*classes, (None, None, -1)) if one in self.patience), None)
        return known.draw(random) if known else float("inf")

    def draw_service(self, random: Random, kind: str, now: float) -> float:
        """Return how long an agent is busy with somebody."""
        hour = int(now % DAY // 3600 // SERVICE_HOURS)
        known = next(self.services[one] for one in ((kind, hour), (kind, None), (None, None)) if one in self.services)
        return known[int(random.random() * len(known))]

    def draw_priority(self, random: Random, kind: str) -> int:
        """Return the priority of somebody who comes to wait."""
        known = self.priorities.get(kind)
        return known[int(random.random() * len(known))] if known else 0


def learn_habits(contacts: Sequence[Contact]) -> Habits:
    """Learn all laws; raise `ValueError` when nobody was served."""
    served = [one for one in contacts if one.served and one.server is not None]
    if not served:
        raise ValueError("nobody was served by a named agent: nothing to learn from")
    queued = [one for one in contacts if one.queued]
    priorities = defaultdict(list)
    for one in queued:
        priorities[one.kind].append(one.priority)
    return Habits(
        patience=learn_patience(queued),
        services=_learn_services(served),
        returning=fit_hazards(list(_look_at_gaps(contacts))),
        priorities=priorities,
        head_start=learn_head_start(queued),
    )


def learn_patience(queued: Sequence[Contact]) -> dict[PatienceClass, Patience]:
    """Learn the law of each class with enough people in it, and of everybody (band -1)."""
    line = Line(queued)
    members: dict[PatienceClass, list[Contact]] = defaultdict(list)
    for one in queued:
        band = bisect_right(AHEAD_BANDS, line.waiting_before(one))
        everybody: PatienceClass = (None, None, -1)
        for key in ((one.kind, one.priority, band), (one.kind, None, band), (None, None, band), everybody):
            members[key].append(one)
    enough = {key: found for key, found in members.items() if len(found) >= LEAST or key[2] == -1}
    return {key: product_limit((one.waited, not one.served) for one in found) for key, found in enough.items()}


def product_limit(waits: Iterable[tuple[float, bool]]) -> Patience:
    """Learn patience from waits and whether each ended by giving up; being served ends the look at it."""
    gone, ends = Counter[float](), Counter[float]()
    for waited, gave_up in waits:
        ends[waited] += 1
        gone[waited] += gave_up
    stay, at_risk = 1.0, ends.total()
    times, shares = [], []
    for moment in sorted(ends):
        if gone[moment]:
            stay *= 1 - gone[moment] / at_risk
            times.append(moment)
            shares.append(1 - stay)
        at_risk -= ends[moment]
    return Patience(tuple(times), tuple(shares), max(ends))


def _learn_services(served: Sequence[Contact]) -> dict[tuple[str | None, int | None], list[float]]:
    found: dict[tuple[str | None, int | None], list[float]] = defaultdict(list)
    for one in served:
        hour = int((one.at + one.waited) % DAY // 3600 // SERVICE_HOURS)
        for key in ((one.kind, hour), (one.kind, None), (None, None)):
            found[key].append(one.service)
    return {key: times for key, times in found.items() if key[1] is None or len(times) >= FEW_SERVICES}


def learn_head_start(queued: Sequence[Contact]) -> dict[int, float]:
    """Return how many seconds before their coming each priority is served as if it had come.

    The head start that most often tells who of two waiting at once, of one kind, was served first.
    """
    pairs = [(one, two) for one, two in _overtakings(queued) if two.priority > one.priority]
    found = {}
    for level in {two.priority for _, two in pairs}:
        lags = [(two.at - one.at, _left(two) < _left(one)) for one, two in pairs if two.priority == level]
        found[level] = float(max(HEAD_STARTS, key=lambda start: sum((lag < start) == first for lag, first in lags)))
    return {level: start for level, start in found.items() if start}


def _left(contact: Contact) -> float:
    return contact.at + contact.waited


def _overtakings(queued: Sequence[Contact]) -> Iterator[tuple[Contact, Contact]]:
    """Yield pairs of one kind that waited at the same time, the earlier first, where being served came first."""
    kinds: dict[str, list[Contact]] = defaultdict(list)
    for one in sorted(queued, key=lambda one: one.at):
        kinds[one.kind].append(one)
    for line in kinds.values():
        for index, one in enumerate(line):
            for two in line[index + 1 : index + PAIRS_LOOKED_AT]:
                if two.at >= _left(one):
                    break
                if (one if _left(one) <= _left(two) else two).served:
                    yield one, two


def kinds_of(contacts: Sequence[Contact]) -> dict[str, frozenset[str]]:
    """Return by agent which kinds they take."""
    served = [one for one in contacts if one.served and one.server is not None]
    overall = Counter(one.kind for one in served)
    by_agent: dict[str, Counter[str]] = defaultdict(Counter)
    for one in served:
        by_agent[str(one.server)][one.kind] += 1
    least = TAKES_SHARE / max(1, len(served))
    return {
        agent: frozenset(kind for kind, n in took.items() if n >= least * took.total() * overall[kind])
        for agent, took in by_agent.items()
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """An agent's services in order, as (start, end, whom), and the line of those they take."""

    agent: str
    kinds: frozenset[str]
    services: list[tuple[float, float, Contact]]
    line: Line


def _works(contacts: Sequence[Contact]) -> Iterator[_Work]:
    lines: dict[frozenset[str], Line] = {}
    queued = [one for one in contacts if one.queued]
    kinds = kinds_of(contacts)
    services: dict[str, list[tuple[float, float, Contact]]] = defaultdict(list)
    for one in contacts:
        if one.served and one.server is not None:
            services[one.server].append((_left(one), _left(one) + one.service, one))
    for agent, found in services.items():
        takes = kinds[agent]
        if takes not in lines:
            lines[takes] = Line([one for one in queued if one.kind in takes])
        yield _Work(agent, takes, sorted(found, key=lambda item: item[0]), lines[takes])


def _absent(work: _Work, end: float, start: float, whom: Contact) -> float:
    """Until when, after a service that ended at `end`, the agent was seen not to be there.

    Whoever does not take a customer who waits is not there; a customer who had waited was taken as soon as they were.
    """
    return start if whom.queued else min(start, max(end, work.line.last_waiting(start)))


def learn_shifts(contacts: Sequence[Contact]) -> list[Shift]:
    """Return when each agent was there: from call to call, but for absences seen for longer than a quarter of an hour.

    An edge lies half way between being seen at work and being seen absent, a quarter of an hour away at most.
    """
    return [shift for work in _works(contacts) for shift in _shifts(work)]


def _shifts(work: _Work) -> Iterator[Shift]:
    begin = _came(work, 0.0, work.services[0])
    end = work.services[0][1]
    for start, ends, whom in work.services[1:]:
        if _is_absence(work, end, start, whom):
            yield Shift(begin, _went(work, end), work.agent, work.kinds)
            begin, end = _came(work, end, (start, ends, whom)), ends
        end = max(end, ends)
    yield Shift(begin, _went(work, end), work.agent, work.kinds)


def _is_absence(work: _Work, end: float, start: float, whom: Contact) -> bool:
    return _absent(work, end, start, whom) - end > SLOT or start - end > LONGEST_IDLE


def _came(work: _Work, end: float, service: tuple[float, float, Contact]) -> float:
    start, _, whom = service
    return (max(start - SLOT, _absent(work, end, start, whom)) + start) / 2


def _went(work: _Work, end: float) -> float:
    return (end + min(end + SLOT, work.line.next_waiting(end))) / 2


def _look_at_gaps(contacts: Sequence[Contact]) -> Iterator[Gap]:
    for work in _works(contacts):
        for (_, end, _), (start, _, whom) in pairwise(work.services):
            if start > end and not _is_absence(work, end, start, whom):
                seen = _absent(work, end, start, whom)
                spells = tuple((since - end, to - end, waiting) for since, to, waiting in work.line.spells(end, seen))
                yield Gap(start - end, seen - end, whom.queued, spells)
