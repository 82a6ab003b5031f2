"""Who takes whom: one round, pure. `decide_assignment(waiting, agents, rules, now)` gives each free place once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from uuid import UUID

from warmline.routing.rules import FULL, RoutingRules

AGAIN_AFTER = timedelta(seconds=60)
"""Whom everybody passed by is offered anew after this time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits in the queue. `passed_by`: who declined them or let the offer run out, the last `passed_at`.

    `own`: who spoke last in this conversation; `previous`: who did in their conversations before.
    """

    id: UUID
    channel: str
    language: str
    skill: str | None
    queued_at: datetime
    distressed: bool = False
    own: UUID | None = None
    previous: UUID | None = None
    passed_by: frozenset[UUID] = frozenset()
    passed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent who is there. `skills`: level by group; `languages`: those spoken, none named: any.

    `load`: of `FULL`, open offers among it; `chats`: at once, None: as the rules say; `free_from`: wrap-up ends then.
    """

    id: UUID
    name: str
    skills: Mapping[str, int]
    idle_since: datetime
    languages: frozenset[str] = frozenset()
    load: int = 0
    chats: int | None = None
    free_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """This conversation is offered to this agent."""

    conversation_id: UUID
    agent_id: UUID
    agent_name: str


Kind = tuple[tuple[str | None, ...], str, str, bool]
"""What of those who wait decides who can take them: groups in the order in which they may be asked, language, channel,
and whether experience comes first."""
Key = tuple[int, int, int, float, int]
"""How well an agent suits: which of the groups is theirs, experience where it is needed, their load, since when they
are idle, and their number."""


def decide_assignment(
    waiting: Sequence[Waiting], agents: Sequence[Agent], rules: RoutingRules, now: datetime
) -> tuple[Assigned, ...]:
    """Return who is offered to whom. `waiting` in the order of serving; it is gone through once, and greedily.

    So nobody is passed over for a later one whom the same place would fit. Those who wait alike share one heap of
    agents, so that a round costs by those who wait, plus by agents for each kind, and not by their product.
    """
    free = sorted((one for one in agents if _is_free(one, now)), key=lambda one: one.id)
    board = _Board(free, rules, {one.id: one.skills for one in agents}, now)
    given = []
    for one in waiting:
        if not board.places:
            break
        agent = board.choose(one)
        if agent is not None:
            given.append(Assigned(one.id, agent.id, agent.name))
    return tuple(given)


def _is_free(agent: Agent, now: datetime) -> bool:
    return agent.load < FULL and (agent.free_from is None or agent.free_from <= now)


@dataclass
class _Board:
    """The places that are left. Agents go by number: thousands of look-ups by id would take most of the time."""

    agents: Sequence[Agent]
    rules: RoutingRules
    there: Mapping[UUID, Mapping[str, int]]
    now: datetime
    heaps: dict[Kind, list[Key]] = field(default_factory=dict)
    by_group: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.number = {one.id: number for number, one in enumerate(self.agents)}
        self.load = [one.load for one in self.agents]
        self.idle = [one.idle_since.timestamp() for one in self.agents]
        self.places = len(self.agents)
        for number, one in enumerate(self.agents):
            for group in one.skills:
                self.by_group.setdefault(group, []).append(number)

    def choose(self, one: Waiting) -> Agent | None:
        """Give a place to `one`; None where nobody is free who can take them."""
        groups = self.rules.reach(one.skill, (self.now - one.queued_at).total_seconds())
        kind = (groups, one.language, one.channel, one.distressed)
        heap = self.heaps.get(kind)
        if heap is None:
            heap = self.heaps[kind] = self._heap(kind)
        if not heap:
            return None
        passed = self._passed(one, groups)
        for known in (one.own, one.previous):
            number = self.number.get(known) if known and known not in passed else None
            if number is not None and self._fits(number, one.channel) and self._key(number, kind):
                return self._give(number, one.channel)
        return self._first(heap, kind, {self.number[id] for id in passed if id in self.number})

    def _first(self, heap: list[Key], kind: Kind, passed: set[int]) -> Agent | None:
        """Take the best place that fits; who was read with an older load goes back to where they stand now."""
        channel, aside, laden = kind[2], list[Key](), None
        found = None
        while heap and found is None:
            key = heappop(heap)
            number = key[-1]
            if not self._fits(number, channel):
                laden = number if laden is None and self.load[number] < FULL and number not in passed else laden
            elif key[2] != self.load[number]:
                heappush(heap, (*key[:2], self.load[number], *key[3:]))
            elif number in passed:
                aside.append(key)
            else:
                found = self._give(number, channel)
                heappush(heap, (*key[:2], self.load[number], *key[3:]))
        if found is None and laden is not None and self._weight(laden, channel) == FULL:
            # Who needs an agent to themselves would else never find one among those who chat.
            self._take(laden, FULL - self.load[laden])
        for key in aside:
            heappush(heap, key)
        return found

    def _heap(self, kind: Kind) -> list[Key]:
        able = {number for group in kind[0] for number in self._able(group)}
        heap = [key for number in able if self.load[number] < FULL and (key := self._key(number, kind))]
        heapify(heap)
        return heap

    def _able(self, group: str | None) -> Sequence[int]:
        return range(len(self.agents)) if group is None else self.by_group.get(group, ())

    def _key(self, number: int, kind: Kind) -> Key | None:
        """Return how well an agent suits, None where they cannot take those who wait so."""
        groups, language, _, distressed = kind
        agent = self.agents[number]
        if agent.languages and language not in agent.languages:
            return None
        for place, group in enumerate(groups):
            level = agent.skills.get(group, 0) if group else max(agent.skills.values(), default=1)
            if level:
                return place, -level if distressed else 0, self.load[number], self.idle[number], number
        return None

    def _passed(self, one: Waiting, groups: tuple[str | None, ...]) -> frozenset[UUID]:
        """Return who is not asked again: those who passed, as long as others are there or it was just now."""
        if not one.passed_by or one.passed_at is None or self.now - one.passed_at < AGAIN_AFTER:
            return one.passed_by
        able = (id for id, skills in self.there.items() if None in groups or not skills.keys().isdisjoint(groups))
        return one.passed_by if any(id not in one.passed_by for id in able) else frozenset()

    def _weight(self, number: int, channel: str) -> int:
        return self.rules.weight(channel, self.agents[number].chats)

    def _fits(self, number: int, channel: str) -> bool:
        return self.load[number] + self._weight(number, channel) <= FULL

    def _give(self, number: int, channel: str) -> Agent:
        self._take(number, self._weight(number, channel))
        return self.agents[number]

    def _take(self, number: int, weight: int) -> None:
        self.load[number] += weight
        self.places -= self.load[number] >= FULL
