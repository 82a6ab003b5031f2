"""Nothing twice: the same `Idempotency-Key` gets the same answer, also while the first is still at work."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REMEMBERED_ERRORS = frozenset({403, 404, 409, 423})
"""Refusals are answers too. What was never looked at (no token, invalid) may be put right under the same key."""


@dataclass(slots=True)
class Reply:
    """A whole answer."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def receive_part(self, message: Message) -> None:
        """Be the `send` of an application."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        """Send it."""
        kept = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def problem(code: str, status: int) -> Reply:
    """Return a problem as an answer."""
    body = json.dumps({"title": code.replace("_", " "), "status": status, "code": code}).encode()
    return Reply(status, [(b"content-type", b"application/problem+json")], body)


async def read_body(receive: Receive) -> bytes:
    """Return the whole of a request's body."""
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


class Once:
    """Around an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._known: dict[str, tuple[tuple[str, str, str, bytes], asyncio.Future[Reply]]] = {}

    def forget(self) -> None:
        """Start anew."""
        self._known.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        key = headers.get(b"idempotency-key", "")
        if scope["type"] != "http" or not key:
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        asked = (scope["method"], scope["path"], headers.get(b"x-customer", ""), body)
        reply = await self._answer(key, asked, scope, headers.get(b"authorization", ""))
        await reply.send(send)

    async def _answer(self, key: str, asked: tuple[str, str, str, bytes], scope: Scope, token: str) -> Reply:
        key = f"{token} {key}"
        while key in self._known:
            before, first = self._known[key]
            if before != asked:
                return problem("key_reused", 409)
            reply = await asyncio.shield(first)
            if self._known.get(key, (None, first))[1] is first:
                return reply
        first = asyncio.get_running_loop().create_future()
        self._known[key] = asked, first
        reply = Reply(500)
        try:
            await self._app(scope, _replay(asked[3]), reply.receive_part)
        finally:
            if not (reply.status < 400 or reply.status in REMEMBERED_ERRORS):
                self._known.pop(key, None)
            first.set_result(reply)
        return reply


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
