"""The wall's numbers, from what was read. Pure. Nothing is reckoned of how an agent feels."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, inf
from typing import Literal
from uuid import UUID

from warmline.conversation.events import Urgency
from warmline.routing.urgency import COMPLAINS, URGENT, VULNERABLE
from warmline.staff.model import Presence

EDGES = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, inf)
"""Up to where each bar of the time to a person reaches, in seconds."""
SHOWN_DISTRESSED = 8
CALMING = frozenset({"falling", "joy", "calm"})
_UPSET = COMPLAINS | {"anxiety", "rising", "abuse", "money_kept", "card_kept"}
_PRESSING = {Urgency.URGENT: 4, Urgency.VULNERABLE: 3, Urgency.COMPLAINT: 2}
Met = Literal["answered", "abandoned", "later"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who came before people today; `met` None: still waits. `later`: a time was agreed on instead.

    `waited`: seconds until an agent took them, or they were gone; `to_human`: until the agent's own first message.
    """

    at: float
    group: str
    met: Met | None
    waited: float
    to_human: float | None = None


@dataclass(slots=True)
class Hour:
    """One hour of the day, by when people came."""

    arrivals: int = 0
    answered: int = 0
    abandoned: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The day so far. `level`: of the `counted`, the share that was answered within its group's seconds."""

    arrivals: int
    answered: int
    abandoned: int
    level: float | None
    counted: int
    p50: float | None
    p90: float | None
    histogram: tuple[int, ...]
    hours: Mapping[int, Hour]


def sum_up(contacts: Collection[Contact], target: Callable[[str], float], hour: Callable[[float], int]) -> Day:
    """Return the figures of a day; `target`: a group's seconds, `hour`: the local hour of a moment."""
    met = Counter(one.met for one in contacts)
    verdicts = [kept for one in contacts if (kept := in_time(one, target(one.group))) is not None]
    to_human = sorted(one.to_human for one in contacts if one.to_human is not None)
    hours: dict[int, Hour] = {}
    for one in contacts:
        at = hours.setdefault(hour(one.at), Hour())
        at.arrivals += 1
        at.answered += one.met == "answered"
        at.abandoned += one.met == "abandoned"
    return Day(
        arrivals=len(contacts),
        answered=met["answered"],
        abandoned=met["abandoned"],
        level=sum(verdicts) / len(verdicts) if verdicts else None,
        counted=len(verdicts),
        p50=rank(to_human, 0.5),
        p90=rank(to_human, 0.9),
        histogram=spread(to_human),
        hours=hours,
    )


def in_time(one: Contact, seconds: float) -> bool | None:
    """Tell whether somebody was answered in time; None while that is open, and of who left before it was decided."""
    if one.met == "answered":
        return one.waited <= seconds
    return None if one.met == "later" or one.waited <= seconds else False


def rank(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that this share does not exceed, one that was really seen."""
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def spread(seconds: Iterable[float]) -> tuple[int, ...]:
    """Return how many fall into each bar of `EDGES`; who took exactly a bar's seconds is in it."""
    bars = [0] * len(EDGES)
    for one in seconds:
        bars[bisect_left(EDGES, one)] += 1
    return tuple(bars)


State = Literal["free", "full", "wrapping_up", "offered", "break", "away"]


@dataclass(frozen=True, slots=True)
class Seat:
    """Someone who serves customers, as they stand. `seen`: their desk is open."""

    presence: Presence
    reason: str
    seen: bool
    load: int
    places: int
    offered: bool
    wrapping_up: bool


def state_of(seat: Seat) -> State:
    """Return in which one way somebody counts; whose desk is not open is away, whatever they last said."""
    if seat.presence is Presence.BREAK:
        return "break"
    if seat.presence is Presence.AWAY or not seat.seen:
        return "away"
    if seat.offered:
        return "offered"
    if seat.load >= seat.places:
        return "full"
    return "wrapping_up" if seat.wrapping_up else "free"


@dataclass(frozen=True, slots=True)
class Agents:
    """How many stand how; `breaks` by their reason, empty for none given."""

    states: Mapping[State, int]
    breaks: Mapping[str, int]


def count_agents(seats: Iterable[Seat]) -> Agents:
    """Count who serves by how they stand."""
    states, breaks = Counter[State](), Counter[str]()
    for seat in seats:
        states[state_of(seat)] += 1
        if seat.presence is Presence.BREAK:
            breaks[seat.reason] += 1
    return Agents(states, breaks)


@dataclass(frozen=True, slots=True)
class Felt:
    """A conversation that waits or is with an agent, and what was heard in the customer's words."""

    id: UUID
    customer_id: UUID
    owner: str
    skill: str | None
    channel: str
    agent_name: str | None
    elder: bool
    urgency: Urgency
    since: datetime
    last_seq: int = 0
    feelings: tuple[str, ...] = field(default=())


def weigh(urgency: Urgency, feelings: Set[str]) -> int:
    """Return how much a conversation asks for a look, 0 for not at all; whoever calms down asks for less."""
    heard = 0
    if feelings & URGENT:
        heard = 4
    elif feelings & VULNERABLE:
        heard = 3
    elif feelings & _UPSET:
        heard = 2
    elif feelings - CALMING:
        heard = 1
    weight = max(heard, _PRESSING.get(urgency, 0))
    return max(0, weight - 1) if feelings & CALMING else weight


def find_distressed(conversations: Iterable[Felt]) -> list[Felt]:
    """Return who needs a look first: what weighs most, then who waits before who is with somebody, then the longest."""
    weighed = [(weigh(one.urgency, frozenset(one.feelings)), one) for one in conversations]
    order = sorted(
        ((weight, one) for weight, one in weighed if weight),
        key=lambda pair: (-pair[0], pair[1].owner == "agent", pair[1].since),
    )
    return [one for _, one in order[:SHOWN_DISTRESSED]]


def count_feelings(conversations: Iterable[Felt]) -> list[tuple[str, int]]:
    """Return in how many conversations each feeling was heard, the most frequent first."""
    counted = Counter(feeling for one in conversations for feeling in set(one.feelings))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
