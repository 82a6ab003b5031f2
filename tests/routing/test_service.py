"""Waiting for a person: asked for, promised, told how long, and brought back when something breaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.routing.conftest import Centre
from tests.support import CUSTOMER, ask_for_person, texts, types
from warmline.conversation import commands as c
from warmline.conversation.errors import CallbackTimeError
from warmline.conversation.events import Author, Owner, SlipWritten, Visibility
from warmline.conversation.model import Conversation
from warmline.conversation.service import Outcome
from warmline.kit.errors import WarmlineError
from warmline.routing import repository
from warmline.routing.model import CALLBACK_WITHIN, OnlineAgent, Wait
from warmline.routing.service import STRANDED_AFTER
from warmline.staff.model import Role

VANISH_AFTER = timedelta(seconds=15)


async def words_of(centre: Centre, state: Conversation) -> list[str | None]:
    return texts(await centre.heart.service.events_after(state.id, 0, Visibility.ALL))


async def ask(centre: Centre, state: Conversation, slip: SlipWritten | None = None) -> Outcome:
    return await centre.routing.request_handoff(state, via="button", reason="customer_asked", slip=slip)


async def test_a_person_is_asked_for_and_the_queue_is_said(centre: Centre) -> None:
    state = await centre.heart.open()
    await centre.connect(await centre.hire("chenxi"))
    done = await ask(centre, state, SlipWritten(reason="customer_asked", question="卡丢了"))
    assert done.state.owner is Owner.QUEUE
    assert types(list(done.events)) == ["handoff.requested", "slip.written", "message.posted"]
    assert "叫同事" in str((await words_of(centre, state))[-1])
    assert (await ask(centre, state)).events == ()


async def test_nobody_there_leads_to_a_promise_with_a_time(centre: Centre) -> None:
    state = await centre.heart.open(locale="en")
    await centre.connect(await centre.hire("chenxi", available=False))
    done = await ask(centre, state)
    assert (done.state.owner, done.state.callback_due_at) == (
        Owner.CALLBACK,
        centre.heart.clock.now() + CALLBACK_WITHIN,
    )
    assert "today at 10:30" in str((await words_of(centre, state))[-1])


async def test_after_hours_leads_to_a_promise_at_the_opening(centre: Centre) -> None:
    await centre.move(hours=12)
    state = await centre.heart.open()
    done = await ask(centre, state)
    assert done.state.callback_due_at == centre.heart.clock.now() + timedelta(hours=10, minutes=30)
    assert "明天（周二）08:30" in str((await words_of(centre, state))[-1])


async def test_the_customers_own_yes(centre: Centre) -> None:
    state = await centre.heart.open()
    await ask(centre, state)
    done = await centre.routing.return_to_assistant(await centre.get(state))
    assert (done.state.owner, done.state.human_requested) == (Owner.ASSISTANT, False)


async def test_times_for_a_callback_lie_in_the_banks_hours_and_can_be_chosen(centre: Centre) -> None:
    state = await centre.heart.open()
    await ask(centre, state)
    times = centre.routing.list_callback_times()
    assert len(times) == len(set(times)) > 1
    assert all(one > centre.heart.clock.now() and centre.routing.calendar.is_open(one) for one in times)
    for one in times:
        chosen = await centre.routing.schedule_callback(
            await centre.get(state), one, author=CUSTOMER, chosen_by="customer"
        )
        assert (chosen.state.owner, chosen.state.callback_due_at) == (Owner.CALLBACK, one)


FAR = ("9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2031-06-02T02:00:00Z")


@pytest.mark.parametrize("due", [*FAR, "2026-11-23T01:59:00Z", "2026-11-23T19:00:00Z"])
async def test_a_callback_in_the_past_at_night_or_in_years_is_refused(centre: Centre, due: str) -> None:
    state = await centre.heart.open()
    with pytest.raises(CallbackTimeError):
        await centre.routing.schedule_callback(
            state, datetime.fromisoformat(due), author=CUSTOMER, chosen_by="customer"
        )
    assert (await centre.get(state)).owner is Owner.ASSISTANT


async def with_agent(centre: Centre, agent: Author) -> Conversation:
    state = await centre.heart.open()
    await centre.connect(agent)
    return (await centre.heart.hand_to(state, agent)).state


async def test_who_was_passed_on_to_a_group_is_promised_what_that_group_can_keep(centre: Centre) -> None:
    """They wait for that group again: that somebody else is there says nothing of when they are answered."""
    agent = await centre.hire("chenxi", "cards")
    await centre.connect(agent)
    state = await with_agent(centre, agent)
    async with centre.heart.uow.begin() as tx:
        await centre.staff.put_skill_group(tx, "loans", {"en": "Loans"})
    await centre.heart.do(state, c.Transfer(agent, "loans"))
    await centre.routing.return_to_assistant(await centre.get(state))
    done = await ask(centre, await centre.get(state))
    assert (done.state.owner, done.state.skill) == (Owner.CALLBACK, "loans")
    await centre.connect(await centre.hire("linyao", "loans"))
    await centre.routing.return_to_assistant(done.state)
    assert (await ask(centre, await centre.get(state))).state.owner is Owner.QUEUE


async def test_more_than_a_page_of_those_who_wait_in_vain_get_their_date_at_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "PAGE", 2)
    monkeypatch.setattr(repository, "_STRANDED", text(str(repository._STRANDED).replace("LIMIT 200", "LIMIT 2")))
    for _ in range(5):
        await centre.heart.do(await centre.heart.open(), ask_for_person())
    await centre.routing.sweep_stranded()
    await centre.move(seconds=STRANDED_AFTER.total_seconds())
    assert await centre.routing.sweep_stranded() == 5


async def test_a_callback_comes_to_the_front_when_it_is_due(centre: Centre) -> None:
    state = await centre.heart.open()
    await ask(centre, state)
    assert await centre.routing.sweep_callbacks() == 0
    await centre.move(seconds=CALLBACK_WITHIN.total_seconds())
    assert await centre.routing.sweep_callbacks() == 1
    now = await centre.get(state)
    assert (now.owner, now.front, now.callback_due_at) == (Owner.QUEUE, True, None)
    assert await centre.routing.sweep_callbacks() == 0


async def test_a_queue_without_anyone_becomes_a_promise(centre: Centre) -> None:
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person())
    since = (await centre.get(state)).queued_at
    assert await centre.routing.sweep_stranded() == 0
    await centre.move(seconds=STRANDED_AFTER.total_seconds() - 1)
    assert await centre.routing.sweep_stranded() == 0
    await centre.move(seconds=1)
    assert await centre.routing.sweep_stranded() == 1
    now = await centre.get(state)
    assert (now.owner, now.queued_at) == (Owner.CALLBACK, since)
    assert now.callback_due_at == centre.heart.clock.now() + CALLBACK_WITHIN
    said = str((await words_of(centre, state))[-1])
    assert "10:31" in said
    assert "没能在说好的时间" not in said


async def test_a_promise_that_was_not_kept_is_admitted(centre: Centre) -> None:
    state = await centre.heart.open()
    await ask(centre, state)
    await centre.move(seconds=CALLBACK_WITHIN.total_seconds())
    await centre.routing.sweep_callbacks()
    await centre.routing.sweep_stranded()
    await centre.move(seconds=STRANDED_AFTER.total_seconds())
    assert await centre.routing.sweep_stranded() == 1
    assert "没能在说好的时间" in str((await words_of(centre, state))[-1])


async def test_a_queue_is_not_stranded_once_somebody_came(centre: Centre) -> None:
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person())
    await centre.routing.sweep_stranded()
    agent = await centre.hire("chenxi")
    await centre.move(seconds=50)
    await centre.connect(agent)
    assert await centre.routing.sweep_stranded() == 0
    await centre.move(seconds=40)
    assert await centre.routing.sweep_stranded() == 0
    assert (await centre.get(state)).owner is Owner.QUEUE


SWEEPS: dict[str, Callable[[Centre], Awaitable[int]]] = {
    "vanished": lambda centre: centre.routing.sweep_vanished(),
    "callbacks": lambda centre: centre.routing.sweep_callbacks(),
    "stranded": lambda centre: centre.routing.sweep_stranded(),
}


@pytest.mark.parametrize("name", SWEEPS)
async def test_one_conversation_that_fails_does_not_keep_the_others_from_being_swept(
    centre: Centre, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await centre.hire("chenxi")
    states = [await centre.heart.open() for _ in range(3)]
    for state in states:
        if name == "vanished":
            await centre.heart.hand_to(state, agent)
        elif name == "callbacks":
            await ask(centre, state)
        else:
            await centre.heart.do(state, ask_for_person())
    await centre.routing.sweep_stranded()
    before = {state.id: (await centre.get(state)).owner for state in states}
    await centre.move(hours=1)
    carry_out = centre.heart.service.execute

    async def choke(conversation_id: UUID, command: c.Command) -> Outcome:
        if conversation_id == states[0].id:
            raise WarmlineError
        return await carry_out(conversation_id, command)

    monkeypatch.setattr(centre.heart.service, "execute", choke)
    await SWEEPS[name](centre)
    changed = [(await centre.get(state)).owner is not before[state.id] for state in states]
    assert changed == [False, True, True]


async def test_what_everyone_who_waits_is_told(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    await centre.connect(agent)
    busy = [await with_agent(centre, agent) for _ in range(3)]
    waiting = [await centre.heart.open() for _ in range(4)]
    for state in waiting:
        await centre.heart.do(state, ask_for_person())
        await centre.move(seconds=1)
    due = centre.heart.clock.now() + timedelta(hours=2)
    await centre.heart.do(waiting[3], c.ScheduleCallback(CUSTOMER, due, "customer"))
    waits = await centre.waits()
    assert [waits[state.id].position for state in waiting] == [1, 2, 3, 4]
    assert busy[0].id not in waits
    told = [waits[state.id] for state in waiting[:3]]
    assert all(one.low_seconds is not None and one.high_seconds and one.due_at is None for one in told)
    assert [one.high_seconds for one in told] == sorted(one.high_seconds or 0 for one in told)
    assert waits[waiting[3].id] == Wait(4, None, None, 1, due)


async def test_with_nobody_online_a_time_is_told_that_does_not_run_away(centre: Centre) -> None:
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person())
    await centre.routing.sweep_stranded()
    first = (await centre.waits())[state.id]
    await centre.move(seconds=30)
    second = (await centre.waits())[state.id]
    assert first == second == Wait(1, None, None, 0, centre.heart.clock.now() + CALLBACK_WITHIN - timedelta(seconds=30))


async def test_a_promise_is_for_the_banks_hours(centre: Centre) -> None:
    await centre.move(hours=10, minutes=50)  # ten minutes before it closes
    opening = centre.heart.clock.now() + timedelta(hours=11, minutes=40)
    state, waiting = await centre.heart.open(), await centre.heart.open()
    await centre.heart.do(waiting, ask_for_person())
    assert (await centre.waits())[waiting.id].due_at == opening
    assert (await ask(centre, state)).state.callback_due_at == opening
    assert "明天（周二）08:30" in str((await words_of(centre, state))[-1])


async def test_connections_of_long_ago_are_forgotten(centre: Centre) -> None:
    old, new = await centre.hire("a"), await centre.hire("b")
    await centre.connect(old, new)
    await centre.move(hours=25)
    await centre.connect(new)
    assert (await centre.routing.sweep_connections(), await centre.routing.sweep_connections()) == (1, 0)
    assert len((await centre.routing.get_situation()).agents) == 1


async def test_who_counts_as_online(centre: Centre) -> None:
    there, resting, gone = [await centre.hire(name, available=name != "b") for name in "abc"]
    await centre.connect(gone)
    await centre.move(seconds=VANISH_AFTER.total_seconds() + 1)
    await centre.connect(there, resting)
    await centre.connect(there)
    situation = await centre.routing.get_situation()
    assert (situation.agents, situation.is_open) == ((OnlineAgent(frozenset()),), True)


async def in_queue(centre: Centre, *skills: str | None) -> list[Conversation]:
    states = [await centre.heart.open() for _ in skills]
    for state, skill in zip(states, skills, strict=True):
        await centre.move(seconds=1)
        await centre.heart.do(state, ask_for_person(c.HandoffPlan(skill)))
    return states


async def test_a_place_is_the_one_before_the_agents_who_can_take_the_customer(centre: Centre) -> None:
    cards, loans = await centre.hire("a", "cards"), await centre.hire("b", "loans")
    await centre.connect(cards, loans)
    states = await in_queue(centre, "loans", "loans", "loans", "loans", "cards")
    last_loan, card = (await centre.waits())[states[3].id], states[4].id
    assert (last_loan.position, last_loan.agents_online) == (4, 1)
    assert (await centre.waits())[card] == Wait(1, 0, 60, 1)
    for state in states[:3]:
        await centre.heart.do(state, c.Accept(loans))
    assert ((await centre.waits())[card].high_seconds or 0) == 60
    next_loan = (await centre.waits())[states[3].id]
    assert next_loan.position == 1
    assert (next_loan.high_seconds or 0) > 60


async def test_a_supervisor_who_serves_can_take_every_group(centre: Centre) -> None:
    await centre.connect(await centre.hire("a", role=Role.SUPERVISOR))
    (state,) = await in_queue(centre, "cards")
    assert (await centre.waits())[state.id] == Wait(1, 0, 60, 1)


async def test_a_group_whom_nobody_there_can_serve_gets_a_promise_and_the_others_wait_on(centre: Centre) -> None:
    agent = await centre.hire("a", "cards")
    await centre.connect(agent)
    card, loan = await in_queue(centre, "cards", "loans")
    told = (await centre.waits())[loan.id]
    assert (told.low_seconds, told.agents_online) == (None, 0)
    assert told.due_at is not None
    await centre.routing.sweep_stranded()
    await centre.move(seconds=STRANDED_AFTER.total_seconds())
    await centre.connect(agent)
    assert await centre.routing.sweep_stranded() == 1
    assert (await centre.get(loan)).owner is Owner.CALLBACK
    assert (await centre.get(card)).owner is Owner.QUEUE


async def test_handling_times_are_learnt_from_the_log(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    prior = (await centre.routing.get_situation()).handle_seconds
    for _ in range(10):
        state = await with_agent(centre, agent)
        await centre.move(minutes=14)
        await centre.heart.do(state, c.Close(agent, "agent_closed"))
    assert (await centre.routing.get_situation()).handle_seconds == prior
    await centre.routing.learn_handling()
    learnt = (await centre.routing.get_situation()).handle_seconds
    assert learnt == pytest.approx((prior + 14 * 60) / 2)


async def test_the_load_of_agents(centre: Centre) -> None:
    agent, idle = await centre.hire("a"), await centre.hire("b")
    for _ in range(2):
        await with_agent(centre, agent)
    assert agent.id is not None
    assert idle.id is not None
    assert await centre.routing.count_load([agent.id, idle.id]) == {agent.id: 2}
