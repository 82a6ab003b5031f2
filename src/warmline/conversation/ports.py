"""What the conversation needs from outside itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from warmline.conversation.model import Conversation
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


@dataclass(frozen=True, slots=True)
class Left:
    """A conversation, as it was, that is no longer this agent's."""

    agent_id: UUID
    conversation: Conversation
    vanished: bool


class AgentFreed(Protocol):
    """Is told which agents have one conversation fewer, in the transaction in which that happens."""

    async def __call__(self, tx: Transaction, left: Sequence[Left]) -> None:
        """Take note."""
        ...


async def note_nothing(tx: Transaction, left: Sequence[Left]) -> None:
    """Nobody needs to know."""
