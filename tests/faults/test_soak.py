"""Two thousand customers connected to one node for a minute, some of them talking."""

from __future__ import annotations

import asyncio
import time

import psutil
import pytest

from tests.fakes.clients import Customer
from tests.fakes.server import Server

SOCKETS = 2000
ARRIVING_AT_ONCE = 40
SECONDS = 60
TALKING_EACH = 10
MEMORY_LIMIT = 600 * 2**20


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_two_thousand_sockets_stay_open_and_are_answered(lone_server: Server) -> None:
    await asyncio.to_thread(lone_server.start)
    customers: list[Customer] = []
    try:
        for _ in range(SOCKETS // ARRIVING_AT_ONCE):
            customers += await asyncio.gather(*(Customer.arrive(lone_server) for _ in range(ARRIVING_AT_ONCE)))
        until = time.monotonic() + SECONDS
        talking = customers[::TALKING_EACH]
        for number, customer in enumerate(talking):
            await customer.say("国外刷卡怎么结算")
            await asyncio.sleep(max(0.0, (until - time.monotonic()) / (len(talking) - number)))
        for customer in talking:
            await customer.wait_for("message.posted")
            events = customer.line.events(customer.conversation_id, "message.posted")
            assert events[0]["author"]["kind"] == "customer"
            await customer.line.until(lambda c=customer: _is_answered(c), 30)  # type: ignore[misc]
        assert [customer.line.connections for customer in customers] == [1] * SOCKETS
        assert psutil.Process(lone_server.process.pid).memory_info().rss < MEMORY_LIMIT
    finally:
        await asyncio.gather(*(customer.leave() for customer in customers))


def _is_answered(customer: Customer) -> bool:
    events = customer.line.events(customer.conversation_id, "message.posted")
    return bool(events[-1]["author"]["kind"] != "customer")
