"""Keys: cached for speed, never past an erasure."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.customer.conftest import MASTER_KEY, Register
from warmline.customer import repository
from warmline.customer.keys import CustomerKeys
from warmline.customer.model import Standing
from warmline.kit.bus import LocalBus
from warmline.kit.uow import Transaction


async def test_words_sealed_on_one_node_open_on_another(register: Register) -> None:
    made = await register.anonymous()
    cipher = await register.keys.get(made.id)
    other = await register.node_keys().get(made.id)
    assert cipher is not None
    assert other is not None
    assert other.open(cipher.seal("您好".encode(), b"seq 1"), b"seq 1").decode() == "您好"


async def test_each_customer_has_a_key_of_their_own(register: Register) -> None:
    one, two = await register.anonymous(), await register.anonymous()
    ciphers = await register.keys.get_many([one.id, two.id])
    first, second = ciphers[one.id], ciphers[two.id]
    assert first is not None
    assert second is not None
    with pytest.raises(ValueError, match="do not open"):
        second.open(first.seal(b"words"))


async def test_a_key_is_made_once(register: Register) -> None:
    made = await register.anonymous()
    async with register.uow.begin() as tx:
        again = await register.keys.create(tx, made.id)
        stored = await register.keys.load(tx, made.id)
    assert stored is not None
    assert stored.open(again.seal(b"words")) == b"words"


async def test_nobody_has_no_key(register: Register) -> None:
    made, nobody = await register.anonymous(), uuid4()
    found = await register.keys.get_many([made.id, nobody])
    assert found[made.id] is not None
    assert found[nobody] is None
    assert await register.keys.get(nobody) is None
    async with register.uow.begin() as tx:
        assert await register.keys.load(tx, nobody) is None
        assert list(await register.keys.load_many(tx, [made.id, nobody])) == [made.id]


async def test_a_wrapped_key_opens_for_its_customer_and_master_key_only(register: Register) -> None:
    made, other = await register.anonymous(), await register.anonymous()
    async with register.uow.begin() as tx:
        wrapped = (await repository.load_keys(tx, [made.id]))[made.id]
    with pytest.raises(ValueError, match="do not open"):
        register.keys.unwrap(other.id, wrapped)
    stranger = CustomerKeys(register.uow, clock=register.clock, bus=register.bus, master_key=b"x" * 32)
    with pytest.raises(ValueError, match="do not open"):
        stranger.unwrap(made.id, wrapped)
    with pytest.raises(ValueError, match="32 bytes"):
        CustomerKeys(register.uow, clock=register.clock, bus=register.bus, master_key=b"short")


class CountingUow:
    """Counts transactions."""

    def __init__(self, register: Register) -> None:
        self.begun, self._uow = 0, register.uow

    def begin(self):  # type: ignore[no-untyped-def]
        self.begun += 1
        return self._uow.begin()


async def test_keys_are_cached_for_a_short_while(register: Register) -> None:
    made = await register.anonymous()
    uow = CountingUow(register)
    keys = CustomerKeys(uow, clock=register.clock, bus=register.bus, master_key=MASTER_KEY)  # type: ignore[arg-type]
    for _ in range(5):
        assert await keys.get(made.id)
    assert uow.begun == 1
    register.clock.move(seconds=30)
    assert await keys.get(made.id)
    assert uow.begun == 2


async def test_the_cache_is_bounded(register: Register) -> None:
    uow = CountingUow(register)
    keys = CustomerKeys(uow, clock=register.clock, bus=register.bus, master_key=MASTER_KEY, size=2)  # type: ignore[arg-type]
    ids = [(await register.anonymous()).id for _ in range(3)]
    for one in ids:
        await keys.get(one)
    await keys.get(ids[2])
    await keys.get(ids[1])
    assert uow.begun == 3
    await keys.get(ids[0])
    assert uow.begun == 4


async def test_erasure_reaches_every_node_at_once(register: Register) -> None:
    made, here, there = await register.anonymous(), register.keys, register.node_keys()
    assert await here.get(made.id)
    assert await there.get(made.id)
    await register.erase(made)
    assert await here.get(made.id) is None
    assert await there.get(made.id) is None


async def test_a_node_that_missed_the_message_forgets_by_itself(register: Register) -> None:
    made = await register.anonymous()
    deaf = CustomerKeys(register.uow, clock=register.clock, bus=LocalBus(), master_key=MASTER_KEY)
    assert await deaf.get(made.id)
    await register.erase(made)
    register.clock.move(seconds=3)
    assert await deaf.get(made.id) is None


async def test_keys_that_are_old_are_looked_for_again_together(register: Register) -> None:
    everyone, uow = [await register.anonymous() for _ in range(40)], CountingUow(register)
    ids = [one.id for one in everyone]
    keys = CustomerKeys(uow, clock=register.clock, bus=register.bus, master_key=MASTER_KEY)  # type: ignore[arg-type]
    await keys.get_many(ids)
    register.clock.move(seconds=3)
    await register.erase(everyone[0])
    standings = await asyncio.gather(*(keys.get_standing(one) for one in ids))
    assert standings == [Standing.GONE, *[Standing.ANONYMOUS] * 39]
    assert uow.begun <= 5


async def test_a_key_read_before_an_erasure_does_not_enter_the_cache_after_it(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, keys = await register.anonymous(), register.node_keys()
    load = repository.load_standings

    async def slow(tx: Transaction, ids: list) -> list:  # type: ignore[type-arg]
        rows = await load(tx, ids)
        monkeypatch.setattr(repository, "load_standings", load)
        await register.erase(made)
        return rows

    monkeypatch.setattr(repository, "load_standings", slow)
    assert await keys.get(made.id) is not None
    assert await keys.get(made.id) is None


async def test_an_erasure_that_rolls_back_erases_nothing(register: Register) -> None:
    made = await register.anonymous()

    async def erase_and_fail() -> None:
        async with register.uow.begin() as tx:
            await register.service.erase(tx, made.id, actor="staff:boss")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await erase_and_fail()
    assert await register.node_keys().get(made.id) is not None


async def test_standing(register: Register) -> None:
    made = await register.anonymous()
    assert await register.keys.get_standing(made.id) is Standing.ANONYMOUS
    await register.link(register.identity(), register.visitor(made))
    assert await register.keys.get_standing(made.id) is Standing.CLAIMED
    await register.erase(made)
    assert await register.keys.get_standing(made.id) is Standing.GONE


async def test_a_bad_message_on_the_bus_is_ignored(register: Register) -> None:
    made = await register.anonymous()
    register.bus.publish("customer.erased", "not an id")
    register.bus.publish("another.topic", str(made.id))
    assert await register.keys.get(made.id) is not None


async def test_stopping_ends_the_subscription(register: Register) -> None:
    keys = register.node_keys()
    keys.start()
    keys.stop()
    keys.stop()
    register.bus.publish("customer.erased", str(uuid4()))
    assert keys._changes == 0
