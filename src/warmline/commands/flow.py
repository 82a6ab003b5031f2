"""`warmline flow list | check | import | export | publish`: the flows of a data folder, by the desk's own rules."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warmline.commands.core_banking import core_banking
from warmline.commands.demo import MARKER, demo_settings
from warmline.commands.running import add_settings, open_database, read_settings, repository_root
from warmline.connectors.bank import BankActions
from warmline.connectors.model import Action
from warmline.dialogue.flows.desk import Checked, FlowDesk, Surroundings, check_text
from warmline.dialogue.flows.loader import FlowFileError, load_flow
from warmline.dialogue.flows.proofs import Proof, ProofService, Task, make_ground
from warmline.dialogue.flows.store import FlowEntry, FlowService
from warmline.dialogue.proof.story import render
from warmline.kit.bus import PostgresBus
from warmline.kit.clock import SystemClock
from warmline.kit.console import progress, say, say_json
from warmline.kit.ending import run_async
from warmline.kit.errors import UsageError
from warmline.kit.i18n import LOCALES, pick_locale
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.settings import Settings

ACTOR = "system"
LOOK_SECONDS = 0.2


class NoSuchPathError(UsageError):
    """There is no file or folder of this name."""

    code = "no_such_path"


@dataclass(frozen=True)
class Bank:
    """What the commands need of a deployment."""

    desk: FlowDesk
    locale: str


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `flow`."""
    parser = commands.add_parser("flow", description=__doc__)
    actions = parser.add_subparsers(dest="flow_command", required=True, metavar="ACTION")
    _add(actions, "list", "flows with their live version", list_flows)
    one = _add(actions, "check", "find mistakes in flow files, with line and what to write instead", check)
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    one = _add(actions, "import", "save flow files as drafts", import_flows)
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    one.add_argument("--publish", action="store_true", help="prove and publish them as well")
    one = _add(actions, "export", "print the live text of a flow", export)
    one.add_argument("id", metavar="ID")
    one.add_argument("--draft", action="store_true", help="the draft, where there is one")
    one.add_argument("--version", type=int, metavar="N", help="an earlier version")
    one = _add(actions, "publish", "prove the draft of a flow and make it live", publish)
    one.add_argument("ids", nargs="+", metavar="ID")


