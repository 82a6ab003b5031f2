"""What casework needs from packages that stand beside or above it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from warmline.conversation.model import Conversation
from warmline.kit.crypto import Cipher
from warmline.kit.uow import Transaction
from warmline.staff.model import Staff


class Ciphers(Protocol):
    """The ciphers of customers; a missing entry means that the key was destroyed."""

    async def load(self, tx: Transaction, customer_ids: Collection[UUID]) -> Mapping[UUID, Cipher]:
        """Return the cipher of each customer whose key exists."""
        ...


class SeesConversation(Protocol):
    """Decides whose business a conversation is."""

    def __call__(self, staff: Staff, state: Conversation) -> bool:
        """Tell whether this member of staff may read it."""
        ...
