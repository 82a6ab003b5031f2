"""Long polling for networks that block sockets: the same feed, one answer at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from warmline.conversation.events import Event, Visibility
from warmline.conversation.feed import Follower
from warmline.conversation.service import ConversationService


class LongPoll:
    """Answers at once when there is something after the cursor, else within `wait` seconds."""

    def __init__(self, conversations: ConversationService) -> None:
        self._conversations = conversations

    async def read(
        self,
        conversation_id: UUID,
        after: int,
        wait: float,
        visibility: Visibility,
        *,
        recheck: Callable[[], Awaitable[object]],
    ) -> list[Event]:
        """Return the events after `after`, an empty list if none came in time.

        `recheck` raises what refuses a caller who, while the call was held, lost the right to what came.
        """
        events = await self._conversations.events_after(conversation_id, after, visibility)
        if events or wait == 0:
            return events
        arrived = asyncio.Event()

        def on_events(_: UUID, __: Sequence[Event]) -> None:
            arrived.set()

        def on_signal(_: UUID, kind: str, __: dict[str, object]) -> None:
            if kind == "wait":
                arrived.set()

        follower = Follower(conversation_id, after, visibility, on_events, on_signal)
        await self._conversations.feed.follow(follower)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await arrived.wait()
        finally:
            self._conversations.feed.unfollow(follower)
        await recheck()
        return await self._conversations.events_after(conversation_id, after, visibility)
