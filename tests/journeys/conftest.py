"""One bank and one browser for all journeys, a fresh stage for each."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.bank import Bank, found_bank
from tests.browser.chromium import running_chromium
from tests.browser.stage import PATIENCE_MS, Stage, playing
from tests.staff.oidc_server import CLIENT_ID, CLIENT_SECRET, OidcServer


@pytest.fixture(scope="package")
def provider() -> Iterator[OidcServer]:
    """The bank's own sign-in for its staff."""
    with OidcServer(time.time).running() as provider:
        yield provider


@pytest.fixture(scope="package")
def bank(provider: OidcServer) -> Iterator[Bank]:
    """The bank all journeys share."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-bank-"))
    sign_in = {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "春和统一认证|春和統一認證|Chunhe ID",
        "OIDC_ROLES": "desk-agents=agent",
    }
    try:
        founded = found_bank(folder / "data", settings=sign_in)
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
    """Where people meet."""
    with playing(chromium, bank) as stage:
        yield stage
