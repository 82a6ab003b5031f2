"""Erasing someone while they come back or sign in: what has no key left is not begun, and nobody is erased by half."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.support import CHENXI, NOW, Heart
from warmline.conversation import commands as c
from warmline.conversation.erasure import Erasure
from warmline.conversation.events import Author, AuthorKind, Visibility
from warmline.conversation.service import ConversationService
from warmline.customer.keys import CustomerKeys, KeyRing
from warmline.customer.model import Customer, Identity, Person, Visitor
from warmline.customer.service import CustomerService
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import UnitOfWork, create_engine

WEB: Any = {"channel": "web", "locale": "zh-Hans", "elder": False}


@dataclass
class Register:
    """Customers and conversations with real keys."""

    heart: Heart

    def __post_init__(self) -> None:
        heart = self.heart
        self.keys = CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"m" * 32)
        self.keys.start()
        self.customers = CustomerService(clock=heart.clock, keys=self.keys)
        self.conversations = ConversationService(heart.uow, heart.clock, heart.bus, KeyRing(self.keys))
        self.erasure = Erasure(heart.uow, self.customers, self.conversations)

    async def make(self) -> Customer:
        async with self.heart.uow.begin() as tx:
            made = await self.customers.create_anonymous(tx, locale="zh-Hans")
        assert await self.keys.get(made.id)
        return made

    async def get(self, customer_id: UUID) -> Customer:
        async with self.heart.uow.begin() as tx:
            return await self.customers.get(tx, customer_id)


@pytest.fixture
async def register(shared_url: str) -> AsyncIterator[Register]:
    engine = create_engine(shared_url)
    yield Register(Heart(UnitOfWork(engine)))
    await engine.dispose()


async def test_who_was_erased_begins_no_conversation(register: Register) -> None:
    customer = await register.make()
    await register.erasure.erase(customer.id, actor="system")
    for begin in (register.conversations.find_or_start, register.conversations.start):
        with pytest.raises(NotFoundError):
            await begin(customer.id, **WEB)


async def test_who_comes_back_while_being_erased_begins_none_either(register: Register) -> None:
    """The page's token was looked at before; the key is held in memory until the erasure is through."""
    customer = await register.make()
    async with register.heart.uow.begin() as tx:
        selves = await register.customers.erase(tx, customer.id, actor="system")
        await register.conversations.note_erasure(tx, selves)
        coming = asyncio.create_task(register.conversations.find_or_start(customer.id, **WEB))
        await asyncio.sleep(0.2)
        assert not coming.done()
    with pytest.raises(NotFoundError):
        await coming


async def test_who_is_erased_while_a_sign_in_makes_them_somebody_is_erased_whole(register: Register) -> None:
    anonymous = await register.make()
    async with register.heart.uow.begin() as tx:
        known = await register.customers.seed(
            tx, Person(external_ref=f"C-{anonymous.id}", name="王秀英"), elder=True, locale="zh-Hans"
        )
    identity = Identity(f"C-{anonymous.id}", "王秀英", True, None, NOW + timedelta(hours=1))
    visitor = Visitor(anonymous.id, frozenset(), None, NOW + timedelta(days=1))
    async with register.heart.uow.begin() as tx:
        await register.customers.link_identity(tx, identity, visitor=visitor, locale="zh-Hans")
        erasing = asyncio.create_task(register.erasure.erase(anonymous.id, actor="system"))
        await asyncio.sleep(0.2)
    await erasing
    gone = await register.get(known.id)
    assert (gone.person, gone.erased_at is None) == (Person(), False)
    assert await register.keys.get(known.id) is None


async def test_what_clients_called_their_messages_goes_with_the_words(register: Register) -> None:
    """Only the API keeps words out of these ids."""
    customer, other = await register.make(), await register.make()
    for one in (customer, other):
        state = await register.conversations.start(one.id, **WEB)
        author = Author(kind=AuthorKind.CUSTOMER, id=one.id)
        command = c.PostMessage(author, "我的卡号是6222", "卡丢了")
        await register.conversations.execute(state.id, command)
        await register.conversations.execute(state.id, c.AddNote(CHENXI, "她住浦东", "记一下"))
    await register.erasure.erase(customer.id, actor="system")
    kept = {one.id: await stored(register, one) for one in (customer, other)}
    assert "6222" not in kept[customer.id]
    assert "浦东" not in kept[customer.id]
    assert "6222" in kept[other.id]
    (gone,) = await register.conversations.list_of(customer.id)
    _, events = await register.conversations.view(gone.id, Visibility.STAFF)
    assert [event.type for event in events[1:3]] == ["message.posted", "note.added"]


async def stored(register: Register, customer: Customer) -> str:
    """Return the rows of this customer's log as text."""
    query = text(
        "select string_agg(to_jsonb(e)::text, ' ') from conversation_event e join conversation c"
        " on c.id = e.conversation_id where c.customer_id = :id"
    )
    async with register.heart.uow.begin() as tx:
        return str((await tx.connection.execute(query, {"id": customer.id})).scalar_one())
