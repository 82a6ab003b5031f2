"""`warmline eval …`."""

from __future__ import annotations

import argparse

from warmline.commands import play
from warmline.evaluation import service as evaluation


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `eval`."""
    parser = commands.add_parser("eval")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    evaluation.register(tasks)
    play.register(tasks)
