"""Cases and promises over HTTP: what an agent does from a conversation on, what others may not, what is refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.web.support import Desk, House, Json, Page
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def call(desk: Desk, method: str, path: str, expected: int = 200, /, **body: Any) -> Any:
    answer = await desk.client.request(method, path, json=body or None)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def serve(house: House, *skills: str) -> tuple[Page, Desk]:
    page, desk = await house.arrive(), await house.hire(skills=skills)
    await page.call("POST", "/handoff", json={})
    await desk.on(page, "/accept", {})
    return page, desk


async def open_case(desk: Desk, page: Page, **more: Any) -> Json:
    body = {"id": str(uuid4()), "conversation_id": page.id, "title": "机器吞钱", **more}
    return dict(await call(desk, "POST", "/cases", 201, **body))


async def proposed(desk: Desk, page: Page) -> Json:
    """Wait until what was said is proposed, as the desk does."""
    async with asyncio.timeout(20):
        while True:
            items = (await call(desk, "GET", f"/promises?conversation_id={page.id}"))["items"]
            if items:
                return dict(items[0])
            await asyncio.sleep(0.2)


async def test_an_agent_confirms_what_they_said_and_keeps_it(house: House) -> None:
    page, desk = await serve(house)
    await desk.say(page, "您放心，24小时内给您回电。")
    found = await proposed(desk, page)
    assert (found["status"], found["words"], found["owner"]["name"]) == ("proposed", "24小时内给您回电", desk.name)
    path = f"/promises/{found['id']}"
    later = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
    confirmed = await call(desk, "POST", f"{path}/confirm", words="明天给您回电", due_at=later, expect_revision=1)
    assert (confirmed["status"], confirmed["words"], confirmed["late"]) == ("confirmed", "明天给您回电", False)
    refused = await call(desk, "POST", f"{path}/keep", 409, expect_revision=1)
    assert refused["error"]["code"] == "promise_changed"
    assert (await call(desk, "POST", f"{path}/keep", expect_revision=2))["status"] == "kept"
    assert (await call(desk, "GET", f"/promises?conversation_id={page.id}"))["items"] == []
    settled = await call(desk, "GET", f"/promises?conversation_id={page.id}&settled=true")
    assert [one["status"] for one in settled["items"] if not one["callback"]] == ["kept"]


async def test_a_case_goes_from_the_conversation_to_done(house: House) -> None:
    page, desk = await serve(house)
    await page.say("你们机器吞了我两千块")
    draft = await call(desk, "GET", f"/cases/draft?conversation_id={page.id}")
    assert draft["title"]
    case = await open_case(desk, page, **{k: draft[k] for k in ("title", "description", "category")})
    assert (await open_case(desk, page, id=case["id"]))["number"] == case["number"], "asked again it is the same"
    path = f"/cases/{case['id']}"
    await call(desk, "POST", f"{path}/comments", client_id=str(uuid4()), text="查了流水")
    await call(desk, "PATCH", path, expect_revision=1, owner_id=str(desk.id), title="吞钱两千")
    refused = await call(desk, "POST", f"{path}/status", 409, status="done", expect_revision=1)
    assert refused["error"]["fields"]["by"] == desk.name
    assert desk.name in refused["error"]["message"]
    done = await call(desk, "POST", f"{path}/status", status="done", expect_revision=2)
    assert [one["type"] for one in done["log"]] == [
        "case.opened", "case.commented", "case.assigned", "case.edited", "case.moved",
    ]  # fmt: skip
    assert (done["case"]["title"], done["case"]["conversations"]) == ("吞钱两千", [page.id])
    for listed, path in ((0, "/cases?view=mine"), (1, f"/cases?closed=true&number={case['number']}")):
        assert len((await call(desk, "GET", path))["items"]) == listed
    await call(desk, "POST", f"/cases/{case['id']}/status", 409, status="waiting_customer", expect_revision=3)


async def test_other_groups_and_other_roles_are_kept_out(house: House) -> None:
    page, desk = await house.arrive(), await house.hire(skills=("loans",))
    await page.call("POST", "/handoff", json={})
    await desk.on(page, "/accept", {})
    await desk.on(page, "/transfer", {"skill": "loans"})
    await desk.on(page, "/accept", {})
    case = await open_case(desk, page)
    assert case["owner"]["skill"] == "loans"
    outsider, boss, analyst = await house.hire(), await house.hire(Role.SUPERVISOR), await house.hire(Role.ANALYST)
    made = {"id": str(uuid4()), "conversation_id": page.id, "words": "回电"}
    promise = await call(
        desk, "POST", "/promises", 201, **made, due_at=(datetime.now(UTC) + timedelta(hours=2)).isoformat()
    )
    for who, status in ((desk, 200), (boss, 200), (outsider, 404), (analyst, 403)):
        await call(who, "GET", f"/cases/{case['id']}", status)
        await call(who, "GET", f"/promises?conversation_id={page.id}", status)
        await call(who, "GET", f"/cases/draft?conversation_id={page.id}", status)
    await call(outsider, "POST", f"/promises/{promise['id']}/keep", 404, expect_revision=1)
    await call(outsider, "POST", f"/cases/{case['id']}/status", 404, status="done", expect_revision=1)
    assert (await call(outsider, "GET", "/promises"))["items"] == []
    assert case["id"] not in [one["id"] for one in (await call(outsider, "GET", "/cases"))["items"]]
    nobody = house.client()
    assert (await nobody.get("/cases")).status_code == 401


async def test_a_time_that_is_past_is_refused_in_words(house: House) -> None:
    page, desk = await serve(house)
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    body = {"id": str(uuid4()), "conversation_id": page.id, "title": "x", "due_at": past}
    answer = await desk.client.post("/cases", json=body, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        422, "Choose a time from now on, within a year.",
    )  # fmt: skip


async def test_late_work_is_counted(house: House) -> None:
    _, desk = await serve(house)
    assert await call(desk, "GET", "/cases/counts") == {"late_cases": 0, "late_promises": 0, "due_soon": 0}


async def test_the_slip_of_the_next_agent_names_what_was_promised(house: House) -> None:
    page, desk = await serve(house)
    body = {"id": str(uuid4()), "conversation_id": page.id, "words": "把回单寄给您"}
    due_at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    await call(desk, "POST", "/promises", 201, **body, due_at=due_at)
    await desk.on(page, "/hand-back", {})
    await page.call("POST", "/handoff", json={})
    events = (await desk.on(page))["events"]
    slips = [one["payload"] for one in events if one["payload"]["type"] == "slip.written"]
    assert any("把回单寄给您" in line for line in slips[-1]["promised"] or [])


async def test_a_persons_export_holds_their_cases_and_promises(house: House) -> None:
    page, desk = await serve(house)
    await open_case(desk, page, description="两千块没出来")
    await desk.say(page, "您放心，24小时内给您回电。")
    await proposed(desk, page)
    boss = await house.hire(Role.ADMIN)
    held = await call(boss, "GET", f"/desk/customers/{page.customer_id}/export")
    assert [(one["title"], one["description"]) for one in held["cases"]] == [("机器吞钱", "两千块没出来")]
    assert [entry["type"] for entry in held["cases"][0]["log"]] == ["case.opened"]
    assert [one["words"] for one in held["promises"]] == ["24小时内给您回电"]
