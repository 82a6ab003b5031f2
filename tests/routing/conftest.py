"""Routing as a node wires it, over a fresh database and a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

import warmline.bootstrap
from tests.support import Heart
from warmline.conversation.events import Author, AuthorKind
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.tables import conversation
from warmline.customer.service import CustomerService
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.i18n import Words
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.routing.inbox import Inbox
from warmline.routing.lookout import Lookout
from warmline.routing.model import Wait
from warmline.routing.offering import Offering
from warmline.routing.rules import RoutingRules
from warmline.routing.service import RoutingService
from warmline.routing.tables import agent_connection as seen
from warmline.staff.model import Presence, Role
from warmline.staff.service import StaffService

HOURS = "08:30-21:00"


@dataclass
class Centre:
    """Conversations, routing and the people who serve."""

    heart: Heart

    def __post_init__(self) -> None:
        self.staff = StaffService(clock=self.heart.clock, bus=self.heart.bus)
        self.routing = self.node("one")

    def node(self, name: str) -> RoutingService:
        """Return routing as another node has it."""
        words = Words.load(warmline.bootstrap.HERE / "routing" / "words.yaml")
        calendar = BusinessCalendar.from_hours(weekdays=HOURS, weekends=HOURS, holidays=HOURS, zone="Asia/Shanghai")
        heart = self.heart
        return RoutingService(heart.uow, heart.clock, heart.service, calendar, words, node=name)

    def offering(self, rules: RoutingRules | None = None, *, seconds: float = 30) -> Offering:
        """Return what offers on one more node, which has looked a moment ago."""
        heart = self.heart
        made = Offering(
            heart.uow, heart.clock, heart.service, self.staff, rules or RoutingRules(),
            accept_within=timedelta(seconds=seconds),
        )  # fmt: skip
        made._looked_at = heart.clock.now()
        return made

    def inbox(self, customers: CustomerService, ciphers: CustomerCiphers) -> Inbox:
        """Return the desk's list, which looks half an hour ahead."""
        return Inbox(self.heart.uow, customers, ciphers, Lookout(self.heart.uow, self.routing, timedelta(minutes=30)))

    async def hire(self, name: str, *skills: str, available: bool = True, role: Role = Role.AGENT) -> Author:
        """Return a new agent with these skills, available or on a break."""
        async with self.heart.uow.begin() as tx:
            staff = await self.staff.create_account(
                tx, email=f"{name}@chunhe.example", name=name, roles=[role], actor="system"
            )
            for skill in skills:
                await self.staff.put_skill_group(tx, skill, {"en": skill})
            await self.staff.set_skills(tx, staff.id, skills, actor="system")
            presence = Presence.AVAILABLE if available else Presence.BREAK
            await self.staff.set_presence(tx, staff.id, presence)
        return Author(kind=AuthorKind.AGENT, id=staff.id, name=name)

    async def connect(self, *agents: Author) -> None:
        """Let agents be seen now."""
        await self.routing.touch([agent.id for agent in agents if agent.id])

    async def move(self, **by: float) -> None:
        """Let time pass, also on the database's clock, by which agents are seen."""
        self.heart.clock.move(**by)
        async with self.heart.uow.begin() as tx:
            await tx.connection.execute(update(seen).values(seen_at=seen.c.seen_at - timedelta(**by)))

    async def sweep_while(self, seconds: float, routing: RoutingService | None = None) -> int:
        """Let time pass while vanished agents are looked for as a node does; return what was brought back."""
        count = 0
        while seconds > 0:
            step = min(seconds, 5)
            await self.move(seconds=step)
            count += await (routing or self.routing).sweep_vanished()
            seconds -= step
        return count

    async def waits(self) -> dict[UUID, Wait]:
        """Return what everyone who waits is told."""
        async with self.heart.uow.begin() as tx:
            ids = (await tx.connection.execute(select(conversation.c.id))).scalars().all()
        return await self.routing.list_waits(ids)

    async def get(self, state: Conversation) -> Conversation:
        """Return the present state."""
        return await self.heart.service.get(state.id)


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    engine = create_engine(database_url)
    yield Centre(Heart(UnitOfWork(engine)))
    await engine.dispose()
