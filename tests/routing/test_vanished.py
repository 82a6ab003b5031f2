"""Agents who vanish, and those who only seem to: their customers go to the front, or stay (I6)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.routing.conftest import Centre
from tests.routing.test_service import VANISH_AFTER, with_agent, words_of
from tests.support import ask_for_person
from warmline.conversation.events import Owner, SlipWritten
from warmline.routing import repository
from warmline.routing.service import REPORTS_AT_ONCE


async def test_a_vanished_agents_customer_is_first_with_the_waiting_time_kept(centre: Centre) -> None:
    await centre.move(minutes=1)
    agent = await centre.hire("chenxi")
    held, since = await with_agent(centre, agent), centre.heart.clock.now()
    await centre.move(minutes=5)
    await centre.connect(agent)
    waiting = await centre.heart.open()
    await centre.heart.do(waiting, ask_for_person())
    assert await centre.routing.sweep_vanished() == 0
    assert await centre.sweep_while(VANISH_AFTER.total_seconds() + 1) == 1
    state = await centre.get(held)
    assert (state.owner, state.front, state.queued_at) == (Owner.QUEUE, True, since)
    assert "chenxi" in str((await words_of(centre, held))[-1])
    waits = await centre.waits()
    assert (waits[held.id].position, waits[waiting.id].position) == (1, 2)
    assert await centre.routing.sweep_vanished() == 0


async def test_an_agent_seen_on_another_node_has_not_vanished(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    held = await with_agent(centre, agent)
    await centre.move(minutes=5)
    assert agent.id is not None
    await centre.node("two").touch([agent.id])
    assert await centre.routing.sweep_vanished() == 0
    assert (await centre.get(held)).owner is Owner.AGENT


async def test_agents_have_time_to_come_back_after_a_restart(centre: Centre) -> None:
    held = await with_agent(centre, await centre.hire("chenxi"))
    await centre.move(minutes=5)
    restarted = centre.node("one")
    assert await restarted.sweep_vanished() == 0
    assert await centre.sweep_while(VANISH_AFTER.total_seconds() + 1, restarted) == 1
    assert (await centre.get(held)).owner is Owner.QUEUE


async def test_nobody_vanished_because_everything_stood_still(centre: Centre) -> None:
    """A machine that slept, or a database that hung: nobody could be seen meanwhile."""
    agent = await centre.hire("chenxi")
    held = await with_agent(centre, agent)
    await centre.move(minutes=1)
    await centre.connect(agent)
    await centre.routing.sweep_vanished()
    await centre.move(minutes=2)
    assert await centre.routing.sweep_vanished() == 0
    assert await centre.sweep_while(VANISH_AFTER.total_seconds() - 5) == 0
    assert (await centre.get(held)).owner is Owner.AGENT
    assert await centre.sweep_while(10) == 1


async def test_a_look_that_hung_says_nothing_of_who_is_there(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await with_agent(centre, await centre.hire("chenxi"))
    await centre.sweep_while(10)
    look = repository.list_vanished

    async def hang(*arguments: Any) -> list[repository.Vanished]:
        await centre.move(minutes=1)
        return await look(*arguments)

    monkeypatch.setattr(repository, "list_vanished", hang)
    assert await centre.routing.sweep_vanished() == 0
    assert (await centre.get(held)).owner is Owner.AGENT


async def test_a_hundred_vanish_at_once_and_none_waits_for_the_slips_of_all(centre: Centre) -> None:
    agents = [await centre.hire(f"agent{number}") for number in range(10)]
    for number in range(100):
        await with_agent(centre, agents[number % 10])
    at_once, most, waiting_before_last = 0, 0, 0

    async def write(conversation_id: UUID, reason: str) -> SlipWritten:
        nonlocal at_once, most, waiting_before_last
        waiting_before_last = len(await centre.waits())
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        return SlipWritten(reason=reason, question="卡丢了")

    centre.routing.write_slip = write
    await centre.move(minutes=1)
    assert await centre.routing.sweep_vanished() == 100
    assert most == REPORTS_AT_ONCE
    assert waiting_before_last > 80
    assert len(await centre.waits()) == 100


async def test_who_comes_back_while_the_slip_is_written_keeps_the_customer(centre: Centre) -> None:
    back, gone = await centre.hire("chenxi"), await centre.hire("linyao")
    kept, lost = await with_agent(centre, back), await with_agent(centre, gone)

    async def write(conversation_id: UUID, reason: str) -> SlipWritten:
        await centre.connect(back)
        return SlipWritten(reason=reason)

    centre.routing.write_slip = write
    await centre.move(minutes=1)
    assert await centre.routing.sweep_vanished() == 1
    assert [(await centre.get(one)).owner for one in (kept, lost)] == [Owner.AGENT, Owner.QUEUE]


async def test_presence_does_not_hang_on_the_clocks_of_two_nodes(centre: Centre) -> None:
    agent, ahead = await centre.hire("chenxi"), centre.node("ahead")
    held = await with_agent(centre, agent)
    centre.heart.clock.move(minutes=5)  # a node's own clock, not that of the database
    ahead.give_time()
    centre.heart.clock.move(minutes=5)
    assert await ahead.sweep_vanished() == await centre.routing.sweep_vanished() == 0
    assert len((await ahead.get_situation()).agents) == 1
    assert agent.id is not None
    assert await ahead.list_connected([agent.id]) == {agent.id}
    assert (await centre.get(held)).owner is Owner.AGENT
