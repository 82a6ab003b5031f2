"""`warmline …`: see `warmline --help`. Exit 0 = done, 1 = what was asked about does not hold, 2 = wrong usage."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from warmline.bench import commands as bench
from warmline.commands import ask, demo, doctor, serve, users
from warmline.evaluation import service as evaluation
from warmline.kit.console import say_error
from warmline.kit.errors import WarmlineError
from warmline.knowledge import cli as knowledge_cli


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="warmline", description="People and AI as one team, at 37°.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve.register(commands)
    demo.register(commands)
    ask.register(commands)
    users.register(commands)
    doctor.register(commands)
    bench.register(commands)
    evaluated = commands.add_parser("eval", help="measure on your own logs, through the code the assistant runs")
    evaluation.register(evaluated.add_subparsers(dest="task", required=True, metavar="TASK"))
    knowledge_cli.register(commands, serve.connect_knowledge)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    options = build_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        sys.exit(options.func(options))
    except WarmlineError as error:
        say_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Unwind as Ctrl-C does, so that whatever was started is stopped."""
    sys.exit(128 + number)
