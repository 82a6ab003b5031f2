"""Group commit: what arrives while one transaction is in flight shares the next one.

At low load each item has a transaction of its own and no added delay; under load the cost of a
round trip and an fsync is shared (the technique of DeWitt et al., 1984, section 3.2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from warmline.kit.errors import BusyError, UnavailableError

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Runs `save(items) -> results` for groups of waiting items, `lanes` groups at a time.

    Items with the same `key` always take the same lane, so they keep their order and never contend
    for one row. `save` returns, for each item, a result or the exception that item alone raised; if
    `save` itself fails, every item of the group is tried once on its own, unless what all of them need is away.
    """

    def __init__(
        self,
        save: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        *,
        key: Callable[[Item], int],
        lanes: int = 2,
        group_limit: int = 128,
        waiting_limit: int = 10_000,
    ) -> None:
        self._save, self._key, self._group_limit, self._waiting_limit = save, key, group_limit, waiting_limit
        self._waiting: list[list[tuple[Item, asyncio.Future[Result]]]] = [[] for _ in range(lanes)]
        self._running: list[asyncio.Task[None] | None] = [None] * lanes

    async def submit(self, item: Item) -> Result:
        """Return the item's result once its transaction has committed; raise `BusyError` when overfull."""
        lane = self._key(item) % len(self._waiting)
        if len(self._waiting[lane]) >= self._waiting_limit:
            raise BusyError(retry_after=1)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append((item, future))
        if self._running[lane] is None:
            self._running[lane] = asyncio.create_task(self._drain(lane))
        return await future

    async def close(self) -> None:
        """Wait until everything submitted has been saved or has failed."""
        await asyncio.gather(*(task for task in self._running if task is not None))

    async def _drain(self, lane: int) -> None:
        try:
            while self._waiting[lane]:
                group = self._waiting[lane][: self._group_limit]
                del self._waiting[lane][: self._group_limit]
                await self._save_group(group)
        finally:
            self._running[lane] = None

    async def _save_group(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results: Sequence[Result | Exception] = await self._save([item for item, _ in group])
        except Exception as error:
            if len(group) == 1 or isinstance(error, UnavailableError):
                # One by one, each would wait for the database until it times out, and so would all who come after.
                results = [error] * len(group)
            else:
                for one in group:
                    await self._save_group([one])
                return
        for (_, future), result in zip(group, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
