"""`warmline eval dialogues`: the scripted conversations, played against the whole assistant and a real core banking."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from warmline.bootstrap import Node, build_node
from warmline.commands.core_banking import TOKEN, core_banking
from warmline.commands.demo import demo_settings, seed_if_needed
from warmline.conversation import commands as c
from warmline.conversation.events import (
    ActionTaken,
    Author,
    AuthorKind,
    Event,
    MessagePosted,
    Owner,
    TurnDecided,
    Visibility,
)
from warmline.conversation.model import Conversation
from warmline.customer.model import Person
from warmline.evaluation.scripted import MOST_TURNS, Customer, Deed, Played, Script, judge, read_scripts, sum_up
from warmline.kit.clock import ShiftedClock
from warmline.kit.console import progress, say, say_json
from warmline.kit.embedded_postgres import running_postgres
from warmline.kit.ids import new_id
from warmline.migrate import migrate
from warmline.staff.model import Presence

OPEN_AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
CLOSED_AT = datetime(2026, 11, 28, 14, 30, tzinfo=UTC)
TURN_SECONDS = 10.0
SHOWN = 110
"""Characters of an answer that are shown."""


def register(tasks: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `eval dialogues`."""
    parser = tasks.add_parser("dialogues", help="scripted conversations against the demo bank")
    parser.add_argument("--test", type=Path, nargs="+", required=True, metavar="FILE", help="files or folders")
    parser.add_argument("--half", choices=("open", "blind"), default="", help="only this half of them")
    parser.add_argument("--only", default="", help="only conversations whose id begins so")
    parser.add_argument("--verbose", action="store_true", help="print each conversation that failed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=lambda options: asyncio.run(play_all(options)))


async def play_all(options: argparse.Namespace) -> int:
    """Play the scripts one after another; exit 1 when one of them failed."""
    paths = [one for path in options.test for one in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    scripts = [one for one in read_scripts(paths, options.half) if one.id.startswith(options.only)]
    results = []
    async with _stage(options) as stage:
        for script in scripts:
            played = await stage.play(script)
            wrong = judge(script, played)
            results.append((script, played, wrong))
            if wrong and options.verbose:
                _tell(script, played, wrong)
            progress(f"  {len(results)} of {len(scripts)}, {sum(not w for *_, w in results)} done")
    figures = sum_up(results)
    if options.json:
        say_json(figures | {"failed": {script.id: wrong for script, _, wrong in results if wrong}})
    else:
        for name, value in figures.items():
            say(f"{name:20} {value:.4f}" if isinstance(value, float) else f"{name:20} {value}")
    return 0 if all(not wrong for *_, wrong in results) else 1


def _tell(script: Script, played: Played, wrong: Sequence[str]) -> None:
    say(f"--- {script.id}: {'; '.join(wrong)}")
    for n, said in enumerate(played.customer):
        say(f"  > {said}")
        answer = played.assistant[n].replace("\n", " / ") if n < len(played.assistant) else "…"
        say(f"    {played.reasons[n] if n < len(played.reasons) else ''} {answer[:SHOWN]}")


class Stage:
    """The demo bank in a scratch folder, with a clock that is set before each conversation."""

    def __init__(self, node: Node, clock: ShiftedClock, core: httpx.AsyncClient) -> None:
        self._node, self._clock, self._core = node, clock, core

    async def play(self, script: Script) -> Played:
        """Play one conversation from its first message to its end."""
        now = script.clock or (CLOSED_AT if script.closed else OPEN_AT)
        self._clock.set(now)
        await self._core.post("/demo/reset", json={"now": now.isoformat()})
        await self._staff(there=not script.closed)
        state = await self._begin(script)
        customer, played = Customer(script), Played()
        says: str | None = script.says
        while says is not None and len(played.customer) < MOST_TURNS:
            says = await self._fill(says)
            played.customer.append(says)
            events = await self._say(state.id, state.customer_id, says)
            decided = _note(events, played)
            if decided is None:
                played.fault = "no answer in time"
                break
            if (await self._node.conversations.get(state.id)).owner is not Owner.ASSISTANT:
                played.person_at = len(played.customer)
                break
            begun = [flow for flow, _ in played.flows]
            offered = (decided.memory or {}).get("offered", "")
            says = customer.reply(decided.asks, agreement=decided.confirms, begun=begun, offered=offered)
        played.repeated = customer.repeated
        await self._forget(script.customer)
        return played

    async def _forget(self, external_ref: str | None) -> None:
        """Forget whom a conversation was with, so that to the next one nobody comes a second time."""
        async with self._node.uow.begin() as tx:
            selves = await self._node.customers.list_known(tx, external_ref) if external_ref else []
        for one in selves:
            await self._node.erasure.erase(one, actor="eval")

    async def _begin(self, script: Script) -> Conversation:
        node = self._node
        async with node.uow.begin() as tx:
            customer = await node.customers.create_anonymous(tx, locale=script.locale, elder=script.elder)
            if script.signed_in and script.customer:
                person = Person(external_ref=f"{script.customer}")
                customer = await node.customers.seed(tx, person, elder=script.elder, locale=script.locale)
        return await node.conversations.start(customer.id, channel="web", locale=script.locale, elder=script.elder)

    async def _staff(self, *, there: bool) -> None:
        node = self._node
        async with node.uow.begin() as tx:
            people = [one for one in await node.staff.list_colleagues(tx) if one.serves]
            for one in people:
                await node.staff.set_presence(tx, one.id, Presence.AVAILABLE if there else Presence.AWAY)
        if there:
            await node.routing.touch([one.id for one in people])

    async def _fill(self, text: str) -> str:
        if "{code}" not in text and "{new_code}" not in text:
            return text
        messages = (await self._core.get("/demo/outbox")).json()["messages"]
        code = messages[-1]["code"] if messages else "000000"
        return text.replace("{code}", code).replace("{new_code}", code)

    async def _say(self, conversation_id: UUID, customer_id: UUID, text: str) -> list[Event]:
        node = self._node
        author = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
        done = await node.conversations.execute(conversation_id, c.PostMessage(author, new_id().hex, text))
        after = done.state.last_seq
        for _ in range(round(TURN_SECONDS / 0.02)):
            state = await node.conversations.get(conversation_id)
            if state.reply_due_at is None:
                break
            await asyncio.sleep(0.02)
        return await node.conversations.events_after(conversation_id, after, Visibility.STAFF, limit=100)


def _note(events: Sequence[Event], played: Played) -> TurnDecided | None:
    decided: TurnDecided | None = None
    taken: list[ActionTaken] = []
    texts = []
    for event in events:
        match event.payload:
            case MessagePosted(text=text) if event.author.kind is not AuthorKind.CUSTOMER:
                texts.append(text or "")
            case ActionTaken() as deed if deed.effect != "read" and deed.status == "ok":
                taken.append(deed)
            case TurnDecided() as turn:
                decided = turn
    played.assistant.append("\n".join(texts))
    if decided is None:
        return None
    played.milliseconds.append(decided.milliseconds)
    played.reasons.append(f"[{decided.decision} {decided.reason} {' '.join(decided.article_ids[:3])}]")
    if decided.asks:
        played.asked.append(decided.asks)
    facts = _facts(decided)
    played.slots |= facts
    for one in taken:
        played.deeds.append(Deed(one.action, {**facts, **_texts(one.data or {}), **_texts(one.arguments or {})}))
    if decided.flow:
        known = (decided.flow, decided.outcome)
        if (decided.flow, None) in played.flows and decided.outcome:
            played.flows.remove((decided.flow, None))
        if known not in played.flows and not (decided.outcome is None and decided.flow in dict(played.flows)):
            played.flows.append(known)
    return decided


def _texts(data: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in data.items() if isinstance(value, str | int | float)}


def _facts(decided: TurnDecided) -> dict[str, str]:
    """Return the slots' values, and the fields of the items chosen."""
    memory = decided.memory or {}
    facts: dict[str, str] = {}
    for part in (memory.get("facts"), *((memory.get(name) or {}).get("slots") for name in ("aside", "ended", "run"))):
        for name, filled in (part or {}).items():
            item = filled.get("item") or {}
            facts |= _texts(item)
            if "last4" in item:
                facts["card_last4"] = item["last4"]
            if "at" in item:
                facts["date"] = item["at"][:10]
            facts[name] = str(item.get("last4") or item.get("kind") or filled["value"])
    return facts


@asynccontextmanager
async def _stage(options: argparse.Namespace) -> AsyncIterator[Stage]:
    clock = ShiftedClock(OPEN_AT)
    with tempfile.TemporaryDirectory(prefix="warmline-play-") as folder, core_banking() as core_url:
        data = Path(folder) / "data"
        options.data = data
        settings = demo_settings(options)
        with running_postgres(data) as database:
            migrate(database.url())
            node = build_node(settings, database.url(), clock)
            await seed_if_needed(node)
            await node.start()
            await node.follower.settle()
            await node.release.settle()
            await node.flow_keeper.learnt()
            await node.open_doors()
            headers = {"Authorization": f"Bearer {os.environ[TOKEN]}"}
            async with httpx.AsyncClient(base_url=core_url, headers=headers) as core:
                yield Stage(node, clock, core)
            await node.stop()
