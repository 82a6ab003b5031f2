"""The demo's flows over its real core banking, and a way to talk to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.connectors.conftest import open_at
from tests.dialogue.flows.talk import Talk, gather, read_demo_flows
from tests.fakes.core_banking import CoreBanking, core_banking, core_banking_process  # noqa: F401 - fixtures
from warmline.connectors.service import ActionService

Opened = Callable[..., Talk]


@pytest.fixture
async def actions(core_banking: CoreBanking) -> AsyncIterator[ActionService]:  # noqa: F811
    """The demo's actions."""
    service = await open_at(core_banking.url)
    yield service
    await service.aclose()


@pytest.fixture
def talk_to(core_banking: CoreBanking, actions: ActionService) -> Opened:  # noqa: F811
    """Open a conversation whose first words are found to mean a flow's article."""
    flows = gather(read_demo_flows(), actions)

    def opened(flow_id: str, *, ref: str = "", locale: str = "zh-Hans") -> Talk:
        return Talk(flows, actions, core_banking, flow_id, ref=ref, locale=locale)

    return opened
