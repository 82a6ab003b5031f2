"""Who a customer was shown to be, and what the same customer came for lately. Nobody unknown is looked up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from warmline.conversation.events import Event, TurnDecided
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService
from warmline.customer.model import Verified
from warmline.customer.service import CustomerService
from warmline.dialogue.earlier import Contact, Contacts, find_contacts, list_sittings
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import holds_now
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.flows.turn import Flows
from warmline.kit.uow import UnitOfWork

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""What came before is left out where it takes longer: nobody is held up for it."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the bank knows; the default is nobody.

    `signed_in_ref`: whom the bank's page signed in; `ref`: the bank's name for who it is, at this `level`;
    `identified_as`: whom they showed in the conversation that they are; `contacts`: what they came for lately, for a
    colleague; `told`: as much of it as they may be told.
    """

    signed_in_ref: str = ""
    ref: str = ""
    level: f.Level | None = None
    identified_as: UUID | None = None
    contacts: Contacts = field(default_factory=dict)
    told: Contacts = field(default_factory=dict)


class Acquaintance:
    """Knows customers again; reads only, but for the record of somebody who is shown for the first time."""

    def __init__(self, uow: UnitOfWork, customers: CustomerService, conversations: ConversationService) -> None:
        self._uow, self._customers, self._conversations = uow, customers, conversations

    async def name_signed_in(self, customer_id: UUID) -> str:
        """Return whom the bank's page signed in: who is verified writes with a live identity, or not at all."""
        async with self._uow.begin() as tx:
            customer = await self._customers.get(tx, customer_id)
            if customer.merged_into is not None:
                customer = await self._customers.get(tx, customer.merged_into)
        return customer.person.external_ref if customer.verified is Verified.IDENTITY else ""

    async def is_old(self, customer_id: UUID) -> bool:
        """Tell whether the bank says that this customer is an elder, or was born so long ago."""
        async with self._uow.begin() as tx:
            customer = await self._customers.get(tx, customer_id)
            if customer.merged_into is not None:
                customer = await self._customers.get(tx, customer.merged_into)
        return customer.elder or customer.is_old(self._customers.year)

    async def recognise(self, state: Conversation, memory: Memory, flows: Flows, days: int, now: datetime) -> Known:
        """Return who this is shown to be, with what they came for in the last `days`; without it where that fails."""
        shown, signed_in = memory.identity, await self.name_signed_in(state.customer_id)
        if shown is None or not holds_now(shown, now):
            shown = None
        known = Known(signed_in, shown.ref if shown else signed_in, shown.level if shown else "basic")
        if not known.ref:
            return Known()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._look_back(state, known, flows, now - timedelta(days=days), now, shown=bool(shown))
        except Exception:
            logger.exception("what the customer of conversation %s came for before is left out", state.id)
            return known

    async def _look_back(
        self, state: Conversation, known: Known, flows: Flows, since: datetime, now: datetime, *, shown: bool
    ) -> Known:
        async with self._uow.begin() as tx:
            selves = await self._customers.list_known(tx, known.ref)
            if not selves:
                selves = [await self._customers.get_known(tx, known.ref, elder=state.elder, locale=state.locale)]
            logs = await self._conversations.list_decisions(tx, selves, since)
        theirs = [
            sitting
            for place, log in logs
            for sitting in list_sittings(log, now if place.id == state.id else None)
            if not (_shown_in(sitting) or {place.customer_id}).isdisjoint(selves)
        ]
        contacts = find_contacts(theirs, now, feelings=not state.feeling_refused)
        told = {matter: _tell(each, matter, known.level, flows) for matter, each in contacts.items()}
        return replace(known, identified_as=selves[0] if shown else None, contacts=contacts, told=told)


def _shown_in(sitting: list[Event]) -> set[UUID]:
    """Return whom somebody was shown to be: whoever lends their device is not taken for the one who uses it."""
    turns = (event.payload for event in sitting if isinstance(event.payload, TurnDecided))
    return {turn.identified_as for turn in turns if turn.identified_as is not None}


def _tell(each: tuple[Contact, ...], matter: str, level: f.Level | None, flows: Flows) -> tuple[Contact, ...]:
    """Return what a customer shown at this level may be told: of a matter that asks for more, no promise."""
    flow = flows.find(matter)
    asked = {step.identify for step in flow.steps if isinstance(step, f.Identify)} if flow else set()
    return tuple(replace(one, promises=()) for one in each) if "strong" in asked and level != "strong" else each
