"""`warmline prove`: that nobody is ever trapped, or a dialogue in which somebody is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from warmline.commands.core_banking import core_banking
from warmline.commands.running import repository_root
from warmline.dialogue.proof.config import Config, MistakesError, load_config
from warmline.dialogue.proof.invariants import INVARIANTS
from warmline.dialogue.proof.prove import Certificate, CounterExample, prove
from warmline.dialogue.proof.scripted import Failure, run_tests
from warmline.dialogue.proof.story import render
from warmline.kit.console import count_from, progress, say, say_json


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `prove`."""
    parser = commands.add_parser("prove", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="flows/*.yaml, identity.yaml, actions.yaml, policy.yaml, hours.yaml (demo)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--tests", action="store_true", help="run the test dialogues beside the flows instead")
    parser.add_argument("--processes", type=count_from(1), default=0, help="as many as there are cores")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Print the certificate or the counter-example; exit 1 when something does not hold."""
    demo = repository_root() / "demo"
    folder: Path = options.folder or demo
    with core_banking() if folder.resolve() == demo else nullcontext():
        try:
            config = load_config(folder)
        except MistakesError as error:
            return _tell_mistakes(error, as_json=options.json)
    if options.tests:
        return _tell_tests(folder, config, as_json=options.json)
    progress(f"exploring {len(config.flows)} flows …")
    proved = prove(config, processes=options.processes)
    if options.json:
        say_json(to_json(proved))
    else:
        for line in describe(proved):
            say(line)
    return 0 if proved.holds else 1


def to_json(proved: Certificate | CounterExample) -> dict[str, Any]:
    """Return what `--json` prints."""
    failed = proved.failed if isinstance(proved, CounterExample) else {}
    found: dict[str, Any] = {
        "holds": proved.holds,
        "states": proved.states,
        "transitions": proved.transitions,
        "longest_path_to_human": proved.longest_path_to_human if isinstance(proved, Certificate) else None,
        "longest_without_a_word": proved.longest_without_a_word if isinstance(proved, Certificate) else None,
        "invariants": {name: name not in failed for name in INVARIANTS},
        "counterexample": None,
        "flows": [asdict(one) for one in proved.explored],
    }
    if isinstance(proved, Certificate):
        more = {"owner_states": proved.owner_states, "hours_checked": proved.hours_checked, "seconds": proved.seconds}
        return found | more | {"digest": proved.digest, "assumed": list(proved.assumed)}
    dialogue = [{"who": who, "what": what} for who, what in proved.dialogue]
    wrong = {"invariant": proved.invariant, "what": proved.what, "flow": proved.flow, "dialogue": dialogue}
    return found | {"counterexample": wrong, "failed": dict(failed)}


def describe(proved: Certificate | CounterExample) -> Iterator[str]:
    """Yield the lines a person reads."""
    if isinstance(proved, CounterExample):
        yield f"does not hold: {proved.invariant} — {INVARIANTS[proved.invariant]}"
        yield f"  {proved.what}{f' (flow {proved.flow})' if proved.flow else ''}"
        yield ""
        yield from render(proved.dialogue)
        others = {name: what for name, what in proved.failed.items() if name != proved.invariant}
        yield from ("", *(f"also: {name} — {what}" for name, what in others.items())) if others else ()
        return
    yield f"certificate: {proved.config}, configuration {proved.digest[:16]}, in {proved.seconds} s"
    yield f"  {'states':>8} {'transitions':>12} {'seconds':>8}"
    many = len({one.policy for one in proved.explored}) > 1
    for one in sorted(proved.explored, key=lambda each: (each.flow, each.policy)):
        under = f" (policy {one.policy})" if many else ""
        yield f"  {one.states:>8,} {one.transitions:>12,} {one.seconds:>8} {one.flow}{under}"
    yield f"  {proved.owner_states:>8,} {proved.owner_transitions:>12,} {'':>8} who has the conversation"
    yield f"  {proved.states:>8,} {proved.transitions:>12,} {'':>8} together, each visited"
    yield f"  longest way to a person: {_turns(proved.longest_path_to_human)} after the wish for one,"
    yield f"    {_turns(proved.longest_without_a_word)} of words that nobody can read"
    yield f"  callbacks: promised at each of {proved.hours_checked:,} moments, all within the bank's hours"
    yield "holds in all of them:"
    yield from (f"  {name:<13} {what}" for name, what in INVARIANTS.items())
    yield "assumed:"
    yield from (f"  - {one}" for one in proved.assumed)


def _turns(number: int) -> str:
    return f"{number} turn{'' if number == 1 else 's'}"


def _tell_mistakes(error: MistakesError, *, as_json: bool) -> int:
    if as_json:
        say_json({"holds": False, "mistakes": list(error.mistakes)})
    else:
        for line in error.mistakes:
            say(line)
    return 1


def _tell_tests(folder: Path, config: Config, *, as_json: bool) -> int:
    results = list(run_tests(folder, config))
    failed = [one for one in results if isinstance(one, Failure)]
    if as_json:
        told = [{"file": one.file, "line": one.line, "test": one.test, "what": one.what} for one in failed]
        say_json({"holds": not failed, "n": len(results), "failed": told})
    else:
        for one in failed:
            say(f"{one.file}:{one.line}: {one.test}: {one.what}")
        say(f"{len(results) - len(failed)} of {len(results)} test dialogues pass")
    return 1 if failed else 0
