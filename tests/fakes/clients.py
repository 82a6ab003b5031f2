"""Clients that follow docs/protocol.md: they reconnect, catch up and post again what was not acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.fakes.server import IDENTITY_SECRET, Server

PATIENCE = 60.0
"""Seconds until a test gives up on the server."""
RETRY_SECONDS = (0.1, 1.0)
Json = dict[str, Any]


class RefusedError(Exception):
    """The server refused a message for good; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Sent:
    """A message on its way, or acknowledged with its `seq`."""

    client_id: str
    conversation_id: str
    text: str
    done: asyncio.Future[int]


class Line:
    """One socket that is always being reconnected. `seen` holds the events of each conversation by seq."""

    def __init__(
        self, server: Server, *, token: str | None = None, cookie: str | None = None, address: str | None = None
    ) -> None:
        self._address, self._token, self._cookie = address or server.socket, token, cookie
        self.seen: dict[str, dict[int, Json]] = {}
        self.sent: list[Sent] = []
        self.frames: list[Json] = []
        self.connections = 0
        self._connection: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._live())

    async def follow(self, conversation_id: str) -> None:
        """Subscribe, now and after every reconnect."""
        self.seen.setdefault(conversation_id, {})
        await self._send(self._subscription(conversation_id))

    async def say(self, conversation_id: str, text: str) -> int:
        """Post a message and return its seq once it is acknowledged, however often the server dies meanwhile."""
        sent = Sent(uuid4().hex, conversation_id, text, asyncio.get_running_loop().create_future())
        self.sent.append(sent)
        await self._send(_post(sent))
        return await sent.done

    async def send_raw(self, text: str) -> None:
        """Send something that need not be a frame."""
        await self.until(lambda: self._connection is not None)
        assert self._connection is not None
        await self._connection.send(text)

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Return once `condition()` holds; it is looked at after every frame."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    def events(self, conversation_id: str, kind: str = "") -> list[Json]:
        """Return the events seen of a conversation, in the order of their seq."""
        known = self.seen[conversation_id]
        return [known[seq] for seq in sorted(known) if kind in ("", known[seq]["payload"]["type"])]

    async def drop(self) -> None:
        """Cut the connection without a goodbye; a new one is made at once."""
        if self._connection is not None:
            self._connection.transport.abort()
            self._connection = None

    async def vanish(self) -> None:
        """Cut the connection without a goodbye and stay away."""
        await self.drop()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def _subscription(self, conversation_id: str) -> Json:
        known = max(self.seen[conversation_id], default=0)
        return {"type": "subscribe", "conversation_id": conversation_id, "after": known}

    async def _send(self, frame: Json) -> None:
        """Send if there is a connection; if there is none, reconnecting sends it."""
        if self._connection is not None:
            with contextlib.suppress(WebSocketException, OSError):
                await self._connection.send(json.dumps(frame, ensure_ascii=False))

    async def _live(self) -> None:
        pause = RETRY_SECONDS[0]
        headers = {"Cookie": self._cookie} if self._cookie else {}
        while True:
            with contextlib.suppress(WebSocketException, OSError, EOFError, TimeoutError):
                async with connect(
                    self._address, additional_headers=headers, compression=None, open_timeout=10
                ) as connection:
                    await self._serve(connection)
                    pause = RETRY_SECONDS[0]
            self._connection = None
            await asyncio.sleep(pause)
            pause = min(2 * pause, RETRY_SECONDS[1])

    async def _serve(self, connection: ClientConnection) -> None:
        hello = {"type": "hello", "token": self._token} if self._token else {"type": "hello"}
        await connection.send(json.dumps(hello))
        async with asyncio.timeout(10):
            ready = json.loads(await connection.recv())
        if ready["type"] != "ready":
            return
        self._connection = connection
        self.connections += 1
        for conversation_id in self.seen:
            await self._send(self._subscription(conversation_id))
        for sent in self.sent:
            if not sent.done.done():
                await self._send(_post(sent))
        async for text in connection:
            await self._receive(json.loads(text))

    async def _receive(self, frame: Json) -> None:
        match frame["type"]:
            case "event":
                self.seen[frame["conversation_id"]].setdefault(frame["event"]["seq"], frame["event"])
            case "ack":
                self._settle(frame["client_id"], frame["seq"])
            case "error":
                await self._refused(frame)
            case _:
                self.frames.append(frame)
        async with self._changed:
            self._changed.notify_all()

    def _settle(self, client_id: str, seq: int) -> None:
        for sent in reversed(self.sent):
            if sent.client_id == client_id:
                if not sent.done.done():
                    sent.done.set_result(seq)
                return

    async def _refused(self, frame: Json) -> None:
        if frame["code"] in ("unavailable", "busy"):
            assert self._connection is not None
            await asyncio.sleep(RETRY_SECONDS[0])
            await self._connection.close()
            return
        self.frames.append(frame)
        for sent in self.sent:
            if sent.client_id == frame["client_id"] and not sent.done.done():
                sent.done.set_exception(RefusedError(frame["code"]))


