"""What routing needs from above itself."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from warmline.conversation.events import SlipWritten


class SlipWriter(Protocol):
    """Writes what the next agent needs on arriving."""

    async def __call__(self, conversation_id: UUID, reason: str) -> SlipWritten | None:
        """Return the slip as it stands now; None where nobody writes any."""
        ...


async def write_no_slip(conversation_id: UUID, reason: str) -> SlipWritten | None:
    """Return none: the one written before stays the newest."""
    return None
