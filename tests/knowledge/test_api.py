"""Knowledge over HTTP, with stand-ins for the web layer's sign-in and error mapping."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.support import FixedClock, RecordingBus
from warmline.kit.errors import ConflictError, ForbiddenError, NotFoundError, WarmlineError
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.api import KnowledgeDeps, build_router
from warmline.knowledge.finder import KnowledgeSearch
from warmline.knowledge.follow import ArticleFollower
from warmline.knowledge.service import KnowledgeService


@dataclass(frozen=True)
class Staff:
    actor: str


def reader(x_role: str = Header(default="")) -> Staff:
    if x_role not in ("agent", "editor"):
        raise ForbiddenError()
    return Staff("staff:1")


def editor(x_role: str = Header(default="")) -> Staff:
    if x_role != "editor":
        raise ForbiddenError()
    return Staff("staff:1")


async def as_json(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WarmlineError)
    statuses = {NotFoundError: 404, ConflictError: 409, ForbiddenError: 403}
    status = next((s for kind, s in statuses.items() if isinstance(error, kind)), 400)
    return JSONResponse({"error": {"code": error.code, "fields": error.fields}}, status)


@dataclass
class Desk:
    client: httpx.AsyncClient
    follower: ArticleFollower

    async def call(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        headers = {"X-Role": "editor"} | more.pop("headers", {})
        answer = await self.client.request(method, f"/articles{path}", headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def desk(uow: UnitOfWork) -> AsyncIterator[Desk]:
    bus = RecordingBus()
    service = KnowledgeService(clock=FixedClock(), bus=bus)
    follower = ArticleFollower(uow, bus=bus, embedder=FakeTextEmbedder())
    await follower.start()
    app = FastAPI()
    search = KnowledgeSearch(uow, follower, service)
    app.include_router(build_router(KnowledgeDeps(uow, service, search, reader, editor)))
    app.add_exception_handler(WarmlineError, as_json)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield Desk(client, follower)
    await follower.stop()


LOST: dict[str, Any] = {
    "id": "lost",
    "category": "cards",
    "texts": [
        {
            "lang": "zh-Hans",
            "question": "储蓄卡丢了怎么办",
            "similar": ["卡不见了"],
            "answer": "在软件里挂失。",
        }
    ],
}


async def test_from_draft_to_answer_to_retirement(desk: Desk) -> None:
    made = await desk.call("POST", "", 201, json=LOST)
    assert (made["status"], made["version"], made["has_draft"], made["problems"]) == ("draft", 1, True, [])
    live = await desk.call("POST", "/lost/publish")
    assert (live["status"], live["published_version"]) == ("published", 1)
    await desk.follower.catch_up()
    found = await desk.call("GET", "/search", params={"q": "卡不見了", "locale": "zh-Hant"})
    assert found["results"][0]["article_id"] == "lost"
    assert found["results"][0]["answer"] == "在軟體裡掛失。"
    assert found["results"][0]["converted"]
    await desk.call("POST", "/lost/retire")
    await desk.follower.catch_up()
    assert (await desk.call("GET", "/search", params={"q": "卡不见了"}))["results"] == []


async def test_editing_versions_and_restoring(desk: Desk) -> None:
    await desk.call("POST", "", 201, json=LOST)
    await desk.call("POST", "/lost/publish", json={"expect_revision": 1})
    words = {"texts": [{"lang": "zh-Hans", "question": "储蓄卡丢了", "answer": "改过"}], "expect_revision": 2}
    edited = await desk.call("PUT", "/lost", json=words)
    assert (edited["version"], edited["published_version"]) == (2, 1)
    conflict = await desk.call("PUT", "/lost", 409, json=words | {"category": "x"})
    assert conflict["error"]["code"] == "article_changed"
    versions = (await desk.call("GET", "/lost/versions"))["versions"]
    assert [v["version"] for v in versions] == [2, 1]
    restored = await desk.call("POST", "/lost/versions/1/restore")
    assert restored["texts"][0]["answer"] == "在软件里挂失。"


async def test_what_keeps_a_draft_from_going_live_is_said_in_the_callers_language(desk: Desk) -> None:
    draft = {"id": "a", "texts": [{"lang": "en", "question": "q"}]}
    made = await desk.call("POST", "", 201, json=draft, headers={"Accept-Language": "fr, zh-TW;q=0.8"})
    assert [(p["code"], p["lang"]) for p in made["problems"]] == [("no_answer", "en")]
    assert "缺少答案" in made["problems"][0]["message"]
    refused = await desk.call("POST", "/a/publish", 400)
    assert refused["error"]["code"] == "not_publishable"


async def test_findings_name_their_articles_by_question(desk: Desk) -> None:
    for i in range(2):
        await desk.call("POST", "", 201, json=LOST | {"id": f"a{i}"})
        await desk.call("POST", f"/a{i}/publish")
    found = (await desk.call("GET", "/check", headers={"Accept-Language": "en"}))["findings"]
    untranslated = next(one for one in found if one["kind"] == "untranslated")
    assert untranslated["articles"] == [{"article_id": f"a{i}", "question": "储蓄卡丢了怎么办"} for i in range(2)]
    assert untranslated["count"] == 2


async def test_a_converted_text_is_there_to_be_reviewed_and_serves_once_it_is(desk: Desk) -> None:
    await desk.call("POST", "", 201, json=LOST)
    converted = await desk.call("GET", "/lost/converted", headers={"X-Role": "agent"})
    assert converted == {
        "lang": "zh-Hant",
        "question": "儲蓄卡丟了怎麼辦",
        "similar": ["卡不見了"],
        "answer": "在軟體裡掛失。",
        "reviewed": False,
    }
    reviewed = converted | {"answer": "請在行動銀行掛失。", "reviewed": True}
    await desk.call("PUT", "/lost", json={"texts": [*LOST["texts"], reviewed]})
    await desk.call("POST", "/lost/publish")
    await desk.follower.catch_up()
    (hit,) = (await desk.call("GET", "/search", params={"q": "卡不見了", "locale": "zh-Hant"}))["results"]
    assert (hit["answer"], hit["reviewed"], hit["converted"]) == ("請在行動銀行掛失。", True, False)
    english = {"id": "en", "texts": [{"lang": "en", "question": "q", "answer": "a"}]}
    await desk.call("POST", "", 201, json=english)
    assert (await desk.call("GET", "/en/converted", 404))["error"]["code"] == "not_found"


async def test_lists_and_categories(desk: Desk) -> None:
    for i in range(3):
        await desk.call("POST", "", 201, json=LOST | {"id": f"a{i}"})
    first = await desk.call("GET", "", params={"limit": 2, "category": "cards"})
    assert (len(first["articles"]), first["total"]) == (2, 3)
    rest = await desk.call("GET", "", params={"limit": 2, "category": "cards", "cursor": first["next_cursor"]})
    assert (len(rest["articles"]), rest["next_cursor"]) == (1, None)
    assert (await desk.call("GET", "/categories"))["categories"] == [{"category": "cards", "count": 3}]
    assert (await desk.call("GET", "", 400, params={"cursor": "x"}))["error"]["code"] == "invalid"


async def test_who_may_do_what(desk: Desk) -> None:
    await desk.call("POST", "", 403, json=LOST, headers={"X-Role": "agent"})
    await desk.call("GET", "", headers={"X-Role": "agent"})
    await desk.call("GET", "", 403, headers={"X-Role": ""})
    await desk.call("GET", "/search", 403, params={"q": "x"}, headers={"X-Role": ""})


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/none", 404, None),
        ("GET", "/a%00b", 422, None),
        ("GET", "?q=%00&category=%00&owner=%00", 200, None),
        ("GET", "/search?q=%00", 200, None),
        ("GET", "/search?q=", 200, None),
        ("GET", "/none/versions", 404, None),
        ("POST", "/none/versions/99/restore", 404, None),
        ("POST", "/none/versions/99999999999999999999/restore", 422, None),
        ("POST", "", 409, LOST),
        ("POST", "", 422, LOST | {"id": "a/b"}),
        ("POST", "", 422, {"texts": [{"lang": "fr", "question": "q"}]}),
        ("POST", "", 400, {"texts": LOST["texts"] * 2}),
        ("POST", "", 422, LOST | {"surprise": 1}),
        (
            "POST",
            "",
            201,
            {"texts": [{"lang": "en", "question": "\u0000<script>\u202e", "answer": "\u0000"}]},
        ),
        ("PUT", "/none", 404, {"texts": []}),
    ],
)
async def test_odd_input_is_answered_soundly(desk: Desk, method: str, path: str, status: int, body: Any) -> None:
    await desk.call("POST", "", 201, json=LOST)
    await desk.call(method, path, status, json=body)
