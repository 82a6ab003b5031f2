"""Limits at the edge: how often one caller may call, how large a body may be."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

import orjson
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warmline.kit.i18n import pick_locale
from warmline.staff.guard import SESSION_COOKIE
from warmline.staff.model import hash_token, network_of
from warmline.web.errors import explain

LIMITED = ("/api/", "/healthz")
"""What asks the database; pages and scripts come from files."""
RETRY_SECONDS = 1
BODY_LIMIT = 12 * 1024 * 1024
"""Bytes of a body that brings a file."""
TEXT_LIMIT = 256 * 1024
STAFF_TEXT_LIMIT = 2 * 1024 * 1024
"""Bytes of any other body, and of one from staff who are known here: it is parsed in one go, before anyone knows
whether its caller may call, and the event loop stands still meanwhile."""
CALLERS_KEPT = 50_000
BURST_SECONDS = 5
"""Whoever was quiet may use the share of so many seconds at once."""


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
    """Refuses bodies over their limit with 413 and callers over their rate with 429, before anything is parsed.

    A caller is a customer by their token (`customer_of` returns whose it is, None if it is not good), staff by a
    session that was found good before, and anybody else their address. All callers of one address, however they
    say who they are, share `address_rate`, which is meant for the many who stand behind one proxy.
    """

    def __init__(
        self, app: ASGIApp, *, rate: float, address_rate: float, customer_of: Callable[[str], UUID | None]
    ) -> None:
        self._app, self._customer_of = app, customer_of
        self._callers = RateLimit(rate=rate, burst=rate * BURST_SECONDS)
        self._addresses = RateLimit(rate=address_rate, burst=address_rate * BURST_SECONDS)
        self._sessions: OrderedDict[bytes, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        address = network_of(scope["client"][0] if scope.get("client") else "")
        session = _hash_session(headers)
        # The caller first: what one is refused must not use up the share of all who stand behind the same address.
        if not (self._callers.allow(self._caller(address, session, headers)) and self._addresses.allow(address)):
            await _refuse(send, 429, "busy", headers)
            return
        limit = self._body_limit(session, headers)
        if int(headers.get(b"content-length", b"0") or 0) > limit:
            await _refuse(send, 413, "too_large", headers)
        else:
            bounded = _Bounded(receive, send, headers, limit)
            await self._app(scope, bounded.receive, bounded.send)
            self._note_session(scope, session)

    def _body_limit(self, session: bytes | None, headers: dict[bytes, bytes]) -> int:
        if headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data"):
            return BODY_LIMIT
        return STAFF_TEXT_LIMIT if session in self._sessions else TEXT_LIMIT

    def _caller(self, address: str, session: bytes | None, headers: dict[bytes, bytes]) -> str:
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() == "bearer" and (customer_id := self._customer_of(token)):
            return f"customer {customer_id}"
        known = self._sessions.get(session) if session else None
        return known or f"address {address}"

    def _note_session(self, scope: Scope, session: bytes | None) -> None:
        """The guard left who is signed in with the request: from now on this session counts for itself."""
        signed = scope.get("state", {}).get("signed_in")
        if session is None or signed is None:
            return
        self._sessions[session] = f"session {signed.session_id}"
        self._sessions.move_to_end(session)
        if len(self._sessions) > CALLERS_KEPT:
            self._sessions.popitem(last=False)


def _hash_session(headers: dict[bytes, bytes]) -> bytes | None:
    """Return the hash of the session cookie; what is kept here must not open a session."""
    cookies = cookie_parser(headers.get(b"cookie", b"").decode("latin-1"))
    token = cookies.get(SESSION_COOKIE)
    return hash_token(token) if token else None


class _Bounded:
    """Ends a body of unsaid length at the limit: the application sees its client leave, the caller gets the 413."""

    def __init__(self, receive: Receive, send: Send, headers: dict[bytes, bytes], limit: int) -> None:
        self._receive, self._send, self._headers, self._limit = receive, send, headers, limit
        self._seen, self._started = 0, False

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._seen > self._limit else message

    async def send(self, message: Message) -> None:
        if self._seen <= self._limit:
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
