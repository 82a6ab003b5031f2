"""The heart's own tests once more, on the PostgreSQL 15 that Debian brings."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from tests.support import TEMPLATE

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path("/usr/lib/postgresql/15/bin")
HEART = ("conversation", "routing", "dialogue", "customer", "staff", "knowledge", "worker", "test_migrate.py")
SETTINGS = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not BINARIES.exists(), reason="needs Debian's postgresql-15"),
]


def _as_server() -> dict[str, Any]:
    """Another user than root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(program: str, *arguments: str) -> None:
    subprocess.run(
        [str(BINARIES / program), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL, **_as_server()
    )


@pytest.fixture
def debian_postgres() -> Iterator[str]:
    """The URL of a fresh cluster on a socket of its own."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-pg15-"))
    if identity := _as_server():
        os.chown(folder, identity["user"], identity["group"])
    cluster = str(folder / "data")
    try:
        _run("initdb", "-D", cluster, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}"))
        _run("pg_ctl", "-D", cluster, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run("pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def test_the_heart_beats_on_postgresql_15(debian_postgres: str) -> None:
    folders = [str(ROOT / "tests" / name) for name in HEART if (ROOT / "tests" / name).exists()]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *folders],
        cwd=ROOT, env=os.environ | {"WARMLINE_TEST_DATABASE": debian_postgres},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:]
    assert " passed" in done.stdout
    with psycopg.connect(debian_postgres) as connection:
        assert connection.info.server_version // 10_000 == 15
        used = connection.execute("select 1 from pg_database where datname = %s", [TEMPLATE])
        assert used.fetchone() == (1,)
