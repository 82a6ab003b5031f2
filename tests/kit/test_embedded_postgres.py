"""The embedded server heals what it finds and never shares its folder."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
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


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    (folder / "postgres.half").mkdir(parents=True)
    (folder / "postgres.half" / "postgresql.conf").write_text("half")
    (folder / "postgres").mkdir()
    with running_postgres(folder) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_damaged_cluster_is_never_deleted(folder: Path) -> None:
    (folder / "postgres" / "base").mkdir(parents=True)
    (folder / "postgres" / "base" / "16384").write_text("money")
    with pytest.raises(DatabaseError, match="backup"):
        EmbeddedPostgres(folder).start()
    assert (folder / "postgres" / "base" / "16384").read_text() == "money"


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedPostgres:
    """A server whose data path is too long for a socket, so that this lies in the temporary folder."""
    short = tmp_path.parent / "t"
    short.mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(short))
    return EmbeddedPostgres(tmp_path / ("d" * 90))


def test_a_long_path_has_its_socket_in_a_folder_for_the_server_alone(deep: EmbeddedPostgres) -> None:
    for _ in range(2):
        deep.start()
        assert stat.S_IMODE(deep.socket_folder.lstat().st_mode) == 0o700
        with psycopg.connect(deep.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        deep.stop()


@pytest.mark.parametrize("made", ["open", "link"])
def test_a_socket_folder_that_others_prepared_is_refused(deep: EmbeddedPostgres, tmp_path: Path, made: str) -> None:
    if made == "open":
        deep.socket_folder.mkdir()
        deep.socket_folder.chmod(0o777)
    else:
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        deep.socket_folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DatabaseError, match="not this server's own"):
        deep.start()
    assert not deep.is_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_a_socket_folder_of_another_user_is_refused(deep: EmbeddedPostgres) -> None:
    deep.socket_folder.mkdir(mode=0o700)
    nobody = pwd.getpwnam("nobody")
    os.chown(deep.socket_folder, nobody.pw_uid, nobody.pw_gid)
    with pytest.raises(DatabaseError, match="not this server's own"):
        deep.start()


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


def test_an_empty_version_file_is_told(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").touch()
    with pytest.raises(DatabaseError, match="PG_VERSION is empty"):
        EmbeddedPostgres(folder).start()


def test_a_folder_copied_with_another_owner_and_mode_is_taken_over(folder: Path) -> None:
    with running_postgres(folder) as server:
        server.run("psql", server.url(), "-qc", "create table kept (n int)")
    cluster = folder / "postgres"
    if os.geteuid() == 0:
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, 12345, 12345, follow_symlinks=False)
    cluster.chmod(0o777)
    with running_postgres(folder) as server:
        assert server.run("psql", server.url(), "-Atc", "select count(*) from kept").strip() == "0"


def test_why_it_does_not_start_is_told_from_this_attempt(folder: Path) -> None:
    with running_postgres(folder):
        pass
    (folder / "postgres.log").write_text("FATAL:  an old complaint\n")
    (folder / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(DatabaseError) as refused:
        EmbeddedPostgres(folder).start()
    assert "pg_control" in str(refused.value)
    assert "an old complaint" not in str(refused.value)


def test_its_programs_run_while_threads_multiply_matrices(folder: Path) -> None:
    """Linear algebra with threads of its own hangs at a fork, such as when a dead database is started again."""
    script = f"""
import threading
from pathlib import Path
from warmline.kit.embedded_postgres import EmbeddedPostgres
import numpy as np

def multiply():
    a = np.ones((384, 3000), np.float32)
    while True:
        a @ a.T

for _ in range(3):
    threading.Thread(target=multiply, daemon=True).start()
server = EmbeddedPostgres(Path({str(folder)!r}))
for _ in range(60):
    server.run("postgres", "--version")
"""
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, env=environment)


@pytest.mark.parametrize("name", ["with spaces", "数据 文件夹", "it's; here & (there), too", "春" * 30])
def test_any_ordinary_path_holds_a_database(tmp_path: Path, name: str) -> None:
    with running_postgres(tmp_path / name) as server:
        assert server.run("psql", server.url(), "-Atc", "select 1").strip() == "1"
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_a_path_that_its_shell_would_change_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="PostgreSQL cannot take"):
        EmbeddedPostgres(tmp_path / "$HOME").start()
    assert list(tmp_path.iterdir()) == []


FAILING = """#!/bin/sh
printf '%s\\n' {lines}
{ending}
"""


@pytest.mark.parametrize(
    ("lines", "ending", "said"),
    [
        ("'FATAL:  no room' 'child process exited with exit code 1' 'removing contents'", "exit 1", "FATAL:  no room"),
        ("'could not write: No space left on device' 'PANIC:  cannot abort' 'exited with'", "exit 1", "No space left"),
        ("'FATAL:  lock file is empty' 'FATAL:  the rest'", "exit 1", "lock file is empty"),
        ("'child process was terminated by signal 9: Killed' 'removing contents'", "exit 1", "terminated by signal 9"),
        ("'fixing permissions'", "kill -9 $$", "ended by SIGKILL (is there enough memory?)"),
        ("", "exit 3", "it ended with status 3"),
    ],
)
def test_a_program_that_fails_has_its_reason_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, ending: str, said: str
) -> None:
    (tmp_path / "initdb").write_text(FAILING.format(lines=lines, ending=ending))
    (tmp_path / "initdb").chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(EmbeddedPostgres, "binaries", tmp_path)
    with pytest.raises(DatabaseError) as refused:
        EmbeddedPostgres(tmp_path / "data").start()
    assert said in refused.value.fields["reason"]


def test_settings_of_another_postgresql_in_the_environment_change_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"PGPORT": "5433", "PGHOST": "db.bank.example", "PGUSER": "chen", "PGOPTIONS": "-c no.such", "PGDATA": "/"}
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    with running_postgres(folder) as server:
        assert server.run("psql", server.url(), "-Atc", "select 1").strip() == "1"
        monkeypatch.delenv("PGOPTIONS")  # the service gives its own
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("select current_user").fetchone() == ("postgres",)
