"""Who waits is offered to who is free: once, in order, and back to the front when nobody answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID

import pytest

from tests.routing.conftest import Centre
from tests.support import ask_for_person, types
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Owner, Urgency, Visibility
from warmline.conversation.model import Conversation
from warmline.routing.offering import Offering
from warmline.routing.rest import RestService
from warmline.routing.rules import GroupRules, Overflow, RoutingRules
from warmline.staff.model import MISSED_OFFER, Presence, Staff


async def waits(centre: Centre, skill: str | None = None, *, urgency: Urgency | None = None) -> Conversation:
    state = await centre.heart.open()
    wish = ask_for_person(c.HandoffPlan(skill))
    if urgency:
        wish = c.RequestHandoff(
            wish.author, wish.by, wish.via, wish.reason, wish.plan, urgency=urgency, head_start=3600
        )
    return (await centre.heart.do(state, wish)).state


async def there(centre: Centre, name: str, *skills: str) -> Author:
    agent = await centre.hire(name, *skills)
    await centre.connect(agent)
    return agent


async def offered_to(centre: Centre, *states: Conversation) -> list[UUID | None]:
    return [(await centre.get(state)).offered_to for state in states]


async def account(centre: Centre, agent: Author) -> Staff:
    assert agent.id is not None
    async with centre.heart.uow.begin() as tx:
        return await centre.staff.get(tx, agent.id)


async def pass_time(centre: Centre, seconds: float, *offerings: Offering) -> None:
    """Let time pass as it does for nodes that go round."""
    while seconds > 0:
        await centre.move(seconds=1)
        for one in offerings:
            one._looked_at = centre.heart.clock.now()
        seconds -= 1


async def test_the_first_who_wait_go_to_who_can_take_them(centre: Centre) -> None:
    first, loans, urgent = (
        await waits(centre),
        await waits(centre, "loans"),
        await waits(centre, urgency=Urgency.URGENT),
    )
    more = [await waits(centre) for _ in range(2)]
    agent = await there(centre, "chenxi", "cards")
    assert await centre.offering().sweep() == 3
    assert await offered_to(centre, urgent, first, *more, loans) == [agent.id, agent.id, agent.id, None, None]
    assert (await centre.get(first)).owner is Owner.QUEUE
    assert await centre.offering().sweep() == 0, "three are as many as they have at once"


async def test_nobody_is_offered_anything_where_agents_pick(centre: Centre) -> None:
    state = await waits(centre)
    await there(centre, "chenxi")
    assert await centre.offering(seconds=0).sweep() == 0
    assert await offered_to(centre, state) == [None]


@pytest.mark.parametrize("why", ["break", "gone", "disabled", "other group", "language"])
async def test_who_cannot_take_them_is_not_asked(centre: Centre, why: str) -> None:
    state = await waits(centre, "loans")
    agent = await centre.hire("chenxi", "cards" if why == "other group" else "loans", available=why != "break")
    assert agent.id is not None
    await centre.connect(agent)
    async with centre.heart.uow.begin() as tx:
        if why == "disabled":
            await centre.staff.disable(tx, agent.id, actor="system")
        if why == "language":
            await centre.staff.set_work(tx, agent.id, languages=["en"], chats=None, actor="system")
    if why == "gone":
        await centre.move(minutes=1)
    assert await centre.offering().sweep() == 0
    assert await offered_to(centre, state) == [None]


async def test_one_that_runs_out_goes_to_the_front_and_to_somebody_else_and_the_agent_is_away(centre: Centre) -> None:
    offering = centre.offering()
    state, later = await waits(centre), await waits(centre, urgency=Urgency.URGENT)
    agent = await centre.hire("chenxi")
    await centre.connect(agent)
    assert await offering.sweep() == 2
    await pass_time(centre, 29, offering)
    await centre.connect(agent)
    assert await offering.sweep() == 0
    await pass_time(centre, 1, offering)
    colleague = await there(centre, "linyao")
    await centre.connect(agent)
    assert await offering.sweep() == 0
    known = await account(centre, agent)
    assert (known.presence, known.presence_reason) == (Presence.AWAY, MISSED_OFFER)
    now = await centre.get(state)
    assert (now.offered_to, now.front, now.passed_by, now.rank_at) == (None, True, (agent.id,), state.rank_at)
    assert await offering.sweep() == 2
    assert await offered_to(centre, state, later) == [colleague.id] * 2


async def test_what_is_offered_to_who_vanished_is_taken_back_at_once(centre: Centre) -> None:
    offering = centre.offering()
    state = await waits(centre)
    agent = await there(centre, "chenxi")
    await offering.sweep()
    await pass_time(centre, 16, offering)
    await offering.sweep()
    now = await centre.get(state)
    assert (now.offered_to, now.front, now.passed_by) == (None, False, ())
    assert (await account(centre, agent)).presence is Presence.AVAILABLE


async def test_nobody_missed_what_was_offered_while_the_service_stood_still(centre: Centre) -> None:
    offering = centre.offering()
    state = await waits(centre)
    agent = await there(centre, "chenxi")
    await offering.sweep()
    await centre.move(minutes=10)
    await centre.connect(agent)
    await offering.sweep()
    assert (await account(centre, agent)).presence is Presence.AVAILABLE
    assert (await centre.get(state)).front is False
    await offering.sweep()
    assert await offered_to(centre, state) == [agent.id]


async def test_who_declines_is_not_asked_again_and_the_place_is_kept(centre: Centre) -> None:
    offering = centre.offering()
    state = await waits(centre)
    agent = await there(centre, "chenxi")
    await offering.sweep()
    await centre.heart.do(state, c.EndOffer(agent, agent.id, "declined"))  # type: ignore[arg-type]
    assert await offering.sweep() == 0
    colleague = await there(centre, "linyao")
    assert await offering.sweep() == 1
    now = await centre.get(state)
    assert (now.offered_to, now.front, now.rank_at) == (colleague.id, False, state.rank_at)


async def test_whoever_comes_back_goes_to_the_agent_of_before(centre: Centre) -> None:
    offering = centre.offering()
    known, stranger = await there(centre, "chenxi"), await there(centre, "linyao")
    before = await centre.heart.open()
    await centre.heart.do(before, ask_for_person())
    await centre.heart.do(before, c.Accept(stranger))
    await centre.heart.do(before, c.PostMessage(stranger, "m1", "您好"))
    await centre.heart.do(before, c.Close(stranger, "agent_closed"))
    again = await centre.heart.service.start(before.customer_id, channel="web", locale="zh-Hans", elder=False)
    await centre.heart.do(again, ask_for_person())
    other = await waits(centre)
    await offering.sweep()
    assert await offered_to(centre, again, other) == [stranger.id, known.id]


async def test_who_has_waited_long_is_offered_to_the_next_group(centre: Centre) -> None:
    rules = RoutingRules(groups={"loans": GroupRules(overflow=Overflow(to="general", after=60))})
    offering = centre.offering(rules)
    state = await waits(centre, "loans")
    agent = await there(centre, "chenxi", "general")
    assert await offering.sweep() == 0
    await pass_time(centre, 60, offering)
    await centre.connect(agent)
    assert await offering.sweep() == 1
    assert await offered_to(centre, state) == [agent.id]


async def test_many_nodes_going_round_at_once_give_no_place_twice(centre: Centre) -> None:
    states = [await waits(centre) for _ in range(12)]
    agents = [await there(centre, f"a{number}") for number in range(3)]
    nodes = [centre.offering() for _ in range(6)]
    made = sum(await asyncio.gather(*(one.sweep() for one in nodes)))
    made += sum(await asyncio.gather(*(one.sweep() for one in nodes)))
    assert made == 9
    held = Counter(await offered_to(centre, *states))
    assert held == {None: 3, **{agent.id: 3 for agent in agents}}
    for state in states:
        log = await centre.heart.service.events_after(state.id, 0, Visibility.STAFF)
        assert types(log).count("offer.made") <= 1


@pytest.mark.parametrize("how", ["closed", "handed back", "by the customer", "vanished"])
async def test_after_a_conversation_there_is_a_moment_to_wrap_up(centre: Centre, how: str) -> None:
    rules, heart = RoutingRules(wrap_up_seconds=30), centre.heart
    rest = RestService(heart.uow, heart.clock, heart.bus, centre.staff, rules)
    heart.service.on_freed = rest.note_left
    offering, agent = centre.offering(rules), await there(centre, "chenxi")
    assert agent.id is not None
    state = await waits(centre)
    await heart.do(state, c.Accept(agent))
    customer = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    ends: dict[str, c.Command] = {
        "closed": c.Close(agent, "agent_closed"),
        "handed back": c.HandBack(agent),
        "by the customer": c.Close(customer, "customer"),
        "vanished": c.ReportVanished(agent.id),
    }
    await heart.do(state, ends[how])
    following = await waits(centre)
    expected = [agent.id] if how == "vanished" else [None]
    await offering.sweep()
    assert await offered_to(centre, following) == expected
    assert ((await rest.get(agent.id)).wrap_up_until is None) is (how == "vanished")
    await rest.be_ready(agent.id, pause=False)
    assert (await rest.get(agent.id)).wrap_up_until is None
    await offering.sweep()
    assert await offered_to(centre, following) == [agent.id]


@pytest.mark.parametrize(
    ("urgency", "minutes", "heavy"),
    [(Urgency.URGENT, 1, True), (Urgency.VULNERABLE, 1, True), (Urgency.COMPLAINT, 1, False),
     (Urgency.COMPLAINT, 15, True), (Urgency.ELDER, 60, False)],
)  # fmt: skip
async def test_after_a_heavy_one_a_pause_is_offered(
    centre: Centre, urgency: Urgency, minutes: int, heavy: bool
) -> None:
    heart = centre.heart
    rest = RestService(heart.uow, heart.clock, heart.bus, centre.staff, RoutingRules())
    heart.service.on_freed = rest.note_left
    agent = await there(centre, "chenxi")
    assert agent.id is not None
    state = await waits(centre, urgency=urgency)
    await heart.do(state, c.Accept(agent))
    await centre.move(minutes=minutes)
    await heart.do(state, c.Close(agent, "agent_closed"))
    assert (await rest.get(agent.id)).pause_offered is heavy
    await rest.be_ready(agent.id, pause=heavy)
    known = await account(centre, agent)
    assert (known.presence, known.presence_reason) == (
        (Presence.BREAK, "after_heavy") if heavy else (Presence.AVAILABLE, "")
    )
    assert (await rest.get(agent.id)).pause_offered is False
