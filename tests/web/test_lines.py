"""Open sockets are worth what their token or session is worth now, also when no message says that it changed."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import struct
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from websockets.exceptions import InvalidStatus

from tests.support import until
from tests.web.support import Desk, House, Page
from tests.web.test_stream import event, post
from tests.web.test_stream import served as serve_customer
from warmline.customer.model import Identity, Linked
from warmline.kit.bus import LocalBus
from warmline.staff.model import Role
from warmline.staff.service import StaffService
from warmline.web import lines, outbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def change(house: House, statement: str, **values: object) -> int:
    """Change the database behind everyone's back; return how many rows."""
    async with house.node.uow.begin() as tx:
        return (await tx.connection.execute(text(statement), values)).rowcount


async def sign_in(house: House, page: Page, reference: str) -> Linked:
    """Let the bank say who the customer on this page is."""
    now = house.node.clock.now()
    async with house.node.uow.begin() as tx:
        return await house.node.customers.link_identity(
            tx,
            Identity(reference, "王芳", None, None, now + timedelta(hours=1)),
            visitor=house.node.tokens.read(page.token),
            locale="zh-Hans",
        )


def signed_token(house: House, linked: Linked) -> str:
    until_then = house.node.clock.now() + timedelta(hours=1)
    return house.node.tokens.mint(linked.customer.id, lapses_at=until_then, also=linked.merged)[0]


async def test_an_anonymous_line_hears_nothing_of_the_customer_who_signed_in(house: House) -> None:
    page = await house.arrive()
    stale = await page.socket()
    linked = await sign_in(house, page, uuid4().hex)
    assert await stale.end() == 1008
    assert stale.kept[-1]["code"] == "identity_lapsed"
    client = house.client(Authorization=f"Bearer {signed_token(house, linked)}")
    body = {"client_id": "x", "text": "我的身份证号是110101199003070000"}
    (await client.post(f"{page.path}/messages", json=body)).raise_for_status()


async def test_a_held_poll_tells_nothing_to_whom_it_no_longer_would(house: House) -> None:
    page = await house.arrive()
    after = (await page.view())["conversation"]["last_seq"]
    held = asyncio.create_task(page.client.get(f"{page.path}/events?after={after}&wait=20"))
    await until(lambda: house.node.conversations.feed.is_followed(UUID(page.id)))
    linked = await sign_in(house, page, uuid4().hex)
    client = house.client(Authorization=f"Bearer {signed_token(house, linked)}")
    (await client.post(f"{page.path}/messages", json={"client_id": "x", "text": "只有本人能看"})).raise_for_status()
    answer = await held
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_lapsed")


async def hold(house: House, agent: Desk, conversation_id: str, path: str) -> asyncio.Task[httpx.Response]:
    """Return a poll that is being held; one that the news of a place in the queue has ended is asked anew."""
    held = asyncio.create_task(agent.client.get(path))
    await until(lambda: held.done() or house.node.conversations.feed.is_followed(UUID(conversation_id)))
    return await hold(house, agent, conversation_id, path) if held.done() else held


@pytest.mark.parametrize(("loses", "status"), [("skills", 404), ("account", 401), ("role", 401)])
async def test_a_held_poll_of_staff_tells_nothing_after_the_right_is_lost(
    house: House, loses: str, status: int
) -> None:
    page, agent, boss = await house.arrive(), await house.hire(skills=("loans",)), await house.hire(Role.SUPERVISOR)
    await page.call("POST", "/handoff", json={})
    await boss.on(page, "/accept", {})
    seq = (await boss.on(page, "/transfer", {"skill": "loans"}))["conversation"]["last_seq"]
    held = await hold(house, agent, page.id, f"/desk/conversations/{page.id}/events?after={seq}&wait=7")
    async with house.node.uow.begin() as tx:
        if loses == "skills":
            await house.node.staff.set_skills(tx, agent.id, [], actor="system")
        elif loses == "role":
            await house.node.staff.set_roles(tx, agent.id, [Role.EDITOR], actor="system")
        else:
            await house.node.staff.disable(tx, agent.id, actor="system")
    await page.say("只给贷款组")
    assert (await held).status_code == status


async def test_an_erased_customer_s_line_is_closed(house: House) -> None:
    page = await house.arrive()
    line = await page.socket()
    await house.node.erasure.erase(UUID(page.customer_id), actor="system")
    assert await line.end() == 1008
    assert line.kept[-1]["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "statement",
    [
        "update staff_session set expires_at = now() - interval '1 hour' where staff_id = :id",
        "update staff_account set disabled_at = now() where id = :id",
        "update staff_account set roles = '{analyst}' where id = :id",
    ],
    ids=["expired", "disabled", "no longer serving"],
)
async def test_a_line_ends_with_its_session_though_nobody_says_so(house: House, statement: str) -> None:
    _, _, agent, staff = await serve_customer(house)
    assert await change(house, statement, id=agent.id) == 1
    assert await staff.end() == 1008
    assert staff.kept[-1]["code"] == "unauthenticated"


async def test_a_visitor_whose_claim_nobody_announced_is_shown_out(house: House) -> None:
    page = await house.arrive()
    line = await page.socket()
    await change(house, "update customer set verified = 'identity' where id = :id", id=page.customer_id)
    assert await line.end() == 1008


