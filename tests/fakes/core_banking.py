"""Chunhe Bank's real core-banking service in a process of its own, with its fault switch at hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import httpx
import psutil
import pytest

from tests.fakes.server import ROOT, environment

TOKEN = "a token only these tests know"
START_SECONDS = 60


class CoreBanking:
    """The service on a free port while the context lasts."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo.core_banking", "--port", "0", "--while-stdin"],
            cwd=ROOT,
            env=environment() | {"CORE_BANKING_TOKEN": TOKEN},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, f"it did not start: {self.process.wait()}"
        self.client = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)

    def __enter__(self) -> CoreBanking:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()
        self.end()

    def end(self) -> None:
        """End it by closing its standard input."""
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        self.process.wait(START_SECONDS)

    def ask(self, method: str, path: str, customer: str = "", key: str = "", **given: Any) -> httpx.Response:
        """Call an operation as a customer, with a key when it has an effect."""
        headers = {"X-Customer": customer} | ({"Idempotency-Key": key} if key else {})
        return self.client.request(method, path, headers=headers, **given)

    def reset(self, now: str = "") -> None:
        """Start anew, at another time if given."""
        self.client.post("/demo/reset", json={"now": now} if now else {}).raise_for_status()

    def fault(self, kind: str, operation: str = "*", **more: float) -> None:
        """Turn a fault on."""
        body = {"operation": operation, "fault": kind, **more}
        self.client.put("/demo/faults", json=body).raise_for_status()

    def deeds(self) -> list[str]:
        """Return the operations whose effect really took place, in order."""
        return [deed["operation"] for deed in self.client.get("/demo/deeds").json()["deeds"]]

    def sent(self) -> list[dict[str, str]]:
        """Return the messages that went out, with their codes."""
        messages: list[dict[str, str]] = self.client.get("/demo/outbox").json()["messages"]
        return messages


def lives(pid: int) -> bool:
    """Tell whether a process still runs."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture(scope="session")
def core_banking_process() -> Iterator[CoreBanking]:
    """The service that tests share."""
    with CoreBanking() as running:
        yield running


@pytest.fixture
def core_banking(core_banking_process: CoreBanking) -> CoreBanking:
    """The service as it is at its start, on Saturday 28 November 2026 at 10:00."""
    core_banking_process.reset("2026-11-28T10:00:00+08:00")
    return core_banking_process
