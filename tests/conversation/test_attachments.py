"""Files: typed by content, cleaned names, bounded, sealed, each customer's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import CHENXI, CUSTOMER, Heart
from warmline.conversation import attachments
from warmline.conversation import commands as c
from warmline.conversation.attachments import (
    SIZE_LIMIT,
    AttachmentService,
    Belonging,
    FileTooLargeError,
    TooManyFilesError,
    UnreadableFileError,
    clean_name,
    media_type_of,
)
from warmline.conversation.errors import NotYoursError
from warmline.conversation.events import Attachment, Author
from warmline.conversation.model import Conversation
from warmline.kit.crypto import Cipher
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
TAKEN = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "image/gif": b"GIF89a" + bytes(20),
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3",
}
REFUSED = (
    b"",
    b"<html><script>alert(1)</script>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"MZ\x90\x00",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x10\x00\x00\x00WAVEfmt ",
    b"%PDF-\n",
    b"junk %PDF-1.7",
    b"\n\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
)


@pytest.fixture
def files(heart: Heart) -> AttachmentService:
    return AttachmentService(heart.uow, heart.clock, heart.ciphers)


@pytest.mark.parametrize(("media_type", "content"), TAKEN.items(), ids=TAKEN)
def test_the_content_says_what_it_is(media_type: str, content: bytes) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize("content", REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        media_type_of(content)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("身份证.png", "身份证.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.pdf", "a.pdf"),
        ('a"b<c>|d:e?f*.png', "abcdef.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("zero\u200bwidth\x00.png", "zerowidth.png"),
        ("", "file"),
        ("///", "file"),
        ("\x7f ", "file"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text())
def test_a_cleaned_name_is_a_name(name: str) -> None:
    cleaned = clean_name(name)
    assert 1 <= len(cleaned) <= 120
    assert not set(cleaned) & set('/\\\r\n\x00"<>')
    assert clean_name(cleaned) == cleaned


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("长" * 500 + ".png") == "长" * 116 + ".png"


async def test_a_file_is_stored_and_opened(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    stored = await files.store(state, "回单.png", PNG)
    assert (stored.name, stored.media_type, stored.size) == ("回单.png", "image/png", len(PNG))
    opened = await files.open(stored.id)
    assert (opened.name, opened.media_type, opened.content) == ("回单.png", "image/png", PNG)
    assert await files.locate(stored.id) == Belonging(state.customer_id, state.id)


async def test_megabytes_are_sealed_and_opened_beside_the_event_loop(
    heart: Heart, files: AttachmentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = threading.get_ident()

    def beside(work: Callable[..., bytes]) -> Callable[..., bytes]:
        def worked(cipher: Cipher, data: bytes, context: bytes) -> bytes:
            assert len(data) < 1000 or threading.get_ident() != here
            return work(cipher, data, context)

        return worked

    for name in ("seal", "open"):
        monkeypatch.setattr(Cipher, name, beside(getattr(Cipher, name)))
    stored = await files.store(await heart.open(), "a.png", PNG + bytes(2000))
    assert (await files.open(stored.id)).content == PNG + bytes(2000)


async def test_files_are_described_in_the_order_asked(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    stored = [await files.store(state, f"{number}.png", PNG) for number in range(3)]
    assert await files.describe(state, [one.id for one in stored[::-1]]) == tuple(stored[::-1])
    assert await files.describe(state, []) == ()


async def test_another_customers_file_cannot_be_sent(heart: Heart, files: AttachmentService) -> None:
    mine, theirs = await heart.open(), await heart.open()
    stored = await files.store(theirs, "a.png", PNG)
    for wanted in ([stored.id], [new_id()]):
        with pytest.raises(NotFoundError):
            await files.describe(mine, wanted)


async def test_size_is_bounded(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    with pytest.raises(FileTooLargeError):
        await files.store(state, "a.png", PNG + bytes(SIZE_LIMIT))
    full = PNG + bytes(SIZE_LIMIT - len(PNG))
    assert (await files.store(state, "a.png", full)).size == SIZE_LIMIT


async def test_a_customer_sends_only_so_much_in_a_day(
    heart: Heart, files: AttachmentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "FILES_A_DAY", 2)
    state, other = await heart.open(), await heart.open()
    for _ in range(2):
        await files.store(state, "a.png", PNG)
    with pytest.raises(TooManyFilesError):
        await files.store(state, "a.png", PNG)
    await files.store(other, "a.png", PNG)
    heart.clock.move(days=1)
    monkeypatch.setattr(attachments, "BYTES_A_DAY", len(PNG))
    await files.store(state, "a.png", PNG)
    with pytest.raises(TooManyFilesError):
        await files.store(state, "a.png", PNG)


async def test_files_sent_at_once_do_not_slip_past_the_limit(
    heart: Heart, files: AttachmentService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "FILES_A_DAY", 2)
    state = await heart.open()
    sent = await asyncio.gather(*(files.store(state, "a.png", PNG) for _ in range(6)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in sent) == ["Attachment"] * 2 + ["TooManyFilesError"] * 4


async def test_what_no_message_names_within_the_hour_goes(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    named, unnamed = [await files.store(state, "a.png", PNG) for _ in range(2)]
    await send(heart, files, state, named)
    await files.sweep()
    assert (await files.open(unnamed.id)).content == PNG
    heart.clock.move(hours=1, seconds=1)
    late = await files.store(state, "a.png", PNG)
    with pytest.raises(NotFoundError):
        await files.describe(state, [unnamed.id])
    await files.sweep()
    assert (await files.open(unnamed.id)).content == PNG, "the message that names it may be on its way"
    heart.clock.move(minutes=10)
    assert await files.sweep() >= 1
    for kept in (named, late):
        assert (await files.open(kept.id)).content == PNG
    assert await files.describe(state, [named.id]) == (named,)
    with pytest.raises(NotFoundError):
        await files.open(unnamed.id)


async def test_the_file_of_a_message_that_was_refused_goes_too(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    refused = await files.store(state, "a.png", PNG)
    with pytest.raises(NotYoursError):
        await send(heart, files, state, refused, CHENXI)
    heart.clock.move(hours=1, minutes=10, seconds=1)
    assert await files.sweep() >= 1
    with pytest.raises(NotFoundError):
        await files.open(refused.id)


async def send(
    heart: Heart, files: AttachmentService, state: Conversation, file: Attachment, author: Author = CUSTOMER
) -> None:
    """Say nothing but a file."""
    command = c.PostMessage(author, new_id().hex, "", await files.describe(state, [file.id]))
    await heart.do(state, command)


async def test_an_erased_customers_files_are_gone(heart: Heart, files: AttachmentService) -> None:
    state = await heart.open()
    stored = await files.store(state, "a.png", PNG)
    heart.ciphers.destroy(state.customer_id)
    for call in (files.open(stored.id), files.describe(state, [stored.id]), files.store(state, "b.png", PNG)):
        with pytest.raises(NotFoundError):
            await call


async def test_a_file_that_never_was_is_not_found(files: AttachmentService) -> None:
    for call in (files.open(new_id()), files.locate(new_id())):
        with pytest.raises(NotFoundError):
            await call
