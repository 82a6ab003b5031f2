"""Limits at the edge: how often one caller may call, how large a body may be."""

from __future__ import annotations

import time
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 12 * 1024 * 1024
CALLERS_KEPT = 50_000


class TokenBucket:
    """Allows `rate` calls a second on average and `burst` at once."""

    __slots__ = ("_burst", "_rate", "_tokens", "_updated")

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate, self._burst, self._tokens, self._updated = rate, burst, burst, time.monotonic()

    def take(self) -> bool:
        """Use one token; False when there is none."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._updated) * self._rate)
        self._updated = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class RateLimit:
    """A bucket per caller, the least recent callers forgotten first."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def allow(self, caller: str) -> bool:
        """Tell whether this call of this caller may go on."""
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = TokenBucket(rate=self._rate, burst=self._burst)
            if len(self._buckets) > CALLERS_KEPT:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(caller)
        return bucket.take()


class LimitMiddleware:
    """Refuses bodies over the limit with 413 and callers over their rate with 429, before anything is parsed."""

    def __init__(self, app: ASGIApp, *, rate: float, burst: float) -> None:
        self._app = app
        self._limit = RateLimit(rate=rate, burst=burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not self._limit.allow(_caller(scope, headers)):
            await _refuse(send, 429, b'{"error":{"code":"busy","message":"429","fields":{"retry_after":1}}}')
            return
        if int(headers.get(b"content-length", b"0") or 0) > BODY_LIMIT:
            await _refuse(send, 413, b'{"error":{"code":"too_large","message":"413","fields":{}}}')
            return
        await self._app(scope, _bounded(receive), send)


def _caller(scope: Scope, headers: dict[bytes, bytes]) -> str:
    token = headers.get(b"authorization", b"")[-24:].decode("latin-1")
    client = scope.get("client")
    return f"{client[0] if client else ''} {token}"


def _bounded(receive: Receive) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > BODY_LIMIT:
            return {"type": "http.disconnect"}
        return message

    return bounded


async def _refuse(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"retry-after", b"1"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
