"""What an agent needs after a conversation: a moment to wrap up, and after a heavy one the offer of a pause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from warmline.conversation.events import Urgency
from warmline.conversation.model import Conversation
from warmline.conversation.ports import Left
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.routing import offering_repository as sql
from warmline.routing.rules import RoutingRules
from warmline.staff.model import Presence
from warmline.staff.service import CHANGED, StaffService

HEAVY = frozenset({Urgency.URGENT, Urgency.VULNERABLE})
AFTER_HEAVY = "after_heavy"
"""The reason of the break that is offered."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when new customers are kept from an agent (None: not), and whether a pause is offered."""

    wrap_up_until: datetime | None
    pause_offered: bool


class RestService:
    """Keeps track of it; nothing about how an agent feels is read or kept."""

    def __init__(self, uow: UnitOfWork, clock: Clock, bus: Bus, staff: StaffService, rules: RoutingRules) -> None:
        self._uow, self._clock, self._bus, self._staff, self._rules = uow, clock, bus, staff, rules

    async def note_left(self, tx: Transaction, left: Sequence[Left]) -> None:
        """Conversations ended for these agents, within `tx`; who vanished has nothing to wrap up."""
        ended = [one for one in left if not one.vanished]
        if not ended:
            return
        now = self._clock.now()
        angry = [one.conversation.id for one in ended if one.conversation.urgency is Urgency.COMPLAINT]
        since = await sql.list_taken_at(tx.connection, angry)
        rests = [(one.agent_id, self._is_heavy(one.conversation, since, now)) for one in ended]
        free_from = now + timedelta(seconds=self._rules.wrap_up_seconds)
        await sql.note_rest(tx.connection, rests, now, free_from)
        for agent_id, _ in rests:
            tx.after_commit(lambda id=agent_id: self._bus.publish(CHANGED, str(id)))  # type: ignore[misc]

    def _is_heavy(self, state: Conversation, since: dict[UUID, datetime], now: datetime) -> bool:
        """Urgent or with somebody vulnerable; with somebody upset, if it was long."""
        long = timedelta(minutes=self._rules.heavy_minutes)
        return state.urgency in HEAVY or now - since.get(state.id, now) >= long

    async def get(self, agent_id: UUID) -> Rest:
        """Return how an agent stands."""
        async with self._uow.begin() as tx:
            free_from, pause = await sql.get_rest(tx.connection, agent_id)
        return Rest(free_from if free_from and free_from > self._clock.now() else None, pause)

    def list_breaks(self, locale: str) -> dict[str, str]:
        """Return the kinds of break there are, by id, as this language names them."""
        return {id: names.get(locale) or next(iter(names.values())) for id, names in self._rules.all_breaks.items()}

    async def be_ready(self, agent_id: UUID, *, pause: bool) -> None:
        """The agent has wrapped up; `pause`: and takes the break that is offered."""
        async with self._uow.begin() as tx:
            await sql.end_rest(tx.connection, agent_id, self._clock.now())
            if pause:
                await self._staff.set_presence(tx, agent_id, Presence.BREAK, AFTER_HEAVY)
            tx.after_commit(lambda: self._bus.publish(CHANGED, str(agent_id)))
