"""What waits for one socket: in order, bounded, and cut off when nobody reads."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import WebSocketDisconnect

from warmline.web import outbox
from warmline.web.outbox import BYTES_LIMIT, CLOSE_LATER, CLOSE_POLICY, FRAMES_LIMIT, Outbox


class Reader:
    """A client's end; reads while `reading` is set."""

    def __init__(self) -> None:
        self.reading = asyncio.Event()
        self.reading.set()
        self.read: list[str] = []
        self.closed: int | None = None

    async def send_text(self, text: str) -> None:
        await self.reading.wait()
        if self.closed:
            raise WebSocketDisconnect
        self.read.append(text)

    async def close(self, code: int) -> None:
        await self.reading.wait()
        self.closed = code


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def waiting(reader: Reader) -> Outbox:
    return Outbox(reader)  # type: ignore[arg-type]


async def test_frames_go_out_in_order_and_the_last_word_before_the_close(reader: Reader, waiting: Outbox) -> None:
    sending = asyncio.create_task(waiting.send_forever())
    for number in range(3):
        waiting.put(str(number).encode())
        await asyncio.sleep(0)
    waiting.put(b"goodbye")
    waiting.close(CLOSE_POLICY)
    waiting.put(b"too late")
    await sending
    assert (reader.read, reader.closed) == (["0", "1", "2", "goodbye"], CLOSE_POLICY)
    assert waiting.bytes_waiting == 0


@pytest.mark.parametrize("size", [1, 100_000])
async def test_whoever_reads_too_slowly_gets_what_waits_and_is_closed(
    reader: Reader, waiting: Outbox, size: int
) -> None:
    reader.reading.clear()
    sending = asyncio.create_task(waiting.send_forever())
    for _ in range(50_000):
        waiting.put(b"x" * size)
    assert waiting.closing
    assert waiting.bytes_waiting <= BYTES_LIMIT + size
    reader.reading.set()
    await sending
    assert reader.closed == CLOSE_LATER
    assert len(reader.read) == min(FRAMES_LIMIT, BYTES_LIMIT // size) + 1


async def test_whoever_takes_nothing_is_given_up(
    reader: Reader, waiting: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "STALL_SECONDS", 0.01)
    reader.reading.clear()
    for _ in range(3):
        waiting.put(b"x")
    await waiting.send_forever()
    assert waiting.closing
    assert reader.read == []


async def test_whoever_left_ends_it(reader: Reader, waiting: Outbox) -> None:
    reader.closed = 1000
    waiting.put(b"x")
    await waiting.send_forever()
    assert not waiting.closing
