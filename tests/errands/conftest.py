"""A bank with flows and its core banking, one browser, a fresh stage for each test."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.bank import Bank, found_bank
from tests.browser.chromium import running_chromium
from tests.browser.stage import PATIENCE_MS, Stage, playing


class CoreBanking:
    """The process behind the assistant's actions, with its fault switch."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def fail(self, fault: str, operation: str = "*") -> None:
        """Let an operation go wrong until it is mended."""
        self._client.put("/demo/faults", json={"operation": operation, "fault": fault}).raise_for_status()

    def mend(self) -> None:
        """End every fault."""
        self.fail("none")


CORE_TOKEN = "of the bank's systems, to the tests"


@pytest.fixture(scope="package")
def bank() -> Iterator[Bank]:
    """The bank all errands share."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-errands-"))
    try:
        founded = found_bank(folder / "data", flows=True, settings={"CORE_TOKEN": CORE_TOKEN})
        with founded:
            founded.start()
            yield founded
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def chromium(bank: Bank) -> Iterator[Browser]:
    """The browser; it ends with the package, for no other event loop can run while it does."""
    expect.set_options(timeout=PATIENCE_MS)
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def core(bank: Bank) -> Iterator[CoreBanking]:
    """The bank's own systems, sound before and after."""
    (*_, address) = re.findall(r"(http://127\.0\.0\.1:\d+)/openapi\.json", bank.log.read_text(encoding="utf-8"))
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {CORE_TOKEN}"}, trust_env=False) as client:
        core = CoreBanking(client)
        core.mend()
        yield core
        core.mend()


@pytest.fixture
def stage(chromium: Browser, bank: Bank) -> Iterator[Stage]:
    """Where people meet."""
    with playing(chromium, bank) as stage:
        yield stage
