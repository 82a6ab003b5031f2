"""What customers offer to packages above, as roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from warmline.customer.model import Standing


class CustomerKeysPort(Protocol):
    """What is known of customers by their keys."""

    async def get_standing(self, customer_id: UUID) -> Standing:
        """Say whether a customer is there, and whether an identity has claimed them."""
        ...

    async def get_standings(self, ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
        """Say the same of many, with one query; who is gone is left out."""
        ...
