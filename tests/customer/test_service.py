"""Customers in a real database: sealed, linked, seen, exported, erased."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.customer.conftest import Register
from warmline.customer.model import Customer, Person, Verified
from warmline.kit.errors import NotFoundError

WANG = Person("C-1", "王秀英", "13812345678", 1954, "喜欢慢一点")
PERSONAL = ("王秀英", "13812345678", "C-1", "1954", "喜欢慢一点")


async def seed(register: Register, person: Person = WANG) -> Customer:
    async with register.uow.begin() as tx:
        return await register.service.seed(tx, person, elder=True, locale="zh-Hans")


async def test_an_anonymous_customer(register: Register) -> None:
    made = await register.anonymous()
    assert await register.get(made) == made
    assert (made.name, made.verified, made.elder) == ("", Verified.NONE, False)
    async with register.uow.begin() as tx:
        assert await register.service.get_many(tx, [made.id, uuid4()]) == {made.id: made}
        with pytest.raises(NotFoundError):
            await register.service.get(tx, uuid4())


async def test_nothing_personal_is_stored_in_the_clear(register: Register) -> None:
    made = await seed(register)
    assert (await register.get(made)).person == WANG
    stored = await register.everything_stored()
    assert str(made.id) in stored
    for words in PERSONAL:
        assert words not in stored
        assert words.encode().hex() not in stored


async def test_seeding_again_brings_up_to_date(register: Register) -> None:
    first = await seed(register)
    again = await seed(register, replace(WANG, name="王秀兰"))
    assert (again.id, again.name) == (first.id, "王秀兰")


async def test_the_first_identity_makes_the_visitor_known(register: Register) -> None:
    made = await register.anonymous()
    linked = await register.link(register.identity(), register.visitor(made))
    assert (linked.customer.id, linked.merged) == (made.id, ())
    known = await register.get(made)
    assert (known.name, known.elder, known.verified) == ("王秀英", True, Verified.IDENTITY)


async def test_an_identity_without_a_visitor_makes_or_finds_its_customer(register: Register) -> None:
    first = await register.link(register.identity())
    again = await register.link(register.identity(name="王秀兰"))
    other = await register.link(register.identity("C-2"))
    assert first.customer.id == again.customer.id != other.customer.id
    assert again.customer.name == "王秀兰"


async def test_a_visitor_of_a_known_customer_is_merged_and_their_conversations_come_along(
    register: Register,
) -> None:
    known = (await register.link(register.identity())).customer
    made = await register.anonymous()
    visitor = register.visitor(made)
    linked = await register.link(register.identity(), visitor)
    assert (linked.customer.id, linked.merged) == (known.id, (made.id,))
    assert (await register.get(made)).merged_into == known.id
    other_tab = await register.link(register.identity(), visitor)
    assert other_tab.merged == (made.id,)
    token, _ = register.tokens.mint(known.id, lapses_at=register.clock.now() + timedelta(hours=1), also=[made.id])
    renewed = await register.link(register.identity(), register.tokens.read(token))
    assert renewed.merged == (made.id,)


async def test_somebody_else_s_token_brings_nothing_along(register: Register) -> None:
    wang = (await register.link(register.identity("C-1"))).customer
    visitor = register.visitor(wang, lapses_at=register.clock.now() + timedelta(hours=1))
    linked = await register.link(register.identity("C-2", name="李雷"), visitor)
    assert linked.customer.id != wang.id
    assert linked.merged == ()
    assert (await register.get(wang)).merged_into is None
    assert (await register.get(wang)).name == "王秀英"


async def test_two_pages_linking_at_once_agree_on_one_customer(register: Register) -> None:
    visitors = [register.visitor(await register.anonymous()) for _ in range(4)]
    linked = await asyncio.gather(*[register.link(register.identity(), visitor) for visitor in visitors])
    assert len({one.customer.id for one in linked}) == 1
    assert sorted(len(one.merged) for one in linked) == [0, 1, 1, 1]


async def test_reading_a_card_is_in_the_audit_trail(register: Register) -> None:
    made = await seed(register)
    async with register.uow.begin() as tx:
        card = await register.service.get_card(tx, made.id, actor="staff:7")
        masked = await register.service.get_card(tx, made.id, actor="staff:8", masked=True)
    assert (card.name, card.phone_masked, card.age_band, card.language) == (
        "王秀英",
        "138****5678",
        "70+",
        "zh-Hans",
    )
    assert masked.name == "王**"
    assert await register.audited() == [
        ("staff:7", "customer.viewed", f"customer:{made.id}"),
        ("staff:8", "customer.viewed", f"customer:{made.id}"),
    ]


async def test_export_holds_everything_and_is_in_the_audit_trail(register: Register) -> None:
    known = await seed(register)
    made = await register.anonymous()
    await register.link(register.identity(), register.visitor(made))
    async with register.uow.begin() as tx:
        exported = await register.service.export(tx, made.id, actor="staff:boss")
    assert exported["customer_id"] == str(known.id)
    assert {one["id"] for one in exported["profiles"]} == {str(known.id), str(made.id)}
    assert all(words in str(exported) for words in PERSONAL)
    assert ("staff:boss", "customer.exported", f"customer:{known.id}") in await register.audited()


@pytest.mark.parametrize("by_its_merged_self", [False, True])
async def test_erasing_leaves_nothing_but_the_count(register: Register, by_its_merged_self: bool) -> None:
    known = await seed(register)
    made = await register.anonymous()
    await register.link(register.identity(), register.visitor(made))
    async with register.uow.begin() as tx:
        target = made if by_its_merged_self else known
        erased = await register.service.erase(tx, target.id, actor="staff:boss")
    assert set(erased) == {known.id, made.id}
    gone = await register.get(known)
    assert (gone.person, gone.elder, gone.erased_at) == (Person(), False, register.clock.now())
    stored = await register.everything_stored()
    assert not any(words in stored for words in PERSONAL)
    assert register.keys.hash_reference("C-1").hex() not in stored
    assert ("staff:boss", "customer.erased", f"customer:{known.id}") in await register.audited()


async def test_who_was_erased_comes_back_as_somebody_new(register: Register) -> None:
    first = (await register.link(register.identity())).customer
    visitor = register.visitor(first, lapses_at=register.clock.now() + timedelta(hours=1))
    await register.erase(first)
    again = await register.link(register.identity(), visitor)
    assert again.customer.id != first.id
    assert again.merged == ()
