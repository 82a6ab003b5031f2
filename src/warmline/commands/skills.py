"""`warmline skill add | remove | list`: the groups that customers are routed by and that agents belong to."""

from __future__ import annotations

import argparse

from warmline.commands.running import add_settings, read_settings, staff_of
from warmline.kit.console import say, say_json
from warmline.kit.ending import run_async
from warmline.kit.i18n import LOCALES


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `skill add`, `skill remove` and `skill list`."""
    actions = commands.add_parser("skill").add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a skill group, or rename one")
    add.add_argument("id", metavar="NAME", help="as accounts and the API name it, such as cards")
    add.add_argument("--shown", metavar="NAMES", help="what the desk shows: zh-Hans|zh-Hant|en, or one for all")
    add.set_defaults(func=lambda options: run_async(add_skill(options)))
    remove = actions.add_parser("remove", help="remove a skill group that no customer waits for; its members leave it")
    remove.add_argument("id", metavar="NAME")
    remove.set_defaults(func=lambda options: run_async(remove_skill(options)))
    listed = actions.add_parser("list", help="list the skill groups")
    listed.set_defaults(func=lambda options: run_async(list_skills(options)))
    for parser in (add, remove, listed):
        add_settings(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")


async def add_skill(options: argparse.Namespace) -> int:
    """Create or rename the group and print it."""
    shown = [name.strip() for name in (options.shown or options.id).split("|")]
    names = {locale: shown[min(index, len(shown) - 1)] for index, locale in enumerate(LOCALES)}
    async with staff_of(read_settings(options)) as (uow, staff), uow.begin() as tx:
        group = await staff.put_skill_group(tx, options.id, names, actor="cli")
    if options.json:
        say_json({"id": group.id, "names": dict(group.names)})
    else:
        say(f"{group.id}  {' | '.join(group.names[locale] for locale in LOCALES)}")
    return 0


async def remove_skill(options: argparse.Namespace) -> int:
    """Remove the group and print how many left it."""
    from warmline.routing.groups import remove_skill_group  # brings what the other commands need not load

    async with staff_of(read_settings(options)) as (uow, staff), uow.begin() as tx:
        members = await remove_skill_group(tx, staff, options.id, actor="cli")
    if options.json:
        say_json({"id": options.id, "members": members})
    else:
        say(f"{options.id} removed; {members} left it")
    return 0


async def list_skills(options: argparse.Namespace) -> int:
    """Print the groups there are."""
    async with staff_of(read_settings(options)) as (uow, staff), uow.begin() as tx:
        groups = await staff.list_skill_groups(tx)
    if options.json:
        say_json({"skills": [{"id": group.id, "names": dict(group.names)} for group in groups]})
        return 0
    for group in groups:
        say(f"{group.id}  {' | '.join(dict.fromkeys(map(group.name, LOCALES)))}")
    return 0
