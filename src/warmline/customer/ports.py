"""What customers offer to packages above, as roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from warmline.customer.model import Standing
from warmline.kit.crypto import Cipher
from warmline.kit.uow import Transaction


class CustomerKeysPort(Protocol):
    """The cipher of each customer's words; None once erased, or for nobody."""

    async def get(self, customer_id: UUID) -> Cipher | None:
        """Return one cipher."""
        ...

    async def get_many(self, ids: Iterable[UUID]) -> dict[UUID, Cipher | None]:
        """Return the cipher of each id, with at most one query."""
        ...

    async def get_standing(self, customer_id: UUID) -> Standing:
        """Say whether a customer is there, and whether an identity has claimed them."""
        ...

    async def get_standings(self, ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
        """Say the same of many, with one query; who is gone is left out."""
        ...

    async def load(self, tx: Transaction, customer_id: UUID) -> Cipher | None:
        """Return one cipher as this transaction sees it."""
        ...
