"""The wall over HTTP: for whoever supervises or reads figures, and names only for those who may open a conversation."""

from __future__ import annotations

import pytest

from tests.web.support import House
from warmline.staff.model import Presence, Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_only_who_supervises_or_reads_figures(house: House) -> None:
    agent, editor = await house.hire(), await house.hire(Role.EDITOR)
    await agent.call("GET", "/wall", 403)
    await editor.call("GET", "/wall", 403)
    assert (await house.client().get("/desk/wall")).status_code == 401


async def test_a_supervisor_sees_who_waits_and_whom_to_look_at_first(house: House) -> None:
    agent, boss, analyst = await house.hire(), await house.hire(Role.SUPERVISOR), await house.hire(Role.ANALYST)
    await agent.call("GET", "/inbox")
    page = await house.arrive()
    await page.say("我被骗了，钱都转走了，怎么办啊")
    await page.call("POST", "/handoff", json={})
    house.node.people.wall._good_until = 0.0
    wall = await boss.call("GET", "/wall")
    assert wall["waiting"]["count"] == 1
    assert wall["waiting"]["since"]
    assert [(one["skill"], one["channel"]) for one in wall["waiting"]["lines"]] == [("", "web")]
    assert [(one["urgency"], one["count"]) for one in wall["waiting"]["urgencies"]] == [("urgent", 1)]
    assert [one["id"] for one in wall["distressed"]] == [page.id]
    assert wall["agents"]["free"] + wall["agents"]["offered"] >= 1
    assert wall["today"]["arrivals"] >= 1
    assert sum(one["arrivals"] for one in wall["today"]["hours"]) == wall["today"]["arrivals"]
    figures = await analyst.call("GET", "/wall")
    assert figures["distressed"] is None
    assert figures["waiting"] == wall["waiting"]


async def test_a_break_is_named_in_the_readers_language(house: House) -> None:
    boss = await house.hire(Role.SUPERVISOR)
    resting = await house.hire()
    async with house.node.uow.begin() as tx:
        await house.node.staff.set_presence(tx, resting.id, Presence.BREAK, "lunch")
    house.node.people.wall._good_until = 0.0
    agents = (await boss.call("GET", "/wall"))["agents"]
    assert agents["on_break"] == 1
    assert [(one["reason"], one["name"], one["count"]) for one in agents["breaks"]] == [("lunch", "吃饭", 1)]
