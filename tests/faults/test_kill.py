"""SIGKILL of the server and of PostgreSQL in the middle of conversations: nothing lost, nobody left waiting blind."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime

import pytest

from tests.fakes.server import Server, wait_for
from tests.faults.crowd import Crowd, Outage

FEW = 20
MANY = 200
STORM_SIZE = 30
STORM_SECONDS = 120


async def test_a_killed_server_loses_nothing(lone_server: Server) -> None:
    await _survive(lone_server, FEW, kill_database=False)


async def test_a_killed_database_is_started_again_and_loses_nothing(lone_server: Server) -> None:
    await _survive(lone_server, FEW, kill_database=True)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kill_database", [False, True], ids=["server", "database"])
async def test_two_hundred_conversations_survive(lone_server: Server, kill_database: bool) -> None:
    await _survive(lone_server, MANY, kill_database=kill_database)


async def _survive(server: Server, size: int, *, kill_database: bool) -> None:
    await asyncio.to_thread(server.start)
    crowd = Crowd(server, size)
    try:
        await crowd.gather()
        crowd.talk()
        await crowd.until_acknowledged(2 * size)
        outage = await strike(server, kill_database=kill_database)
        await crowd.until_acknowledged(2 * size)
        await crowd.fall_silent()
        await crowd.check([outage])
    finally:
        await crowd.leave()


async def strike(server: Server, *, kill_database: bool) -> Outage:
    """Kill one of the two, see to it that the service comes back, return from when until when it was away."""
    down = datetime.now(UTC)
    if kill_database:
        dead = server.postmaster()
        server.kill_database()
        await asyncio.to_thread(wait_for, lambda: _is_back(server, dead), 60, "the database does not come back")
    else:
        server.kill()
        await asyncio.to_thread(server.start)
    return down, datetime.now(UTC)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_storm_of_kills_loses_nothing(lone_server: Server) -> None:
    """Server and database are killed in turn and at random, again and again, also while they still recover."""
    await asyncio.to_thread(lone_server.start)
    dice, outages = random.Random(37), []
    crowd = Crowd(lone_server, STORM_SIZE)
    try:
        await crowd.gather()
        crowd.talk()
        until = time.monotonic() + STORM_SECONDS
        while time.monotonic() < until:
            await crowd.until_acknowledged(dice.randint(1, STORM_SIZE))
            outages.append(await strike(lone_server, kill_database=dice.random() < 0.5))
        await crowd.until_acknowledged(STORM_SIZE)
        await crowd.fall_silent()
        assert len(outages) > 3
        await crowd.check(outages)
    finally:
        await crowd.leave()


def _is_back(server: Server, dead: int) -> bool:
    """Only a new postmaster counts: the old one's last backends may still answer for a moment."""
    try:
        return server.postmaster() != dead and server.serves()
    except (FileNotFoundError, ValueError):
        return False
