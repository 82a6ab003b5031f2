"""`warmline user add`: accounts without default passwords; the password is asked for, or a one-time link printed."""

from __future__ import annotations

import argparse
import asyncio
import getpass

from warmline.commands.running import add_settings, open_database, read_settings, running_node
from warmline.kit.console import say
from warmline.staff.model import Role
from warmline.staff.passwords import Passwords


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `user add`."""
    parser = commands.add_parser("user", help="staff accounts")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="add an account")
    add_settings(add)
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", choices=[role.value for role in Role], required=True)
    add.add_argument("--skill", action="append", default=[])
    add.add_argument("--password", action="store_true", help="ask for a password; otherwise print a one-time link")
    add.set_defaults(func=lambda options: asyncio.run(add_user(options)))


async def add_user(options: argparse.Namespace) -> int:
    """Create the account and print how to sign in."""
    settings = read_settings(options)
    password = await asyncio.to_thread(getpass.getpass, "password: ") if options.password else None
    hashed = await Passwords().hash(password) if password else None
    with open_database(settings, share=True) as url:
        async with running_node(settings, url) as node, node.uow.begin() as tx:
            created = await node.staff.create_account(
                tx,
                email=options.email,
                name=options.name,
                roles=[Role(role) for role in options.role],
                password_hash=hashed,
                actor="cli",
            )
            await node.staff.set_skills(tx, created.id, options.skill, actor="cli")
            token = None if hashed else await node.staff.create_sign_in_link(tx, created.id, actor="cli")
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    say(f"{created.name} <{created.email}>" + (f"\n{base}/desk/link#{token}" if token else ""))
    return 0
