"""Offers, rest and breaks over HTTP: each is the agent's own, and the customer sees nothing of them."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.support import Desk, House, Json, Page

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def offered(desk: Desk, page: Page) -> Json:
    """Wait until this conversation is offered to this agent; return the line."""
    async with asyncio.timeout(20):
        while True:
            for item in (await desk.call("GET", "/inbox"))["items"]:
                if item["conversation"]["id"] == page.id and (item["offer"] or {}).get("agent_id") == str(desk.id):
                    return dict(item)
            await asyncio.sleep(0.2)


async def test_an_offer_is_declined_taken_by_the_next_and_wrapped_up(house: House) -> None:
    skill = "offers"
    first = await house.hire(skills=(skill,))
    page = await house.arrive()
    await first.call("GET", "/inbox")
    await page.call("POST", "/handoff", json={"via": "button"})
    line = await offered(first, page)
    assert line["offer"]["until"] > line["conversation"]["queued_at"]
    second = await house.hire(skills=(skill,))
    await second.call("GET", "/inbox")
    await second.on(page, "/decline", {})
    assert (await offered(first, page))["offer"] == line["offer"], "nobody declines what is offered to another"
    await first.on(page, "/decline", {})
    await offered(second, page)
    taken = await second.on(page, "/accept", {})
    assert taken["conversation"]["agent_name"] == second.name
    view = await page.view()
    assert not {"offer.made", "offer.ended"} & {event["payload"]["type"] for event in view["events"]}
    log = [event["payload"]["type"] for event in (await second.on(page))["events"]]
    assert [kind for kind in log if kind.startswith("offer.")] == ["offer.made", "offer.ended", "offer.made"]

    assert (await second.call("GET", "/rest"))["wrap_up_until"] is None
    await second.on(page, "/close", {"outcome": "solved"})
    rest = await second.call("GET", "/rest")
    assert rest["wrap_up_until"] is not None
    assert [kind["id"] for kind in rest["breaks"]][:2] == ["lunch", "rest"]
    ready = await second.call("POST", "/ready", json={"pause": False})
    assert (ready["wrap_up_until"], ready["pause_offered"]) == (None, False)


async def test_a_break_has_a_reason_of_those_there_are(house: House) -> None:
    agent = await house.hire()
    me = await agent.call("PUT", "/presence", json={"status": "break", "reason": "lunch"})
    assert (me["presence"], me["presence_reason"]) == ("break", "lunch")
    back = await agent.call("PUT", "/presence", json={"status": "available", "reason": "lunch"})
    assert (back["presence"], back["presence_reason"]) == ("available", "")
    wrong = await agent.call("PUT", "/presence", 422, json={"status": "break", "reason": "napping"})
    assert "lunch" in str(wrong["error"])
