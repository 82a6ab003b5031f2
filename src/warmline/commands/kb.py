"""`warmline kb …` on the knowledge of a data folder."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator

from warmline.commands.running import open_database, read_settings, running_node
from warmline.knowledge import cli
from warmline.knowledge.cli import KnowledgeStore


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `kb`."""
    cli.register(commands, connect)


@contextlib.asynccontextmanager
async def connect(options: argparse.Namespace) -> AsyncIterator[KnowledgeStore]:
    """Yield the knowledge of the data folder, also while a server runs on it."""
    settings = read_settings(options)
    with open_database(settings, share=True) as url:
        async with running_node(settings, url) as node:
            yield KnowledgeStore(node.uow, node.knowledge, lambda: node.embedder)
