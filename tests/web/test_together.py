"""More than one person of the bank in a conversation: who may come in, who speaks, what the customer sees."""

from __future__ import annotations

import pytest

from tests.web.support import Desk, House, Page
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def served(house: House) -> tuple[Page, Desk]:
    page, agent = await house.arrive(), await house.hire()
    await page.say("储蓄卡丢了怎么办")
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    return page, agent


async def seen_by_customer(page: Page) -> str:
    return str((await page.view())["events"])


async def test_a_colleague_asked_in_speaks_and_then_has_it(house: House) -> None:
    page, agent = await served(house)
    colleague = await house.hire()
    await colleague.call("GET", "/inbox")
    called = await agent.on(page, "/call-in", {"agent_id": str(colleague.id), "note": "房贷的事你熟"})
    assert [(one["name"], one["mode"]) for one in called["conversation"]["beside"]] == [(colleague.name, "called")]
    listed = (await colleague.call("GET", "/inbox"))["items"]
    assert page.id in {one["conversation"]["id"] for one in listed}
    await colleague.on(page, "/join", {"mode": "speak"})
    await colleague.say(page, "您好，房贷的事我来说")
    moved = await agent.on(page, "/transfer", {"agent_id": str(colleague.id)})
    assert moved["conversation"]["agent_name"] == colleague.name
    assert moved["conversation"]["beside"] == []
    told = await seen_by_customer(page)
    assert f"同事{colleague.name}也进来了" in told
    assert "房贷的事你熟" not in told
    assert (await page.view())["conversation"]["beside"] is None


async def test_who_was_not_asked_finds_nothing_to_join(house: House) -> None:
    page, agent = await served(house)
    outsider = await house.hire()
    await outsider.on(page, "/join", {"mode": "speak"}, 404)
    await agent.say(page, "我来看一下")
    for verb, body in (("/join", {"mode": "watch"}), ("/join", {"mode": "speak"}), ("/take-over", {})):
        refused = await outsider.on(page, verb, body, 403)
        assert refused["error"]["code"] == "forbidden"
    await outsider.on(page, "/leave", {})
    assert "也进来了" not in await seen_by_customer(page)
    assert agent.name in await seen_by_customer(page)


async def test_a_supervisor_looks_on_whispers_and_takes_over(house: House) -> None:
    page, agent = await served(house)
    boss = await house.hire(Role.SUPERVISOR)
    await boss.on(page, "/join", {"mode": "watch"})
    assert f"同事{boss.name}这会儿也在看这段对话" in await seen_by_customer(page)
    await boss.on(page, "/messages", {"client_id": "w1", "text": "您好"}, 409)
    await boss.on(page, "/notes", {"client_id": "w2", "text": "先道歉", "whisper": True})
    assert "先道歉" not in await seen_by_customer(page)
    view = await agent.call("GET", f"/conversations/{page.id}")
    notes = [one["payload"] for one in view["events"] if one["payload"]["type"] == "note.added"]
    assert [(one["text"], one["whisper"]) for one in notes] == [("先道歉", True)]
    taken = await boss.on(page, "/take-over", {})
    assert taken["conversation"]["agent_name"] == boss.name
    assert [(one["name"], one["mode"]) for one in taken["conversation"]["beside"]] == [(agent.name, "watch")]
    await agent.on(page, "/messages", {"client_id": "late", "text": "打到一半的话"}, 409)
    await boss.say(page, "接下来由我负责")


async def test_help_is_found_for_what_the_customer_said_last(house: House) -> None:
    page, agent = await served(house)
    found = await agent.call("GET", f"/conversations/{page.id}/assist")
    assert found["asked"] == "储蓄卡丢了怎么办"
    article = found["article"]
    assert article["answer"][article["start"] : article["end"]] in article["answer"]
    assert found["replies"][0]["text"]
    assert found["solved"] == []
    used = {"seq": found["seq"], "ref": found["replies"][0]["ref"], "origin": found["replies"][0]["origin"]}
    await agent.on(page, "/assist/used", {**used, "outcome": "accepted"})
    await agent.on(page, "/assist/used", {**used, "outcome": "admired"}, 422)
    await agent.on(page, "/assist/used", {**used, "outcome": "edited", "seq": 999}, 422)
    outsider = await house.hire(Role.EDITOR)
    await outsider.call("GET", f"/conversations/{page.id}/assist", 403)
    await outsider.on(page, "/assist/used", {**used, "outcome": "dismissed"}, 403)


async def test_nobody_asks_a_customer_for_a_code(house: House) -> None:
    page, agent = await served(house)
    refused = await agent.on(page, "/messages", {"client_id": "c1", "text": "请把短信里的验证码告诉我"}, 422)
    assert refused["error"]["code"] == "asks_for_secret"
    assert "我们不问密码、验证码" in refused["error"]["message"]
    await agent.on(page, "/recap", {"text": "您的密码是多少", "outcome": "solved"}, 422)
    assert "验证码" not in await seen_by_customer(page)
    await agent.say(page, "验证码别告诉任何人。")
    rules = (await agent.call("GET", "/wording"))["rules"]
    assert {"pin", "code", "cvv"} == {one["kind"] for one in rules if one["blocks"]}


async def test_a_wrap_up_is_drafted_kept_and_not_the_customers(house: House) -> None:
    page, agent = await served(house)
    await agent.say(page, "已经为您挂失了。")
    path = f"/conversations/{page.id}/wrap-up"
    drafted = await agent.call("GET", path)
    assert [one["text"] for one in drafted["lines"] if one["section"] == "done"] == ["已经为您挂失了。"]
    await agent.on(page, "/wrap-up", {**drafted, "tell_bank": "短信里没写在哪里能解冻"})
    other = await house.hire()
    await other.on(page, "/wrap-up", drafted, 409)
    view = await agent.call("GET", f"/conversations/{page.id}")
    kept = [one["payload"] for one in view["events"] if one["payload"]["type"] == "wrapup.written"]
    assert [one["tell_bank"] for one in kept] == ["短信里没写在哪里能解冻"]
    assert "解冻" not in await seen_by_customer(page)
