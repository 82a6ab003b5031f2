"""Signing in: no enumeration, lock-out, one-time links, rotation, expiry."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.staff.conftest import ADDRESS, EMAIL, PASSWORD, Office
from warmline.kit.errors import ForbiddenError
from warmline.staff.errors import (
    LinkSpentError,
    OidcRefusedError,
    SignInFailedError,
    SignInLockedError,
    WeakPasswordError,
)
from warmline.staff.model import Grant, Role, SignedIn, StaffIdentity
from warmline.staff.tables import sign_in_failure, sign_in_link, staff_account, staff_session

ISSUER = "https://sso.chunhe.example"


async def fail(office: Office, times: int, email: str = EMAIL, address: str = ADDRESS) -> None:
    for _ in range(times):
        with pytest.raises(SignInFailedError):
            await office.sign_in.sign_in(email, "not the password", address)


async def resolved(office: Office, grant: Grant) -> SignedIn:
    signed = await office.sign_in.resolve(grant.token)
    assert signed is not None
    return signed


async def test_the_right_password_opens_a_session(office: Office) -> None:
    made = await office.hire()
    grant = await office.sign_in.sign_in(EMAIL.upper(), PASSWORD, ADDRESS)
    signed = await resolved(office, grant)
    assert (signed.staff, signed.csrf_token) == (made, grant.csrf_token)
    assert signed.actor == f"staff:{made.id}"
    assert (await office.audited())[-1] == "sign_in.succeeded"


async def test_no_secret_is_stored_in_the_clear(office: Office) -> None:
    made = await office.hire()
    grant, link = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS), await office.link(made)
    async with office.uow.begin() as tx:
        account = (await tx.connection.execute(select(staff_account))).one()
        session = (await tx.connection.execute(select(staff_session))).one()
        stored_link = (await tx.connection.execute(select(sign_in_link))).one()
    assert account.password_hash.startswith("$argon2id$")
    for secret, row in ((PASSWORD, account), (grant.token, session), (link, stored_link)):
        assert secret not in str(row)
        assert secret.encode() not in [value for value in row if isinstance(value, bytes)]


async def test_a_wrong_password_and_no_account_look_alike(office: Office) -> None:
    await office.hire()
    await office.hire("link-only@chunhe.example", password=None)
    errors = []
    for email in (EMAIL, "nobody@chunhe.example", "link-only@chunhe.example"):
        with pytest.raises(SignInFailedError) as caught:
            await office.sign_in.sign_in(email, "not the password", ADDRESS)
        errors.append((caught.value.code, caught.value.fields))
    assert errors == [("sign_in_failed", {})] * 3


@pytest.mark.parametrize("email", [EMAIL, "nobody@chunhe.example"])
async def test_failures_lock_longer_and_longer_whether_or_not_there_is_an_account(office: Office, email: str) -> None:
    await office.hire()
    await fail(office, 6, email)
    waits = []
    for _ in range(4):
        with pytest.raises(SignInLockedError) as caught:
            await office.sign_in.sign_in(email, PASSWORD, ADDRESS)
        waits.append(caught.value.fields["retry_after"])
        office.clock.move(seconds=waits[-1])
        await fail(office, 1, email)
    assert waits == [15, 30, 60, 120]


async def test_success_forgets_the_account_s_failures(office: Office) -> None:
    await office.hire()
    await fail(office, 5)
    await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    await fail(office, 5)
    assert (await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)).token


async def test_guesses_sent_at_once_are_all_counted(office: Office) -> None:
    await office.hire()
    tries = [office.sign_in.sign_in(EMAIL, f"guess number {n}", ADDRESS) for n in range(20)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, SignInFailedError) for outcome in outcomes) == 6
    assert sum(isinstance(outcome, SignInLockedError) for outcome in outcomes) == 14


async def test_one_address_guessing_at_many_accounts_is_locked_and_others_are_not(office: Office) -> None:
    await office.hire()
    for n in range(31):
        await fail(office, 1, f"someone{n}@chunhe.example")
    with pytest.raises(SignInLockedError):
        await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    assert (await office.sign_in.sign_in(EMAIL, PASSWORD, "198.51.100.1")).token


async def test_an_own_account_does_not_wash_the_address_clean(office: Office) -> None:
    await office.hire()
    for n in range(30):
        await fail(office, 1, f"someone{n}@chunhe.example")
        if n % 5 == 0 and n < 29:
            await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    await fail(office, 1, "another@chunhe.example")
    with pytest.raises(SignInLockedError):
        await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)


async def test_failures_are_forgotten_after_a_day(office: Office) -> None:
    await office.hire()
    await fail(office, 6)
    office.clock.move(hours=25)
    await fail(office, 5)
    assert (await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)).token


async def test_a_link_signs_in_once(office: Office) -> None:
    made = await office.hire(password=None)
    token = await office.link(made)
    tries = [office.sign_in.sign_in_with_link(token, ADDRESS) for _ in range(5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, Grant) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, LinkSpentError) for outcome in outcomes) == 4


async def test_a_link_lapses(office: Office) -> None:
    token = await office.link(await office.hire())
    office.clock.move(minutes=30)
    with pytest.raises(LinkSpentError):
        await office.sign_in.sign_in_with_link(token, ADDRESS)


async def test_a_session_lapses_when_idle_and_when_old(office: Office) -> None:
    await office.hire()
    idle = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    office.clock.move(hours=8)
    assert await office.sign_in.resolve(idle.token) is None
    busy = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    for _ in range(5):
        office.clock.move(hours=4)
        assert await office.sign_in.resolve(busy.token)
    office.clock.move(hours=4)
    assert await office.sign_in.resolve(busy.token) is None


async def test_rotation_keeps_the_old_token_for_a_moment(office: Office) -> None:
    await office.hire()
    first = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    assert await office.sign_in.refresh(first.token) is None
    office.clock.move(hours=1)
    second = await office.sign_in.refresh(first.token)
    assert second is not None
    assert second.token != first.token
    assert second.csrf_token != first.csrf_token
    assert await office.sign_in.refresh(first.token) is None
    old = await resolved(office, first)
    assert (old.session_id, old.csrf_token) == (second.session_id, first.csrf_token)
    office.clock.move(seconds=61)
    assert await office.sign_in.resolve(first.token) is None
    assert (await resolved(office, second)).staff.email == EMAIL


async def test_rotation_by_two_tabs_at_once_happens_once(office: Office) -> None:
    await office.hire()
    first = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    office.clock.move(hours=2)
    grants = await asyncio.gather(*[office.sign_in.refresh(first.token) for _ in range(4)])
    assert sum(grant is not None for grant in grants) == 1


async def test_sign_out_ends_this_session_only(office: Office) -> None:
    await office.hire()
    here = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    there = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    await office.sign_in.sign_out(await resolved(office, here))
    assert await office.sign_in.resolve(here.token) is None
    assert await office.sign_in.resolve(there.token)


async def test_changing_the_password_ends_every_other_session(office: Office) -> None:
    await office.hire()
    here = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    there = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    signed = await resolved(office, here)
    with pytest.raises(SignInFailedError):
        await office.sign_in.change_password(signed, "not the password", "a new long password")
    with pytest.raises(WeakPasswordError):
        await office.sign_in.change_password(signed, PASSWORD, "short")
    fresh = await office.sign_in.change_password(signed, PASSWORD, "a new long password")
    assert await office.sign_in.resolve(here.token) is None
    assert await office.sign_in.resolve(there.token) is None
    assert await office.sign_in.resolve(fresh.token)
    assert (await office.sign_in.sign_in(EMAIL, "a new long password", ADDRESS)).token


async def test_who_came_by_link_sets_a_first_password(office: Office) -> None:
    made = await office.hire(password=None)
    grant = await office.sign_in.sign_in_with_link(await office.link(made), ADDRESS)
    await office.sign_in.change_password(await resolved(office, grant), "", PASSWORD)
    assert (await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)).staff.has_password


async def test_sweeping_leaves_what_still_counts(office: Office) -> None:
    made = await office.hire()
    await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    await office.link(made)
    await fail(office, 1)
    assert await office.sign_in.sweep() == 0
    office.clock.move(days=2)
    assert await office.sign_in.sweep() >= 4
    async with office.uow.begin() as tx:
        for table in (staff_session, sign_in_link, sign_in_failure):
            assert await tx.connection.scalar(select(func.count()).select_from(table)) == 0


def identity(**changes: object) -> StaffIdentity:
    said: dict[str, object] = {
        "issuer": ISSUER,
        "subject": "0001",
        "email": EMAIL,
        "email_verified": True,
        "name": "陈曦",
        "roles": frozenset({Role.AGENT}),
    }
    return StaffIdentity(**(said | changes))  # type: ignore[arg-type]


async def test_an_identity_makes_an_account_and_keeps_it(office: Office) -> None:
    first = await office.sign_in.sign_in_with_identity(identity())
    again = await office.sign_in.sign_in_with_identity(
        identity(email="new-address@chunhe.example", roles=frozenset({Role.SUPERVISOR}))
    )
    assert first.staff.oidc
    assert again.staff.id == first.staff.id
    assert again.staff.roles == {Role.SUPERVISOR}
    signed = await resolved(office, again)
    with pytest.raises(ForbiddenError):
        await office.sign_in.change_password(signed, "", PASSWORD)


async def test_an_identity_binds_an_account_that_was_there(office: Office) -> None:
    made = await office.hire(EMAIL, Role.EDITOR)
    grant = await office.sign_in.sign_in_with_identity(identity(roles=None))
    assert (grant.staff.id, grant.staff.roles, grant.staff.oidc) == (made.id, frozenset({Role.EDITOR}), True)


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email": None},
        {"roles": frozenset()},
        {"roles": None},
    ],
)
async def test_an_identity_that_says_too_little_makes_no_account(office: Office, changes: dict[str, object]) -> None:
    with pytest.raises(OidcRefusedError):
        await office.sign_in.sign_in_with_identity(identity(**changes))


async def test_an_unverified_address_takes_over_nobody(office: Office) -> None:
    await office.hire()
    with pytest.raises(OidcRefusedError):
        await office.sign_in.sign_in_with_identity(identity(email_verified=False))


async def test_another_identity_with_the_same_address_takes_over_nobody(office: Office) -> None:
    await office.sign_in.sign_in_with_identity(identity())
    with pytest.raises(OidcRefusedError):
        await office.sign_in.sign_in_with_identity(identity(subject="0002"))


async def test_a_disabled_account_stays_closed_to_its_identity(office: Office) -> None:
    grant = await office.sign_in.sign_in_with_identity(identity())
    async with office.uow.begin() as tx:
        await office.staff.disable(tx, grant.staff.id, actor="system")
    with pytest.raises(OidcRefusedError):
        await office.sign_in.sign_in_with_identity(identity())


async def test_a_session_in_use_is_noted_at_most_once_a_minute(office: Office) -> None:
    await office.hire()
    grant = await office.sign_in.sign_in(EMAIL, PASSWORD, ADDRESS)
    office.clock.move(seconds=59)
    assert (await resolved(office, grant)).expires_at == grant.expires_at
    office.clock.move(seconds=1)
    assert (await resolved(office, grant)).expires_at == grant.expires_at + timedelta(seconds=60)
