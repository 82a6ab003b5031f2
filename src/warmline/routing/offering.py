"""Offers who waits to who is free: one round a second, on every node, of which one goes round at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, OfferEnded
from warmline.conversation.service import ConversationService, Outcome
from warmline.kit.clock import Clock
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.routing import offering_repository as sql
from warmline.routing.assignment import Agent, Assigned, Waiting, decide_assignment
from warmline.routing.rules import FULL, RoutingRules
from warmline.staff.model import MISSED_OFFER, Presence
from warmline.staff.service import StaffService

logger = logging.getLogger(__name__)

Work = tuple[UUID, c.Command]
READ_AT_LEAST, READ_PER_PLACE = 100, 4
"""So many who wait are read in a round: its cost goes with the places that are free, not with the queue."""
IN_A_THREAD = 500
"""More than so many are matched beside the event loop."""
LATE_AFTER = timedelta(seconds=5)
"""After a look that comes so late nobody could have answered meanwhile: the machine, or the database, stood still."""


class Offering:
    """Makes and ends offers. `accept_within` zero: nobody is offered anything, agents pick."""

    def __init__(
        self, uow: UnitOfWork, clock: Clock, conversations: ConversationService, staff: StaffService,
        rules: RoutingRules, *, accept_within: timedelta, vanish_after: timedelta = timedelta(seconds=15),
    ) -> None:  # fmt: skip
        self._uow, self._clock, self._conversations, self._staff = uow, clock, conversations, staff
        self._rules, self._accept_within, self._vanish_after = rules, accept_within, vanish_after
        self._looked_at: datetime | None = None

    async def sweep(self) -> int:
        """Go round once, unless another node does; return how many offers were made.

        Read, decided and written in one transaction under one lock, so that no place is given twice.
        """
        now = self._clock.now()
        late = self._looked_at is None or now - self._looked_at > LATE_AFTER
        async with self._uow.begin() as tx:
            if not await sql.try_round(tx.connection):
                return 0
            self._looked_at = now
            ends = await self._list_ends(tx, now, late=late)
            given = await self._match(tx, now) if self._accept_within else ()
            offers = [self._offer(one, now) for one in given]
            outcomes = await self._conversations.execute_in(tx, [*ends, *offers]) if ends or offers else ()
            await self._send_away(tx, outcomes)
        return sum(1 for one in outcomes[len(ends) :] if isinstance(one, Outcome) and one.events)

    async def _list_ends(self, tx: Transaction, now: datetime, *, late: bool) -> list[Work]:
        """Return what ends the offers that ran out, and at once those whose agent is gone."""
        ends: list[Work] = []
        for one in await sql.list_open(tx.connection, now, self._vanish_after):
            if one.over and not late:
                ends.append((one.conversation_id, c.EndOffer(c.SYSTEM, one.agent_id, "expired")))
            elif one.over or not one.there or not self._accept_within:
                ends.append((one.conversation_id, c.EndOffer(c.SYSTEM, one.agent_id, "withdrawn")))
        return ends

    async def _match(self, tx: Transaction, now: datetime) -> Sequence[Assigned]:
        agents = await sql.list_agents(tx.connection, self._rules, self._vanish_after)
        free = [one for one in agents if one.load < FULL and (one.free_from is None or one.free_from <= now)]
        if not free:
            return ()
        since = now - timedelta(days=self._rules.previous_agent_days)
        limit = max(READ_AT_LEAST, READ_PER_PLACE * sum(_places(one, self._rules) for one in free))
        waiting = await sql.list_waiting(tx.connection, self._able(free), now, since, limit)
        return await self._decide(waiting, agents, now)

    async def _decide(self, waiting: Sequence[Waiting], agents: Sequence[Agent], now: datetime) -> Sequence[Assigned]:
        if len(waiting) <= IN_A_THREAD:
            return decide_assignment(waiting, agents, self._rules, now)
        return await asyncio.to_thread(decide_assignment, waiting, agents, self._rules, now)

    def _able(self, free: Collection[Agent]) -> set[tuple[str, str, int]]:
        """Return whom somebody free can take: group, language, and after how many seconds of waiting."""
        able: set[tuple[str, str, int]] = set()
        for one in free:
            reached = {"": 0} | {start: after for group in one.skills for start, after in self._rules.feeders(group)}
            for group, after in reached.items():
                able |= {(group, language, after) for language in one.languages or ("",)}
        return able

    def _offer(self, one: Assigned, now: datetime) -> Work:
        agent = Author(kind=AuthorKind.AGENT, id=one.agent_id, name=one.agent_name)
        return one.conversation_id, c.MakeOffer(agent, now + self._accept_within)

    async def _send_away(self, tx: Transaction, outcomes: Sequence[Outcome | Exception]) -> None:
        """Whoever let an offer run out is not at the desk: nobody else is to wait for them."""
        missed: set[UUID] = set()
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                logger.error("an offer failed", exc_info=outcome)
                continue
            ended = (event.payload for event in outcome.events if isinstance(event.payload, OfferEnded))
            missed |= {one.agent_id for one in ended if one.reason == "expired"}
        for agent_id in sorted(missed):
            await self._staff.set_presence(tx, agent_id, Presence.AWAY, MISSED_OFFER)


def _places(agent: Agent, rules: RoutingRules) -> int:
    return max(1, (FULL - agent.load) // rules.weight("web", agent.chats))
