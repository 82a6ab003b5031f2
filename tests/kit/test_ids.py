"""Ids: version 7, ordered by time, never twice; secrets long enough."""

from __future__ import annotations

import base64
from uuid import RFC_4122

import pytest

from warmline.kit.ids import new_id, new_secret


def test_ids_are_version_7() -> None:
    made = [new_id() for _ in range(1000)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {RFC_4122}
    assert len(set(made)) == 1000


def test_a_later_millisecond_sorts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for moment in (1, 1_000_000, 2_000_000, 1_800_000_000_000_000_000):
        monkeypatch.setattr("warmline.kit.ids.time.time_ns", lambda moment=moment: moment)
        made.append(new_id())
    assert sorted(made) == made
    assert made[-1].int >> 80 == 1_800_000_000_000


def test_secrets_are_safe_in_addresses_and_long() -> None:
    secret = new_secret()
    assert len(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))) == 32
    assert len({new_secret() for _ in range(100)}) == 100
