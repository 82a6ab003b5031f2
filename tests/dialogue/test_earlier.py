"""Who comes again with the same matter is known again, once it is shown who they are; and nobody before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.dialogue.conftest import House, decided
from tests.dialogue.test_errands import CODE, FLOW, _actions, _flows, _said
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Event, SlipWritten, Visibility
from warmline.conversation.model import Conversation
from warmline.customer.keys import CustomerKeys
from warmline.customer.model import Person
from warmline.customer.service import CustomerService
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.model import Policy
from warmline.kit.ids import new_id

WISH = "我想调低每天取现的限额"
STRONG = FLOW.replace("identify: basic", "identify: strong")
DUE = {"reference": "XE1", "answer_by": "2026-11-20T17:00:00+08:00"}


class Bank:
    """The assistant with customers it can know again."""

    def __init__(self, house: House, source: str = FLOW, deed: dict[str, Any] | None = None) -> None:
        self.house, heart = house, house.heart
        keys = CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"m" * 32)
        self.customers = CustomerService(clock=heart.clock, keys=keys)
        self.ref = f"CH-{new_id().hex}"
        flows, self.actions = _flows(source), _actions()
        self.actions.script("change_limit", deed or DUE)
        self.actions.script("check_code", {"ok": True, "customer_ref": self.ref})
        house.assistant = house.make_assistant(
            actions=self.actions, flows=lambda: flows, policy=lambda _: Policy(),
            known=Acquaintance(heart.uow, self.customers, heart.service),
        )  # fmt: skip

    async def known(self, ref: str = "") -> UUID:
        """Return a customer whom the bank's page signs in."""
        async with self.house.heart.uow.begin() as tx:
            found = await self.customers.seed(tx, Person(external_ref=ref or self.ref), elder=False, locale="zh-Hans")
        self.house.heart.ciphers.make(found.id)
        return found.id

    async def visitor(self) -> UUID:
        """Return somebody nobody knows."""
        async with self.house.heart.uow.begin() as tx:
            found = await self.customers.create_anonymous(tx, locale="zh-Hans")
        self.house.heart.ciphers.make(found.id)
        return found.id

    async def open(self, customer_id: UUID) -> Conversation:
        return await self.house.heart.service.start(customer_id, channel="web", locale="zh-Hans", elder=False)

    async def come(self, customer_id: UUID, *said: str) -> list[Event]:
        """Let somebody come, say these one after another and go; return what the last turn appended."""
        state = await self.open(customer_id)
        for text in said:
            events = await self.house.ask(state, text)
        await self.house.heart.do(state, c.Close(Author(kind=AuthorKind.CUSTOMER, id=customer_id), "customer_left"))
        return events


async def _slip(house: House, state: Conversation) -> SlipWritten:
    events = await house.heart.service.events_after(state.id, 0, Visibility.STAFF)
    return next(one.payload for one in events if isinstance(one.payload, SlipWritten))


async def test_who_is_signed_in_and_left_without_it_twice_is_told_so_once_with_one_apology(house: House) -> None:
    bank = Bank(house)
    customer = await bank.known()
    await bank.come(customer, WISH, "五千")
    house.heart.clock.move(days=2)
    await bank.come(customer, WISH)
    house.heart.clock.move(days=1)
    state = await bank.open(customer)
    events = await house.ask(state, WISH)
    said = _said(events)
    assert "这件事您11月23日、昨天已经找过我们两次" in said
    assert said.count("对不起") == 1
    assert said.count("想调到多少") == 1
    acknowledged = decided(events).acknowledgement
    assert acknowledged is not None
    assert acknowledged.earlier == 2
    assert "找过我们" not in _said(await house.ask(state, "五千"))


async def test_the_third_contact_in_a_week_with_anger_brings_an_experienced_colleague_at_once(house: House) -> None:
    bank = Bank(house)
    customer = await bank.known()
    for _ in range(2):
        await bank.come(customer, WISH)
        house.heart.clock.move(days=1)
    state = await bank.open(customer)
    events = await house.ask(state, "我想调低每天取现的限额，到五千，你们是不是耍我，气死我了！")
    assert (decided(events).decision, decided(events).reason) == ("hand_off", "came_again")
    assert "经验丰富的同事" in _said(events)
    assert "找过我们两次" in _said(events)
    slip = await _slip(house, state)
    assert slip.earlier is not None
    assert [(one.at.day, one.about) for one in slip.earlier] == [(24, "调低限额"), (23, "调低限额")]
    assert slip.known is not None
    assert slip.known["新限额"] == "5,000 元"
    assert slip.opening is not None
    assert "前前后后找了我们 3 次" in slip.opening


