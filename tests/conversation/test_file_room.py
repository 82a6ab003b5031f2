"""So many files in memory at once, and not all of them of one customer."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from tests.support import until
from warmline.conversation import file_room
from warmline.conversation.file_room import FileRoom
from warmline.kit.errors import BusyError

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


class Files:
    """Files that stay in memory until the gate opens."""

    def __init__(self) -> None:
        self.room, self.gate, self.inside = FileRoom(everyone=3, one=2), asyncio.Event(), list[UUID]()

    async def handle(self, customer_id: UUID) -> None:
        async with self.room.place(customer_id):
            self.inside.append(customer_id)
            await self.gate.wait()


async def test_one_customer_cannot_take_all_the_room_and_who_waits_comes_in_turn() -> None:
    files = Files()
    tasks = [asyncio.create_task(files.handle(one)) for one in (A, A, A, B, C)]
    await until(lambda: len(files.inside) == 3)
    await asyncio.sleep(0.05)
    assert files.inside == [A, A, B]
    files.gate.set()
    await asyncio.gather(*tasks)
    assert sorted(files.inside) == [A, A, A, B, C]


async def test_who_finds_no_room_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_room, "PATIENCE_SECONDS", 0.05)
    files = Files()
    tasks = [asyncio.create_task(files.handle(one)) for one in (A, A)]
    await until(lambda: len(files.inside) == 2)
    with pytest.raises(BusyError):
        await files.handle(A)
    files.gate.set()
    await asyncio.gather(*tasks)
    await files.handle(A)
