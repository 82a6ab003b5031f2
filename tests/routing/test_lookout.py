"""A callback that may not be kept is known before its time, and by whom it can be saved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.routing.conftest import Centre
from tests.routing.test_inbox import SUPERVISOR, customers, inbox  # noqa: F401 - fixtures
from tests.support import ask_for_person, until
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Owner
from warmline.conversation.model import Conversation
from warmline.kit.ids import new_id
from warmline.routing.inbox import Inbox, InboxFeed, InboxItem
from warmline.routing.lookout import Promise, Risk, find_at_risk
from warmline.routing.model import CHATS_PER_AGENT, OnlineAgent

SOON = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def promised(*skills: str | None) -> list[Promise]:
    return [Promise(new_id(), skill, SOON + timedelta(minutes=number)) for number, skill in enumerate(skills)]


def cards(load: int = 0) -> OnlineAgent:
    return OnlineAgent(frozenset({"cards"}), load)


ANYBODY = OnlineAgent(None)
BUSY = OnlineAgent(None, CHATS_PER_AGENT)


@pytest.mark.parametrize(
    ("queued", "skills", "agents", "risks"),
    [
        ({}, ["cards"], [], ["nobody"]),
        ({}, ["cards"], [cards()], [None]),
        ({}, ["loans", None], [cards()], ["nobody", None]),
        ({}, ["loans"], [BUSY], ["full"]),
        ({}, ["cards"], [BUSY, cards()], [None]),
        ({}, ["cards"] * 4, [cards()], [None, None, None, "full"]),
        ({}, ["cards"] * 2, [cards(load=2)], [None, "full"]),
        ({"cards": 3}, ["cards"], [cards()], ["full"]),
        ({"loans": 50}, ["cards"], [cards()], [None]),
        ({"cards": 3}, ["loans"], [ANYBODY, cards()], [None]),
        ({None: 5}, ["cards", "loans"], [ANYBODY, cards()], [None, "full"]),
    ],
)
def test_free_places_go_to_who_waits_and_then_to_callbacks_as_they_are_due(
    queued: dict[str | None, int], skills: list[str | None], agents: list[OnlineAgent], risks: list[str | None]
) -> None:
    wanted = promised(*skills)
    found = find_at_risk(queued, wanted, agents)
    assert [found.get(one.id) for one in wanted] == risks


async def callback(centre: Centre, minutes: float, skill: str | None = None) -> Conversation:
    """Return a conversation with a callback in so many minutes, as its customer chose."""
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person(c.HandoffPlan(skill)))
    customer = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    due_at = centre.heart.clock.now() + timedelta(minutes=minutes)
    return (await centre.heart.do(state, c.ScheduleCallback(customer, due_at, "customer"))).state


async def risks(inbox: Inbox) -> dict[object, Risk | None]:  # noqa: F811
    await inbox.lookout.look()
    return {item.conversation.id: item.risk for item in await inbox.list_items(SUPERVISOR)}


async def test_a_callback_is_at_risk_from_half_an_hour_before_its_time_until_somebody_is_there(
    centre: Centre,
    inbox: Inbox,  # noqa: F811
) -> None:
    state = await callback(centre, minutes=45)
    assert await risks(inbox) == {state.id: None}
    await centre.move(minutes=15)
    assert await risks(inbox) == {state.id: Risk.NOBODY}
    agent = await centre.hire("chenxi")
    await centre.connect(agent)
    assert await risks(inbox) == {state.id: None}


async def test_a_break_is_nobody_and_a_full_desk_is_full(centre: Centre, inbox: Inbox) -> None:  # noqa: F811
    resting = await centre.hire("chenxi", available=False)
    await centre.connect(resting)
    state = await callback(centre, minutes=10)
    assert await risks(inbox) == {state.id: Risk.NOBODY}
    agent = await centre.hire("linyue")
    await centre.connect(agent)
    for _ in range(CHATS_PER_AGENT):
        await centre.heart.hand_to(await centre.heart.open(), agent)
    assert (await risks(inbox))[state.id] is Risk.FULL


async def test_once_it_is_late_the_customer_is_told_and_the_next_date_is_looked_at(
    centre: Centre,
    inbox: Inbox,  # noqa: F811
) -> None:
    state = await callback(centre, minutes=5)
    assert await risks(inbox) == {state.id: Risk.NOBODY}
    queued_at = (await centre.get(state)).queued_at
    await centre.move(minutes=5)
    assert await centre.routing.sweep_callbacks() == 1
    assert await risks(inbox) == {state.id: None}
    await centre.routing.sweep_stranded()
    await centre.move(minutes=1)
    assert await centre.routing.sweep_stranded() == 1
    after = await centre.get(state)
    assert (after.owner, after.queued_at) == (Owner.CALLBACK, queued_at)
    assert await risks(inbox) == {state.id: Risk.NOBODY}


async def test_a_desk_hears_of_a_risk_once_when_it_comes_and_once_when_it_goes(
    centre: Centre,
    inbox: Inbox,  # noqa: F811
) -> None:
    state = await callback(centre, minutes=40)
    pushed: list[InboxItem] = []
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    await feed.start()
    await feed.listen(lambda: SUPERVISOR, lambda item, _: pushed.append(item))
    await feed.look_ahead()
    await centre.move(minutes=11)
    await feed.look_ahead()
    await until(lambda: [item.risk for item in pushed] == [Risk.NOBODY])
    await feed.look_ahead()
    agent = await centre.hire("chenxi")
    await centre.connect(agent)
    await feed.look_ahead()
    await until(lambda: [item.risk for item in pushed] == [Risk.NOBODY, None])
    await feed.stop()
    assert {item.conversation.id for item in pushed} == {state.id}


async def test_one_look_reads_callbacks_of_all_groups(centre: Centre, inbox: Inbox) -> None:  # noqa: F811
    agent = await centre.hire("chenxi", "cards")
    await centre.connect(agent)
    kept, other = await callback(centre, 10, "cards"), await callback(centre, 10, "loans")
    assert await risks(inbox) == {kept.id: None, other.id: Risk.NOBODY}
