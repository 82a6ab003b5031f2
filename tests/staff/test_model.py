"""Roles, lock-out, sessions, addresses and scripts, without IO."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.staff.errors import WeakPasswordError
from warmline.staff.model import (
    ACCOUNT_LOCK,
    PERMISSIONS,
    Permission,
    Role,
    SessionPolicy,
    SkillGroup,
    can,
    csrf_token_of,
    network_of,
    normalise_email,
)
from warmline.staff.passwords import check_password

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(can([Role.ADMIN], permission) for permission in Permission)


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.AGENT, "conversations.serve", True),
        (Role.AGENT, "conversations.supervise", False),
        (Role.AGENT, "scripts.edit", False),
        (Role.AGENT, "customers.erase", False),
        (Role.SUPERVISOR, "conversations.supervise", True),
        (Role.SUPERVISOR, "staff.manage", False),
        (Role.EDITOR, "articles.edit", True),
        (Role.EDITOR, "conversations.read", False),
        (Role.ANALYST, "analytics.read", True),
        (Role.ANALYST, "customers.read", False),
        (Role.ANALYST, "articles.edit", False),
        (Role.EDITOR, "flows.edit", True),
        (Role.AGENT, "flows.read", True),
        (Role.AGENT, "flows.edit", False),
        (Role.SUPERVISOR, "flows.edit", False),
        (Role.ANALYST, "flows.edit", False),
    ],
)
def test_rights(role: Role, permission: str, allowed: bool) -> None:
    assert can([role], permission) is allowed


def test_roles_add_up_and_none_may_nothing() -> None:
    assert can([Role.EDITOR, Role.AGENT], Permission.CONVERSATIONS_SERVE)
    assert not any(can([], permission) for permission in Permission)
    with pytest.raises(ValueError, match="unheard"):
        can([Role.ADMIN], "unheard.of")


def test_lock_out_doubles_up_to_its_limit() -> None:
    waits = [ACCOUNT_LOCK.lock_for(n).total_seconds() for n in range(1, 14)]
    assert waits[:9] == [0, 0, 0, 0, 0, 15, 30, 60, 120]
    assert waits[-1] == ACCOUNT_LOCK.longest.total_seconds()
    assert ACCOUNT_LOCK.lock_for(10**6) == ACCOUNT_LOCK.longest


@given(st.integers(0, 200))
def test_one_more_failure_never_shortens_the_wait(failures: int) -> None:
    assert ACCOUNT_LOCK.lock_for(failures) <= ACCOUNT_LOCK.lock_for(failures + 1)


def test_a_session_ends_by_idleness_or_by_age() -> None:
    policy = SessionPolicy(idle=timedelta(hours=8), absolute=timedelta(hours=24))
    assert policy.expires_at(NOW, NOW) == NOW + timedelta(hours=8)
    assert policy.expires_at(NOW, NOW + timedelta(hours=20)) == NOW + timedelta(hours=24)


def test_the_csrf_token_is_bound_to_the_session_and_hides_it() -> None:
    assert csrf_token_of("a") != csrf_token_of("b")
    assert csrf_token_of("session-token") == csrf_token_of("session-token")
    assert "session-token" not in csrf_token_of("session-token")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
    ],
)
def test_network_of(address: str, network: str) -> None:
    assert network_of(address) == network


def test_addresses_compare_without_case() -> None:
    assert normalise_email("  Chen.Xi@Chunhe.Example ") == "chen.xi@chunhe.example"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 300, "chen.xi@chunhe.example"])
def test_weak_passwords(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_password(password, email="chen.xi@chunhe.example")


def test_a_long_phrase_is_a_good_password() -> None:
    check_password("正确的马电池订书钉一二三四", email="chen.xi@chunhe.example")


def test_a_skill_group_is_named_in_some_language() -> None:
    group = SkillGroup("loans", {"zh-Hans": "贷款", "en": "Loans"})
    assert group.name("en") == "Loans"
    assert group.name("zh-Hant") == "贷款"
    assert SkillGroup("loans", {}).name("en") == "loans"