@pytest.mark.parametrize("more", [{"contacts_before_person": 4}, {"contacts_felt": frozenset({"danger"})}])
async def test_from_which_contact_and_for_which_feeling_is_policy(house: House, more: dict[str, Any]) -> None:
    bank = Bank(house)
    policy = replace(Policy(), **more)
    house.assistant._policy = lambda _: policy
    customer = await bank.known()
    for _ in range(2):
        await bank.come(customer, WISH)
    events = await house.ask(await bank.open(customer), WISH + "，气死我了！")
    assert decided(events).reason != "came_again"


async def test_what_lies_longer_back_than_the_policy_looks_is_not_spoken_of(house: House) -> None:
    bank = Bank(house)
    customer = await bank.known()
    await bank.come(customer, WISH)
    house.heart.clock.move(days=8)
    assert "找过我们" not in _said(await bank.come(customer, WISH))


async def test_who_had_what_they_came_for_and_is_calm_is_told_nothing(house: House) -> None:
    bank = Bank(house, deed={"reference": "XE1"})
    customer = await bank.known()
    done = await bank.come(customer, WISH, "五千", "对")
    assert "改好了" in _said(done)
    assert "找过我们" not in _said(await bank.come(customer, WISH))


async def test_nobody_unknown_learns_anything_though_the_visitor_is_the_same(house: House) -> None:
    bank = Bank(house)
    visitor = await bank.visitor()
    await bank.come(visitor, WISH, "五千")
    await bank.come(visitor, WISH)
    state = await bank.open(visitor)
    events = await house.ask(state, WISH + "，气死我了！")
    assert "找过我们" not in _said(events)
    assert decided(events).reason != "came_again"
    await house.assistant.bring_person(state.id, via="button")
    assert (await _slip(house, state)).earlier is None


async def test_who_shows_who_they_are_is_known_again_in_that_very_turn_from_any_device(house: House) -> None:
    bank = Bank(house)
    for _ in range(2):
        await bank.come(await bank.visitor(), WISH, "五千", "对", "尾号4821", CODE)
    state = await bank.open(await bank.visitor())
    for text in (WISH, "五千", "对"):
        assert "找过我们" not in _said(await house.ask(state, text))
    assert "找过我们" not in _said(await house.ask(state, "尾号4821"))
    assert "这件事您今天已经找过我们两次" in _said(await house.ask(state, CODE))


async def test_a_promise_whose_day_has_gone_by_is_owned_up_to_and_stands_on_the_slip(house: House) -> None:
    bank = Bank(house)
    customer = await bank.known()
    await bank.come(customer, WISH, "五千", "对")
    state = await bank.open(customer)
    said = _said(await house.ask(state, WISH))
    assert "说好11月20日（周五）前给您结果，日子过了还要您自己来问" in said
    assert said.count("对不起") == 1
    await house.assistant.bring_person(state.id, via="button")
    slip = await _slip(house, state)
    assert slip.earlier is not None
    (earlier,) = slip.earlier
    assert [(one.text, one.broken) for one in earlier.promised] == [("11月20日 17:00 前给答复（受理编号 XE1）", True)]


async def test_what_was_promised_under_a_higher_level_is_not_told_at_a_lower_one(house: House) -> None:
    bank = Bank(house, source=STRONG)
    customer = await bank.known()
    done = await bank.come(customer, WISH, "五千", "对", CODE)
    assert "改好了" in _said(done)
    said = _said(await house.ask(await bank.open(customer), WISH))
    assert "找过我们一次" in said
    assert "11月20日" not in said


async def test_a_conversation_left_open_and_taken_up_after_hours_is_another_contact(house: House) -> None:
    bank = Bank(house)
    state = await bank.open(await bank.known())
    await house.ask(state, WISH)
    house.heart.clock.move(hours=1)
    assert "找过我们" not in _said(await house.ask(state, "五千"))
    house.heart.clock.move(hours=6)
    assert "这件事您今天已经找过我们一次" in _said(await house.ask(state, "对"))


async def test_what_somebody_else_came_for_on_a_borrowed_device_is_theirs(house: House) -> None:
    bank = Bank(house, source=STRONG)
    owner = await bank.known(f"CH-{new_id().hex}")
    await bank.come(owner, WISH, "五千", "对", CODE)
    assert "找过我们" not in _said(await house.ask(await bank.open(owner), WISH))
    assert "找过我们一次" in _said(await house.ask(await bank.open(await bank.known()), WISH))


async def test_a_date_on_which_nobody_came_is_a_promise_not_kept(house: House) -> None:
    bank = Bank(house)
    customer = await bank.known()
    state = await bank.open(customer)
    await house.ask(state, WISH)
    due = house.heart.clock.now() + timedelta(hours=1)
    author = Author(kind=AuthorKind.CUSTOMER, id=customer)
    await house.heart.do(
        state, c.RequestHandoff(author, "customer", "button", "customer_asked", c.HandoffPlan(due_at=due))
    )
    house.heart.clock.move(days=1)
    await house.heart.do(state, c.Close(author, "customer_left"))
    said = _said(await house.ask(await bank.open(customer), WISH))
    assert "说好11月23日 11:00找您，我们没有做到，对不起" in said
