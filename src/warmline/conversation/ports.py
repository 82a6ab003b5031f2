"""What the conversation needs from outside itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from warmline.kit.crypto import Cipher
from warmline.kit.uow import Transaction


class CustomerCiphers(Protocol):
    """The ciphers of customers; a missing entry means that the key was destroyed."""

    async def load(self, tx: Transaction, customer_ids: Collection[UUID]) -> Mapping[UUID, Cipher]:
        """Return the cipher of each customer whose key exists. Never creates a key."""
        ...

    async def is_kept(self, tx: Transaction, customer_id: UUID) -> bool:
        """Tell whether the customer has a key as this transaction sees it, past every cache."""
        ...
