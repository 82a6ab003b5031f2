"""Hashing is argon2id at the stated cost, and a missing account costs as much as a present one."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from warmline.staff.passwords import Passwords

PHRASE = "warm-line-37-degrees"


async def test_the_default_cost_is_the_recommended_one() -> None:
    found = extract_parameters(await Passwords().hash(PHRASE))
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19_456, 2, 1)


async def test_verify() -> None:
    passwords = Passwords(time_cost=1, memory_kib=64)
    encoded = await passwords.hash(PHRASE)
    assert await passwords.verify(encoded, PHRASE)
    assert not await passwords.verify(encoded, PHRASE + "!")
    assert not await passwords.verify(None, PHRASE)
    assert not await passwords.verify("not a hash", PHRASE)
    assert not await passwords.verify(encoded, PHRASE * 100_000)


async def test_without_a_hash_the_same_work_is_done() -> None:
    passwords = Passwords(time_cost=1, memory_kib=64)
    done: list[str] = []
    inner = passwords._hasher

    class Counting:
        def verify(self, encoded: str, password: str) -> bool:
            done.append(extract_parameters(encoded).type.name)
            return inner.verify(encoded, password)

        def hash(self, password: str) -> str:
            return inner.hash(password)

    passwords._hasher = Counting()  # type: ignore[assignment]
    assert not await passwords.verify(None, PHRASE)
    assert not await passwords.verify(await passwords.hash("another phrase here"), PHRASE)
    assert done == ["ID", "ID"]
