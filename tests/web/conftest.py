"""A node behind a real server on a free port, one for each module of tests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn

import warmline.parts
from tests.fakes.embedder import FakeTextEmbedder
from tests.support import fresh_database, until
from tests.web.support import House
from warmline.bootstrap import Node, build_node
from warmline.dialogue.release import ReleaseKeeper
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.model import Content, Text
from warmline.language.service import EmbedderChoice
from warmline.settings import Settings
from warmline.web.app import create_app
from warmline.web.files import FrontEnd

QUESTION, ANSWER = "储蓄卡丢了怎么办", "先打 400-800-3737 挂失，再带身份证到网点补卡。"
POLICY = ReleasePolicy(answer_at=0.5, clarify_at=0.5, target_error=0.02)
HOURS = "00:00-24:00"


@pytest.fixture(scope="module")
def node_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data: Path = tmp_path_factory.mktemp("data")
    return Settings(
        data=data,
        hours_weekdays=HOURS,
        hours_weekends=HOURS,
        hours_holidays=HOURS,
        requests_per_second=10_000,
        frames_per_second=10_000,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(node_url: str, settings: Settings) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warmline.parts, "open_embedder", lambda **_: EmbedderChoice(FakeTextEmbedder()))
        patch.setattr(ReleaseKeeper, "current", lambda _: POLICY)
        node = build_node(settings, node_url)
        app = create_app(node, FrontEnd(), ready=teach)
        config = uvicorn.Config(app, port=0, log_config=None, ws="websockets-sansio", ws_max_size=256 * 1024)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        await until(lambda: server.started or running.done())
        port = server.servers[0].sockets[0].getsockname()[1]
        yield House(node, f"http://127.0.0.1:{port}")
        server.should_exit = True
        await running


@pytest.fixture(autouse=True)
def no_faults(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, nothing may go wrong that the server did not expect."""
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []


@pytest_asyncio.fixture(loop_scope="module")
async def house(served: House) -> AsyncIterator[House]:
    yield served
    await served.leave()


async def teach(node: Node) -> None:
    """Publish the one article this bank has."""
    content = Content(texts=(Text("zh-Hans", QUESTION, ("卡不见了", "银行卡遗失"), ANSWER),), category="cards")
    async with node.uow.begin() as tx:
        await node.knowledge.create(tx, "lost", content, actor="system")
        await node.knowledge.publish(tx, "lost", actor="system")
    await node.follower.catch_up()
