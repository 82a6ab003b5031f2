"""Removing a skill group over HTTP: by administrators, once nobody waits for it, told in the caller's language."""

from __future__ import annotations

import pytest

from tests.web.support import House
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("language", "told"), [("zh-CN", "还有 1 个对话"), ("zh-TW", "還有 1 個對話"), ("en", "waiting")]
)
async def test_a_group_goes_once_its_customers_are_served(house: House, language: str, told: str) -> None:
    page, agent, boss = await house.arrive(), await house.hire(skills=("loans",)), await house.hire(Role.ADMIN)
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    await agent.on(page, "/transfer", {"skill": "loans"})
    await agent.call("DELETE", "/skills/loans", 403)
    boss.client.headers["Accept-Language"] = language
    refused = await boss.call("DELETE", "/skills/loans", 409)
    assert refused["error"]["code"] == "group_in_use"
    assert told in refused["error"]["message"]
    await agent.on(page, "/accept", {})
    await agent.on(page, "/close", {"outcome": "solved"})
    line = await agent.socket()
    assert await boss.call("DELETE", "/skills/loans") == {"members": 1}
    await line.expect("me")
    await boss.call("DELETE", "/skills/loans", 404)
    assert (await agent.client.get("/auth/me")).json()["skills"] == []
    await page.say("人工")
    requested = await page.wait_for("handoff.requested", skill="")
    assert requested["payload"]["owner"] == "queue"
    assert (await page.view())["conversation"]["skill"] is None
