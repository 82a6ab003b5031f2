"""`warmline up`: serve, with the embedded PostgreSQL unless a database is set."""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from types import FrameType

import uvicorn
from fastapi import APIRouter

from warmline.bootstrap import Node, build_node
from warmline.commands.front_end import find_front_end
from warmline.commands.running import add_address, add_settings, check_port, open_database, read_settings
from warmline.kit.console import progress
from warmline.kit.ending import leave, run_async
from warmline.kit.memory import keep_heap_small
from warmline.settings import Settings
from warmline.web.app import create_app

STOP_SECONDS = 3
SWITCH_SECONDS = 5e-4
"""How long a searching thread may hold the interpreter while the event loop waits for it: at the usual 5 ms every short
call of the loop can cost as much (`sys.setswitchinterval`)."""
LONG_START_SECONDS = 6


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `up`."""
    parser = commands.add_parser("up")
    add_settings(parser)
    add_address(parser)
    parser.set_defaults(func=up)


def up(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    settings = read_settings(options)
    return serve(settings, demo=False)


def serve(
    settings: Settings,
    *,
    demo: bool,
    check: Callable[[Node], Awaitable[None]] | None = None,
    ready: Callable[[Node], Awaitable[None]] | None = None,
    beside: APIRouter | None = None,
) -> int:
    """Serve until interrupted; `check` may refuse before, `ready` and `beside` are those of `create_app`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    check_port(settings.host, settings.port)
    keep_heap_small()
    sys.setswitchinterval(SWITCH_SECONDS)
    progress("starting the database …")
    with ExitStack() as opened:
        url = opened.enter_context(open_database(settings, share=False))
        node = build_node(settings, url)
        run_async(_check(node, check))
        app = create_app(node, find_front_end(demo=demo), ready=ready, beside=beside)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",
            ws_max_size=256 * 1024,
            ws_per_message_deflate=False,
            # Whoever is cut off without a word is noticed within one more `vanish_seconds`.
            ws_ping_interval=settings.vanish_seconds / 3,
            ws_ping_timeout=settings.vanish_seconds * 2 / 3,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=STOP_SECONDS,
            server_header=False,
        )
        server = _Server(config, opened.close)
        runner = asyncio.Runner(loop_factory=config.get_loop_factory())
        runner.run(server.serve())  # interrupted, the loop stays open: closing it waits for threads that learn
        runner.close()
        return 0 if server.started else 1


async def _check(node: Node, further: Callable[[Node], Awaitable[None]] | None) -> None:
    """Before the server starts, which knows no way to refuse but a traceback."""
    await node.keys.check_master_key()
    if further is not None:
        await further(node)
    await node.uow.engine.dispose()


class _Server(uvicorn.Server):
    """Uvicorn heeds a signal once it serves; this one also while it starts, when nothing can be lost."""

    def __init__(self, config: uvicorn.Config, stop_database: Callable[[], None]) -> None:
        super().__init__(config)
        self._stop_database = stop_database

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(LONG_START_SECONDS, self._say_why_it_takes_long)
        await super().startup(sockets)

    def _say_why_it_takes_long(self) -> None:
        if not self.started:
            progress("  reading what is new in the articles first (about 80 texts a second) …")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.started:
            super().handle_exit(sig, frame)
        elif not self.should_exit:
            self.should_exit = True
            self._stop_database()
            leave(128 + sig)
