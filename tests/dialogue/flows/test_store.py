"""Flows in the database: versions, which one is live, and what a node answers with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.fakes.clock import FakeClock
from tests.support import fresh_database
from warmline.connectors.model import Effect
from warmline.dialogue.flows.loader import FlowFileError, load_identity
from warmline.dialogue.flows.run import Run
from warmline.dialogue.flows.store import FlowKeeper, FlowService
from warmline.kit.bus import LocalBus
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import UnitOfWork, create_engine

DEMO = Path(__file__).parents[3] / "demo"
SOURCE = (DEMO / "flows" / "card-report-lost.yaml").read_text(encoding="utf-8")
POLICY = load_identity((DEMO / "identity.yaml").read_text(encoding="utf-8"), "identity")[0]
ID = "card-report-lost"


@pytest.fixture
async def uow(postgres: EmbeddedPostgres) -> AsyncIterator[UnitOfWork]:
    with fresh_database(postgres) as url:
        uow = UnitOfWork(create_engine(url))
        yield uow
        await uow.engine.dispose()


def _keeper(uow: UnitOfWork, bus: LocalBus) -> FlowKeeper:
    return FlowKeeper(uow, bus, POLICY, lambda: {"freeze_card": Effect.PROTECT})


async def _publish(uow: UnitOfWork, service: FlowService, source: str) -> int:
    async with uow.begin() as tx:
        return await service.publish(tx, source, actor="system")


async def test_a_version_stays_when_the_next_is_published(uow: UnitOfWork) -> None:
    bus = LocalBus()
    service, keeper = FlowService(clock=FakeClock(), bus=bus), _keeper(uow, bus)
    assert await _publish(uow, service, SOURCE) == 1
    assert await _publish(uow, service, SOURCE) == 1
    changed = SOURCE.replace("报失银行卡", "挂失银行卡")
    assert await _publish(uow, service, changed) == 2
    await keeper.read()
    flows = keeper.current()
    assert flows is not None
    assert flows.live == {ID: 2}
    first = flows.of(Run(flow_id=ID, version=1, key="k"))
    live = flows.find(ID)
    assert first is not None
    assert live is not None
    assert (first.title.zh_Hans, live.title.zh_Hans) == ("报失银行卡", "挂失银行卡")
    assert flows.starters["card-lost-debit"] == ID


async def test_what_cannot_be_read_is_not_published_and_what_is_live_stays(uow: UnitOfWork) -> None:
    service = FlowService(clock=FakeClock(), bus=LocalBus())
    await _publish(uow, service, SOURCE)
    with pytest.raises(FlowFileError) as refused:
        await _publish(uow, service, SOURCE.replace("starts:", "start:"))
    assert "did you mean `starts`?" in str(refused.value.problems[0]) or len(refused.value.problems) > 1
    async with uow.begin() as tx:
        (entry,) = await service.list_flows(tx)
    assert (entry.live_version, entry.source) == (1, SOURCE)


async def test_a_retired_flow_begins_no_more_and_can_be_finished(uow: UnitOfWork) -> None:
    bus = LocalBus()
    service, keeper = FlowService(clock=FakeClock(), bus=bus), _keeper(uow, bus)
    await _publish(uow, service, SOURCE)
    async with uow.begin() as tx:
        await service.retire(tx, ID, actor="system")
    await keeper.read()
    flows = keeper.current()
    assert flows is not None
    assert flows.find(ID) is None
    assert flows.starters == {}
    assert flows.of(Run(flow_id=ID, version=1, key="k")) is not None
    async with uow.begin() as tx:
        with pytest.raises(NotFoundError):
            await service.retire(tx, "no-such-flow", actor="system")


async def test_a_version_this_node_cannot_read_leaves_the_others_live(uow: UnitOfWork) -> None:
    bus = LocalBus()
    service, keeper = FlowService(clock=FakeClock(), bus=bus), _keeper(uow, bus)
    await _publish(uow, service, SOURCE)
    await _publish(uow, service, SOURCE.replace("flow: card-report-lost", "flow: another-one"))
    async with uow.begin() as tx:
        await tx.connection.execute(
            text("UPDATE flow_version SET source = 'new: format' WHERE flow_id = 'another-one'")
        )
    await keeper.read()
    flows = keeper.current()
    assert flows is not None
    assert flows.find(ID) is not None
    assert flows.find("another-one") is None


async def test_a_draft_need_not_be_right_and_is_gone_once_published(uow: UnitOfWork) -> None:
    service = FlowService(clock=FakeClock(), bus=LocalBus())
    async with uow.begin() as tx:
        await service.save_draft(tx, ID, "half a flow", actor="staff:1")
        entry = await service.get_flow(tx, ID)
    assert (entry.draft, entry.live_version) == ("half a flow", None)
    await _publish(uow, service, SOURCE)
    async with uow.begin() as tx:
        entry = await service.get_flow(tx, ID)
    assert (entry.draft, entry.live_version, entry.updated_by) == (None, 1, "system")
