"""A real PostgreSQL for the run; for each test that wants one, a fresh database cloned from a migrated template."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from xdist.scheduler import LoadFileScheduling

from tests.fakes.postgres import GivenPostgres
from tests.fakes.server import lone_server, running_server, server_template  # noqa: F401 - fixtures
from tests.support import QUICKLY, TEMPLATE, WORKER
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.migrate import migrate

_numbers = count()
CERTIFICATE = "certificate"
"""The property of a test's report that holds what `warmline prove` said."""
BROWSERS = ("tests/errands/", "tests/journeys/")
TEST_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class FilesAndBrowsers(LoadFileScheduling):  # type: ignore[misc]
    """Deals out whole files, and the folders of `BROWSERS` as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return "browsers" if nodeid.startswith(BROWSERS) else super()._split_scope(nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """What the surroundings must not do to the tests.

    A shell that runs them in the background has them ignore SIGINT, and what they start inherits that. And every run
    of pytest closes the folder it shares with other runs to other users, under the databases of those runs.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ:
        folder = tempfile.mkdtemp(prefix="wl-")
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Where two processes run the tests, a file's stay together, and all that drive a browser."""
    return FilesAndBrowsers(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the certificate of the demo at the end of the run in which it was made."""
    for report in terminalreporter.getreports("passed"):
        for told in (value for name, value in report.user_properties if name == CERTIFICATE):
            terminalreporter.section("warmline prove")
            terminalreporter.write_line(told)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The server of this test run, with the migrated database `TEMPLATE`.

    `WARMLINE_TEST_DATABASE`, a libpq URL, names another server to run the tests on.
    """
    folder = Path(tempfile.mkdtemp(prefix="warmline-test-"))
    given = os.environ.get("WARMLINE_TEST_DATABASE")
    server = GivenPostgres(given) if given else EmbeddedPostgres(folder, settings=TEST_SETTINGS)
    server.start()
    try:
        _execute(server, f"drop database if exists {TEMPLATE}")
        _execute(server, f"create database {TEMPLATE}")
        migrate(server.url(TEMPLATE))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    name = f"test{WORKER}_{next(_numbers)}"
    _execute(postgres, f"create database {name} template {TEMPLATE} {QUICKLY}")
    yield postgres.url(name)
    _execute(postgres, f"drop database {name} with (force)")


@pytest.fixture
async def uow(database_url: str) -> AsyncIterator[UnitOfWork]:
    """A unit of work on a fresh database."""
    engine = create_engine(database_url)
    yield UnitOfWork(engine)
    await engine.dispose()


def _execute(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
