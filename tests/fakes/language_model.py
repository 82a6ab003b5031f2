"""An OpenAI-compatible model on a local port that is as hostile as it is told to be."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Says = Callable[[str, str], str]
"""What is said to a system and a user part."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
LONG_SECONDS = 60
BOMB = gzip.compress(b"data: " + b" " * 50_000_000)
"""Small, until it is unpacked."""
TRANSPORT = (
    "stall",
    "stall_after_head",
    "stall_midway",
    "forever",
    "trickle",
    "huge",
    "one_endless_line",
    "not_json",
    "wrong_shape",
    "deep",
    "html",
    "error",
    "limited",
    "half",
    "cut_off_by_length",
    "empty",
    "redirect",
    "packed",
    "hang_up",
)
"""Every way in which the line itself can be bad."""


class HostileModel:
    """`mood` is one of `TRANSPORT`, or empty for a good line; `says` is what it answers; `heard` is all it was sent."""

    def __init__(self, says: Says | str = "") -> None:
        self.mood = ""
        self.says = says
        self.heard: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> HostileModel:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"
            )
            body = await reader.readexactly(length)
            self.raw.append(head + body)
            self.heard.append(json.loads(body))
            await self._answer(json.loads(body), writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if self.mood:
            await getattr(self, f"_{self.mood}")(writer)
            return
        system, user = (message["content"] for message in asked["messages"])
        text = self.says if isinstance(self.says, str) else self.says(system, user)
        writer.write(HEAD)
        for at in range(0, len(text), 7):
            writer.write(event(text[at : at + 7]))
        writer.write(event("", "stop") + usage(len(text)) + b"data: [DONE]\n\n")
        await writer.drain()

    async def _stall(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(LONG_SECONDS)

    async def _stall_after_head(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        await asyncio.sleep(LONG_SECONDS)

    async def _stall_midway(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + event("您别着急，"))
        await asyncio.sleep(LONG_SECONDS)

    async def _forever(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        while not writer.is_closing():
            writer.write(event("好"))
            await writer.drain()
            await asyncio.sleep(0)

    async def _trickle(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for byte in event("一个字节一个字节地来", "stop"):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.3)

    async def _huge(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + event("大" * 300_000, "stop") + b"data: [DONE]\n\n")
        await writer.drain()

    async def _one_endless_line(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"data: ")
        while not writer.is_closing():
            writer.write(b"x" * 4096)
            await writer.drain()

    async def _not_json(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"data: {oops\n\ndata: [DONE]\n\n")

    async def _wrong_shape(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b'data: {"choices": [{"delta": {"content": {"text": "x"}}}]}\n\ndata: [DONE]\n\n')

    async def _deep(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"data: " + b"[" * 15_000 + b"\n\ndata: [DONE]\n\n")

    async def _html(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>sign in</html>")

    async def _error(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    async def _limited(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 429 Slow down\r\nRetry-After: 3600\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    async def _half(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + event("每张卡一天最多在取款机取"))
        await writer.drain()

    async def _cut_off_by_length(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + event("每张卡一天最多") + event("", "length") + b"data: [DONE]\n\n")

    async def _empty(self, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + event(" \n ", "stop") + b"data: [DONE]\n\n")

    async def _redirect(self, writer: asyncio.StreamWriter) -> None:
        other = b"http://127.0.0.1:9/v1/chat/completions"
        writer.write(
            b"HTTP/1.1 307 Elsewhere\r\nLocation: " + other + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )

    async def _packed(self, writer: asyncio.StreamWriter) -> None:
        head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
        writer.write(head + BOMB)
        await writer.drain()

    async def _hang_up(self, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()


def event(text: str, finish: str | None = None) -> bytes:
    """Return one event of a stream."""
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def usage(tokens: int) -> bytes:
    """Return the event that tells what was counted."""
    return b"data: " + json.dumps({"choices": [], "usage": {"total_tokens": tokens}}).encode() + b"\n\n"


@contextmanager
def hostile_model(says: Says | str = "") -> Iterator[HostileModel]:
    """A model on a port of its own while the context lasts."""
    with HostileModel(says) as model:
        yield model
