"""`warmline user add`: accounts without default passwords; the password is asked for, or a one-time link printed."""

from __future__ import annotations

import argparse
import asyncio
import getpass
from collections.abc import Collection

from warmline.commands.running import add_settings, read_settings, staff_of
from warmline.kit.console import say
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import Transaction
from warmline.staff.model import Role
from warmline.staff.passwords import Passwords
from warmline.staff.service import StaffService

ACTOR = "cli"


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `user add`."""
    actions = commands.add_parser("user").add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="add an account")
    add_settings(add)
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", choices=[role.value for role in Role], required=True)
    add.add_argument("--skill", action="append", default=[], help="a skill group, as `warmline skill add` made it")
    add.add_argument("--password", action="store_true", help="ask for a password; otherwise print a one-time link")
    add.set_defaults(func=lambda options: asyncio.run(add_user(options)))


async def add_user(options: argparse.Namespace) -> int:
    """Create the account and print how to sign in."""
    settings = read_settings(options)
    password = await asyncio.to_thread(getpass.getpass, "password: ") if options.password else None
    hashed = await Passwords().hash(password) if password else None
    async with staff_of(settings) as (uow, staff), uow.begin() as tx:
        await _check_skills(tx, staff, options.skill)
        created = await staff.create_account(
            tx,
            email=options.email,
            name=options.name,
            roles=[Role(role) for role in options.role],
            password_hash=hashed,
            actor=ACTOR,
        )
        await staff.set_skills(tx, created.id, options.skill, actor=ACTOR)
        token = None if hashed else await staff.create_sign_in_link(tx, created.id, actor=ACTOR)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    say(f"{created.name} <{created.email}>" + (f"\n{base}/desk/link#{token}" if token else ""))
    return 0


async def _check_skills(tx: Transaction, staff: StaffService, skills: Collection[str]) -> None:
    known = {group.id for group in await staff.list_skill_groups(tx)}
    for skill in skills:
        if skill not in known:
            there = ", ".join(sorted(known)) or "none"
            reason = f"there is no skill group {skill} (there are: {there}); add it with: warmline skill add {skill}"
            raise NotFoundError(reason=reason)
