"""Casework as a node wires it, with real keys, over a fresh database and a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.support import Heart, ask_for_person
from warmline.casework.model import CaseCategory
from warmline.casework.promises import ListedPromise, PromiseFilter
from warmline.casework.service import ListedCase, NewCase
from warmline.casework.wiring import Casework, build_casework
from warmline.conversation import commands as c
from warmline.conversation.erasure import Erasure
from warmline.conversation.events import Author, AuthorKind
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService
from warmline.customer.keys import CustomerKeys, KeyRing
from warmline.customer.service import CustomerService
from warmline.kit.audit import audit_entry
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.routing.desk import sees
from warmline.staff.model import Role, SignedIn
from warmline.staff.service import StaffService

HOURS = "08:30-21:00"


@dataclass
class Office:
    """Customers, conversations, the people who serve, and what they owe."""

    heart: Heart

    def __post_init__(self) -> None:
        heart = self.heart
        self.clock = heart.clock
        keys = CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"m" * 32)
        keys.start()
        ring = KeyRing(keys)
        self.customers = CustomerService(clock=heart.clock, keys=keys)
        heart.service = ConversationService(heart.uow, heart.clock, heart.bus, ring)
        self.staff = StaffService(clock=heart.clock, bus=heart.bus)
        calendar = BusinessCalendar.from_hours(weekdays=HOURS, weekends=HOURS, holidays=HOURS)
        self.work: Casework = build_casework(
            heart.uow, heart.clock, calendar, ring, heart.service, self.customers, self.staff, sees
        )
        self.erasure = Erasure(heart.uow, self.customers, heart.service, self.work.cases.forget)

    async def hire(self, name: str, *skills: str, role: Role = Role.AGENT) -> SignedIn:
        """Let a new member of staff sign in."""
        async with self.heart.uow.begin() as tx:
            staff = await self.staff.create_account(
                tx, email=f"{uuid4().hex}@chunhe.example", name=name, roles=[role], actor="system"
            )
            for skill in skills:
                await self.staff.put_skill_group(tx, skill, {"en": skill})
            staff = await self.staff.set_skills(tx, staff.id, skills, actor="system")
        return SignedIn(staff, uuid4(), "", self.clock.now() + timedelta(hours=8))

    async def visit(self, skill: str | None = None) -> Conversation:
        """Let a new customer ask for a person of a group."""
        async with self.heart.uow.begin() as tx:
            customer = await self.customers.create_anonymous(tx, locale="zh-Hans")
        state = await self.heart.service.start(customer.id, channel="web", locale="zh-Hans", elder=False)
        await self.heart.say(state, "你们机器吞了我两千块")
        return (await self.heart.do(state, ask_for_person(c.HandoffPlan(skill=skill)))).state

    async def serve(self, state: Conversation, agent: SignedIn) -> None:
        """Let an agent take the customer."""
        await self.heart.do(state, c.Accept(author(agent)))

    async def say(self, state: Conversation, agent: SignedIn, text: str) -> None:
        """Let the agent write."""
        await self.heart.do(state, c.PostMessage(author(agent), uuid4().hex, text))

    async def promised(self, state: Conversation, agent: SignedIn, *, settled: bool = True) -> list[ListedPromise]:
        """Return the promises of a conversation."""
        wanted = PromiseFilter(conversation_id=state.id, settled=settled)
        return await self.work.promises.list_promises(agent, wanted)

    async def open(
        self, state: Conversation, agent: SignedIn, due_at: datetime | None = None, owner_id: UUID | None = None
    ) -> ListedCase:
        """Open a case from a conversation."""
        new = NewCase(uuid4(), state.id, "机器吞钱", "两千块，建设路网点", CaseCategory.CARD, due_at, owner_id)
        return await self.work.cases.open(agent, new)

    async def audited(self) -> list[str]:
        """Return what the audit trail says was done, in its order."""
        async with self.heart.uow.begin() as tx:
            query = select(audit_entry.c.action).order_by(audit_entry.c.id)
            return list(await tx.connection.scalars(query))


def author(agent: SignedIn) -> Author:
    """Return a member of staff as the speaker of an event."""
    return Author(kind=AuthorKind.AGENT, id=agent.staff.id, name=agent.staff.name)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    engine = create_engine(database_url)
    made = Office(Heart(UnitOfWork(engine)))
    await made.work.sweep()  # promises are read from here on
    yield made
    await engine.dispose()
