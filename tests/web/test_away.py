"""While the database is away, and when it is back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.web.support import House
from warmline.conversation.model import Owed
from warmline.kit.errors import UnavailableError

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_time_to_answer_counts_from_when_the_database_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from when the next sweep happens to notice: what is owed is due, or handed over, 5 s after that (I10)."""
    node, back_at = house.node, house.node.clock.now() + timedelta(seconds=0.5)
    owed, woken = Owed(uuid4(), back_at - timedelta(minutes=1), is_answer=True), list[tuple[datetime, Owed]]()

    async def list_owed(_: datetime) -> list[Owed]:
        if node.clock.now() < back_at:
            raise UnavailableError(part="database")
        return [owed]

    monkeypatch.setattr(node.conversations, "list_owed", list_owed)
    monkeypatch.setattr(node.turns, "wake", lambda one: woken.append((node.dialogue.due_at(one), one)))
    async with asyncio.timeout(10):
        await node._sweep_owed()
    due_at, one = woken[0]
    assert one == owed
    assert timedelta(seconds=4) < due_at - back_at <= timedelta(seconds=5)
