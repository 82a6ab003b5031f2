"""Passing a customer on to a colleague: only to one who is there to take them."""

from __future__ import annotations

import pytest

from tests.web.support import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("language", "told"), [("zh-CN", "不在，接不了"), ("zh-TW", "不在，接不了"), ("en", "not there")]
)
async def test_nobody_is_passed_to_a_colleague_who_is_not_there(house: House, language: str, told: str) -> None:
    page, agent = await house.arrive(), await house.hire()
    closed, resting = await house.hire(), await house.hire(available=False)
    await resting.call("GET", "/inbox")
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    agent.client.headers["Accept-Language"] = language
    for colleague in (closed, resting):
        refused = await agent.on(page, "/transfer", {"agent_id": str(colleague.id)}, 409)
        assert refused["error"]["code"] == "colleague_away"
        assert told in refused["error"]["message"]
        assert colleague.name in refused["error"]["message"]
    await closed.call("GET", "/inbox")
    moved = await agent.on(page, "/transfer", {"agent_id": str(closed.id)})
    assert moved["conversation"]["agent_name"] == closed.name
