"""Limits at the edge: by caller, by size, told in the caller's language."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from warmline.kit import errors as e
from warmline.web import limits
from warmline.web.errors import explain, status_of
from warmline.web.limits import LimitMiddleware, RateLimit, TokenBucket


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def client(app: ASGIApp, address: str = "203.0.113.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh-Hans", "操作太频繁了，请过一会儿再试，内容不会丢。"),
        ("zh-TW", "操作太頻繁了，請過一會兒再試，內容不會遺失。"),
        ("en", "That was too fast; please try again in a moment. Nothing is lost."),
    ],
)
async def test_too_many_calls_are_told_so_in_the_callers_language(language: str, message: str) -> None:
    app = LimitMiddleware(hello, rate=0.001, burst=2)
    async with client(app) as one, client(app, "203.0.113.8") as other:
        headers = {"Accept-Language": language}
        answers = [await one.get("/api/v1/about", headers=headers) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["error"] == {"code": "busy", "message": message, "fields": {"retry_after": 1}}
        assert answers[2].headers["retry-after"] == "1"
        assert (await other.get("/api/v1/about")).status_code == 200
        assert (await one.get("/api/v1/about", headers={"Authorization": "Bearer mine"})).status_code == 200
        assert (await one.get("/bank.html")).status_code == 200


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 100.0
    monkeypatch.setattr("warmline.web.limits.time.monotonic", lambda: moment)
    bucket = TokenBucket(rate=2, burst=3)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    moment += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    moment += 1000
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_the_least_recent_callers_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CALLERS_KEPT", 2)
    limit = RateLimit(rate=0.001, burst=1)
    assert [limit.allow(caller) for caller in ("a", "b", "a", "c", "a", "b")] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (e.NotFoundError, 404),
        (e.ForbiddenError, 403),
        (e.UnauthenticatedError, 401),
        (e.InvalidError, 422),
        (e.ConflictError, 409),
        (e.BusyError, 429),
        (e.UnavailableError, 503),
        (e.WarmlineError, 400),
    ],
)
def test_each_kind_of_error_has_its_status(error: Callable[[], e.WarmlineError], status: int) -> None:
    assert status_of(error()) == status


def test_an_unknown_code_and_missing_fields_still_make_a_sentence() -> None:
    assert explain("unheard_of", "en", {}) == "Something went wrong and nothing was changed. Please try again."
    assert "{" not in explain("already_taken", "en", {})
