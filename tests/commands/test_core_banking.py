"""The demo's core banking begins with the demo and ends with it, however that ends."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fakes.core_banking import lives
from tests.fakes.server import ROOT, START_SECONDS, Server, Template, free_port, wait_for
from warmline.commands import core_banking as command
from warmline.commands import demo
from warmline.commands.core_banking import URL, core_banking
from warmline.commands.running import check_port

TOKEN = "a token from outside"


class Demo(Server):
    """A real `warmline demo` over a folder that looks seeded, so that it is up in seconds."""

    command = "demo"

    def core_banking(self) -> int:
        """Return the process of its core banking, once there is one."""
        found: list[int] = []

        def look() -> bool:
            with contextlib.suppress(psutil.Error):
                children = psutil.Process(self.process.pid).children(recursive=True)
                found.extend(one.pid for one in children if "demo.core_banking" in one.cmdline())
            return bool(found)

        wait_for(look, START_SECONDS, "the demo starts no core banking")
        return found[0]

    def bank_url(self) -> str:
        """Return the address it prints."""
        found = re.search(r"(http://127\.0\.0\.1:\d+)/openapi\.json", self.log.read_text(encoding="utf-8"))
        assert found, self.log.read_text(encoding="utf-8")
        return found[1]


@pytest.fixture
def running_demo(server_template: Template) -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="warmline-demo-", ignore_cleanup_errors=True) as folder:
        seeded = server_template.copy(Path(folder) / "data")
        (seeded.data / demo.MARKER).write_text(demo.stamp_of(ROOT / "demo"), encoding="utf-8")
        started = Demo(seeded.data, settings={"CORE_TOKEN": TOKEN})
        with started:
            started.launch()
            yield started


def welcomed(server: Demo) -> bool:
    return server.serves() and "Ctrl-C" in server.log.read_text(encoding="utf-8")


def test_it_serves_beside_the_demo_and_ends_with_it(running_demo: Demo) -> None:
    process = running_demo.core_banking()
    wait_for(lambda: welcomed(running_demo), START_SECONDS, "the demo does not come up")
    url = running_demo.bank_url()
    assert httpx.get(f"{url}/cards").status_code == 401
    answer = httpx.get(f"{url}/cards", headers={"Authorization": f"Bearer {TOKEN}", "X-Customer": "CH-1001"})
    assert len(answer.json()["cards"]) == 2
    assert running_demo.interrupt() == 130
    assert not lives(process), "it is gone when the demo is"


@pytest.mark.parametrize("phase", ["its beginning", "the database", "the node"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda one: one.name)
def test_it_outlives_the_demo_in_no_phase(running_demo: Demo, phase: str, number: signal.Signals) -> None:
    process = running_demo.core_banking()
    if phase != "its beginning":
        wait_for(lambda: "starting the database" in running_demo.log.read_text("utf-8"), START_SECONDS, "no database")
    if phase == "the node":
        pid_file = running_demo.data / "postgres" / "postmaster.pid"
        wait_for(pid_file.exists, START_SECONDS, "no database")
    running_demo.interrupt(number)
    wait_for(lambda: not lives(process), 20, "it outlives the demo")


def test_it_outlives_no_demo_that_refuses(lone_server: Server) -> None:
    refusing = Demo(lone_server.data)
    refusing.launch()
    process = refusing.core_banking()
    assert refusing.process.wait(START_SECONDS) == 2
    assert not lives(process)
    assert "holds a bank's own data" in refusing.log.read_text(encoding="utf-8")


def test_a_core_banking_that_runs_already_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "http://127.0.0.1:9")
    before = psutil.Process().children(recursive=True)
    with core_banking() as url:
        assert url == "http://127.0.0.1:9"
        assert psutil.Process().children(recursive=True) == before


def test_where_another_demo_takes_the_port_after_it_was_looked_at_any_port_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both found it free; the other one, a process of its own, is served there first."""
    port, rivals = free_port(), list[subprocess.Popen[str]]()
    monkeypatch.setenv(URL, "")
    monkeypatch.setenv(command.TOKEN, TOKEN)
    monkeypatch.setattr(command, "PORT", port)

    def look(host: str, wanted: int) -> None:
        check_port(host, wanted)
        if wanted == port and not rivals:
            rivals.append(rival(port))

    monkeypatch.setattr(command, "check_port", look)
    try:
        with core_banking() as url:
            assert url != f"http://127.0.0.1:{port}"
            assert len(cards_at(url, TOKEN)) == 2
            assert len(cards_at(f"http://127.0.0.1:{port}", RIVAL_TOKEN)) == 2
    finally:
        for one in rivals:
            one.kill()
            one.communicate()


RIVAL_TOKEN = "a token of the other demo"


def rival(port: int) -> subprocess.Popen[str]:
    """Return the core banking of another demo, which listens."""
    started = subprocess.Popen(
        [sys.executable, "-m", "demo.core_banking", "--port", str(port)], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=os.environ | {"CORE_BANKING_TOKEN": RIVAL_TOKEN, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert started.stdout is not None
    assert str(port) in started.stdout.readline()
    return started


def cards_at(url: str, token: str) -> list[object]:
    """Return the cards of a customer, read from a core banking."""
    answer = httpx.get(f"{url}/cards", headers={"Authorization": f"Bearer {token}", "X-Customer": "CH-1001"})
    cards: list[object] = answer.json()["cards"]
    return cards
