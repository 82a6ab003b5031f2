"""The key of each customer's words: made once, wrapped under the master key, destroyed to erase."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from warmline.customer import repository
from warmline.customer.errors import KeysLostError
from warmline.customer.model import Standing
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.crypto import KEY_BYTES, Cipher, LostCipher, new_key
from warmline.kit.group_commit import GroupCommit
from warmline.kit.uow import Transaction, UnitOfWork

logger = logging.getLogger(__name__)

ERASED = "customer.erased"
"""Bus topic; the text is the id of a customer whose key was destroyed."""
CLAIMED = "customer.claimed"
"""Bus topic; the text is the id of an anonymous customer who is now known, or merged into one who is."""
CACHE_SIZE = 20_000
CACHE_TTL = timedelta(seconds=3)
"""How long a key may outlive its erasure on a node that missed the bus message."""


@dataclass(frozen=True)
class _Held:
    """What the cache holds of a customer, and since when."""

    cipher: Cipher
    claimed: bool
    loaded_at: datetime


class CustomerKeys:
    """Ciphers by customer, cached for a short while and forgotten at once when a customer is erased."""

    def __init__(
        self,
        uow: UnitOfWork,
        *,
        clock: Clock,
        bus: Bus,
        master_key: bytes,
        ttl: timedelta = CACHE_TTL,
        size: int = CACHE_SIZE,
    ) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"the master key has {KEY_BYTES} bytes")
        self._uow, self._clock, self._bus, self._ttl, self._size = uow, clock, bus, ttl, size
        self._wrap = Cipher(_derive(master_key, b"warmline key wrapping"))
        self._reference_key = _derive(master_key, b"warmline customer reference")
        self._cache: OrderedDict[UUID, _Held] = OrderedDict()
        self._reads: GroupCommit[UUID, _Held | None] = GroupCommit(self._hold_group, key=lambda one: one.int)
        self._changes = 0
        self._unsubscribe: Callable[[], None] | None = None

    async def check_master_key(self) -> None:
        """Raise `KeysLostError` when what is sealed here was sealed under another master key."""
        async with self._uow.begin() as tx:
            found = await repository.find_any_key(tx)
        try:
            if found is not None:
                self.unwrap(*found)
        except ValueError as error:
            reason = "the master key is not the one this database's words are sealed under: restore secrets/master_key"
            raise KeysLostError(reason=f"{reason} or WARMLINE_MASTER_KEY from your backup") from error

    def start(self) -> None:
        """Begin to follow erasures made on any node."""
        if self._unsubscribe is None:
            self._unsubscribe = self._bus.subscribe(self._heard)

    def stop(self) -> None:
        """Cease to follow erasures, and forget every key."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._cache.clear()

    async def get(self, customer_id: UUID) -> Cipher | None:
        """Return the customer's cipher; None once erased, or for nobody."""
        held = await self._hold_one(customer_id)
        return held.cipher if held else None

    async def get_many(self, ids: Iterable[UUID]) -> dict[UUID, Cipher | None]:
        """Return the cipher of each id, with one query for those that are not cached."""
        return {one: held.cipher if held else None for one, held in (await self._hold(ids)).items()}

    async def get_standing(self, customer_id: UUID) -> Standing:
        """Say whether a customer is there, and whether an identity has claimed them."""
        held = await self._hold_one(customer_id)
        if held is None:
            return Standing.GONE
        return Standing.CLAIMED if held.claimed else Standing.ANONYMOUS

    async def get_standings(self, ids: Iterable[UUID]) -> dict[UUID, Standing]:
        """Say the same of many, read afresh with one query; who is gone is left out."""
        async with self._uow.begin() as tx:
            rows = await repository.load_standings(tx, ids)
        return {row.customer_id: Standing.CLAIMED if row.claimed else Standing.ANONYMOUS for row in rows}

    async def _hold_one(self, customer_id: UUID) -> _Held | None:
        """Read one customer's key again once it is old; all who ask while a read runs share the next one."""
        return self._cached(customer_id) or await self._reads.submit(customer_id)

    async def _hold_group(self, ids: Sequence[UUID]) -> list[_Held | None]:
        found = await self._hold(ids)
        return [found[one] for one in ids]

    async def _hold(self, ids: Iterable[UUID], tx: Transaction | None = None) -> dict[UUID, _Held | None]:
        found: dict[UUID, _Held | None] = {one: self._cached(one) for one in ids}
        missing = [one for one, held in found.items() if held is None]
        if missing:
            now, changes = self._clock.now(), self._changes
            if tx is not None:
                rows = await repository.load_standings(tx, missing)
            else:
                async with self._uow.begin() as own:
                    rows = await repository.load_standings(own, missing)
            for row in rows:
                held = _Held(self._unwrap_if_whole(row.customer_id, row.wrapped), row.claimed, now)
                found[row.customer_id] = held
                # What was read before a change that was heard of meanwhile must not enter the cache.
                if changes == self._changes:
                    self._remember(row.customer_id, held)
        return found

    async def load_many(self, tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Cipher]:
        """Return the ciphers of those who have a key, reading what is not cached within `tx`."""
        return {one: held.cipher for one, held in (await self._hold(ids, tx)).items() if held}

    async def load(self, tx: Transaction, customer_id: UUID) -> Cipher | None:
        """Return the cipher as this transaction sees it, past the cache."""
        wrapped = (await repository.load_keys(tx, [customer_id])).get(customer_id)
        return None if wrapped is None else self.unwrap(customer_id, wrapped)

    async def create(self, tx: Transaction, customer_id: UUID) -> Cipher:
        """Make the customer's key, or return the one there is."""
        wrapped = self._wrap.seal(new_key(), _context(customer_id))
        return self.unwrap(customer_id, await repository.insert_key(tx, customer_id, wrapped, self._clock.now()))

    def unwrap(self, customer_id: UUID, wrapped: bytes) -> Cipher:
        """Open a wrapped key; `ValueError` if made under another master key or for another customer."""
        return Cipher(self._wrap.open(wrapped, _context(customer_id)))

    def _unwrap_if_whole(self, customer_id: UUID, wrapped: bytes) -> Cipher:
        """Open a key that is read together with others: a damaged one is its own customer's trouble, nobody else's."""
        try:
            return self.unwrap(customer_id, wrapped)
        except ValueError:
            logger.error("the key of customer %s does not open", customer_id)
            return LostCipher()

    def forget(self, customer_id: UUID, topic: str) -> None:
        """Drop what is held of who was `ERASED` or `CLAIMED`, on every node. Call after the commit."""
        self._drop(customer_id)
        self._bus.publish(topic, str(customer_id))

    def hash_reference(self, external_ref: str) -> bytes:
        """Return the keyed hash by which a bank's customer id is found again."""
        return _derive(self._reference_key, external_ref.encode())

    def _heard(self, topic: str, text: str) -> None:
        if topic in (ERASED, CLAIMED):
            with contextlib.suppress(ValueError):
                self._drop(UUID(text))

    def _drop(self, customer_id: UUID) -> None:
        self._changes += 1
        self._cache.pop(customer_id, None)

    def _cached(self, customer_id: UUID) -> _Held | None:
        held = self._cache.get(customer_id)
        if held is None:
            return None
        if self._clock.now() - held.loaded_at >= self._ttl:
            del self._cache[customer_id]
            return None
        self._cache.move_to_end(customer_id)
        return held

    def _remember(self, customer_id: UUID, held: _Held) -> None:
        self._cache[customer_id] = held
        self._cache.move_to_end(customer_id)
        while len(self._cache) > self._size:
            self._cache.popitem(last=False)


def _derive(key: bytes, label: bytes) -> bytes:
    return hmac.new(key, label, hashlib.sha256).digest()


def _context(customer_id: UUID) -> bytes:
    return b"customer key " + customer_id.bytes


class KeyRing:
    """The ciphers that conversations are sealed with, as these keys stand in a transaction."""

    def __init__(self, keys: CustomerKeys) -> None:
        self._keys = keys

    async def load(self, tx: Transaction, customer_ids: Collection[UUID]) -> Mapping[UUID, Cipher]:
        """Return the ciphers of customers whose keys exist."""
        return await self._keys.load_many(tx, customer_ids)

    async def is_kept(self, tx: Transaction, customer_id: UUID) -> bool:
        """Tell whether the customer's key exists now."""
        return await self._keys.load(tx, customer_id) is not None
