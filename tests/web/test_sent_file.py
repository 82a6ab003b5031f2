"""Files on their way out: whoever asks for many and reads none has few of them in memory here, and not for long."""

from __future__ import annotations

import asyncio
import os
from urllib.parse import urlsplit

import pytest

from tests.support import until
from tests.web.support import PNG, House, Page
from warmline.conversation.attachments import OF_ONE
from warmline.web import sent_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
BIG = PNG + os.urandom(8 * 1024 * 1024)


async def ask(page: Page, file: str) -> asyncio.StreamWriter:
    """Ask for a file and read nothing of it."""
    at = urlsplit(page.house.base)
    reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=1024)
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    head = f"GET /api/v1/attachments/{file} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {page.token}\r\n\r\n"
    writer.write(head.encode())
    return writer


async def test_who_reads_nothing_holds_little_and_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_file, "STALL_SECONDS", 1.0)
    page, other = await house.arrive(), await house.arrive()
    big, small = await page.upload("big.png", BIG), await other.upload()
    opened: list[object] = []
    read = house.node.attachments.open

    async def watched(identity: object) -> object:
        opened.append(identity)
        return await read(identity)  # type: ignore[arg-type]

    monkeypatch.setattr(house.node.attachments, "open", watched)
    writers = [await ask(page, big["id"]) for _ in range(OF_ONE + 3)]
    await until(lambda: len(opened) >= OF_ONE)
    await asyncio.sleep(0.3)
    assert len(opened) == OF_ONE
    assert (await other.client.get(f"/attachments/{small['id']}")).content == PNG
    await until(lambda: len(opened) == 1 + len(writers))
    assert (await page.client.get(f"/attachments/{big['id']}")).content == BIG
    for writer in writers:
        writer.close()
