"""Keys of customers that live in memory and can be destroyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from warmline.kit.crypto import Cipher, new_key
from warmline.kit.uow import Transaction


class FakeCiphers:
    """The conversation's `CustomerCiphers`."""

    def __init__(self) -> None:
        self._held: dict[UUID, Cipher] = {}

    def make(self, customer_id: UUID) -> None:
        """Give a customer a key."""
        self._held[customer_id] = Cipher(new_key())

    def destroy(self, customer_id: UUID) -> None:
        """Destroy a customer's key."""
        del self._held[customer_id]

    async def load(self, tx: Transaction, customer_ids: Collection[UUID]) -> Mapping[UUID, Cipher]:
        return {one: self._held[one] for one in customer_ids if one in self._held}

    async def is_kept(self, tx: Transaction, customer_id: UUID) -> bool:
        return customer_id in self._held
