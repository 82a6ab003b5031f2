"""Removing a skill group: nobody is left waiting for it, and who was in it before is taken by anyone."""

from __future__ import annotations

import pytest

from tests.routing.conftest import Centre
from tests.routing.test_service import ask, in_queue
from tests.support import CUSTOMER, ask_for_person
from warmline.conversation import commands as c
from warmline.conversation.events import Owner
from warmline.kit.errors import NotFoundError
from warmline.routing.errors import GroupInUseError, RulesContradictError
from warmline.routing.groups import check_groups, remove_skill_group
from warmline.routing.rules import GroupHours, GroupRules, Overflow, RoutingRules
from warmline.routing.service import RoutingService


async def remove(centre: Centre, group: str) -> int:
    async with centre.heart.uow.begin() as tx:
        return await remove_skill_group(tx, centre.staff, group, actor="staff:boss")


async def test_a_group_is_removed_once_nobody_waits_for_it_and_its_members_leave_it(centre: Centre) -> None:
    member, other = await centre.hire("chenxi", "loans", "cards"), await centre.hire("linyao", "cards")
    await centre.connect(member, other)
    (state,) = await in_queue(centre, "loans")
    with pytest.raises(GroupInUseError) as waits:
        await remove(centre, "loans")
    await centre.heart.do(state, c.Accept(member))
    with pytest.raises(GroupInUseError) as served:
        await remove(centre, "loans")
    assert waits.value.fields["conversations"] == served.value.fields["conversations"] == 1
    await centre.heart.do(state, c.HandBack(member))
    assert await remove(centre, "loans") == 1
    async with centre.heart.uow.begin() as tx:
        skills = {one.name: one.skills for one in await centre.staff.list_accounts(tx)}
        assert [group.id for group in await centre.staff.list_skill_groups(tx)] == ["cards"]
    assert skills == {"chenxi": ("cards",), "linyao": ("cards",)}
    with pytest.raises(NotFoundError):
        await remove(centre, "loans")


async def test_who_was_in_a_group_that_is_no_more_is_taken_by_anyone(centre: Centre) -> None:
    agent = await centre.hire("chenxi", "loans")
    await centre.connect(agent)
    (state,) = await in_queue(centre, "loans")
    await centre.routing.return_to_assistant(await centre.get(state))
    await remove(centre, "loans")
    done = await ask(centre, await centre.get(state))
    assert (done.state.owner, done.state.skill) == (Owner.QUEUE, None)
    assert (await centre.get(state)) == done.state


async def test_rules_of_a_group_that_there_is_not_are_refused_and_of_one_without_people_warned(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    await centre.hire("chenxi", "cards")
    async with centre.heart.uow.begin() as tx:
        await check_groups(tx, centre.staff, RoutingRules(groups={"cards": GroupRules()}))
        with pytest.raises(RulesContradictError, match="did you mean 'cards'"):
            await check_groups(tx, centre.staff, RoutingRules(groups={"card": GroupRules()}))
        assert not caplog.messages
        await centre.staff.put_skill_group(tx, "loans", {"en": "Loans"})
        await check_groups(tx, centre.staff, RoutingRules(groups={"loans": GroupRules()}))
    assert "nobody has the skill loans" in caplog.text


async def test_a_group_with_hours_of_its_own_answers_in_them(centre: Centre) -> None:
    hours = GroupHours(weekdays="13:00-14:00, 22:00-02:00", weekends="", holidays="")
    words, calendar = centre.routing._words, centre.routing.calendar
    rules = RoutingRules(groups={"night": GroupRules(hours=hours)})
    heart = centre.heart
    routing = RoutingService(heart.uow, heart.clock, heart.service, calendar, words, node="two", rules=rules)
    assert [one.astimezone(routing.zone).strftime("%H:%M") for one in routing.list_callback_times("night")] == [
        "13:00", "13:30", "22:00", "22:30", "23:00", "23:30", "00:00", "00:30"
    ]  # fmt: skip
    assert routing.list_callback_times("night") != routing.list_callback_times()
    state = await heart.open()
    command = await routing.make_handoff(
        author=CUSTOMER, by="customer", via="button", reason="customer_asked", locale="zh-Hans", skill=None
    )
    async with heart.uow.begin() as tx:
        await centre.staff.put_skill_group(tx, "night", {"en": "Night"})
    dated = await routing.make_handoff(
        author=CUSTOMER, by="customer", via="button", reason="customer_asked", locale="zh-Hans", skill="night"
    )
    assert (command.plan.reason, dated.plan.reason) == ("no_agent_online", "outside_hours")
    assert dated.plan.due_at is not None
    assert dated.plan.due_at.astimezone(routing.zone).hour == 13
    assert state.queued_at is None


async def test_who_waits_for_a_group_that_overflows_is_not_stranded(centre: Centre) -> None:
    rules = RoutingRules(groups={"loans": GroupRules(overflow=Overflow(to="general", after=300))})
    heart, words, calendar = centre.heart, centre.routing._words, centre.routing.calendar
    routing = RoutingService(heart.uow, heart.clock, heart.service, calendar, words, node="two", rules=rules)
    agent = await centre.hire("chenxi", "general")
    async with heart.uow.begin() as tx:
        await centre.staff.put_skill_group(tx, "loans", {"en": "Loans"})
    waiting = await heart.open()
    await heart.do(waiting, ask_for_person(c.HandoffPlan("loans")))
    for _ in range(2):
        await centre.connect(agent)
        assert await routing.sweep_stranded() == 0
        await centre.move(seconds=61)
    await centre.connect(agent)
    assert await routing.sweep_stranded() == 0
    await centre.move(seconds=61)
    await routing.sweep_stranded()
    await centre.move(seconds=61)
    assert await routing.sweep_stranded() == 1
