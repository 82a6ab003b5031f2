"""Least privilege and its trace: who may read a conversation, and what the audit trail and a browser keep of it."""

from __future__ import annotations

from unittest.mock import AsyncMock
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.web.support import Desk, House, Page
from tests.web.test_lines import sign_in, signed_token
from warmline.kit.errors import UnavailableError
from warmline.staff.model import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def reads_of(house: House, desk: Desk, page: Page) -> list[str]:
    """Return what the audit trail holds of this person reading this customer."""
    query = text("select action from audit_entry where actor = :actor and subject = :subject order by id")
    async with house.node.uow.begin() as tx:
        values = {"actor": f"staff:{desk.id}", "subject": f"customer:{page.customer_id}"}
        return list((await tx.connection.execute(query, values)).scalars())


async def loans_case(house: House) -> tuple[Page, Desk]:
    """Return a customer of the loans group and the agent who has replied to them."""
    page, agent = await house.arrive(), await house.hire(skills=("loans",))
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    await agent.on(page, "/transfer", {"skill": "loans"})
    await agent.on(page, "/accept", {})
    await agent.say(page, "您好")
    return page, agent


async def test_only_the_skill_group_reads_a_conversation_whoever_has_it(house: House) -> None:
    page, agent = await loans_case(house)
    outsider, colleague, boss = (
        await house.hire(),
        await house.hire(skills=("loans",)),
        await house.hire(Role.SUPERVISOR),
    )
    for status, desk in ((404, outsider), (200, colleague), (200, boss), (200, agent)):
        await desk.on(page, status=status)
        events = await desk.client.get(f"/desk/conversations/{page.id}/events")
        assert events.status_code == status
    await agent.on(page, "/close", {"outcome": "solved"})
    await outsider.on(page, status=404)


async def test_whoever_spoke_last_may_read_on_after_the_end(house: House) -> None:
    page, agent = await loans_case(house)
    async with house.node.uow.begin() as tx:
        await house.node.staff.set_skills(tx, agent.id, [], actor="system")
    await agent.on(page)
    await agent.on(page, "/close", {"outcome": "solved"})
    await agent.on(page)


async def test_each_way_of_reading_is_in_the_audit_trail_once_for_a_session(house: House) -> None:
    page, _ = await loans_case(house)
    opener, poller, listener = [await house.hire(skills=("loans",)) for _ in range(3)]
    line = await listener.socket()
    for _ in range(2):
        await poller.client.get(f"/desk/conversations/{page.id}/events")
        await line.send(type="subscribe", conversation_id=page.id, after=0)
        await line.expect("subscribed")
    await opener.on(page)
    await opener.client.get(f"/desk/conversations/{page.id}/events")
    assert await reads_of(house, poller, page) == ["conversation.read"]
    assert await reads_of(house, listener, page) == ["conversation.read"]
    assert await reads_of(house, opener, page) == ["customer.viewed"]


async def test_a_read_whose_entry_failed_is_refused_and_entered_the_next_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await loans_case(house)
    agent = await house.hire(skills=("loans",))
    with monkeypatch.context() as patch:
        patch.setattr("warmline.kit.audit.record", AsyncMock(side_effect=UnavailableError(part="database")))
        assert (await agent.client.get(f"/desk/conversations/{page.id}/events")).status_code == 503
    (await agent.client.get(f"/desk/conversations/{page.id}/events")).raise_for_status()
    assert await reads_of(house, agent, page) == ["conversation.read"]


async def test_a_file_is_read_only_by_whom_it_concerns_and_that_is_in_the_audit_trail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await loans_case(house)
    image, agent, stranger = await page.upload(), await house.hire(skills=("loans",)), await house.hire()
    for _ in range(2):
        (await agent.client.get(f"/attachments/{image['id']}")).raise_for_status()
    assert await reads_of(house, agent, page) == ["conversation.read"]

    async def not_opened(_: UUID) -> None:
        raise AssertionError("opened for somebody who may not read it")

    monkeypatch.setattr(house.node.attachments, "open", not_opened)
    for client, status in ((stranger.client, 404), (house.client(), 401), ((await house.arrive()).client, 404)):
        assert (await client.get(f"/attachments/{image['id']}")).status_code == status


async def test_no_browser_keeps_a_customer_s_file(house: House) -> None:
    page = await house.arrive()
    image = await page.upload()
    shown = await page.client.get(f"/attachments/{image['id']}")
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")


async def test_an_agent_who_works_over_rest_alone_has_not_vanished(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, agent = await house.arrive(), await house.hire()
    await page.call("POST", "/handoff", json={})
    await agent.on(page, "/accept", {})
    seen = text("update agent_connection set seen_at = now() - interval '1 hour' where staff_id = :id")
    monkeypatch.setattr(house.node, "is_open", False)
    for call in (lambda: agent.say(page, "我在"), lambda: agent.client.get(f"/desk/conversations/{page.id}/events")):
        async with house.node.uow.begin() as tx:
            await tx.connection.execute(seen, {"id": agent.id})
        house.node.people.desk._seen.clear()
        await call()
        assert await house.node.routing.list_connected([agent.id]) == {agent.id}


async def test_who_signs_in_as_a_known_customer_while_waiting_goes_on_waiting(house: House) -> None:
    """I7"""
    known, page, reference = await house.arrive(), await house.arrive(), uuid4().hex
    await sign_in(house, known, reference)
    await page.call("POST", "/handoff", json={})
    linked = await sign_in(house, page, reference)
    client = house.client(Authorization=f"Bearer {signed_token(house, linked)}")
    view = (await client.post("/conversations", json={})).json()
    assert (view["conversation"]["id"], view["conversation"]["owner"]) == (page.id, "queue")
    assert view["wait"]["position"] >= 1
    agent = await house.hire()
    await agent.on(page, "/accept", {})
    assert (await client.get(page.path)).json()["conversation"]["agent_name"] == agent.name


async def test_subscribed_says_only_what_was_delivered(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = await house.arrive()
    await page.say("一")
    feed = house.node.conversations.feed

    async def away(*_: object) -> list[object]:
        raise UnavailableError(part="database")

    line = await house.socket()
    await line.send(type="hello", token=page.token)
    await line.expect("ready")
    with monkeypatch.context() as patch:
        patch.setattr(feed, "_read", away)
        await line.send(type="subscribe", conversation_id=page.id, after=0)
        assert (await line.expect("subscribed"))["last_seq"] == 0
    assert "一" in [(await line.expect("event"))["event"]["payload"].get("text") for _ in range(2)]
    caplog.clear()
