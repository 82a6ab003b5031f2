"""`warmline …`: see `warmline --help`. Exit 0 = done, 1 = what was asked about does not hold, 2 = wrong usage."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from warmline.kit.console import never_fail_to_print, progress, say_error
from warmline.kit.ending import Interrupted, heed_signals, leave
from warmline.kit.errors import UsageError, WarmlineError
from warmline.kit.i18n import Words

COMMANDS = {
    "up": ("serve", "warmline.commands.serve"),
    "demo": ("serve the fictional Chunhe Bank", "warmline.commands.demo"),
    "ask": ("ask one question and print the answer", "warmline.commands.ask"),
    "chat": ("talk like a customer, in the terminal", "warmline.commands.ask"),
    "user": ("staff accounts", "warmline.commands.users"),
    "skill": ("skill groups that customers are routed by", "warmline.commands.skills"),
    "kb": ("import, export and check articles", "warmline.commands.kb"),
    "flow": ("list, check, import, export and publish flows", "warmline.commands.flow"),
    "prove": ("prove that nobody is ever trapped, or show how", "warmline.commands.prove"),
    "eval": ("measure on your own logs, through the code the assistant runs", "warmline.commands.evaluate"),
    "simulate": ("play a call centre's log anew, staffed otherwise, or plan a day", "warmline.commands.simulate"),
    "bench": ("measure this machine; each prints a table", "warmline.bench.commands"),
    "doctor": ("what this machine has and lacks", "warmline.commands.doctor"),
}
"""What each command does, and the module whose `register` adds it."""


def build_parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of every command; of all modules only the chosen command's is imported: it takes seconds."""
    parser = argparse.ArgumentParser(prog="warmline", description="People and AI as one team, at 37°.")
    parser.add_argument("--version", action="version", version=f"warmline {version('warmline')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    if chosen in COMMANDS:
        import_module(COMMANDS[chosen][1]).register(commands)
    for name, (about, _) in COMMANDS.items():
        if name not in commands.choices:
            commands.add_parser(name, help=about)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    never_fail_to_print()
    given = sys.argv[1:] if arguments is None else arguments
    options = build_parser(next(iter(given), None)).parse_args(given)
    heed_signals()
    try:
        sys.exit(options.func(options))
    except WarmlineError as error:
        say_error(error, Words.load(Path(__file__).parent / "web" / "words.yaml"))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        leave(1)  # whoever read the output has gone, such as `head`
    except OSError as error:
        progress(f"warmline: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        sys.exit(1)
    except KeyboardInterrupt as error:
        leave(128 + (error.number if isinstance(error, Interrupted) else signal.SIGINT))
