"""The embedded server heals what it finds and never shares its folder."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from warmline.kit.embedded_postgres import (
    DatabaseError,
    DataFolderInUseError,
    EmbeddedPostgres,
    running_postgres,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_starts_answers_and_stops(folder: Path) -> None:
    with running_postgres(folder) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("select 37").fetchone() == (37,)
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_a_second_copy_is_told_who_holds_the_folder(folder: Path) -> None:
    with running_postgres(folder), pytest.raises(DataFolderInUseError) as caught:
        EmbeddedPostgres(folder).start()
    assert caught.value.fields["pid"] == str(os.getpid())


def test_a_half_made_folder_is_made_again(folder: Path) -> None:
    (folder / "postgres.half").mkdir(parents=True)
    (folder / "postgres").mkdir()
    (folder / "postgres" / "postgresql.conf").write_text("half")
    with running_postgres(folder) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_server_left_by_a_killed_run_is_replaced_and_keeps_its_data(folder: Path) -> None:
    killed = EmbeddedPostgres(folder)
    killed.start()
    with psycopg.connect(killed.url(), autocommit=True) as connection:
        connection.execute("create table kept as select 37 as n")
    assert killed._lock is not None
    killed._lock.close()
    with running_postgres(folder) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("select n from kept").fetchone() == (37,)


def test_a_killed_server_recovers(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    pid = server._pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.stop()
    with running_postgres(folder) as again, psycopg.connect(again.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_data_of_another_version_is_explained(folder: Path) -> None:
    with running_postgres(folder):
        pass
    (folder / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseError, match="PostgreSQL 12"):
        EmbeddedPostgres(folder).start()
