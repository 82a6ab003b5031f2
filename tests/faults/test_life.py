"""How a server starts and ends: whole, alone in its folder, and leaving nothing behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.fakes.server import START_SECONDS, Server, environment, free_port, wait_for, warmline


def _attempt(data: Path, port: int) -> tuple[int, str]:
    """Try to start a server that must not start; return its exit status and what it said went wrong."""
    command = warmline("up", "--data", str(data), "--port", str(port))
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, check=False, timeout=START_SECONDS
    )
    return done.returncode, "\n".join(line for line in done.stderr.splitlines() if "…" not in line)


def test_a_second_copy_on_the_same_folder_is_told_in_one_line(running_server: Server) -> None:
    status, said = _attempt(running_server.data, free_port())
    assert status == 1
    assert said.count("\n") == 0
    assert f"already running (process {running_server.process.pid})" in said
    assert running_server.serves()


def test_a_second_copy_on_the_same_port_is_told_in_one_line(running_server: Server, tmp_path: Path) -> None:
    status, said = _attempt(tmp_path / "other", running_server.port)
    assert status == 1
    assert said.count("\n") == 0
    assert f"cannot listen on 127.0.0.1:{running_server.port}" in said
    assert not (tmp_path / "other").exists()


def test_a_half_made_folder_is_finished(lone_server: Server) -> None:
    """Killed while it made the cluster: what is there is no database yet, and no data is lost by making it anew."""
    shutil.rmtree(lone_server.data)
    half = lone_server.data / "postgres.half"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (lone_server.data / "postgres").mkdir()
    (lone_server.data / "secrets").mkdir(mode=0o700)
    (lone_server.data / "lock").write_text("999999999")
    lone_server.start()
    assert not half.exists()


def test_killed_at_its_first_start_it_starts_the_next_time(lone_server: Server) -> None:
    shutil.rmtree(lone_server.data)
    lone_server.launch()
    wait_for(lambda: (lone_server.data / "postgres.half").exists(), START_SECONDS, "no cluster is being made")
    lone_server.kill()
    lone_server.start()
    assert lone_server.serves()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ending_it_stops_everything_it_started(lone_server: Server, number: signal.Signals) -> None:
    lone_server.start()
    with connect(lone_server.socket):
        assert lone_server.database_processes()
        assert lone_server.interrupt(number) == 128 + number
    assert lone_server.database_processes() == []
    assert not (lone_server.data / "postgres" / "postmaster.pid").exists()
    assert "Traceback" not in lone_server.log.read_text()


def test_closing_its_terminal_while_it_starts_leaves_nothing(lone_server: Server) -> None:
    lone_server.launch()
    wait_for(lambda: bool(lone_server.database_processes()), START_SECONDS, "no database comes up")
    assert lone_server.interrupt(signal.SIGHUP) == 128 + signal.SIGTERM
    assert lone_server.database_processes() == []
