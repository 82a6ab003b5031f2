"""Who the bank's own page says a customer is."""

from __future__ import annotations

from uuid import UUID

from warmline.customer.model import Verified
from warmline.customer.service import CustomerService
from warmline.kit.uow import UnitOfWork


async def name_signed_in(uow: UnitOfWork, customers: CustomerService, customer_id: UUID) -> str:
    """Return whom the bank's page signed in: who is verified writes with a live identity, or not at all."""
    async with uow.begin() as tx:
        customer = await customers.get(tx, customer_id)
        if customer.merged_into is not None:
            customer = await customers.get(tx, customer.merged_into)
    return customer.person.external_ref if customer.verified is Verified.IDENTITY else ""
