"""Actions over MCP, against a small MCP server of both generations."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.mcp_server import McpServer
from warmline.connectors.config import read_actions
from warmline.connectors.model import Status
from warmline.connectors.service import ActionService, open_actions
from warmline.kit.strict_yaml import FileMistakeError

TEXT = """\
allowed_origins: ["http://127.0.0.1:*"]
systems:
  maps:
    mcp: {url: "${MAPS}/mcp"}
    token_env: MAPS_TOKEN
    subject: {argument: customer}
    timeout_seconds: 1
actions:
  find_atm: {system: maps, tool: find_atm, effect: read}
  describe: {system: maps, tool: describe, effect: read}
  book: {system: maps, tool: book, effect: change}
  fail: {system: maps, tool: fail, effect: change}
"""


@pytest.fixture(params=[True, False], ids=["2026-07-28", "2025-11-25"])
def server(request: pytest.FixtureRequest) -> Iterator[McpServer]:
    with McpServer(modern=request.param).running() as running:
        yield running


async def open_at(server: McpServer, folder: Path, text: str = TEXT) -> ActionService:
    path = folder / "actions.yaml"
    path.write_text(text, "utf-8")
    environment = {"MAPS": server.url, "MAPS_TOKEN": "a token"}
    return await open_actions(read_actions(path, environment), environment)


@pytest.fixture
async def actions(server: McpServer, tmp_path: Path) -> AsyncIterator[ActionService]:
    service = await open_at(server, tmp_path)
    yield service
    await service.aclose()


async def test_a_tool_is_called(server: McpServer, actions: ActionService) -> None:
    found = await actions.call("find_atm", {"near": "人民路"}, key="", within=3)
    assert (found.status, found.data) == (Status.OK, {"atms": [{"name": "人民路 1 号机"}]})
    (call,) = server.calls
    assert call["headers"]["authorization"] == "Bearer a token"
    assert call["headers"]["mcp-param-near"] == "=?base64?5Lq65rCR6Lev?="
    assert "idempotencyKey" not in call["params"].get("_meta", {})


async def test_its_tools_describe_the_actions(actions: ActionService) -> None:
    known = actions.known()
    assert known["find_atm"].parameters["required"] == ["near"]
    assert set(known["book"].parameters["properties"]) == {"near"}, "the customer and the key are filled in"


async def test_text_is_only_text(actions: ActionService) -> None:
    told = await actions.call("describe", {"near": "江湾"}, key="", within=3)
    assert told.data == {"text": "江湾有停车场"}


async def test_a_deed_goes_with_its_key_and_its_customer(server: McpServer, actions: ActionService) -> None:
    server.mood = "broken"
    lost = await actions.call("book", {"near": "江湾"}, key="key-1", within=3, subject="CH-1002")
    assert (lost.status, lost.tries) == (Status.UNKNOWN, 2)
    server.mood = ""
    for _ in range(2):
        done = await actions.call("book", {"near": "江湾"}, key="key-1", within=3, subject="CH-1002")
        assert done.data == {"reference": "V1"}
    for call in server.calls:
        assert call["params"]["_meta"]["idempotencyKey"] == "key-1"
        assert call["params"]["arguments"] == {"near": "江湾", "customer": "CH-1002", "idempotency_key": "key-1"}


async def test_a_stream_of_events_is_read(server: McpServer, actions: ActionService) -> None:
    server.mood = "stream"
    assert (await actions.call("find_atm", {"near": "a"}, key="", within=3)).status is Status.OK


@pytest.mark.parametrize(
    ("mood", "name", "status", "code", "tries"),
    [
        ("slow", "find_atm", Status.FAILED, "timeout", 2),
        ("slow", "fail", Status.UNKNOWN, "timeout", 1),
        ("broken", "find_atm", Status.FAILED, "http_503", 2),
        ("broken", "fail", Status.UNKNOWN, "http_503", 1),
        ("wrong", "find_atm", Status.FAILED, "wrong_schema", 2),
        ("asks", "fail", Status.FAILED, "input_required", 1),
        ("", "fail", Status.UNKNOWN, "tool_error", 1),
    ],
)
async def test_a_bad_day(
    server: McpServer, actions: ActionService, mood: str, name: str, status: Status, code: str, tries: int
) -> None:
    server.mood = mood
    started = time.monotonic()
    result = await actions.call(name, {"near": "x"}, key="key-1", within=2.5)
    assert (result.status, result.code, result.tries) == (status, code, tries)
    assert time.monotonic() - started < 2.5


async def test_a_tool_that_says_no_with_a_code_refuses(actions: ActionService) -> None:
    refused = await actions.call("fail", {"near": "code"}, key="key-1", within=3)
    assert (refused.status, refused.code, refused.data) == (Status.REFUSED, "closed", {"until": "2026-11-30"})


async def test_a_lost_session_is_begun_anew(server: McpServer, actions: ActionService) -> None:
    server.sessions.clear()
    done = await actions.call("book", {"near": "a"}, key="key-1", within=3, subject="CH-1002")
    assert (done.status, done.tries) == (Status.OK, 1 if server.modern else 2)
    assert server.booked == {"key-1": "V1"}


async def test_a_tool_there_is_not_is_told_with_its_line(server: McpServer, tmp_path: Path) -> None:
    with pytest.raises(FileMistakeError, match=r"actions.yaml:9:\d+: there is no tool 'find_atms'; did you mean"):
        await open_at(server, tmp_path, TEXT.replace("tool: find_atm,", "tool: find_atms,"))


async def test_a_server_that_is_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service = await open_at(McpServer(), tmp_path)
    result = await service.call("find_atm", {"near": "x"}, key="", within=2)
    await service.aclose()
    assert (result.status, result.code) == (Status.FAILED, "unreachable")
    assert "system maps is not reached: it did not list its tools: unreachable" in caplog.text
