"""Puts casework together, for `bootstrap`."""

from __future__ import annotations

from dataclasses import dataclass

from warmline.casework.ports import Ciphers, SeesConversation
from warmline.casework.promises import PromiseService
from warmline.casework.service import CaseService
from warmline.conversation.service import ConversationService
from warmline.customer.service import CustomerService
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.kit.uow import UnitOfWork
from warmline.staff.service import StaffService


@dataclass(frozen=True, slots=True)
class Casework:
    """What outlives conversations."""

    cases: CaseService
    promises: PromiseService

    async def sweep(self) -> None:
        """Note what was promised, what is due and what is late."""
        await self.promises.sweep()
        await self.cases.sweep()


def build_casework(
    uow: UnitOfWork, clock: Clock, calendar: BusinessCalendar, ciphers: Ciphers,
    conversations: ConversationService, customers: CustomerService, staff: StaffService, sees: SeesConversation,
) -> Casework:  # fmt: skip
    """Wire casework."""
    cases = CaseService(uow, clock, calendar, ciphers, conversations, customers, staff, sees)
    return Casework(cases, PromiseService(uow, clock, calendar, ciphers, customers, cases))
