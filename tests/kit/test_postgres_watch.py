"""The embedded server is started again when it was killed, and when its old id now belongs to something else."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg

from tests.fakes.server import wait_for
from warmline.kit.embedded_postgres import EmbeddedPostgres, running_postgres
from warmline.kit.postgres_watch import PostgresWatch


def _postmaster(server: EmbeddedPostgres) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split("\n", 1)[0])


def _answers(server: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(server.url()) as connection:
            return connection.execute("select n from kept").fetchone() == (37,)
    except psycopg.OperationalError:
        return False


def test_a_killed_server_is_started_again_with_its_data(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "data") as server, PostgresWatch(server):
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create table kept as select 37 as n")
            killed = _postmaster(server)
            os.kill(killed, signal.SIGKILL)
        wait_for(lambda: server.is_running() and _answers(server), 60, "the server does not come back")
        assert _postmaster(server) != killed


def test_nothing_is_started_once_the_watch_is_over(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "data") as server:
        with PostgresWatch(server):
            pass
        server.stop()
        assert not server.is_running()


def test_an_old_id_that_is_now_another_programs_does_not_keep_it_from_starting(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "data") as server:
        server.stop()
        (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n")
        server.revive()
        assert server.is_running()
