"""The API as customers and staff use it, over real HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support import until
from tests.web.conftest import ANSWER, QUESTION
from tests.web.support import PDF, PNG, House, Json, Page
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


def kinds(view: Json) -> list[str]:
    return [event["payload"]["type"] for event in view["events"]]


def said(view: Json) -> list[str]:
    return [e["payload"]["text"] for e in view["events"] if e["payload"]["type"] == "message.posted"]


async def test_asked_answered_handed_to_a_person_and_all_there_after_a_reload(house: House) -> None:
    agent, colleague, page = await house.hire(), await house.hire(), await house.arrive()
    await agent.call("GET", "/inbox")
    await page.say(QUESTION)
    answer = await page.wait_for("message.posted", author="assistant")
    assert answer["payload"]["text"].endswith(f"\n\n{ANSWER}")
    assert answer["payload"]["sources"][0]["article_id"] == "lost"

    asked = await page.call("POST", "/handoff", json={"via": "button"})
    assert (asked["conversation"]["owner"], asked["conversation"]["human_requested"]) == ("queue", True)
    assert asked["wait"]["position"] >= 1
    assert asked["wait"]["high_seconds"] > asked["wait"]["low_seconds"] >= 0
    listed = {item["conversation"]["id"]: item for item in (await agent.call("GET", "/inbox"))["items"]}
    assert listed[page.id]["preview"] == QUESTION

    taken = await agent.on(page, "/accept", {})
    assert taken["conversation"]["agent_name"] == agent.name
    late = await colleague.on(page, "/accept", {}, 409)
    assert (late["error"]["code"], late["error"]["fields"]) == ("already_taken", {"agent_name": agent.name})
    await agent.say(page, "您好，我来帮您挂失。")
    await agent.on(page, "/notes", {"client_id": "n1", "text": "客户很着急"})
    await agent.on(page, "/recap", {"text": "卡已挂失，新卡五天寄到。", "outcome": "solved"})
    await page.call("POST", "/recap", json={"agreed": True})
    await agent.on(page, "/close", {"outcome": "solved"})

    view = await page.view()
    assert view["conversation"]["owner"] == "closed"
    assert [text.split("\n\n")[-1] for text in said(view) if "挂失" in text] == [ANSWER, "您好，我来帮您挂失。"]
    assert not {"note.added", "slip.written", "turn.decided"} & set(kinds(view))
    assert kinds(view)[-3:] == ["recap.proposed", "recap.answered", "conversation.closed"]
    opened = await agent.on(page)
    assert {"note.added", "slip.written", "turn.decided"} <= set(kinds(opened))
    assert [event["seq"] for event in opened["events"]] == list(range(1, len(opened["events"]) + 1))

    await page.say("还有个问题")
    assert (await page.view())["conversation"]["owner"] == "assistant"


async def test_the_same_client_id_is_one_message(house: House) -> None:
    page = await house.arrive()
    first, again = [await page.say("你好", "m1") for _ in range(2)]
    assert (first["duplicate"], again["duplicate"], again["seq"]) == (False, True, first["seq"])
    assert said(await page.view()).count("你好") == 1


@pytest.mark.parametrize("client_id", ["", "x" * 65, "a\x00b", "~guessed", "a\nb", "我的卡号", "my card"])
async def test_a_client_id_that_cannot_be_kept_is_refused(house: House, client_id: str) -> None:
    page = await house.arrive()
    refused = await page.call("POST", "/messages", 422, json={"client_id": client_id, "text": "你好"})
    assert refused["error"]["code"] == "invalid"


async def test_a_page_opened_twice_at_once_has_one_conversation(house: House) -> None:
    client = house.client()
    visitor = (await client.post("/visitors", json={"locale": "en"})).json()
    client.headers["Authorization"] = f"Bearer {visitor['token']}"
    answers = await asyncio.gather(*(client.post("/conversations", json={"locale": "en"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["conversation"]["id"] for answer in answers}) == 1


async def test_reading_rating_and_preferences(house: House) -> None:
    page = await house.arrive()
    await page.say("你好")
    await page.call("POST", "/feedback", json={"seq": 2, "value": "up"})
    await page.call("POST", "/read", json={"up_to": 2})
    await page.call("POST", "/preferences", json={"elder": True, "locale": "zh-Hant"})
    now = (await page.view())["conversation"]
    assert (now["elder"], now["locale"], now["customer_read_seq"]) == (True, "zh-Hant", 2)
    for seq, code in ((99, "unknown_seq"), (2**31, "invalid")):
        assert (await page.call("POST", "/feedback", 422, json={"seq": seq, "value": "up"}))["error"]["code"] == code


async def test_the_same_opinion_again_is_none_and_a_change_of_mind_is_one(house: House) -> None:
    page = await house.arrive()
    await page.say("你好")
    for value in ("up", "up", "down", "down", "up"):
        await page.call("POST", "/feedback", json={"seq": 1, "value": value})
    await page.call("POST", "/feedback", json={"seq": 2, "value": "up"})
    given = [e["payload"] for e in (await page.view())["events"] if e["payload"]["type"] == "feedback.given"]
    assert [(one["seq"], one["value"]) for one in given] == [(1, "up"), (1, "down"), (1, "up"), (2, "up")]


CUSTOMER_CALLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "", None),
    ("GET", "/events?after=0", None),
    ("POST", "/messages", {"client_id": "x", "text": "偷看"}),
    ("POST", "/handoff", {}),
    ("POST", "/return-to-assistant", {}),
    ("GET", "/callback-times", None),
    ("POST", "/callback", {"due_at": "2030-01-01T00:00:00Z"}),
    ("POST", "/recap", {"agreed": True}),
    ("POST", "/feedback", {"seq": 1, "value": "up"}),
    ("POST", "/read", {"up_to": 1}),
    ("POST", "/preferences", {"elder": True, "locale": "en"}),
    ("POST", "/close", {}),
)


async def test_another_customer_learns_nothing_not_even_that_it_exists(house: House) -> None:
    mine, stranger = await house.arrive(), await house.arrive()
    before = await mine.view()
    nowhere = Page(house, stranger.client, stranger.token, "", str(uuid4()))
    for method, path, body in CUSTOMER_CALLS:
        seen = Page(house, stranger.client, stranger.token, "", mine.id)
        answers = [await one.call(method, path, 404, json=body) for one in (seen, nowhere)]
        for answer, identity in zip(answers, (mine.id, nowhere.id), strict=True):
            assert answer["error"]["fields"] == {"what": "conversation", "id": identity}
    assert (await mine.view())["events"] == before["events"]


@pytest.mark.parametrize("header", [None, "Bearer x", "Bearer", "Basic abc", f"Bearer {'x' * 4000}"])
async def test_whoever_has_no_token_is_told_so(house: House, header: str | None) -> None:
    page = await house.arrive()
    headers = {"Authorization": header} if header else {}
    async with house.client(**headers) as client:
        answer = await client.get(page.path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh-CN", "没有找到要找的内容，可能已经不在了。"),
        ("zh-TW,zh;q=0.9", "沒有找到要找的內容，可能已經不在了。"),
        ("en-GB", "That could not be found; it may no longer exist."),
        ("fr", "没有找到要找的内容，可能已经不在了。"),
    ],
)
async def test_errors_are_told_in_the_callers_language(house: House, language: str, message: str) -> None:
    page = await house.arrive()
    unknown, nobody = f"/conversations/{uuid4()}", "/nowhere"
    for path in (unknown, nobody):
        answer = await page.client.get(path, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["error"]["message"]) == (404, message)
        assert set(answer.json()["error"]) == {"code", "message", "fields"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PATCH", "/about", None, 405, "method_not_allowed"),
        ("POST", "/conversations", b"{not json", 422, "invalid"),
        ("POST", "/conversations", b'{"locale": "xx"}', 422, "invalid"),
        ("GET", "/conversations/not-an-id", None, 422, "invalid"),
        ("POST", "/conversations", b"\xff\xfe", 422, "invalid"),
    ],
)
async def test_whatever_is_wrong_has_the_same_body(
    house: House, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    page = await house.arrive()
    headers = {"Content-Type": "application/json"}
    answer = await page.client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()["error"]) == {"code", "message", "fields"}


async def test_a_message_too_long_or_empty_is_refused_and_the_longest_is_kept(house: House) -> None:
    page = await house.arrive()
    for text, code in (("长" * 20_001, "invalid"), (" \n", "message_empty")):
        refused = await page.call("POST", "/messages", 422, json={"client_id": uuid4().hex, "text": text})
        assert refused["error"]["code"] == code
    await page.say("长" * 20_000)
    assert "长" * 20_000 in said(await page.view())


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_without_end_is_refused(house: House, chunked: bool) -> None:
    page = await house.arrive(locale="en")

    async def endless() -> Any:
        for _ in range(15):
            yield b"x" * 1024 * 1024

    content: Any = endless() if chunked else b"x" * 13 * 1024 * 1024
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    answer = await page.client.post(f"{page.path}/messages", content=content, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert answer.json()["error"]["message"] == "That is too large. A message can have 20,000 characters, a file 10 MB."


async def test_every_answer_carries_the_security_headers(house: House) -> None:
    page = await house.arrive()
    for path in (page.path, "/nowhere", "/about", "/openapi.json"):
        headers = (await page.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "same-origin"
        assert "object-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "uvicorn" not in headers.get("x-powered-by", "")


async def test_a_long_poll_is_held_until_something_comes(house: House) -> None:
    page = await house.arrive()
    last = (await page.view())["conversation"]["last_seq"]
    polling = asyncio.create_task(page.call("GET", f"/events?after={last}&wait=25"))
    await until(lambda: house.node.conversations.feed.is_followed(UUID(page.id)))
    await page.call("POST", "/preferences", json={"elder": True, "locale": "en"})
    assert kinds(await polling) == ["preferences.changed"]
    assert await page.call("GET", f"/events?after={last + 1}") == {"events": [], "wait": None}


@pytest.mark.parametrize("query", ["after=-1", "after=99999999999", "wait=26", "wait=-1", "wait=x", "wait=nan"])
async def test_a_poll_with_nonsense_is_refused(house: House, query: str) -> None:
    page = await house.arrive()
    refused = await page.call("GET", f"/events?{query}", 422)
    assert refused["error"]["code"] == "invalid"


async def test_a_file_is_sent_shown_and_kept_from_others(house: House) -> None:
    page, stranger, agent = await house.arrive(), await house.arrive(), await house.hire()
    image = await page.upload("回单 1.png")
    paper = await page.upload("../合同.pdf", PDF)
    assert (image["media_type"], paper["name"]) == ("image/png", "合同.pdf")
    body = {"client_id": "f1", "text": "", "attachments": [image["id"], paper["id"]]}
    await page.call("POST", "/messages", json=body)
    posted = next(event for event in (await page.view())["events"] if event["payload"].get("attachments"))
    assert [one["name"] for one in posted["payload"]["attachments"]] == ["回单 1.png", "合同.pdf"]

    shown = await page.client.get(f"/attachments/{image['id']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E5%9B%9E")
    assert "sandbox" in shown.headers["content-security-policy"]
    saved = await page.client.get(f"/attachments/{paper['id']}")
    assert saved.headers["content-disposition"].startswith("attachment;")

    for other in (stranger.client, house.client()):
        refused = await other.get(f"/attachments/{image['id']}")
        assert refused.status_code in (401, 404)
        assert page.customer_id not in refused.text
    stolen = {"client_id": "f2", "text": "", "attachments": [image["id"]]}
    await stranger.call("POST", "/messages", 404, json=stolen)
    assert (await agent.client.get(f"/attachments/{image['id']}")).status_code == 404
    await page.call("POST", "/handoff", json={})
    assert (await agent.client.get(f"/attachments/{image['id']}")).content == PNG


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script>", "file_type_refused"),
        (b"", "file_type_refused"),
        (PNG + bytes(10 * 1024 * 1024), "file_too_large"),
    ],
    ids=["html", "empty", "large"],
)
async def test_a_file_that_is_not_taken_is_said_why(house: House, content: bytes, code: str) -> None:
    page = await house.arrive(locale="en")
    refused = await page.upload("a.png", content, 422)
    assert refused["error"]["code"] == code
    assert "please" in refused["error"]["message"]


async def test_an_agent_sends_a_file_in_their_own_conversation_only(house: House) -> None:
    page, agent, colleague = await house.arrive(), await house.hire(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    path, files = f"/conversations/{page.id}/attachments", {"file": ("回单.pdf", PDF)}
    sent = await agent.call("POST", path, 201, files=files)
    await colleague.call("POST", path, 409, files=files)
    await agent.say(page, "请查收", attachments=[sent["id"]])
    event = await page.wait_for("message.posted", text="请查收")
    assert event["payload"]["attachments"][0]["name"] == "回单.pdf"
    assert (await page.client.get(f"/attachments/{sent['id']}")).content == PDF


async def test_a_callback_is_chosen_from_what_is_offered(house: House) -> None:
    page = await house.arrive()
    times = (await page.call("GET", "/callback-times"))["times"]
    chosen = await page.call("POST", "/callback", json={"due_at": times[1]})
    assert chosen["conversation"]["owner"] == "callback"
    assert datetime.fromisoformat(chosen["wait"]["due_at"]) == datetime.fromisoformat(times[1])
    back = await page.call("POST", "/return-to-assistant", json={})
    assert (back["conversation"]["owner"], back["wait"]) == ("assistant", None)


@pytest.mark.parametrize("due", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2020-01-01T00:00:00Z"])
async def test_a_callback_at_an_impossible_time_is_refused(house: House, due: str) -> None:
    page = await house.arrive()
    refused = await page.call("POST", "/callback", 422, json={"due_at": due})
    assert refused["error"]["code"] == "callback_time_past"


async def test_a_customer_with_a_person_goes_back_only_through_the_person(house: House) -> None:
    page, agent = await house.arrive(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    refused = await page.call("POST", "/return-to-assistant", 409, json={})
    assert refused["error"]["code"] == "with_a_person"
    later = (house.node.clock.now() + timedelta(hours=2)).isoformat()
    await page.call("POST", "/callback", 409, json={"due_at": later})
    handed = await agent.on(page, "/hand-back", {"note": "已办好"})
    assert handed["conversation"]["owner"] == "assistant"


async def test_a_colleagues_newer_reply_is_shown_first(house: House) -> None:
    page, agent, colleague = await house.arrive(), await house.hire(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    seen = (await agent.say(page, "您好"))["seq"]
    for one in (agent, colleague):
        await one.call("GET", "/inbox")
    await agent.on(page, "/transfer", {"agent_id": str(colleague.id)})
    await colleague.say(page, "我接着帮您", expect_seq=seen)
    await colleague.on(page, "/transfer", {"agent_id": str(agent.id)})
    refused = await agent.say(page, "晚了一步", 409, expect_seq=seen)
    assert refused["error"]["code"] == "colleague_replied"


async def test_a_transfer_names_exactly_one_place_that_exists(house: House) -> None:
    page, agent = await house.arrive(), await house.hire(skills=("cards",))
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    for body, status in (
        ({}, 422),
        ({"skill": "cards", "agent_id": str(agent.id)}, 422),
        ({"skill": "no-such"}, 404),
        ({"agent_id": str(uuid4())}, 404),
    ):
        await agent.on(page, "/transfer", body or {"note": "x"}, status)
    moved = await agent.on(page, "/transfer", {"skill": "cards", "note": "请接着办"})
    assert (moved["conversation"]["owner"], moved["conversation"]["skill"]) == ("queue", "cards")


async def test_staff_see_and_do_what_their_role_and_skills_allow(house: House) -> None:
    page, agent = await house.arrive(), await house.hire(skills=("cards",))
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    await agent.on(page, "/transfer", {"skill": "cards"})
    outsider, boss = await house.hire(), await house.hire(Role.SUPERVISOR)
    for what in ("", "/accept"):
        await outsider.on(page, what, None if not what else {}, 404)
    await boss.on(page)
    for role in (Role.EDITOR, Role.ANALYST):
        person = await house.hire(role)
        await person.call("GET", "/inbox", 403)
        await person.on(page, "/accept", {}, 403)
    nobody = house.client()
    assert (await nobody.get("/desk/inbox")).status_code == 401
    assert (await page.client.get("/desk/inbox")).status_code == 401


async def test_a_change_without_the_csrf_header_or_from_another_site_is_refused(house: House) -> None:
    page, agent = await house.arrive(), await house.hire()
    await page.call("POST", "/handoff", json={})
    path = f"/desk/conversations/{page.id}/accept"
    for headers in ({"X-CSRF-Token": "wrong"}, {"Origin": "https://evil.example"}):
        answer = await agent.client.post(path, headers=headers)
        assert answer.status_code == 403
    assert (await page.view())["conversation"]["owner"] == "queue"


async def test_who_answers_here_and_whether_it_is_well(house: House) -> None:
    about = (await house.client().get("/about", params={"locale": "en"})).json()
    assert about["bank"]
    assert about["hours"]["open"] is True
    async with house.client() as client:
        health = await client.get(f"{house.base}/healthz")
    assert (health.json()["ok"], health.json()["log_lag_seconds"] >= 0) == (True, True)


HOSTILE = ("<script>alert(1)</script>", "'; drop table conversation; --", "\u202e\u200b反", "\x00零", "{{7*7}}${7*7}")


async def test_hostile_words_are_kept_as_words(house: House) -> None:
    page = await house.arrive()
    for text in HOSTILE:
        await page.say(text)
    assert [text for text in said(await page.view()) if text in HOSTILE] == list(HOSTILE)
    answer = await page.client.get(page.path)
    assert answer.headers["content-type"] == "application/json"
