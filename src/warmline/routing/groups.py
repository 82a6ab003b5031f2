"""Removing a skill group: whoever waits for it is not left waiting for nobody."""

from __future__ import annotations

from warmline.kit.uow import Transaction
from warmline.routing import repository
from warmline.routing.errors import GroupInUseError
from warmline.staff.service import StaffService


async def remove_skill_group(tx: Transaction, staff: StaffService, group_id: str, *, actor: str) -> int:
    """Remove a group, which its members leave; return how many those were. `NotFoundError`, `GroupInUseError`.

    A conversation that the assistant has, or that ended, keeps the group's name and is taken by anyone when it next
    comes before people.
    """
    members = await staff.delete_skill_group(tx, group_id, actor=actor)
    if conversations := await repository.count_before_people(tx.connection, group_id):
        reason = f"{conversations} conversations wait for {group_id} or are with an agent for it"
        raise GroupInUseError(conversations=conversations, reason=reason)
    return len(members)
