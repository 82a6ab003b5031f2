"""How many files a node has in memory at once: a file waits on disk, or in the database, until there is room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from warmline.kit.errors import BusyError

PATIENCE_SECONDS = 20.0
"""Whoever found no room for so long is asked to come back."""
RETRY_SECONDS = 5


class FileRoom:
    """Room for the files of `everyone`, and for those of `one` customer, who cannot take all of it."""

    def __init__(self, *, everyone: int, one: int) -> None:
        self._everyone, self._one = asyncio.Semaphore(everyone), one
        self._own: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, customer_id: UUID) -> AsyncIterator[None]:
        """Hold a place for a file of this customer; `BusyError` when none becomes free."""
        own = self._own.get(customer_id) or self._own.setdefault(customer_id, asyncio.Semaphore(self._one))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._everyone)
            except TimeoutError as error:
                raise BusyError(retry_after=RETRY_SECONDS) from error
            yield
