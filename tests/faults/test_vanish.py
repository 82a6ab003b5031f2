"""An agent whose connection is gone: their customer is back at the front of the queue, waiting time kept (I6)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.fakes.clients import Agent, Customer, Line, leaving
from tests.fakes.server import Server

STILL_VANISH_SECONDS = 4


async def _queue(server: Server, count: int) -> list[Customer]:
    customers = [await Customer.arrive(server) for _ in range(count)]
    for customer in customers:
        await customer.ask_for_person()
    return customers


async def _check_back_in_front(first: Customer, others: list[Customer], since: str, helper: Agent) -> None:
    views = [await customer.view() for customer in (first, *others)]
    assert [view["conversation"]["owner"] for view in views] == ["queue"] * len(views)
    assert views[0]["conversation"]["queued_at"] == since
    places = [view["wait"]["position"] for view in views]
    assert places == sorted(places)
    said = views[0]["events"][-1]["payload"]
    assert said["type"] == "message.posted"
    assert "陈曦" in said["text"]
    taken = await helper.accept(first.conversation_id)
    assert taken["agent_name"] == "林悦"
    assert taken["queued_at"] == since


async def test_a_vanished_agent_loses_the_conversation_to_the_front_of_the_queue(running_server: Server) -> None:
    chen, lin = [await Agent.sign_in(running_server, person) for person in ("chen", "lin")]
    first, *others = await _queue(running_server, 3)
    async with leaving(first, *others, chen, lin):
        since = (await chen.accept(first.conversation_id))["queued_at"]
        await first.say("您还在吗？")
        await chen.leave()
        vanished = await first.wait_for("agent.vanished")
        assert vanished["payload"]["agent_name"] == "陈曦"
        await _check_back_in_front(first, others, since, lin)
        for customer in (first, *others):
            await customer.close()


async def test_an_agent_who_reconnects_in_time_keeps_the_conversation(running_server: Server) -> None:
    chen = await Agent.sign_in(running_server, "chen")
    (customer,) = await _queue(running_server, 1)
    async with leaving(customer, chen):
        await chen.accept(customer.conversation_id)
        for number in range(3):
            await chen.line.drop()
            await chen.say(customer.conversation_id, f"我回来了 {number}")
        view = await customer.view()
        assert view["conversation"]["owner"] == "agent"
        assert not customer.line.events(customer.conversation_id, "agent.vanished")
        await customer.close()


@contextlib.asynccontextmanager
async def _cable(server: Server) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Yield the address of a cable to the server, and what cuts it: nothing passes any more, no end is told."""
    cut = asyncio.Event()
    port = urlsplit(server.base).port

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not cut.is_set():
                writer.write(data)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer), return_exceptions=True)

    listener = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/api/v1/stream", cut
    finally:
        listener.close()


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_cut_cable_counts_as_vanished(running_server: Server) -> None:
    """No end of the connection is ever told: only the missing answer to the server's ping shows it."""
    lin = await Agent.sign_in(running_server, "lin")
    chen = await Agent.sign_in(running_server, "chen")
    first, second = await _queue(running_server, 2)
    async with _cable(running_server) as (address, cut), leaving(first, second, chen, lin):
        await chen.line.vanish()
        chen.line = Line(running_server, cookie=chen.cookie, address=address)
        since = (await chen.accept(first.conversation_id))["queued_at"]
        await chen.say(first.conversation_id, "我来帮您")
        cut.set()
        await first.wait_for("agent.vanished", 120)
        await _check_back_in_front(first, [second], since, lin)
        await first.close()
        await second.close()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("what", ["server", "database"])
async def test_nobody_vanished_because_the_machine_stood_still(lone_server: Server, what: str) -> None:
    """A lid was closed, a disk hung: nobody could be seen, and everybody is there when it goes on."""
    lone_server.settings = {"VANISH_SECONDS": str(STILL_VANISH_SECONDS)}
    await asyncio.to_thread(lone_server.start)
    chen = await Agent.sign_in(lone_server, "chen")
    customers = await _queue(lone_server, 3)
    async with leaving(*customers, chen):
        for customer in customers:
            await chen.accept(customer.conversation_id)
        halted = [psutil.Process(lone_server.process.pid)] if what == "server" else lone_server.database_processes()
        for _ in range(3):
            for process in halted:
                process.suspend()
            await asyncio.sleep(2 * STILL_VANISH_SECONDS)
            for process in halted:
                process.resume()
            await asyncio.sleep(1)
        await asyncio.sleep(STILL_VANISH_SECONDS)
        for customer in customers:
            assert (await customer.view())["conversation"]["owner"] == "agent"
            assert not customer.line.events(customer.conversation_id, "agent.vanished")
