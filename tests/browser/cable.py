"""A network cable for each browser profile: a SOCKS proxy on loopback that can be pulled out and plugged in again.

Chromium's own "offline" does not silence a WebSocket that is open: it goes on answering the server's pings. A pulled
cable does: what either side sends is lost, and neither is told.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Any

IPV4, NAME = 1, 3
NO_SIGN_IN = b"\x05\x00"
CONNECTED = b"\x05\x00\x00\x01" + bytes(6)
CHUNK = 64 * 1024


class Cable:
    """One profile's way to the network. `port` is where its proxy listens."""

    def __init__(self) -> None:
        self.port = 0
        self._whole = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def lay(self) -> None:
        """Start to listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """From now on nothing gets through."""
        self._whole = False

    async def plug(self) -> None:
        """New connections get through; those from before the cut are dead."""
        self._whole = True
        self._end_all()

    async def remove(self) -> None:
        """Stop listening."""
        assert self._server is not None
        self._server.close()
        self._end_all()

    def _end_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            address, port = await _greet(reader, writer)
            there_reader, there = await asyncio.open_connection(address, port)
            writer.write(CONNECTED)
            self._writers |= {writer, there}
            await asyncio.gather(self._pump(reader, there), self._pump(there_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes one way until that side ends; once the cable was out, carry nothing more."""
        whole = True
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                whole = whole and self._whole
                if whole:
                    writer.write(data)
                    await writer.drain()
        if whole and self._whole:
            writer.close()


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Take the SOCKS 5 greeting (RFC 1928) and return where the browser wants to go."""
    await reader.readexactly((await reader.readexactly(2))[1])
    writer.write(NO_SIGN_IN)
    *_, kind = await reader.readexactly(4)
    if kind == IPV4:
        host = str(IPv4Address(await reader.readexactly(4)))
    elif kind == NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        raise ConnectionError(f"address type {kind} is not carried here")
    return host, int.from_bytes(await reader.readexactly(2))


class Cables:
    """The cables of a test, all served by one thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._laid: list[Cable] = []

    def lay(self) -> Cable:
        """Return a new cable, plugged in."""
        cable = Cable()
        self.do(cable.lay())
        self._laid.append(cable)
        return cable

    def do(self, what: Coroutine[Any, Any, None]) -> None:
        """Carry out what a cable is asked for, and wait until it is so."""
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def remove(self) -> None:
        """Take all of them out."""
        for cable in self._laid:
            self.do(cable.remove())
        self.do(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _end_tasks() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