def _add(actions: Any, name: str, about: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=about, description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--locale", choices=LOCALES, help="language of messages; default: the terminal's")
    add_settings(parser)
    parser.set_defaults(func=lambda options: run_async(run(options)))
    return parser


async def list_flows(options: argparse.Namespace) -> int:
    """Print every flow."""
    async with _bank(options) as bank:
        found = await bank.desk.list_flows()
    if options.json:
        say_json({"flows": [_flow_object(one) for one in found]})
        return 0
    for one in found:
        version = f"v{one.live_version}" if one.live_version else "-"
        say(f"{one.id:24} {version:>4}  {'draft' if one.draft is not None else '':5}  {_title(one, _locale(options))}")
    return 0


async def check(options: argparse.Namespace) -> int:
    """Print the mistakes in files; exit 1 when there are any."""
    files, locale = list(_files(options.paths)), _locale(options)
    settings = _beside(files, _settings(options))
    with _systems(settings):
        actions = await _describe(settings)
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    starters = _starters(texts.values())
    identity = _text(settings.identity_levels)
    found = {
        path: check_text(Task(_name(text, path), text, identity, actions, "", ""), _around(starters), locale)
        for path, text in texts.items()
    }
    return _tell_mistakes(found, locale, as_json=options.json)


async def import_flows(options: argparse.Namespace) -> int:
    """Save files as drafts, and publish what holds if asked to; exit 1 when any file has a mistake or does not hold."""
    files = {path: path.read_text(encoding="utf-8") for path in _files(options.paths)}
    async with _bank(options, systems=True) as bank:
        known = {one.id: one for one in await bank.desk.list_flows()}
        saved, found = [], {}
        for path, text in files.items():
            flow_id = _name(text, path)
            found[path] = await bank.desk.check(flow_id, text, bank.locale)
            if not found[path].problems:
                expect = known[flow_id].mark if flow_id in known else ""
                await bank.desk.save(flow_id, text, actor=ACTOR, expect=expect)
                saved.append(flow_id)
        bad = {path: checked for path, checked in found.items() if checked.problems}
        proofs = {one: await _go_live(bank, one) for one in saved} if options.publish else {}
    if options.json:
        mistakes = [one for path, checked in bad.items() for one in _problem_objects(path, checked, bank.locale)]
        told = {one: _proof_object(proof) for one, proof in proofs.items()}
        say_json({"saved": saved, "mistakes": mistakes, "proofs": told})
    else:
        if bad:
            _tell_mistakes(bad, bank.locale, as_json=False)
        for flow_id in saved:
            say(f"{flow_id}: saved as a draft")
        _tell_proofs(proofs)
    return 1 if bad or any(proof.state != "holds" for proof in proofs.values()) else 0


async def export(options: argparse.Namespace) -> int:
    """Print the text of a flow; exit 1 when there is none."""
    async with _bank(options) as bank:
        entry = await bank.desk.get_flow(options.id)
        text = entry.source
        if options.version:
            text = (await bank.desk.get_version(options.id, options.version)).source
        elif options.draft:
            text = entry.text
    if not text:
        progress(f"{options.id} is not live; --draft prints its draft")
        return 1
    if options.json:
        say_json({"id": options.id, "text": text})
    else:
        sys.stdout.write(text)
    return 0


async def publish(options: argparse.Namespace) -> int:
    """Prove drafts and make live what holds; exit 1 when any does not."""
    async with _bank(options, systems=True) as bank:
        for flow_id in options.ids:
            await bank.desk.get_flow(flow_id)
        proofs = {flow_id: await _go_live(bank, flow_id) for flow_id in options.ids}
    if options.json:
        say_json({"proofs": {flow_id: _proof_object(proof) for flow_id, proof in proofs.items()}})
    else:
        _tell_proofs(proofs)
    return 0 if all(proof.state == "holds" for proof in proofs.values()) else 1


async def _go_live(bank: Bank, flow_id: str) -> Proof:
    """Prove what is to go live, wait, and publish it if it holds."""
    progress(f"proving {flow_id} …")
    proof = await bank.desk.start_proof(flow_id, actor=ACTOR)
    while proof.state == "running":
        await asyncio.sleep(LOOK_SECONDS)
        proof = await bank.desk.get_proof(flow_id)
    if proof.state == "holds":
        entry = await bank.desk.get_flow(flow_id)
        await bank.desk.publish(flow_id, actor=ACTOR, expect=entry.mark)
    return proof


@contextlib.asynccontextmanager
async def _bank(options: argparse.Namespace, *, systems: bool = False) -> AsyncIterator[Bank]:
    """Yield the flows of the data folder, also while a server runs on it: it hears what changed.

    `systems`: what a flow may do in the bank's systems is needed, too.
    """
    settings = _settings(options)
    with open_database(settings, share=True) as url, _systems(settings) if systems else nullcontext():
        uow, bus, clock = UnitOfWork(create_engine(url)), PostgresBus(url), SystemClock()
        actions = BankActions(settings.actions if systems else None)
        await actions.open()
        flows = FlowService(clock=clock, bus=bus)
        proofs = ProofService(uow, clock, make_ground(settings, actions.describe))
        try:
            async with uow.begin() as tx:
                live = {one.id: one.source for one in await flows.list_flows(tx) if one.source}
            around = _around(_starters(live.values()), tuple(live))
            yield Bank(FlowDesk(uow, flows, proofs, lambda: around), _locale(options))
            await bus.flush()
        finally:
            await proofs.stop()
            await actions.close()
            await uow.engine.dispose()


def _settings(options: argparse.Namespace) -> Settings:
    """Read the settings; a folder that the demo has seeded goes by the demo's."""
    settings = read_settings(options)
    return demo_settings(options) if (settings.data / MARKER).exists() else settings


def _beside(files: Sequence[Path], settings: Settings) -> Settings:
    """Take what is not set from the folder that `flows/` lies in, as `warmline prove` does."""
    folder = files[0].resolve().parent.parent if files else Path()
    beside = {"identity_levels": folder / "identity.yaml", "actions": folder / "actions.yaml"}
    found = {name: path for name, path in beside.items() if getattr(settings, name) is None and path.is_file()}
    return settings.model_copy(update=found)


def _systems(settings: Settings) -> contextlib.AbstractContextManager[Any]:
    """Run the demo's core banking where the demo's actions are used."""
    return core_banking() if settings.actions == repository_root() / "demo" / "actions.yaml" else nullcontext()


async def _describe(settings: Settings) -> Mapping[str, Action]:
    actions = BankActions(settings.actions)
    await actions.open()
    try:
        return await actions.describe()
    finally:
        await actions.close()


def _text(path: Path | None) -> str:
    if path is None:
        raise UsageError(
            reason="flows need WARMLINE_IDENTITY_LEVELS, the file that says how it is made sure who somebody is"
        )
    return path.read_text(encoding="utf-8")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the flow files among paths and in folders, without the test dialogues beside them."""
    for path in paths:
        if not path.exists():
            raise NoSuchPathError(reason=f"there is no {path}")
        found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        yield from (one for one in found if not one.name.endswith(".tests.yaml"))


def _name(text: str, path: Path) -> str:
    """Return the name that a text gives itself, else its file's."""
    try:
        return load_flow(text, path.name)[0].flow
    except FlowFileError:
        return path.stem


def _starters(texts: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        with contextlib.suppress(FlowFileError):
            flow = load_flow(text, "flow")[0]
            found |= {article: flow.flow for article in flow.starts.articles if article not in found}
    return found


def _around(starters: Mapping[str, str], live: Sequence[str] = ()) -> Surroundings:
    return Surroundings(None, starters, live or tuple(set(starters.values())))


def _tell_mistakes(found: Mapping[Path, Checked], locale: str, *, as_json: bool) -> int:
    mistakes = [one for path, checked in found.items() for one in _problem_objects(path, checked, locale)]
    if as_json:
        say_json({"flows": len(found), "mistakes": mistakes})
    else:
        for one in mistakes:
            what = f"{one['message']}; {one['instead']}" if one["instead"] else one["message"]
            say(f"{one['file']}:{one['line']}:{one['column']}: {what}")
        progress(f"{len(found)} flow files, {len(mistakes)} mistakes")
    return 1 if mistakes else 0


def _problem_objects(path: Path, checked: Checked, locale: str) -> Iterator[dict[str, Any]]:
    for one in checked.problems:
        place = {"file": str(path), "line": one.line, "column": one.column}
        yield {**place, "message": one.say(locale), "instead": one.advise(locale)}


def _tell_proofs(proofs: Mapping[str, Proof]) -> None:
    for flow_id, proof in proofs.items():
        result = proof.result
        if proof.state == "holds":
            say(f"{flow_id}: holds ({result['states']:,} states, {result['transitions']:,} transitions); published")
            continue
        say(f"{flow_id}: {'does not hold' if proof.state == 'fails' else 'the proof was not finished'}; not published")
        if result.get("invariant"):
            say(f"  {result['invariant']}: {result['what']}")
        for line in render([(who, what) for who, what in result.get("dialogue", ())]):
            say(line)


def _proof_object(proof: Proof) -> dict[str, Any]:
    return {"state": proof.state, "digest": proof.digest, **proof.result}


def _flow_object(one: FlowEntry) -> dict[str, Any]:
    return {
        "id": one.id, "live_version": one.live_version, "draft": one.draft is not None,
        "published_at": one.published_at, "published_by": one.published_by, "updated_at": one.updated_at,
    }  # fmt: skip


def _title(one: FlowEntry, locale: str) -> str:
    try:
        return load_flow(one.source or one.text, one.id)[0].title.say(locale)
    except FlowFileError:
        return ""


def _locale(options: argparse.Namespace) -> str:
    terminal = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return str(options.locale or (pick_locale(terminal) if terminal.startswith("zh") else "en"))
