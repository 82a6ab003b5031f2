"""`warmline bench …`."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from warmline.bench.assist import run_assist
from warmline.bench.report import Row, publish
from warmline.bench.routing import run_routing
from warmline.bench.staffing import run_staffing
from warmline.bench.talk import run_talk
from warmline.bench.turns import run_turns
from warmline.kit.console import count_from
from warmline.kit.ending import run_async

Bench = Callable[[argparse.Namespace], Awaitable[list[Row]]]


def register(commands: Any) -> None:
    """Add `bench talk`, `bench turns`, `bench staffing`, `bench routing` and `bench assist`."""
    parser = commands.add_parser("bench")
    benches = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
    talk = benches.add_parser("talk", help="messages between customer and agent, beside bare PostgreSQL")
    talk.add_argument("--sockets", type=count_from(1), default=2000, metavar="N", help="open at once (default: 2000)")
    _finish(talk, "talk", lambda options: run_talk(sockets=options.sockets))
    turns = benches.add_parser("turns", help="answers of the assistant")
    turns.add_argument(
        "--articles", type=count_from(1), default=300, metavar="N", help="articles searched, up to 100,000 (synthetic)"
    )
    _finish(turns, "turns", lambda options: run_turns(articles=options.articles))
    staffing = benches.add_parser("staffing", help="a call centre's log forecast and played anew")
    staffing.add_argument("--calls", action="extend", nargs="+", required=True, metavar="FILE", help="JSON Lines")
    _finish(staffing, "staffing", lambda options: run_staffing(paths=options.calls))
    routing = benches.add_parser("routing", help="who takes whom: rounds, workers, nobody twice, nobody starved")
    routing.add_argument("--waiting", type=count_from(1), default=10_000, metavar="N", help="(default: 10000)")
    routing.add_argument("--agents", type=count_from(1), default=1_000, metavar="N", help="(default: 1000)")
    _finish(routing, "routing", lambda options: run_routing(waiting=options.waiting, agents=options.agents))
    assist = benches.add_parser("assist", help="what is suggested beside an agent")
    assist.add_argument(
        "--solved", type=count_from(1), default=300, metavar="N", help="solved conversations remembered"
    )
    assist.add_argument("--asked", type=count_from(1), default=200, metavar="N", help="questions (default: 200)")
    _finish(assist, "assist", lambda options: run_assist(asked=options.asked, solved=options.solved))


def _finish(parser: argparse.ArgumentParser, name: str, bench: Bench) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", type=Path, help="write the JSON there, too")

    def run(options: argparse.Namespace) -> int:
        publish(name, run_async(_collect(bench, options)), as_json=options.json, path=options.out)
        return 0

    parser.set_defaults(func=run)


async def _collect(bench: Bench, options: argparse.Namespace) -> list[Row]:
    return await bench(options)
