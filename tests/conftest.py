"""A real PostgreSQL for the run; for each test that wants one, a fresh database cloned from a migrated template."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.fakes.postgres import GivenPostgres
from tests.fakes.server import lone_server, running_server, server_template  # noqa: F401 - fixtures
from tests.support import QUICKLY
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.migrate import migrate

_numbers = count()
TEST_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The server of this test run, with the migrated database `template_warmline`.

    `WARMLINE_TEST_DATABASE`, a libpq URL, names another server to run the tests on.
    """
    folder = Path(tempfile.mkdtemp(prefix="warmline-test-"))
    given = os.environ.get("WARMLINE_TEST_DATABASE")
    server = GivenPostgres(given) if given else EmbeddedPostgres(folder, settings=TEST_SETTINGS)
    server.start()
    try:
        _execute(server, "drop database if exists template_warmline")
        _execute(server, "create database template_warmline")
        migrate(server.url("template_warmline"))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    name = f"test_{next(_numbers)}"
    _execute(postgres, f"create database {name} template template_warmline {QUICKLY}")
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
