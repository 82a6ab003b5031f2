"""Limits at the edge: how often one caller may call, how large a body may be."""

from __future__ import annotations

import time
from collections import OrderedDict

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warmline.kit.i18n import pick_locale
from warmline.web.errors import explain

RETRY_SECONDS = 1
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
            await _refuse(send, 429, "busy", headers)
        elif int(headers.get(b"content-length", b"0") or 0) > BODY_LIMIT:
            await _refuse(send, 413, "too_large", headers)
        else:
            bounded = _Bounded(receive, send, headers)
            await self._app(scope, bounded.receive, bounded.send)


def _caller(scope: Scope, headers: dict[bytes, bytes]) -> str:
    token = headers.get(b"authorization", b"")[-24:].decode("latin-1")
    client = scope.get("client")
    return f"{client[0] if client else ''} {token}"


class _Bounded:
    """Ends a body of unsaid length at the limit: the application sees its client leave, the caller gets the 413."""

    def __init__(self, receive: Receive, send: Send, headers: dict[bytes, bytes]) -> None:
        self._receive, self._send, self._headers = receive, send, headers
        self._seen, self._started = 0, False

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._seen > BODY_LIMIT else message

    async def send(self, message: Message) -> None:
        if self._seen <= BODY_LIMIT:
            await self._send(message)
        elif not self._started:
            self._started = True
            await _refuse(self._send, 413, "too_large", self._headers)


async def _refuse(send: Send, status: int, code: str, asked: dict[bytes, bytes]) -> None:
    fields = {"retry_after": RETRY_SECONDS} if status == 429 else {}
    message = explain(code, pick_locale(asked.get(b"accept-language", b"").decode("latin-1")), fields)
    body = orjson.dumps({"error": {"code": code, "message": message, "fields": fields}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 429:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
