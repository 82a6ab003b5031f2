"""What waits to go out to one socket: bounded, so that whoever reads too slowly is cut off."""

from __future__ import annotations

import asyncio
from collections import deque

from fastapi import WebSocket, WebSocketDisconnect

FRAMES_LIMIT = 2000
BYTES_LIMIT = 8 * 1024 * 1024
STALL_SECONDS = 10.0
"""Whoever takes nothing for so long is gone."""
CLOSE_LATER, CLOSE_POLICY = 1013, 1008


class Outbox:
    """Frames in the order of `put`. Over a limit it takes no more, sends what waits and closes with 1013: the client
    comes back with its cursor and loses nothing."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._code: int | None = None

    @property
    def closing(self) -> bool:
        """Whether nothing more is taken."""
        return self._code is not None

    @property
    def bytes_waiting(self) -> int:
        """How much waits."""
        return self._bytes

    def put(self, frame: bytes) -> None:
        """Let a frame wait its turn; dropped once the socket is closing."""
        if self.closing:
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        self._wake.set()
        if len(self._frames) > FRAMES_LIMIT or self._bytes > BYTES_LIMIT:
            self.close(CLOSE_LATER)

    def close(self, code: int) -> None:
        """Take nothing more; close the socket once what waits has gone."""
        self._code = self._code or code
        self._wake.set()

    async def send_forever(self) -> None:
        """Send until the socket is closed, here or by the client, or stalls."""
        try:
            while not (self.closing and not self._frames):
                await self._wake.wait()
                self._wake.clear()
                while self._frames:
                    await self._send_first()
            async with asyncio.timeout(STALL_SECONDS):
                await self._socket.close(self._code or CLOSE_LATER)
        except TimeoutError:
            self.close(CLOSE_LATER)
            self._frames.clear()
        except (WebSocketDisconnect, RuntimeError):
            pass

    async def _send_first(self) -> None:
        frame = self._frames.popleft()
        async with asyncio.timeout(STALL_SECONDS):
            await self._socket.send_text(frame.decode())
        self._bytes -= len(frame)
