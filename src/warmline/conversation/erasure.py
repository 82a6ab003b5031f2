"""Erase a person: keys destroyed, sealed words and files removed, the log's events and counts kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from sqlalchemy import update

from warmline.conversation.service import ConversationService
from warmline.conversation.tables import attachment, message_body
from warmline.customer.service import CustomerService
from warmline.kit.uow import Transaction, UnitOfWork

Forget = Callable[[Transaction, Collection[UUID]], Awaitable[None]]
"""Blanks, within a transaction, what a package above holds of people who are being erased."""


class Erasure:
    """Carries out one person's wish to be forgotten (PIPL article 47, GDPR article 17)."""

    def __init__(
        self, uow: UnitOfWork, customers: CustomerService, conversations: ConversationService, *forget: Forget
    ) -> None:
        self._uow, self._customers, self._conversations, self._forget = uow, customers, conversations, forget

    async def erase(self, customer_id: UUID, *, actor: str) -> int:
        """Erase a person and their merged selves; return how many conversations lost their words."""
        async with self._uow.begin() as tx:
            selves = await self._customers.erase(tx, customer_id, actor=actor)
            # First, as it locks the conversations: what someone says meanwhile is refused, or its words go as well.
            count = await self._conversations.note_erasure(tx, selves)
            for table, columns in ((message_body, ("sealed",)), (attachment, ("sealed", "sealed_name"))):
                statement = update(table).where(table.c.customer_id.in_(selves))
                await tx.connection.execute(statement.values(dict.fromkeys(columns)))
            for forget in self._forget:
                await forget(tx, selves)
        return count
