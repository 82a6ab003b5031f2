"""A bank with flows and its core banking, one browser, a fresh stage for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.bank import Bank, found_bank
from tests.browser.chromium import running_chromium
from tests.browser.stage import PATIENCE_MS, Stage


@pytest.fixture(scope="package")
def bank() -> Iterator[Bank]:
    """The bank all errands share."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-errands-"))
    try:
        founded = found_bank(folder / "data", True)
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
def stage(chromium: Browser, bank: Bank) -> Iterator[Stage]:
    """Where people meet; no page may have thrown anything."""
    stage = Stage(chromium, bank)
    try:
        yield stage
    finally:
        stage.clear()
    assert stage.faults == []
