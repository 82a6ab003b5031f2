"""`warmline user …`: accounts without default passwords; what changes holds at once, also on running nodes."""

from __future__ import annotations

import argparse
import asyncio
import getpass
from collections.abc import Awaitable, Callable, Collection

from warmline.commands.running import add_settings, read_settings, staff_of
from warmline.kit.console import say, say_json
from warmline.kit.ending import run_async
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import Transaction
from warmline.staff.model import Role, Staff
from warmline.staff.passwords import Passwords
from warmline.staff.service import StaffService

ACTOR = "cli"
ROLES = [role.value for role in Role]
Change = Callable[[StaffService, Transaction, Staff, argparse.Namespace], Awaitable[object]]


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `user add`, `user disable`, `user enable` and `user roles`."""
    actions = commands.add_parser("user").add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add an account; the password is asked for, or a one-time link printed")
    _add_common(add)
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--name", required=True, help="as customers and colleagues read it")
    add.add_argument("--role", action="append", choices=ROLES, required=True, help="may be given several times")
    add.add_argument("--skill", action="append", default=[], help="a skill group, as `warmline skill add` made it")
    add.add_argument("--password", action="store_true", help="ask for a password; otherwise print a one-time link")
    add.set_defaults(func=lambda options: run_async(add_user(options)))
    _add_change(actions, "disable", "close an account: its sessions end, its open desks close", _disable)
    _add_change(actions, "enable", "open a closed account again", _enable)
    roles = _add_change(actions, "roles", "give someone exactly these roles", _set_roles)
    roles.add_argument("--role", action="append", choices=ROLES, required=True, help="may be given several times")


def _add_change(
    actions: argparse._SubParsersAction,  # type: ignore[type-arg]
    name: str,
    about: str,
    change: Change,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=about)
    _add_common(parser)
    parser.add_argument("email", metavar="EMAIL")
    parser.set_defaults(func=lambda options: run_async(change_user(options, change)))
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _tell(account: Staff, *, as_json: bool, link: str | None = None) -> None:
    roles = sorted(role.value for role in account.roles)
    disabled = account.disabled_at is not None
    if as_json:
        about = {"id": account.id, "name": account.name, "email": account.email, "roles": roles, "disabled": disabled}
        say_json(about | ({"link": link} if link else {}))
    elif link:
        say(f"{account.name} <{account.email}>\n{link}")
    else:
        say(f"{account.name} <{account.email}>  {', '.join(roles)}" + ("  disabled" if disabled else ""))


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
    _tell(created, as_json=options.json, link=f"{base}/desk/link#{token}" if token else None)
    return 0


async def change_user(options: argparse.Namespace, change: Change) -> int:
    """Change the account with this address and print what it is now."""
    async with staff_of(read_settings(options)) as (uow, staff), uow.begin() as tx:
        found = await staff.find_by_email(tx, options.email)
        if found is None:
            raise NotFoundError(reason=f"there is no account {options.email}")
        await change(staff, tx, found, options)
        now = await staff.get(tx, found.id)
    _tell(now, as_json=options.json)
    return 0


async def _disable(staff: StaffService, tx: Transaction, found: Staff, _: argparse.Namespace) -> None:
    await staff.disable(tx, found.id, actor=ACTOR)


async def _enable(staff: StaffService, tx: Transaction, found: Staff, _: argparse.Namespace) -> None:
    await staff.enable(tx, found.id, actor=ACTOR)


async def _set_roles(staff: StaffService, tx: Transaction, found: Staff, options: argparse.Namespace) -> None:
    await staff.set_roles(tx, found.id, [Role(role) for role in options.role], actor=ACTOR)


async def _check_skills(tx: Transaction, staff: StaffService, skills: Collection[str]) -> None:
    known = {group.id for group in await staff.list_skill_groups(tx)}
    for skill in skills:
        if skill not in known:
            there = ", ".join(sorted(known)) or "none"
            reason = f"there is no skill group {skill} (there are: {there}); add it with: warmline skill add {skill}"
            raise NotFoundError(reason=reason)
