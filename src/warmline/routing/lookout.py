"""Which promised callbacks may not be kept, known before their time has come, so that a supervisor can still act."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from warmline.kit.uow import UnitOfWork
from warmline.routing import repository
from warmline.routing.model import OnlineAgent
from warmline.routing.service import RoutingService

logger = logging.getLogger(__name__)


class Risk(StrEnum):
    """Why a callback may not be kept: nobody is there who could take it, or they all have as many as they can."""

    NOBODY = "nobody"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Promise:
    """A callback that is due soon."""

    id: UUID
    skill: str | None
    due_at: datetime


def find_at_risk(
    queued: Mapping[str | None, int], promised: Sequence[Promise], agents: Collection[OnlineAgent]
) -> dict[UUID, Risk]:
    """Return the callbacks for which nobody may be free, of `promised` in the order in which they are due.

    The free places of those who are there go to who waits already, `queued` by group, and then to one callback after
    another; whoever can take the fewest groups is asked first.
    """
    narrow_first = sorted(agents, key=lambda one: (one.skills is None, len(one.skills or ())))
    places = [one for one in narrow_first for _ in range(one.load, one.chats)]
    for group, count in queued.items():
        for _ in range(min(count, len(places))):
            _take_place(places, group)
    found: dict[UUID, Risk] = {}
    for one in promised:
        if not any(agent.takes(one.skill) for agent in agents):
            found[one.id] = Risk.NOBODY
        elif not _take_place(places, one.skill):
            found[one.id] = Risk.FULL
    return found


def _take_place(places: list[OnlineAgent], group: str | None) -> bool:
    for number, agent in enumerate(places):
        if agent.takes(group):
            del places[number]
            return True
    return False


class Lookout:
    """Looks ahead at the callbacks of the next while. `within`: so long before its time a callback is looked at."""

    def __init__(self, uow: UnitOfWork, routing: RoutingService, within: timedelta) -> None:
        self._uow, self._routing, self._within = uow, routing, within
        self._risks: Mapping[UUID, Risk] = {}

    def risk_of(self, conversation_id: UUID) -> Risk | None:
        """Return why this conversation's callback may not be kept, as it was last seen."""
        return self._risks.get(conversation_id)

    async def look(self) -> set[UUID]:
        """Look ahead; return the conversations of which something else is to be said than before."""
        situation = await self._routing.get_situation()
        async with self._uow.begin() as tx:
            rows = await repository.list_promised(tx.connection, situation.now + self._within)
            queued = await repository.count_queued(tx.connection) if rows else {}
        before, self._risks = self._risks, find_at_risk(queued, [Promise(*row) for row in rows], situation.agents)
        changed = {one for one in before.keys() | self._risks.keys() if before.get(one) is not self._risks.get(one)}
        for one in changed & self._risks.keys():
            logger.info("the callback of conversation %s may not be kept: %s", one, self._risks[one])
        return changed
