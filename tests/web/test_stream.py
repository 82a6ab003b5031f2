"""The live feed over a real WebSocket: in order, once, resumed from a cursor, and only what one may see."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from tests.web.conftest import ANSWER, QUESTION
from tests.web.support import PNG, Desk, House, Json, Page, Socket
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def post(socket: Socket, page: Page, text: str, client_id: str = "", **more: Any) -> Json:
    """Post over the socket; return the ack."""
    client_id = client_id or uuid4().hex
    await socket.send(type="post", conversation_id=page.id, client_id=client_id, text=text, **more)
    return await socket.expect("ack", client_id=client_id)


async def event(socket: Socket, kind: str, author: str = "", **fields: Any) -> Json:
    """Return the next event of this type with these payload fields, dropping what comes before it."""
    while True:
        found: Json = (await socket.expect("event"))["event"]
        said = found["payload"]
        if said["type"] == kind and author in ("", found["author"]["kind"]) and fields.items() <= said.items():
            return found


def seqs(frames: list[Json]) -> list[int]:
    """Return the seqs of the events among the frames."""
    return [frame["event"]["seq"] for frame in frames if frame["type"] == "event"]


async def served(house: House) -> tuple[Page, Socket, Desk, Socket]:
    """Return a customer with an agent, both on the feed."""
    page, agent = await house.arrive(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    customer, staff = await page.socket(), await agent.socket()
    await staff.send(type="subscribe", conversation_id=page.id, after=0)
    frames = await staff.until("subscribed")
    staff.kept = frames[:-1]
    return page, customer, agent, staff


async def test_asked_answered_and_talked_with_a_person(house: House) -> None:
    page, agent = await house.arrive(), await house.hire()
    customer, staff = await page.socket(), await agent.socket()
    await post(customer, page, QUESTION)
    answer = await event(customer, "message.posted", "assistant")
    assert answer["payload"]["text"].endswith(f"\n\n{ANSWER}")
    await page.call("POST", "/handoff", json={"via": "key"})
    await event(customer, "handoff.requested", via="key")
    wait = await customer.expect("signal", kind="wait")
    assert wait["data"]["position"] >= 1
    line = await staff.expect("inbox", removed=False)
    assert line["item"]["conversation"]["id"] == page.id
    await agent.on(page, "/accept", {})
    await staff.send(type="subscribe", conversation_id=page.id, after=0)
    await event(staff, "slip.written")
    await event(customer, "conversation.accepted", agent_name=agent.name)
    await post(staff, page, "您好，我来帮您。")
    heard = await event(customer, "message.posted", "agent")
    assert (heard["payload"]["text"], heard["author"]["name"]) == ("您好，我来帮您。", agent.name)
    await post(customer, page, "谢谢")
    assert (await event(staff, "message.posted", "customer", text="谢谢"))["seq"] > heard["seq"]


async def test_events_come_before_subscribed_and_once(house: House) -> None:
    page = await house.arrive()
    await page.say("你好")
    await page.wait_for("message.posted", author="assistant")
    socket = await page.socket()
    known, socket.kept = seqs(socket.kept), []
    view = await page.view()
    assert known == [one["seq"] for one in view["events"]]
    assert await socket.settle() == []


async def test_a_reconnect_brings_what_was_missed_and_nothing_twice(house: House) -> None:
    page, customer, agent, _ = await served(house)
    await agent.say(page, "一")
    cursor = (await event(customer, "message.posted", text="一"))["seq"]
    await customer.close()
    await agent.say(page, "二")
    await agent.on(page, "/notes", {"client_id": "n", "text": "只给同事看"})
    await agent.say(page, "三")
    again = await page.socket(after=cursor)
    assert [one["event"]["payload"]["text"] for one in again.kept if one["type"] == "event"] == ["二", "三"]
    await agent.say(page, "四")
    assert (await event(again, "message.posted", text="四"))["seq"] == cursor + 4


async def test_a_message_posted_again_after_a_lost_ack_is_one(house: House) -> None:
    page, customer, _, staff = await served(house)
    first = await post(customer, page, "卡丢了", "m1")
    await customer.close()
    again = await page.socket(after=first["seq"])
    second = await post(again, page, "卡丢了", "m1")
    assert (second["duplicate"], second["seq"], second["at"]) == (True, first["seq"], first["at"])
    await post(again, page, "还在吗")
    assert (await event(staff, "message.posted", "customer"))["payload"]["text"] == "卡丢了"
    assert (await event(staff, "message.posted", "customer"))["payload"]["text"] == "还在吗"


async def test_messages_keep_the_order_in_which_they_were_sent(house: House) -> None:
    page, customer, _, _ = await served(house)
    image = await page.upload()
    sent = [f"第{number}句" for number in range(30)]
    for number, text in enumerate(sent):
        files = [image["id"]] if number % 3 == 0 else []
        frame = {"conversation_id": page.id, "client_id": uuid4().hex, "text": text, "attachments": files}
        await customer.send(type="post", **frame)
    heard = [(await event(customer, "message.posted", "customer"))["payload"]["text"] for _ in sent]
    assert heard == sent


async def test_everyone_on_a_conversation_sees_the_same_order(house: House) -> None:
    page, customer, _, staff = await served(house)
    for number in range(10):
        for socket in (customer, staff):
            frame = {"conversation_id": page.id, "client_id": uuid4().hex, "text": f"{number}"}
            await socket.send(type="post", **frame)
    orders = []
    for socket in (customer, staff):
        heard: list[tuple[int, str, str]] = []
        while len(heard) < 20:
            one = await event(socket, "message.posted")
            if one["author"]["kind"] in ("customer", "agent"):
                heard.append((one["seq"], one["author"]["kind"], one["payload"]["text"]))
        orders.append(heard)
    assert orders[0] == orders[1] == sorted(orders[0])
    for side in ("customer", "agent"):
        assert [text for _, kind, text in orders[0] if kind == side] == [str(number) for number in range(10)]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "post", "client_id": "x", "text": " "}, "message_empty"),
        ({"type": "post", "client_id": "~x", "text": "a"}, "invalid"),
        ({"type": "post", "client_id": "a\x00", "text": "a"}, "invalid"),
        ({"type": "post", "client_id": "x", "text": "a", "attachments": [str(uuid4())]}, "not_found"),
        ({"type": "post", "client_id": "x", "text": "长" * 20_001}, "invalid"),
        ({"type": "subscribe", "after": -1}, "invalid"),
        ({"type": "unheard of"}, "invalid"),
        ({"no": "type"}, "invalid"),
    ],
)
async def test_a_refused_frame_is_said_why_and_the_line_goes_on(house: House, frame: Json, code: str) -> None:
    page = await house.arrive()
    socket = await page.socket()
    await socket.send_raw(json.dumps({"conversation_id": page.id, **frame}))
    refused = await socket.expect("error")
    assert refused["code"] == code
    assert refused["message"]
    assert not refused["client_id"] or refused["client_id"] == "x"
    await socket.settle()


async def test_what_is_no_frame_at_all_is_refused_and_the_line_goes_on(house: House) -> None:
    socket = await (await house.arrive()).socket()
    for nonsense in ("{", "[]", "null", "\x00", '"' + "x" * 1000, '{"type": "ping"', '"\\ud800"'):
        await socket.send_raw(nonsense)
        assert (await socket.expect("error"))["code"] == "invalid"
    await socket.settle()
    await socket.send_raw(b'{"type": "ping"}')
    assert await socket.end() == 1008


@pytest.mark.parametrize(
    "first", ['{"type": "ping"}', "{", "[]", b"\x00\x01", '{"type": "hello", "token": "x"}', '{"type": "hello"}']
)
async def test_whoever_does_not_say_who_they_are_is_let_out_politely(house: House, first: str | bytes) -> None:
    socket = await house.socket(language="en")
    await socket.send_raw(first)
    assert await socket.end() == 1008
    assert socket.kept[0]["type"] == "error"
    assert socket.kept[0]["message"]


async def test_another_customers_conversation_does_not_exist(house: House) -> None:
    mine, stranger = await house.arrive(), await house.arrive()
    socket = await stranger.socket()
    for frame in (
        {"type": "subscribe", "after": 0},
        {"type": "post", "client_id": "x", "text": "偷看"},
        {"type": "read", "up_to": 1},
    ):
        await socket.send(conversation_id=mine.id, **frame)
        assert (await socket.expect("error"))["code"] == "not_found"
    await socket.send(type="typing", conversation_id=mine.id)
    await mine.say("你好")
    assert [one for one in await socket.settle() if one.get("conversation_id") == mine.id] == []


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST])
async def test_staff_without_the_right_get_no_line(house: House, role: Role) -> None:
    person = await house.hire(role)
    socket = await house.socket(cookie=person.cookie)
    await socket.send(type="hello")
    assert await socket.end() == 1008
    assert [one["type"] for one in socket.kept] == ["error"]


async def test_another_sites_page_gets_no_line_with_an_agents_cookie(house: House) -> None:
    agent = await house.hire()
    try:
        socket = await house.socket(cookie=agent.cookie, origin="https://evil.example")
    except InvalidStatus:
        return
    await socket.send(type="hello")
    assert await socket.end() == 1008
    assert "ready" not in {one["type"] for one in socket.kept}


async def test_an_agent_writes_only_where_the_conversation_is_theirs(house: House) -> None:
    page, _, _, _ = await served(house)
    boss = await house.hire(Role.SUPERVISOR)
    socket = await boss.socket()
    await socket.send(type="post", conversation_id=page.id, client_id="x", text="我插一句")
    refused = await socket.expect("error")
    assert (refused["code"], refused["client_id"], refused["conversation_id"]) == ("not_yours", "x", page.id)


async def test_a_disabled_account_loses_its_line_at_once(house: House) -> None:
    _, _, agent, staff = await served(house)
    async with house.node.uow.begin() as tx:
        await house.node.staff.disable(tx, agent.id, actor="system")
    assert await staff.end() == 1008


async def test_whoever_no_longer_serves_loses_the_line_at_once(house: House) -> None:
    _, _, agent, staff = await served(house)
    async with house.node.uow.begin() as tx:
        await house.node.staff.set_roles(tx, agent.id, [Role.ANALYST], actor="system")
    assert await staff.end() == 1008


async def test_signing_out_in_one_tab_closes_the_others_of_that_session_alone(house: House) -> None:
    agent = await house.hire()
    one, other = await agent.socket(), await agent.socket()
    async with house.node.uow.begin() as tx:
        token = await house.node.staff.create_sign_in_link(tx, agent.id, actor="system")
    elsewhere = house.client()
    (await elsewhere.post("/auth/link", json={"token": token})).raise_for_status()
    at_home = await Desk(house, elsewhere, agent.id, agent.name).socket()
    (await agent.client.post("/auth/sign-out")).raise_for_status()
    assert [await socket.end() for socket in (one, other)] == [1008, 1008]
    assert one.kept[-1]["code"] == "unauthenticated"
    assert await at_home.settle() is not None


async def test_a_desk_is_not_told_of_customers_it_may_not_see(house: House) -> None:
    outsider, insider = await house.hire(), await house.hire(skills=("wealth",))
    page, agent = await house.arrive(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    outside, inside = await outsider.socket(), await insider.socket()
    await agent.on(page, "/transfer", {"skill": "wealth"})
    await page.say("我的理财产品")
    async with asyncio.timeout(20):
        while (await inside.expect("inbox"))["item"]["preview"] != "我的理财产品":
            pass
    lines = [one for one in await outside.settle() if one["type"] == "inbox"]
    assert [one for one in lines if one["item"]["conversation"]["id"] == page.id] == []


async def test_a_line_that_leaves_a_desk_says_nothing_of_what_follows(house: House) -> None:
    page, agent, other = await house.arrive(), await house.hire(), await house.hire()
    await page.call("POST", "/handoff", json={})
    waiting = await agent.socket()
    await other.on(page, "/accept", {})
    await page.say("我的理财产品")
    line = (await waiting.expect("inbox", removed=True))["item"]
    assert line["conversation"]["id"] == page.id
    assert (line["preview"], line["conversation"]["customer_name"]) == (None, None)


async def test_typing_reaches_the_other_side_and_not_oneself(house: House) -> None:
    page, customer, agent, staff = await served(house)
    await staff.send(type="typing", conversation_id=page.id)
    typing = await customer.expect("signal", kind="typing")
    assert (typing["data"]["author"], typing["data"]["name"]) == ("agent", agent.name)
    assert not [one for one in await staff.settle() if one["type"] == "signal" and one["kind"] == "typing"]


async def test_each_side_knows_whether_the_other_is_there(house: House) -> None:
    page, customer, _, staff = await served(house)
    assert (await customer.expect("signal", kind="presence"))["data"] == {"online": True}
    await customer.close()
    await staff.expect("signal", kind="presence", data={"online": False})
    await page.socket()
    await staff.expect("signal", kind="presence", data={"online": True})


async def test_a_receipt_is_an_event_for_both(house: House) -> None:
    page, customer, _, staff = await served(house)
    await customer.send(type="read", conversation_id=page.id, up_to=3)
    for socket in (customer, staff):
        read = await event(socket, "messages.read")
        assert (read["payload"]["by"], read["payload"]["up_to"]) == ("customer", 3)


async def test_a_receipt_of_staff_who_do_not_have_the_conversation_is_none(house: House) -> None:
    page, customer, agent, staff = await served(house)
    boss = await (await house.hire(Role.SUPERVISOR)).socket()
    await boss.send(type="read", conversation_id=page.id, up_to=1)
    assert not [one for one in await boss.settle() if one["type"] == "error"]
    await staff.send(type="read", conversation_id=page.id, up_to=2)
    read = await event(customer, "messages.read")
    assert (read["payload"]["up_to"], read["author"]["id"]) == (2, str(agent.id))


async def test_whoever_unsubscribed_hears_no_more_of_it(house: House) -> None:
    page, customer, agent, _ = await served(house)
    await customer.settle()
    await customer.send(type="unsubscribe", conversation_id=page.id)
    await customer.settle()
    await agent.say(page, "在吗")
    assert seqs(await customer.settle()) == []


async def test_a_frame_beyond_the_limit_does_not_end_the_line(house: House) -> None:
    socket = await (await house.arrive()).socket()
    await socket.send_raw(json.dumps({"type": "ping", "more": "x" * 130 * 1024}))
    assert (await socket.expect("error"))["code"] == "busy"
    await socket.settle()


async def test_a_file_goes_along_with_a_message(house: House) -> None:
    page, customer, agent, staff = await served(house)
    image = await page.upload("回单.png")
    await post(customer, page, "您看", attachments=[image["id"]])
    heard = await event(staff, "message.posted", "customer", text="您看")
    assert heard["payload"]["attachments"][0]["name"] == "回单.png"
    shown = await agent.client.get(f"/attachments/{image['id']}")
    assert shown.content == PNG
