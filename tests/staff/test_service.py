"""Accounts, skills and presence in a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.staff.conftest import ADDRESS, EMAIL, PASSWORD, Office
from warmline.kit.errors import InvalidError, NotFoundError
from warmline.staff import repository
from warmline.staff.errors import EmailTakenError, SignInFailedError
from warmline.staff.model import Permission, Presence, Role


async def test_an_account_is_created_and_found(office: Office) -> None:
    made = await office.hire("  ChenXi@Chunhe.Example ", Role.AGENT, Role.EDITOR)
    async with office.uow.begin() as tx:
        assert await office.staff.find_by_email(tx, EMAIL) == made
        assert await office.staff.get_many(tx, [made.id, uuid4()]) == {made.id: made}
        assert await office.staff.list_colleagues(tx) == [made]
    assert made.roles == {Role.AGENT, Role.EDITOR}
    assert (made.presence, made.has_password, made.oidc, made.email) == (Presence.AWAY, True, False, EMAIL)
    assert await office.audited() == ["account.created"]


async def test_an_address_belongs_to_one_account(office: Office) -> None:
    await office.hire()
    with pytest.raises(EmailTakenError):
        await office.hire(EMAIL.upper())


@pytest.mark.parametrize(("email", "name"), [("nobody", "陈曦"), (EMAIL, " ")])
async def test_an_account_needs_an_address_and_a_name(office: Office, email: str, name: str) -> None:
    with pytest.raises(InvalidError):
        await office.hire(email, name=name)


async def test_nobody_is_not_found(office: Office) -> None:
    async with office.uow.begin() as tx:
        assert await office.staff.find_by_email(tx, EMAIL) is None
        with pytest.raises(NotFoundError):
            await office.staff.get(tx, uuid4())
        with pytest.raises(NotFoundError):
            await office.staff.set_locale(tx, uuid4(), "en")


async def test_presence_is_told_once_it_is_committed(office: Office) -> None:
    made = await office.hire()
    office.heard.clear()
    async with office.uow.begin() as tx:
        changed = await office.staff.set_presence(tx, made.id, Presence.AVAILABLE)
        assert office.heard == []
    assert changed.presence is Presence.AVAILABLE
    assert office.heard == [("staff.changed", str(made.id))]
    office.clock.move(minutes=5)
    async with office.uow.begin() as tx:
        again = await office.staff.set_presence(tx, made.id, Presence.AVAILABLE)
    assert again.presence_at == changed.presence_at


async def test_skills(office: Office) -> None:
    made = await office.hire()
    async with office.uow.begin() as tx:
        await office.staff.put_skill_group(tx, "loans", {"zh-Hans": "贷款"})
        await office.staff.put_skill_group(tx, "cards", {"zh-Hans": "卡"})
        await office.staff.put_skill_group(tx, "cards", {"zh-Hans": "银行卡", "en": "Cards"})
        skilled = await office.staff.set_skills(tx, made.id, ["loans", "cards", "loans"], actor="system")
        groups = await office.staff.list_skill_groups(tx)
    assert skilled.skills == ("cards", "loans")
    assert [(group.id, group.name("en")) for group in groups] == [("cards", "Cards"), ("loans", "贷款")]
    async with office.uow.begin() as tx:
        with pytest.raises(NotFoundError):
            await office.staff.set_skills(tx, made.id, ["wealth"], actor="system")
        assert (await office.staff.set_skills(tx, made.id, [], actor="system")).skills == ()


async def test_roles_change_at_once(office: Office) -> None:
    made = await office.hire()
    grant = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    async with office.uow.begin() as tx:
        await office.staff.set_roles(tx, made.id, [Role.ANALYST], actor="system")
    signed = await office.sign_in.resolve(grant.token)
    assert signed is not None
    assert not signed.staff.may(Permission.CONVERSATIONS_SERVE)
    assert signed.staff.may(Permission.ANALYTICS_READ)


async def test_a_session_of_a_disabled_account_is_worth_nothing(office: Office) -> None:
    made = await office.hire()
    grant = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    async with office.uow.begin() as tx:
        await repository.update_staff(tx, made.id, disabled_at=office.clock.now())
    assert await office.sign_in.resolve(grant.token) is None


async def test_disabling_ends_sessions_links_and_rights(office: Office) -> None:
    made = await office.hire()
    grant = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    link = await office.link(made)
    async with office.uow.begin() as tx:
        await office.staff.disable(tx, made.id, actor="staff:boss")
        gone = await office.staff.get(tx, made.id)
        assert await office.staff.list_colleagues(tx) == []
    assert not gone.may(Permission.CONVERSATIONS_SERVE)
    assert await office.sign_in.resolve(grant.token) is None
    with pytest.raises(SignInFailedError):
        await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    with pytest.raises(Exception, match="link_spent"):
        await office.sign_in.sign_in_with_link(link, ADDRESS)
    async with office.uow.begin() as tx:
        await office.staff.enable(tx, made.id, actor="staff:boss")
    assert (await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)).staff.id == made.id
