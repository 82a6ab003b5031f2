"""Shared by commands: find or start the database, migrate it, build a node."""

from __future__ import annotations

import argparse
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from warmline.kit.bus import PostgresBus
from warmline.kit.clock import SystemClock
from warmline.kit.console import progress
from warmline.kit.embedded_postgres import DatabaseError, DataFolderInUseError, EmbeddedPostgres
from warmline.kit.errors import UsageError, WarmlineError
from warmline.kit.postgres_watch import PostgresWatch
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.migrate import migrate
from warmline.settings import Settings
from warmline.staff.service import StaffService

if TYPE_CHECKING:
    from warmline.bootstrap import Node


class SettingError(UsageError):
    """A setting cannot be used; `reason` names it and says why."""

    code = "setting_unusable"


class AlreadyRunningError(WarmlineError):
    """A Warmline serves this data folder already."""

    code = "already_running"


class PortTakenError(WarmlineError):
    """Another program listens on the port."""

    code = "port_taken"


def repository_root() -> Path:
    """The folder of the source tree, where `demo/` and `frontend/` lie."""
    return Path(__file__).resolve().parents[3]


def add_settings(parser: argparse.ArgumentParser, *, folder: str = "./data") -> None:
    """Add the options every command that needs the data has; `folder` says where it lies by default."""
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help=f"data folder (default: WARMLINE_DATA, else {folder})"
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that serves."""
    parser.add_argument("--host", help="address to listen on (default: WARMLINE_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: WARMLINE_PORT, else 8037)")


def read_settings(options: argparse.Namespace, **defaults: object) -> Settings:
    """Settings from the environment, over which the command line goes; `defaults` only fill what neither says."""
    given = {name: getattr(options, name, None) for name in ("data", "host", "port")}
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        known = Settings()
        Settings.model_validate({**known.model_dump(), **chosen})
    except ValidationError as error:
        raise SettingError(reason=_first_fault(error)) from error
    missing = {name: value for name, value in defaults.items() if name not in known.model_fields_set}
    return known.model_copy(update={**missing, **chosen})


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"WARMLINE_{fault['loc'][0]}".upper() + f": {said[:1].lower()}{said[1:]}"


@contextlib.contextmanager
def open_database(settings: Settings, *, share: bool) -> Iterator[str]:
    """Yield the URL of a migrated database: the one set, the embedded one, or (`share`) a running one's."""
    if settings.database_url:
        try:
            migrate(settings.database_url)
        except OperationalError as error:
            why = str(error.orig).strip().splitlines()[0]
            raise DatabaseError(reason=f"the database of WARMLINE_DATABASE_URL cannot be used: {why}") from error
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.data)
    if not server.cluster.exists():
        progress(f"making a new database in {settings.data} …")
    try:
        server.start()
    except DataFolderInUseError as error:
        if not share:
            raise AlreadyRunningError(
                reason=f"already running (process {error.fields['pid']}) on {settings.data};"
                " stop it first, or give this one another --data and --port"
            ) from error
        yield server.url()
        return
    try:
        migrate(server.url())
        with PostgresWatch(server):
            yield server.url()
    finally:
        server.stop()


@contextlib.asynccontextmanager
async def running_node(settings: Settings, url: str) -> AsyncIterator[Node]:
    """Yield a started node without a web server."""
    from warmline.bootstrap import build_node  # takes seconds, which commands without a node need not spend

    node = build_node(settings, url)
    await node.keys.check_master_key()
    await node.start()
    try:
        yield node
    finally:
        await node.stop()


@contextlib.asynccontextmanager
async def staff_of(settings: Settings) -> AsyncIterator[tuple[UnitOfWork, StaffService]]:
    """Yield accounts and skill groups of the data folder, also while a server runs on it: it hears what changed."""
    with open_database(settings, share=True) as url:
        uow, bus = UnitOfWork(create_engine(url)), PostgresBus(url)
        try:
            yield uow, StaffService(clock=SystemClock(), bus=bus)
            await bus.flush()
        finally:
            await uow.engine.dispose()


def check_port(host: str, port: int) -> None:
    """Raise `PortTakenError` when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (
                f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port (make demo PORT=8038)"
            )
            raise PortTakenError(reason=reason) from error
