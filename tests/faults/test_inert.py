"""Whatever people type is kept as it is or refused in words; it never breaks anything and is never run."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.fakes.clients import Agent, Customer, identity, leaving, signed_in
from tests.fakes.server import Server
from warmline.knowledge.model import clean_block

TEXTS = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>[点我](javascript:alert(1))",
    "sql": "'; DROP TABLE conversation; -- \" \\ $$ %s :id {0} ${jndi:ldap://x}",
    "direction": "\u202e卡\u202c 余额 \u2066abc\u2069 \u200fשלום",
    "invisible": "卡\u200b丢\u200c了\u200d\u2060\ufeff怎么办\u00ad",
    "marks": "Z\u0351\u036b\u0343 \ufffe \uffff \U0010ffff 👨‍👩‍👧‍👦🇨🇳",
    "control": "a\x01\x1b[31mb\x7f\x85\u2028c\r\n\td",
    "nul": "卡\x00丢了",
    "long": "长" * 20_000,
    "template": "{customer_name} {{7*7}} {% raw %} <%= 1 %>",
}
MORE_THAN_FITS = "长" * 20_001
LONE_SURROGATE = r'"\ud800"'
DEEP = "[" * 100_000
CONTROL = bytes((*range(32), 127))
every_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())


@pytest.fixture
async def customer(running_server: Server) -> AsyncIterator[Customer]:
    """A customer in a conversation of their own."""
    customer = await Customer.arrive(running_server)
    async with leaving(customer):
        yield customer
        await customer.close()


@pytest.fixture
async def agent(running_server: Server, customer: Customer) -> AsyncIterator[Agent]:
    """The agent whom this customer talks to."""
    agent = await Agent.sign_in(running_server, "chen")
    async with leaving(agent):
        await customer.ask_for_person()
        await agent.accept(customer.conversation_id)
        yield agent


def _check_inert(answer: httpx.Response) -> None:
    """No browser takes it for anything but data."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def _check_refused(answer: httpx.Response) -> None:
    """Refused as the caller's mistake, in the one shape of errors."""
    assert 400 <= answer.status_code < 500, answer.text
    assert set(answer.json()["error"]) == {"code", "message", "fields"}


@every_text
async def test_a_message_is_kept_as_it_was_written(customer: Customer, text: str) -> None:
    by_call = await customer.http.post(
        f"/api/v1{customer.path}/messages", json={"client_id": uuid4().hex, "text": text}
    )
    assert by_call.status_code == 200, by_call.text
    await customer.line.until(lambda: _answered(customer, by_call.json()["seq"]))
    by_socket = await customer.say(text)
    await customer.line.until(lambda: _answered(customer, by_socket))
    read = await customer.http.get(f"/api/v1{customer.path}")
    _check_inert(read)
    events = {event["seq"]: event for event in read.json()["events"]}
    assert events[by_call.json()["seq"]]["payload"]["text"] == text
    assert events[by_socket]["payload"]["text"] == text
    assert not [e for e in events.values() if e["payload"].get("reason") == "assistant_fault"]


def _answered(customer: Customer, seq: int) -> bool:
    said = customer.line.events(customer.conversation_id, "message.posted")
    return any(event["seq"] > seq and event["author"]["kind"] != "customer" for event in said)


@every_text
async def test_an_agents_words_are_kept_as_they_were_written(customer: Customer, agent: Agent, text: str) -> None:
    desk = f"/api/v1/desk/conversations/{customer.conversation_id}"
    reply = await agent.http.post(f"{desk}/messages", json={"client_id": uuid4().hex, "text": text})
    note = await agent.http.post(f"{desk}/notes", json={"client_id": uuid4().hex, "text": text})
    recap = await agent.http.post(f"{desk}/recap", json={"text": text[:4000], "outcome": "solved"})
    handed = await agent.http.post(f"{desk}/hand-back", json={"note": text})
    assert {answer.status_code for answer in (reply, note, recap, handed)} == {200}
    opened = await agent.http.get(desk)
    _check_inert(opened)
    payloads = [event["payload"] for event in opened.json()["events"]]
    stored = [payload["text"] for payload in payloads if payload["type"] in ("note.added", "recap.proposed")]
    assert stored == [text, text[:4000], text]
    assert text in [payload["text"] for payload in payloads if payload["type"] == "message.posted"]


@every_text
async def test_a_client_id_is_kept_or_refused(customer: Customer, text: str) -> None:
    body = {"client_id": text[:64], "text": "在吗"}
    first = await customer.http.post(f"/api/v1{customer.path}/messages", json=body)
    if first.status_code == 200:
        again = await customer.http.post(f"/api/v1{customer.path}/messages", json=body)
        assert again.json() == {"seq": first.json()["seq"], "at": first.json()["at"], "duplicate": True}
    else:
        _check_refused(first)


@pytest.mark.parametrize("where", ["text", "client_id"])
async def test_what_is_no_text_is_refused(customer: Customer, where: str) -> None:
    fields = {"text": '"在吗"', "client_id": '"one"'} | {where: LONE_SURROGATE}
    body = "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"
    headers = {"Content-Type": "application/json"}
    _check_refused(await customer.http.post(f"/api/v1{customer.path}/messages", content=body, headers=headers))


@pytest.mark.parametrize("body", [DEEP, '{"text":' + DEEP, '{"a":' * 50_000, b"\xff\xfe", b"\x00", "", "null", "[]"])
async def test_what_is_no_message_is_refused(customer: Customer, body: str | bytes) -> None:
    headers = {"Content-Type": "application/json"}
    _check_refused(await customer.http.post(f"/api/v1{customer.path}/messages", content=body, headers=headers))


