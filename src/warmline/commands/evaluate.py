"""`warmline eval …`."""

from __future__ import annotations

import argparse

from warmline.evaluation import service as evaluation


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `eval`."""
    parser = commands.add_parser("eval")
    evaluation.register(parser.add_subparsers(dest="task", required=True, metavar="TASK"))
