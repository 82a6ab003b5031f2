"""`warmline demo`: Chunhe Bank, seeded and served, with simulated visitors if asked for."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
from pathlib import Path
from typing import Any

import yaml

from warmline.bootstrap import Node
from warmline.commands.core_banking import core_banking
from warmline.commands.running import add_address, add_settings, read_settings, repository_root
from warmline.commands.visitors import Visitors
from warmline.customer.model import Person
from warmline.kit.console import count_from, progress, say
from warmline.kit.errors import UsageError
from warmline.kit.ids import new_secret
from warmline.kit.uow import Transaction
from warmline.knowledge.files import import_loaded, load_paths
from warmline.knowledge.listing import ArticleFilter
from warmline.settings import Settings
from warmline.staff.model import LEVEL, Role
from warmline.staff.schemas import ScriptBody

ACTOR = "system"
PROGRESS_SECONDS = 5
MARKER = "seeded"
"""The file in a data folder that says it is the demo's; it holds what was seeded last."""


class NotTheDemoError(UsageError):
    """The data is a bank's own: the demo's articles and people would mix with it."""

    code = "not_the_demo"


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `demo`."""
    parser = commands.add_parser("demo")
    add_settings(parser, folder="the demo's own, data/demo of this checkout")
    add_address(parser)
    parser.add_argument("--visitors", type=count_from(0), default=0, metavar="N", help="let N simulated customers talk")
    parser.set_defaults(func=demo)


def demo_settings(options: argparse.Namespace) -> Settings:
    """Settings of the demo where the environment and the command line say nothing."""
    return read_settings(
        options,
        data=demo_folder(),
        identity_levels=repository_root() / "demo" / "identity.yaml",
        actions=repository_root() / "demo" / "actions.yaml",
        policy=repository_root() / "demo" / "policy.yaml",
        routing=repository_root() / "demo" / "routing.yaml",
        checklists=repository_root() / "demo" / "checklists.yaml",
        bank_name="春和银行|春和銀行|Chunhe Bank",
        assistant_name="春和助手|春和助手|the Chunhe assistant",
        identity_secret=new_secret(),
        labelled_questions=repository_root() / "demo" / "labelled_questions.jsonl",
    )


def demo_folder() -> Path:
    """Where the demo's data lies when nobody says otherwise."""
    return repository_root() / "data" / "demo"


def is_own_bank(settings: Settings) -> bool:
    """Tell whether the data is a bank's own, as far as can be told before its database is open."""
    if (settings.data / MARKER).exists() or settings.data == demo_folder():
        return False
    return bool(settings.database_url) or (settings.data / "postgres").exists()


async def claim(node: Node) -> None:
    """Make the data the demo's; raise `NotTheDemoError` when it holds articles or accounts that nobody seeded."""
    if is_own_bank(node.settings):
        async with node.uow.begin() as tx:
            found = await node.knowledge.list_articles(tx, ArticleFilter(), limit=1)
            if found.articles or await node.staff.list_colleagues(tx):
                raise NotTheDemoError(
                    reason=f"{node.settings.data} holds a bank's own data, with which the demo's would mix:"
                    " give the demo another folder with --data or WARMLINE_DATA, and no WARMLINE_DATABASE_URL"
                )
    (node.settings.data / MARKER).touch()


def demo(options: argparse.Namespace) -> int:
    """Seed what is missing, serve with the bank's core banking beside, print where to look."""
    settings = demo_settings(options)
    with core_banking() as bank_url:
        return _serve(options, settings, bank_url)


def _serve(options: argparse.Namespace, settings: Settings, bank_url: str) -> int:
    from warmline.commands.demo_bank import build_router  # what serves is no part of `ask`, which seeds as well
    from warmline.commands.serve import serve

    visitors: list[Visitors] = []

    async def ready(node: Node) -> None:
        await seed_if_needed(node)
        await _print_welcome(node, settings, bank_url)
        if options.visitors:
            visitors.append(Visitors(node, options.visitors))
            await visitors[0].start()

    bank = build_router(repository_root() / "demo" / "customers.yaml", settings.identity_secret)
    return serve(settings, demo=True, check=_check, ready=ready, beside=bank)


async def _check(node: Node) -> None:
    """Refuse a bank's own data, and an endpoint that gives no vectors: nothing could be read then."""
    await claim(node)
    if node.settings.embeddings_url:
        await asyncio.to_thread(node.embedder.embed_queries, ["您好"])


