"""`warmline up`: serve, with the embedded PostgreSQL unless a database is set."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Awaitable, Callable

import uvicorn
from fastapi import APIRouter

from warmline.bootstrap import Node, build_node
from warmline.commands.front_end import find_front_end
from warmline.commands.running import add_settings, check_port, open_database, read_settings
from warmline.kit.console import progress
from warmline.kit.memory import keep_heap_small
from warmline.settings import Settings
from warmline.web.app import create_app

STOP_SECONDS = 3


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `up`."""
    parser = commands.add_parser("up")
    add_settings(parser)
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: 8037)")
    parser.set_defaults(func=up)


def up(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    settings = read_settings(options)
    return serve(settings, demo=False)


def serve(
    settings: Settings,
    *,
    demo: bool,
    ready: Callable[[Node], Awaitable[None]] | None = None,
    beside: APIRouter | None = None,
) -> int:
    """Serve until interrupted; `ready` and `beside` are those of `create_app`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    check_port(settings.host, settings.port)
    keep_heap_small()
    progress("starting the database …")
    with open_database(settings, share=False) as url:
        node = build_node(settings, url)
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
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=STOP_SECONDS,
            server_header=False,
        )
        server = uvicorn.Server(config)
        server.run()
        return 0 if server.started else 1