async def test_more_than_fits_is_refused(customer: Customer) -> None:
    body = {"client_id": "one", "text": MORE_THAN_FITS}
    _check_refused(await customer.http.post(f"/api/v1{customer.path}/messages", json=body))


@pytest.mark.parametrize(
    "frame", [DEEP, '{"type":"post","text":' + LONE_SURROGATE + "}", "{}", "", "null", "\x00", '{"type":"nothing"}']
)
async def test_a_frame_that_is_none_is_refused_and_the_socket_goes_on(customer: Customer, frame: str) -> None:
    await customer.line.send_raw(frame)
    await customer.line.until(lambda: any(one["type"] == "error" for one in customer.line.frames))
    assert customer.line.frames[-1]["code"] == "invalid"
    assert await customer.say("在吗") > 0


@pytest.mark.parametrize("first", [b"\x00\x01", "", DEEP, '{"type":"post"}', '{"type":"hello","token":"a.b.c"}'])
async def test_what_is_no_greeting_ends_only_its_own_socket(
    running_server: Server, customer: Customer, first: str | bytes
) -> None:
    async with connect(running_server.socket) as other:
        await other.send(first)
        assert json.loads(await other.recv())["type"] == "error"
        await other.wait_closed()
    assert await customer.say("在吗") > 0
    assert "Traceback" not in running_server.log.read_text()


@every_text
async def test_a_name_is_shown_without_what_is_hidden_or_refused(running_server: Server, text: str) -> None:
    signed = identity(f"ref-{uuid4()}", text[:80])
    async with httpx.AsyncClient(base_url=f"{running_server.base}/api/v1") as http:
        answer = await http.post("/visitors", json={"identity": signed})
    if answer.status_code == 200:
        assert answer.json()["name"] == "".join(sign for sign in text[:80] if sign.isprintable()).strip()
    else:
        _check_refused(answer)


@every_text
async def test_a_file_name_is_cleaned(customer: Customer, text: str) -> None:
    name = text.replace("\x00", "")[:200]
    files = {"file": (name, b"%PDF-1.4\n%%EOF", "text/html")}
    stored = await customer.http.post(f"/api/v1{customer.path}/attachments", files=files)
    assert stored.status_code == 201, stored.text
    assert not set(stored.json()["name"]) & set('<>"|:*?\\/\x1b\u202e\u200b\r\n')
    fetched = await customer.http.get(f"/api/v1/attachments/{stored.json()['id']}")
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"].startswith("attachment;")
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in fetched.headers["content-security-policy"]


@every_text
async def test_an_article_is_kept_or_refused(running_server: Server, text: str) -> None:
    editor = await signed_in(running_server, "sun")
    words = {"lang": "zh-Hans", "question": text[:200], "similar": [text[:100]], "answer": text}
    body = {"category": text[:100], "owner": text[:100], "texts": [words]}
    made = await editor.post("/api/v1/articles", json=body)
    if made.status_code == 201:
        answer = (await editor.get(f"/api/v1/articles/{made.json()['id']}")).json()["texts"][0]["answer"]
        assert answer == clean_block(text)
        published = await editor.post(f"/api/v1/articles/{made.json()['id']}/publish")
        assert published.status_code in (200, 409, 422)
        assert (await editor.post(f"/api/v1/articles/{made.json()['id']}/retire")).status_code == 200
    else:
        _check_refused(made)
    await editor.aclose()


@every_text
async def test_what_is_looked_for_is_only_looked_for(running_server: Server, text: str) -> None:
    editor = await signed_in(running_server, "sun")
    short = text[:100]
    for path, name in (
        ("/articles/search", "q"),
        ("/articles", "q"),
        ("/articles", "category"),
        ("/articles", "owner"),
    ):
        answer = await editor.get(f"/api/v1{path}", params={name: short})
        assert answer.status_code == 200 or answer.status_code == 422, f"{path} {name}: {answer.text}"
    for path, name in (("/articles", "lang"), ("/articles", "cursor"), ("/articles/search", "locale")):
        answer = await editor.get(f"/api/v1{path}", params={name: short[:20], "q": "卡"})
        assert answer.status_code == 200 or answer.status_code == 422, f"{path} {name}: {answer.text}"
    _check_inert(answer)
    await editor.aclose()


@every_text
async def test_a_script_is_kept_or_refused(running_server: Server, text: str) -> None:
    supervisor = await signed_in(running_server, "zhao")
    body = {"title": text[:60], "text": text[:4000], "category": text[:60], "locale": "zh-Hans"}
    made = await supervisor.post("/api/v1/scripts", json=body)
    if made.status_code == 201:
        assert made.json()["text"] == text[:4000].strip()
        assert (await supervisor.delete(f"/api/v1/scripts/{made.json()['id']}")).status_code == 204
    else:
        _check_refused(made)
    await supervisor.aclose()


@every_text
async def test_signing_in_with_anything_is_only_refused(running_server: Server, text: str) -> None:
    async with httpx.AsyncClient(base_url=f"{running_server.base}/api/v1") as http:
        _check_refused(await http.post("/auth/link", json={"token": text[:100]}))
        _check_refused(await http.post("/visitors", json={"identity": text[:1000]}))
        headers = {b"Authorization": b"Bearer " + text[:100].encode().translate(None, CONTROL)}
        _check_refused(await http.post("/conversations", json={}, headers=headers))
        _check_refused(await http.get("/auth/me", headers={"Cookie": f"warmline_session={json.dumps(text[:50])}"}))
