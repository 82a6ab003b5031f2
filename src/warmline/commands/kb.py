"""`warmline kb …` on the knowledge of a data folder."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator

from warmline.commands.running import open_database, read_settings
from warmline.kit.bus import PostgresBus
from warmline.kit.clock import SystemClock
from warmline.kit.console import progress
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge import cli
from warmline.knowledge.cli import KnowledgeStore
from warmline.knowledge.service import KnowledgeService
from warmline.language.ports import TextEmbedder
from warmline.settings import Settings


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `kb`."""
    cli.register(commands, connect)


@contextlib.asynccontextmanager
async def connect(options: argparse.Namespace) -> AsyncIterator[KnowledgeStore]:
    """Yield the knowledge of the data folder, also while a server runs on it: it hears what changed."""
    settings = read_settings(options)
    with open_database(settings, share=True) as url:
        uow, bus = UnitOfWork(create_engine(url)), PostgresBus(url)
        try:
            service = KnowledgeService(clock=SystemClock(), bus=bus, zone=settings.zone)
            yield KnowledgeStore(uow, service, lambda: _embedder(settings))
            await bus.flush()
        finally:
            await uow.engine.dispose()


def _embedder(settings: Settings) -> TextEmbedder:
    from warmline.parts import choose_embedder  # takes seconds, which only `check` need spend

    choice = choose_embedder(settings)
    if choice.notice:
        progress(choice.notice)
    return choice.embedder