async def test_a_line_outlives_the_rotation_of_its_session_s_token(house: House) -> None:
    agent = await house.hire()
    line = await agent.socket()
    ago = "update staff_session set rotated_at = now() - cast(:ago as interval) where staff_id = :id"
    await change(house, ago, ago="2 hours", id=agent.id)
    (await agent.client.get("/auth/me")).raise_for_status()
    agent.client.headers["X-CSRF-Token"] = agent.client.cookies["warmline_csrf"]
    await change(house, ago, ago="2 minutes", id=agent.id)
    await agent.call("PUT", "/presence", json={"status": "break"})
    await line.expect("me")
    await house.node.guard.recheck([])
    assert not [one for one in await line.settle() if one["type"] == "error"]


async def test_whoever_loses_sight_of_a_conversation_no_longer_hears_of_it(house: House) -> None:
    page = await house.arrive()
    onlooker, agent = await house.hire(), await house.hire(skills=("loans",))
    await page.call("POST", "/handoff", json={})
    line = await onlooker.socket()
    await line.send(type="subscribe", conversation_id=page.id, after=0)
    await line.expect("subscribed")
    await agent.on(page, "/accept", {})
    await agent.on(page, "/transfer", {"skill": "loans"})
    gone = await line.expect("error")
    assert (gone["code"], gone["conversation_id"]) == ("not_found", page.id)
    line.kept.clear()
    await page.say("只给贷款组")
    assert [one for one in await line.settle() if one["type"] == "event"] == []
    await onlooker.on(page, status=404)


async def test_skills_that_are_taken_away_end_what_they_let_one_follow(house: House) -> None:
    page, agent, boss = await house.arrive(), await house.hire(skills=("loans",)), await house.hire(Role.SUPERVISOR)
    await page.call("POST", "/handoff", json={})
    await boss.on(page, "/accept", {})
    await boss.on(page, "/transfer", {"skill": "loans"})
    line = await agent.socket()
    await line.send(type="subscribe", conversation_id=page.id, after=0)
    await line.expect("subscribed")
    async with house.node.uow.begin() as tx:
        await house.node.staff.set_skills(tx, agent.id, [], actor="system")
    assert (await line.expect("error"))["conversation_id"] == page.id


async def test_a_change_on_a_bus_that_does_not_reach_here_is_found(house: House) -> None:
    """As a command beside the server would make it, were its message lost."""
    agent = await house.hire()
    line = await agent.socket()
    async with house.node.uow.begin() as tx:
        await StaffService(clock=house.node.clock, bus=LocalBus()).disable(tx, agent.id, actor="cli")
    assert await line.end() == 1008


async def test_only_the_agent_who_has_the_conversation_is_seen_to_write_and_not_all_the_time(house: House) -> None:
    page, customer, agent, staff = await serve_customer(house)
    boss = await (await house.hire(Role.SUPERVISOR)).socket()
    await boss.send(type="subscribe", conversation_id=page.id, after=0)
    await boss.expect("subscribed")
    await boss.send(type="typing", conversation_id=page.id)
    await boss.settle()
    for _ in range(3):
        await staff.send(type="typing", conversation_id=page.id)
    await staff.settle()
    await agent.say(page, "好了")
    await event(customer, "message.posted", text="好了")
    typing = [one for one in customer.kept if one["type"] == "signal" and one["kind"] == "typing"]
    assert [one["data"]["name"] for one in typing] == [agent.name]


async def test_a_customer_holds_only_so_many_lines(house: House) -> None:
    page = await house.arrive()
    held = [await page.socket() for _ in range(lines.PER_CUSTOMER)]
    more = await house.socket()
    await more.send(type="hello", token=page.token)
    assert await more.end() == 1013
    assert more.kept[-1]["code"] == "busy"
    await held[0].close()
    await until(lambda: sum(len(one) for one in _lines_of(house, page)) < lines.PER_CUSTOMER)
    await (await page.socket()).settle()


async def test_an_address_holds_only_so_many_lines(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = _lines(house)
    monkeypatch.setattr(watched, "_per_address", 0)
    with pytest.raises(InvalidStatus):
        await house.socket()


async def test_whoever_stops_reading_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "STALL_SECONDS", 0.3)
    page, _, _, staff = await serve_customer(house)
    host, port = house.base[7:].split(":")
    with socket.create_connection((host, int(port))) as stalled:
        stalled.setblocking(False)
        await _shake_hands(stalled, host)
        await _send(stalled, {"type": "hello", "token": page.token})
        await _send(stalled, {"type": "subscribe", "conversation_id": page.id, "after": 0})
        await until(lambda: sum(len(one) for one in _lines_of(house, page)) == 2)
        number = 0
        while sum(len(one) for one in _lines_of(house, page)) == 2:
            number += 1
            await post(staff, page, f"{number}" + "长" * 15_000)
            staff.kept.clear()
        assert number < 1000


def _lines(house: House) -> lines.Lines:
    listening = (getattr(handler, "__self__", None) for handler in house.node.bus._handlers)
    return next(one for one in listening if isinstance(one, lines.Lines))


def _lines_of(house: House, page: Page) -> list[set[lines.Line]]:
    return [found for person, found in _lines(house)._lines.items() if str(person) == page.customer_id]


async def _shake_hands(stalled: socket.socket, host: str) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13"
    request = f"GET /api/v1/stream HTTP/1.1\r\nHost: {host}\r\n{upgrade}\r\n\r\n"
    await asyncio.get_running_loop().sock_sendall(stalled, request.encode())
    assert b"101" in await asyncio.get_running_loop().sock_recv(stalled, 4096)


async def _send(stalled: socket.socket, frame: dict[str, object]) -> None:
    """Send a frame under a mask of zeros; short ones only."""
    data = json.dumps(frame).encode()
    head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else b"\x81\xfe" + struct.pack(">H", len(data))
    await asyncio.get_running_loop().sock_sendall(stalled, head + bytes(4) + data)