async def seed_if_needed(node: Node) -> None:
    """Bring articles, staff, scripts and customers to the state of `demo/`; nothing to do when unchanged."""
    folder = repository_root() / "demo"
    stamp = stamp_of(folder)
    marker = node.settings.data / MARKER
    if await asyncio.to_thread(lambda: marker.exists() and marker.read_text() == stamp):
        return
    progress("seeding Chunhe Bank …")
    # Before the articles: a start that finds articles without vectors would compute them for minutes.
    await node.follower.know_vectors(folder / "vectors.npz")
    loaded = await asyncio.to_thread(load_paths, [folder / "articles"])
    report = await import_loaded(node.uow, node.knowledge, loaded, actor=ACTOR)
    if report.bad_rows:
        progress(f"  {report.bad_rows} rows of demo/articles could not be imported; see warmline kb check")
    await seed_people(node, folder)
    await seed_flows(node, folder)
    ticker = asyncio.create_task(_show_progress(node, len(loaded.incoming)))
    try:
        await node.follower.catch_up()
    finally:
        ticker.cancel()
    await asyncio.to_thread(marker.write_text, stamp)


async def _show_progress(node: Node, total: int) -> None:
    while True:
        await asyncio.sleep(PROGRESS_SECONDS)
        progress(f"  the assistant has read {len(node.follower.index)} of {total} articles")


def stamp_of(folder: Path) -> str:
    """Return what `<data>/seeded` holds when nothing in the folder changed since."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("articles/**/*.md")) + sorted(folder.glob("*.yaml")) + flow_files(folder):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def flow_files(folder: Path) -> list[Path]:
    """Return the flow files, without the test dialogues beside them."""
    return [path for path in sorted(folder.glob("flows/*.yaml")) if not path.name.endswith(".tests.yaml")]


async def seed_flows(node: Node, folder: Path) -> None:
    """Publish the flows whose text is not live yet."""
    async with node.uow.begin() as tx:
        for path in flow_files(folder):
            await node.flows.publish(tx, await asyncio.to_thread(path.read_text, "utf-8"), actor=ACTOR)


async def seed_people(node: Node, folder: Path) -> None:
    """Add the staff, their scripts and the known customers that are missing."""
    staff = yaml.safe_load((folder / "staff.yaml").read_text(encoding="utf-8"))
    customers = yaml.safe_load((folder / "customers.yaml").read_text(encoding="utf-8"))
    async with node.uow.begin() as tx:
        for group in staff["skills"]:
            await node.staff.put_skill_group(tx, group["id"], group["names"])
        for person in staff["people"]:
            await _seed_person(node, tx, person)
        known = {(one.shortcut, one.locale) for one in await node.people.scripts.list_scripts(tx)}
        for script in staff["scripts"]:
            if (script["shortcut"], script["locale"]) not in known:
                await node.people.scripts.create(tx, ScriptBody(**script).draft(), actor=ACTOR)
        for customer in customers["customers"]:
            person = {name: customer[name] for name in ("external_ref", "name", "phone", "birth_year")}
            await node.customers.seed(tx, Person(**person), elder=customer["elder"], locale=customer["locale"])


async def _seed_person(node: Node, tx: Transaction, person: dict[str, Any]) -> None:
    found = await node.staff.find_by_email(tx, person["email"])
    if found is None:
        roles = [Role(role) for role in person["roles"]]
        found = await node.staff.create_account(
            tx, email=person["email"], name=person["name"], roles=roles, actor=ACTOR
        )
    levels = {skill: person.get("levels", {}).get(skill, LEVEL) for skill in person["skills"]}
    await node.staff.set_skills(tx, found.id, levels, actor=ACTOR)


async def _print_welcome(node: Node, settings: Settings, bank_url: str) -> None:
    base = f"http://{settings.host}:{settings.port}"
    say(f"\n  Warmline · 春和银行 Chunhe Bank\n\n  {base}/            start here 从这里开始")
    say(f"  {base}/bank.html   a customer 客户\n  {base}/elder.html  elder edition 长辈版")
    say(f"  {base}/api/v1/docs API\n  {bank_url}/openapi.json  the bank's core banking 银行核心系统")
    say("\n  the desk 工作台, one-time sign-in links 一次性登录链接 (30 min):")
    async with node.uow.begin() as tx:
        for person in await node.staff.list_colleagues(tx):
            token = await node.staff.create_sign_in_link(tx, person.id, actor=ACTOR)
            roles = ", ".join(sorted(role.value for role in person.roles))
            say(f"  {person.name:　<4} {roles:<12} {base}/desk/link#{token}")
    say("\n  Ctrl-C stops everything. 按 Ctrl-C 全部停止。")
