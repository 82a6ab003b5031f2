"""A whole node behind a real server in this process, and the people who use it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from warmline.bootstrap import Node
from warmline.staff.model import Presence, Role

Json = dict[str, Any]
PATIENCE = 20.0
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Socket:
    """One connection to the live feed; what was received and not yet asked for is kept."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.kept: list[Json] = []

    async def send(self, **frame: Any) -> None:
        await self._connection.send(json.dumps(frame))

    async def send_raw(self, data: str | bytes) -> None:
        await self._connection.send(data)

    async def expect(self, kind: str, /, **wanted: Any) -> Json:
        """Return the next frame of this type with these fields; others are kept."""
        for frame in self.kept:
            if _fits(frame, kind, wanted):
                self.kept.remove(frame)
                return frame
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = json.loads(await self._connection.recv())
                if _fits(frame, kind, wanted):
                    return dict(frame)
                self.kept.append(frame)

    async def until(self, kind: str, /, **wanted: Any) -> list[Json]:
        """Return every frame up to and with the next one of this type."""
        last = await self.expect(kind, **wanted)
        before, self.kept = self.kept, []
        return [*before, last]

    async def end(self) -> int:
        """Return the code the server closed with."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    self.kept.append(json.loads(await self._connection.recv()))
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006

    async def settle(self) -> list[Json]:
        """Return all that had been sent before the answer to a ping."""
        await self.send(type="ping")
        return (await self.until("pong"))[:-1]

    async def close(self) -> None:
        await self._connection.close()


def _fits(frame: Json, kind: str, wanted: Json) -> bool:
    return frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items())


@dataclass
class House:
    """The node, where it serves, and whoever came."""

    node: Node
    base: str
    _open: list[httpx.AsyncClient] = field(default_factory=list)
    _sockets: list[Socket] = field(default_factory=list)

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a client of the API."""
        client = httpx.AsyncClient(base_url=f"{self.base}/api/v1", headers=headers, timeout=30)
        self._open.append(client)
        return client

    async def socket(self, *, cookie: str = "", origin: str | None = None, language: str = "") -> Socket:
        """Open a connection to the live feed."""
        headers = {"Cookie": cookie, "Accept-Language": language}
        address = self.base.replace("http", "ws") + "/api/v1/stream"
        options: Any = {"origin": origin} if origin else {}
        connection = await connect(
            address, additional_headers={k: v for k, v in headers.items() if v}, proxy=None, max_queue=None, **options
        )
        self._sockets.append(Socket(connection))
        return self._sockets[-1]

    async def arrive(self, *, locale: str = "zh-Hans", elder: bool = False) -> Page:
        """Let a new customer open the page."""
        client = self.client(**{"Accept-Language": locale})
        visitor = (await client.post("/visitors", json={"locale": locale})).json()
        client.headers["Authorization"] = f"Bearer {visitor['token']}"
        view = (await client.post("/conversations", json={"locale": locale, "elder": elder})).json()
        return Page(self, client, visitor["token"], visitor["customer_id"], view["conversation"]["id"])

    async def hire(self, *roles: Role, skills: tuple[str, ...] = (), available: bool = True) -> Desk:
        """Let a new member of staff sign in."""
        name, node = f"同事{uuid4().hex[:6]}", self.node
        async with node.uow.begin() as tx:
            staff = await node.staff.create_account(
                tx, email=f"{uuid4().hex}@chunhe.example", name=name, roles=roles or (Role.AGENT,), actor="system"
            )
            for skill in skills:
                await node.staff.put_skill_group(tx, skill, {"zh-Hans": skill, "zh-Hant": skill, "en": skill})
            await node.staff.set_skills(tx, staff.id, list(skills), actor="system")
            if available:
                await node.staff.set_presence(tx, staff.id, Presence.AVAILABLE)
            token = await node.staff.create_sign_in_link(tx, staff.id, actor="system")
        client = self.client()
        (await client.post("/auth/link", json={"token": token})).raise_for_status()
        client.headers["X-CSRF-Token"] = client.cookies["warmline_csrf"]
        return Desk(self, client, staff.id, name)

    async def leave(self) -> None:
        """Close whatever is open."""
        for socket in self._sockets:
            await socket.close()
        for client in self._open:
            await client.aclose()
        self._sockets, self._open = [], []


@dataclass
class Page:
    """A customer's page, in one conversation."""

    house: House
    client: httpx.AsyncClient
    token: str
    customer_id: str
    id: str

    @property
    def path(self) -> str:
        """The conversation's path."""
        return f"/conversations/{self.id}"

    async def call(self, method: str, path: str = "", status: int = 200, **more: Any) -> Any:
        """Call something below the conversation; the status must be as expected."""
        answer = await self.client.request(method, self.path + path, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def say(self, text: str, client_id: str = "") -> Json:
        """Post a message; return the ack."""
        body = {"client_id": client_id or uuid4().hex, "text": text}
        return dict(await self.call("POST", "/messages", json=body))

    async def view(self) -> Json:
        """Load the page again."""
        return dict(await self.call("GET"))

    async def wait_for(self, kind: str, **wanted: Any) -> Json:
        """Poll until there is an event of this type whose payload has these fields; return it."""
        after = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                page = await self.call("GET", f"/events?after={after}&wait=5")
                for event in page["events"]:
                    after, said = event["seq"], event["payload"]
                    author = wanted.get("author", event["author"]["kind"])
                    fields = {name: value for name, value in wanted.items() if name != "author"}
                    if said["type"] == kind and author == event["author"]["kind"] and fields.items() <= said.items():
                        return dict(event)

    async def upload(self, name: str = "a.png", content: bytes = PNG, status: int = 201) -> Json:
        """Send a file."""
        return dict(await self.call("POST", "/attachments", status, files={"file": (name, content)}))

    async def socket(self, after: int = 0) -> Socket:
        """Open the live feed and follow the conversation; what came before `subscribed` is kept."""
        socket = await self.house.socket()
        await socket.send(type="hello", token=self.token)
        await socket.expect("ready")
        await socket.send(type="subscribe", conversation_id=self.id, after=after)
        frames = await socket.until("subscribed")
        socket.kept = frames[:-1]
        return socket


@dataclass
class Desk:
    """A member of staff at the desk."""

    house: House
    client: httpx.AsyncClient
    id: Any
    name: str

    @property
    def cookie(self) -> str:
        """The cookies of the session."""
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    async def call(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """Call something of the desk; the status must be as expected."""
        answer = await self.client.request(method, f"/desk{path}", **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def on(self, page: Page, what: str = "", body: Json | None = None, status: int = 200) -> Json:
        """Do something with a customer's conversation, or open it."""
        path = f"/conversations/{page.id}{what}"
        if body is None and not what:
            return dict(await self.call("GET", path, status))
        return dict(await self.call("POST", path, status, json=body or {}))

    async def say(self, page: Page, text: str, status: int = 200, **more: Any) -> Json:
        """Reply."""
        return await self.on(page, "/messages", {"client_id": uuid4().hex, "text": text, **more}, status)

    async def socket(self) -> Socket:
        """Open the live feed."""
        socket = await self.house.socket(cookie=self.cookie)
        await socket.send(type="hello")
        await socket.expect("ready")
        return socket
