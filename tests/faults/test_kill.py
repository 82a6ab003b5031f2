"""SIGKILL of the server and of PostgreSQL in the middle of conversations: nothing lost, nobody left waiting blind."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from tests.fakes.server import Server, wait_for
from tests.faults.crowd import Crowd

FEW = 20
MANY = 200


async def test_a_killed_server_loses_nothing(server: Server) -> None:
    await _survive(server, FEW, kill_database=False)


async def test_a_killed_database_is_started_again_and_loses_nothing(server: Server) -> None:
    await _survive(server, FEW, kill_database=True)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kill_database", [False, True], ids=["server", "database"])
async def test_two_hundred_conversations_survive(server: Server, kill_database: bool) -> None:
    await _survive(server, MANY, kill_database=kill_database)


async def _survive(server: Server, size: int, *, kill_database: bool) -> None:
    await asyncio.to_thread(server.start)
    crowd = Crowd(server, size)
    try:
        await crowd.gather()
        crowd.talk()
        await crowd.until_acknowledged(2 * size)
        up_at = await strike(server, kill_database=kill_database)
        await crowd.until_acknowledged(2 * size)
        await crowd.fall_silent()
        await crowd.check([up_at])
    finally:
        await crowd.leave()


async def strike(server: Server, *, kill_database: bool) -> datetime:
    """Kill one of the two, see to it that the service comes back, return when it was up again."""
    if kill_database:
        dead = server.postmaster()
        server.kill_database()
        await asyncio.to_thread(wait_for, lambda: _is_back(server, dead), 60, "the database does not come back")
    else:
        server.kill()
        await asyncio.to_thread(server.start)
    return datetime.now(UTC)


def _is_back(server: Server, dead: int) -> bool:
    """Only a new postmaster counts: the old one's last backends may still answer for a moment."""
    try:
        return server.postmaster() != dead and server.serves()
    except (FileNotFoundError, ValueError):
        return False