def _post(sent: Sent) -> Json:
    return {
        "type": "post",
        "conversation_id": sent.conversation_id,
        "client_id": sent.client_id,
        "text": sent.text,
    }


async def call(http: httpx.AsyncClient, method: str, path: str, **more: Any) -> Any:
    """Call the API, again while the server is away; return the JSON of its answer. For calls that may be repeated."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await http.request(method, f"/api/v1{path}", **more)
                if answer.status_code not in (429, 503):
                    answer.raise_for_status()
                    return answer.json() if answer.content else None
            await asyncio.sleep(RETRY_SECONDS[0])


@dataclass
class Customer:
    """A customer on the bank's page, in one conversation."""

    http: httpx.AsyncClient
    id: str
    conversation_id: str
    line: Line

    @classmethod
    async def arrive(cls, server: Server, *, identity: str | None = None, locale: str = "zh-Hans") -> Customer:
        """Get a token, open a conversation, follow it."""
        http = httpx.AsyncClient(base_url=server.base, timeout=30)
        body = {"locale": locale} | ({"identity": identity} if identity else {})
        visitor = await call(http, "POST", "/visitors", json=body)
        http.headers["Authorization"] = f"Bearer {visitor['token']}"
        view = await call(http, "POST", "/conversations", json={"locale": locale})
        line = Line(server, token=visitor["token"])
        customer = cls(http, visitor["customer_id"], view["conversation"]["id"], line)
        await line.follow(customer.conversation_id)
        return customer

    async def say(self, text: str) -> int:
        """Post a message; return its seq once acknowledged."""
        return await self.line.say(self.conversation_id, text)

    async def ask_for_person(self) -> Json:
        """Press the button; return the state and the wait."""
        return dict(await call(self.http, "POST", f"{self.path}/handoff", json={"via": "button"}))

    async def wait_for(self, kind: str, seconds: float = PATIENCE) -> Json:
        """Return the newest event of this type, once there is one."""
        await self.line.until(lambda: bool(self.line.events(self.conversation_id, kind)), seconds)
        return self.line.events(self.conversation_id, kind)[-1]

    async def close(self) -> None:
        """End the conversation."""
        await call(self.http, "POST", f"{self.path}/close")

    async def view(self) -> Json:
        """Read the conversation afresh."""
        return dict(await call(self.http, "GET", self.path))

    @property
    def path(self) -> str:
        """The path of the conversation's calls."""
        return f"/conversations/{self.conversation_id}"

    async def leave(self) -> None:
        """Close the page."""
        await self.line.vanish()
        await self.http.aclose()


@dataclass
class Agent:
    """Someone at the desk, signed in by a one-time link."""

    http: httpx.AsyncClient
    me: Json
    line: Line
    cookie: str

    @classmethod
    async def sign_in(cls, server: Server, person: str, *, presence: str | None = "available") -> Agent:
        """Sign in, open the desk's socket, be there for customers."""
        http = await signed_in(server, person)
        me = await call(http, "GET", "/auth/me")
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        agent = cls(http, me, Line(server, cookie=cookie), cookie)
        if presence is not None:
            await call(http, "PUT", "/desk/presence", json={"status": presence})
            await call(http, "GET", "/desk/inbox")
        return agent

    async def accept(self, conversation_id: str) -> Json:
        """Take a waiting conversation and follow it."""
        state = await call(self.http, "POST", f"/desk/conversations/{conversation_id}/accept")
        await self.line.follow(conversation_id)
        return dict(state["conversation"])

    async def say(self, conversation_id: str, text: str) -> int:
        """Reply; return the seq once acknowledged."""
        return await self.line.say(conversation_id, text)

    async def view(self, conversation_id: str) -> Json:
        """Read a conversation with its staff entries."""
        return dict(await call(self.http, "GET", f"/desk/conversations/{conversation_id}"))

    async def leave(self) -> None:
        """Lose the connection."""
        await self.line.vanish()
        await self.http.aclose()


async def signed_in(server: Server, person: str) -> httpx.AsyncClient:
    """Return an HTTP client with the session of one of `PEOPLE`."""
    http = httpx.AsyncClient(base_url=server.base, timeout=30)
    answer = await http.post("/api/v1/auth/link", json={"token": server.take_link(person)})
    answer.raise_for_status()
    http.headers["X-CSRF-Token"] = http.cookies["warmline_csrf"]
    return http


@contextlib.asynccontextmanager
async def leaving(*people: Customer | Agent) -> AsyncIterator[None]:
    """Let these people leave at the end."""
    try:
        yield
    finally:
        for one in people:
            await one.leave()


def identity(reference: str, name: str) -> str:
    """Return what the bank's site signs about a customer."""
    claims = {"sub": reference, "name": name, "elder": False, "exp": int(time.time()) + 3600}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(IDENTITY_SECRET.encode()))
