"""One row that cannot be read holds up nobody else's list, line or person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.routing.conftest import Centre
from tests.routing.test_inbox import SUPERVISOR, Shown, waiting
from tests.routing.test_service import ask
from tests.support import ask_for_person, until
from warmline.conversation.events import Owner
from warmline.customer.keys import CustomerKeys, KeyRing
from warmline.customer.model import Person
from warmline.customer.service import CustomerService
from warmline.routing.inbox import Inbox, InboxFeed, InboxItem
from warmline.staff.model import Role


@pytest.fixture
def keys(centre: Centre) -> CustomerKeys:
    heart = centre.heart
    return CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"m" * 32)


@pytest.fixture
def inbox(centre: Centre, keys: CustomerKeys) -> Inbox:
    return centre.inbox(CustomerService(clock=centre.heart.clock, keys=keys), KeyRing(keys))


@pytest.mark.parametrize(
    "damage",
    [
        "customer set sealed = overlay(sealed placing '\\x00'::bytea from 15 for 1) where id = :id",
        "customer_key set wrapped = overlay(wrapped placing '\\x00'::bytea from 15 for 1) where customer_id = :id",
    ],
    ids=["profile", "key"],
)
async def test_one_customer_whose_profile_or_key_is_damaged_hides_nobody_elses_line(
    centre: Centre, inbox: Inbox, keys: CustomerKeys, damage: str
) -> None:
    heart, states = centre.heart, []
    for name in ("王秀英", "李明"):
        async with heart.uow.begin() as tx:
            service = CustomerService(clock=heart.clock, keys=keys)
            person = Person(external_ref=name, name=name)
            customer = await service.seed(tx, person, elder=False, locale="zh-Hans")
        heart.ciphers.make(customer.id)
        state = await heart.service.start(customer.id, channel="web", locale="zh-Hans", elder=False)
        states.append((await heart.do(state, ask_for_person())).state)
    async with heart.uow.begin() as tx:
        await tx.connection.execute(text(f"update {damage}"), {"id": states[0].customer_id})
    lines = {item.conversation.id: item.conversation.customer_name for item in await inbox.list_items(SUPERVISOR)}
    assert lines == {states[0].id: None, states[1].id: "李明"}


async def test_one_line_that_cannot_be_made_keeps_no_other_from_the_desks(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, feed = inbox.get_items, InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    bad = await waiting(centre)

    async def choke(ids: Collection[UUID], **more: Any) -> list[InboxItem]:
        if bad.id in ids:
            raise ValueError
        return await read(ids, **more)

    monkeypatch.setattr(inbox, "get_items", choke)
    await feed.start()
    desk = await Shown(SUPERVISOR).open(feed)
    await centre.heart.say(bad, "还在吗")
    good = await waiting(centre)
    await until(lambda: (good.id, False) in desk.lines)
    assert bad.id not in {one for one, _ in desk.lines}
    await feed.stop()


async def test_one_account_with_a_role_of_a_newer_version_keeps_nobody_from_a_person(centre: Centre) -> None:
    """Nodes of two versions run side by side while they are exchanged."""
    await centre.connect(await centre.hire("chenxi"), await centre.hire("coach"))
    async with centre.heart.uow.begin() as tx:
        statement = "update staff_account set roles = '{coach}', presence = 'available' where name = 'coach'"
        await tx.connection.execute(text(statement))
        named = {one.name: one.roles for one in await centre.staff.list_accounts(tx)}
    assert named == {"chenxi": {Role.AGENT}, "coach": set()}
    state = await centre.heart.open()
    assert (await ask(centre, state)).state.owner is Owner.QUEUE
