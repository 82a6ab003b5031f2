"""A file on its way to a browser, piece by piece: whoever stops reading does not keep it in memory."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from urllib.parse import quote

from fastapi import Response
from starlette.types import Receive, Scope, Send

from warmline.conversation.attachments import StoredFile

PIECE = 64 * 1024
STALL_SECONDS = 10.0
"""Whoever takes no piece for so long is cut off: a poor line of 50 kbit/s is quick enough."""


class SentFile(Response):
    """So that a browser never runs it: images inline, everything else as a download. `held` is let go at its end."""

    def __init__(self, file: StoredFile, held: AsyncExitStack) -> None:
        place = "inline" if file.media_type.startswith("image/") else "attachment"
        headers = {
            "Content-Disposition": f"{place}; filename*=UTF-8''{quote(file.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        super().__init__(file.content, media_type=file.media_type, headers=headers)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._held:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for start in range(0, len(self.body), PIECE):
                piece, more = bytes(self.body[start : start + PIECE]), start + PIECE < len(self.body)
                async with asyncio.timeout(STALL_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
