"""Removing a skill group: nobody is left waiting for it, and who was in it before is taken by anyone."""

from __future__ import annotations

import pytest

from tests.routing.conftest import Centre
from tests.routing.test_service import ask, in_queue
from warmline.conversation import commands as c
from warmline.conversation.events import Owner
from warmline.kit.errors import NotFoundError
from warmline.routing.errors import GroupInUseError
from warmline.routing.groups import remove_skill_group


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
