"""Limits at the edge: by caller, by size, told in the caller's language."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from warmline.kit import errors as e
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Presence, Role, SignedIn, Staff
from warmline.web import limits
from warmline.web.errors import explain, install_error_handlers, status_of
from warmline.web.limits import LimitMiddleware, RateLimit, TokenBucket


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


class Sessions:
    """Sessions whose token is a letter are live."""

    async def resolve(self, token: str) -> SignedIn | None:
        if len(token) != 1:
            return None
        away = datetime(2026, 11, 23, tzinfo=UTC)
        staff = Staff(
            UUID(int=ord(token)),
            "a@b",
            "陈曦",
            frozenset({Role.AGENT}),
            (),
            Presence.AWAY,
            away,
            "en",
            False,
            False,
            True,
            None,
        )
        return SignedIn(staff, staff.id, "csrf", away)


def desk() -> FastAPI:
    """Return an application behind the guard of staff."""
    app, guard = FastAPI(), StaffGuard(Sessions())  # type: ignore[arg-type]
    install_error_handlers(app)

    @app.get("/api/v1/about", dependencies=[Depends(guard.current_staff())])
    async def about() -> str:
        return "hello"

    return app


def limited(app: ASGIApp = hello, *, rate: float, address_rate: float = 100) -> LimitMiddleware:
    """Return the middleware; tokens of one letter are good."""
    return LimitMiddleware(
        app,
        rate=rate,
        address_rate=address_rate,
        customer_of=lambda token: UUID(int=ord(token)) if len(token) == 1 else None,
    )


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
    app = limited(rate=0.4)
    async with client(app) as one, client(app, "203.0.113.8") as other:
        headers = {"Accept-Language": language}
        answers = [await one.get("/api/v1/about", headers=headers) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["error"] == {"code": "busy", "message": message, "fields": {"retry_after": 1}}
        assert answers[2].headers["retry-after"] == "1"
        assert (await other.get("/api/v1/about")).status_code == 200
        assert (await one.get("/api/v1/about", headers={"Authorization": "Bearer a"})).status_code == 200
        assert (await one.get("/bank.html")).status_code == 200


async def test_a_look_at_the_health_asks_the_database_and_is_counted() -> None:
    async with client(limited(rate=0.4)) as one:
        assert [(await one.get("/healthz")).status_code for _ in range(3)] == [200, 200, 429]


async def statuses(one: httpx.AsyncClient, *headers: dict[str, str]) -> list[int]:
    return [(await one.get("/api/v1/about", headers=each)).status_code for each in headers]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_made_up_token_or_session_buys_no_further_calls() -> None:
    async with client(limited(rate=0.4)) as one:
        made_up = [bearer(f"forged{number}") for number in range(3)]
        assert await statuses(one, *made_up) == [200, 200, 429]
        assert await statuses(one, {"Cookie": "warmline_session=forged"}, {"Authorization": "Basic abc"}) == [429, 429]


async def test_customers_behind_one_address_have_their_own_share() -> None:
    async with client(limited(rate=0.4)) as one:
        assert await statuses(one, *[bearer("a")] * 3, *[bearer("b")] * 3) == [200, 200, 429] * 2


async def test_an_address_has_a_ceiling_whoever_calls_from_it() -> None:
    app = limited(rate=0.4, address_rate=0.8)
    async with client(app) as one, client(app, "203.0.113.8") as other:
        assert await statuses(one, *map(bearer, "aabbcc"), {}) == [200] * 4 + [429] * 3
        assert await statuses(other, bearer("d")) == [200]


async def test_what_one_caller_is_refused_does_not_use_up_the_address() -> None:
    async with client(limited(rate=0.4, address_rate=0.8)) as one:
        await statuses(one, *[bearer("a")] * 20)
        assert await statuses(one, *[bearer("b")] * 2) == [200, 200]


async def test_a_subscriber_of_ipv6_has_one_share_however_many_addresses() -> None:
    app = limited(rate=0.4)
    found = []
    for number in range(3):
        async with client(app, f"2001:db8::{number}") as one:
            found += await statuses(one, {})
    assert found == [200, 200, 429]


async def test_staff_behind_one_address_have_their_own_share_once_they_are_known() -> None:
    async with client(limited(desk(), rate=0.4)) as one:
        chenxi, linyao = ({"Cookie": f"warmline_session={token}"} for token in "cl")
        assert await statuses(one, chenxi, linyao) == [200, 200]
        assert await statuses(one, *[chenxi] * 3, *[linyao] * 3, {}) == [*[200, 200, 429] * 2, 429]


@pytest.mark.parametrize("streamed", [False, True])
async def test_what_is_parsed_in_one_go_is_small_and_a_file_may_be_large(streamed: bool) -> None:
    """A megabyte of brackets keeps the parser, and with it everyone on the node, for tenths of a second."""
    taken: list[int] = []

    async def taking(scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return await hello(scope, receive, send)
            size, more = size + len(message["body"]), message.get("more_body", False)
        taken.append(size)
        scope.setdefault("state", {})["signed_in"] = SimpleNamespace(session_id="s")
        await hello(scope, receive, send)

    async def sent(size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, 100_000):
            yield bytes(min(100_000, size - start))

    file = {"Content-Type": "multipart/form-data; boundary=x"}
    staff = {"Cookie": "warmline_session=known"}
    async with client(limited(taking, rate=100)) as one:

        async def post(size: int, **headers: str) -> int:
            content = sent(size) if streamed else bytes(size)
            return (await one.post("/api/v1/about", content=content, headers=headers)).status_code

        assert [await post(200_000), await post(300_000), await post(11_000_000, **file)] == [200, 413, 200]
        assert await post(13_000_000, **file) == 413
        assert [await post(300_000, **staff), await post(10, **staff), await post(300_000, **staff)] == [413, 200, 200]
    assert taken == [200_000, 11_000_000, 10, 300_000]


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
