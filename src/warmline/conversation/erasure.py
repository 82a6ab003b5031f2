"""Erase a person: keys destroyed, sealed words and files removed, the log's events and counts kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from warmline.conversation.commands import NoteErasure
from warmline.conversation.service import ConversationService
from warmline.conversation.tables import attachment, message_body
from warmline.customer.service import CustomerService
from warmline.kit.uow import UnitOfWork

CONVERSATIONS_LIMIT = 10_000


class Erasure:
    """Carries out one person's wish to be forgotten (PIPL article 47, GDPR article 17)."""

    def __init__(self, uow: UnitOfWork, customers: CustomerService, conversations: ConversationService) -> None:
        self._uow, self._customers, self._conversations = uow, customers, conversations

    async def erase(self, customer_id: UUID, *, actor: str) -> int:
        """Erase a person and their merged selves; return how many conversations lost their words."""
        async with self._uow.begin() as tx:
            selves = await self._customers.erase(tx, customer_id, actor=actor)
            for table, columns in ((message_body, ("sealed",)), (attachment, ("sealed", "sealed_name"))):
                statement = update(table).where(table.c.customer_id.in_(selves))
                await tx.connection.execute(statement.values(dict.fromkeys(columns)))
        count = 0
        for one in selves:
            for state in await self._conversations.list_of(one, limit=CONVERSATIONS_LIMIT):
                await self._conversations.execute(state.id, NoteErasure())
                count += 1
        return count
