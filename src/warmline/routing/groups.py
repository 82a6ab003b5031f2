"""Skill groups that lead somewhere: none is removed for which somebody waits, none in the rules is without people."""

from __future__ import annotations

import logging

from warmline.kit.strict_yaml import suggest
from warmline.kit.uow import Transaction
from warmline.routing import repository
from warmline.routing.errors import GroupInUseError, RulesContradictError
from warmline.routing.rules import RoutingRules
from warmline.staff.service import StaffService

logger = logging.getLogger(__name__)


async def check_groups(tx: Transaction, staff: StaffService, rules: RoutingRules) -> None:
    """Refuse rules of a group that there is not (`RulesContradictError`); warn of one in which nobody is.

    The last one of a group may leave it any day: that must not keep a node from starting.
    """
    known = {group.id for group in await staff.list_skill_groups(tx)}
    for group in rules.named_groups:
        if group not in known:
            reason = f"the routing file speaks of a skill group {group!r} that there is not{suggest(group, known)};"
            raise RulesContradictError(reason=f"{reason} make it with `warmline skill add {group}`, or leave it out")
    held = {skill for one in await staff.list_colleagues(tx) if one.serves for skill in one.skills}
    for group in rules.named_groups:
        if group not in held:
            logger.warning("nobody has the skill %s that the routing file speaks of; give it to somebody", group)


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
