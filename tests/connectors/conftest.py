"""The demo's actions over its real core-banking service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.core_banking import TOKEN, CoreBanking, core_banking, core_banking_process  # noqa: F401 - fixtures
from tests.fakes.server import ROOT
from warmline.connectors.config import read_actions
from warmline.connectors.service import ActionService, open_actions

ACTIONS = ROOT / "demo" / "actions.yaml"


def environment_of(url: str) -> dict[str, str]:
    """Return what the demo's file is filled from."""
    return {"WARMLINE_CORE_URL": url, "WARMLINE_CORE_TOKEN": TOKEN}


async def open_at(url: str, path: Path = ACTIONS) -> ActionService:
    """Open an actions file over the service at `url`."""
    environment = environment_of(url)
    return await open_actions(read_actions(path, environment), environment)


@pytest.fixture
async def actions(core_banking: CoreBanking) -> AsyncIterator[ActionService]:  # noqa: F811
    """The demo's actions."""
    service = await open_at(core_banking.url)
    yield service
    await service.aclose()
