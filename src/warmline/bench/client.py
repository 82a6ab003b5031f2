"""A lean client of the live feed, so that the load weighs little beside what it measures."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from uuid import UUID

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Arrived = Callable[[UUID | str, dict[str, object], float], None]


class FeedClient:
    """One socket; acks complete the futures of their posts, events go to `on_event(conversation, event, at)`."""

    def __init__(self, connection: ClientConnection, on_event: Arrived | None) -> None:
        self._connection, self._on_event = connection, on_event
        self._acks: dict[str, asyncio.Future[float]] = {}
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._subscribed: dict[str, asyncio.Future[None]] = {}
        self._task = asyncio.create_task(self._receive())

    @classmethod
    async def open(
        cls, url: str, *, token: str | None = None, cookie: str | None = None, on_event: Arrived | None = None
    ) -> FeedClient:
        """Connect and say hello."""
        headers = {"Cookie": cookie} if cookie else {}
        connection = await connect(url, additional_headers=headers, compression=None, max_size=2**20, max_queue=None)
        client = cls(connection, on_event)
        await client._send({"type": "hello", "token": token} if token else {"type": "hello"})
        await client._ready
        return client

    async def subscribe(self, conversation_id: UUID, after: int) -> None:
        """Follow a conversation; returns once what was missed has arrived."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._subscribed[str(conversation_id)] = done
        await self._send({"type": "subscribe", "conversation_id": conversation_id, "after": after})
        await done

    async def post(self, conversation_id: UUID, client_id: str, text: str) -> float:
        """Post a message; return the time.perf_counter() of its ack."""
        ack: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._acks[client_id] = ack
        await self._send({"type": "post", "conversation_id": conversation_id, "client_id": client_id, "text": text})
        return await ack

    async def close(self) -> None:
        """Disconnect."""
        await self._connection.close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _send(self, frame: dict[str, object]) -> None:
        await self._connection.send(orjson.dumps(frame).decode())

    async def _receive(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._take_frames()

    async def _take_frames(self) -> None:
        async for text in self._connection:
            at = time.perf_counter()
            frame = orjson.loads(text)
            match frame["type"]:
                case "event":
                    if self._on_event is not None:
                        self._on_event(frame["conversation_id"], frame["event"], at)
                case "ack":
                    self._acks.pop(frame["client_id"]).set_result(at)
                case "ready":
                    self._ready.set_result(None)
                case "subscribed":
                    self._subscribed.pop(frame["conversation_id"]).set_result(None)
                case "error":
                    self._fail(frame)

    def _fail(self, frame: dict[str, object]) -> None:
        error = RuntimeError(f"{frame['code']}: {frame['message']}")
        waiting = self._acks.pop(str(frame.get("client_id")), None) or next(
            iter(self._subscribed.values()), self._ready
        )
        if not waiting.done():
            waiting.set_exception(error)
