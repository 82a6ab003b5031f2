"""What lies in the tables: no word of a customer in the clear, and none at all once erased."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.support import CHENXI, Heart, post, texts, types
from warmline.conversation import commands as c
from warmline.conversation import repository
from warmline.conversation.attachments import AttachmentService
from warmline.conversation.events import (
    Author,
    AuthorKind,
    Choice,
    Event,
    MessagePosted,
    SlipWritten,
    Source,
    TurnDecided,
    Visibility,
)
from warmline.conversation.model import Conversation
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id
from warmline.kit.uow import UnitOfWork

MARK = "苹果树下的秘密"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + MARK.encode()


async def everything_stored(uow: UnitOfWork) -> str:
    """Return every row of every table as text, bytes in hexadecimal."""
    async with uow.begin() as tx:
        tables = await tx.connection.execute(
            text("select tablename from pg_tables where schemaname = 'public' order by 1")
        )
        rows: list[str] = []
        for (table,) in tables.all():
            found = await tx.connection.execute(text(f'select to_jsonb(t)::text from "{table}" t'))
            rows += [row[0] for row in found]
    return "\n".join(rows)


async def talk_of_everything(heart: Heart) -> Conversation:
    """Return a conversation in which every kind of word is the secret."""
    state = await heart.open()
    file = await AttachmentService(heart.uow, heart.clock, heart.ciphers).store(state, f"{MARK}.png", PNG)
    author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    source = Source(article_id="lost", question=MARK, version=1)
    said = (c.Say(MARK, (Choice(text=MARK),), (source,)),)
    decided = TurnDecided(reply_to=2, decision="answer", reason="released", question=MARK)
    slip = SlipWritten(reason="asked", question=MARK, tried=[source], known={"name": MARK}, opening=MARK)
    handoff = c.RequestHandoff(author, "customer", "word", "asked", c.HandoffPlan(), said, slip)
    for command in (
        c.PostMessage(author, "m1", MARK, (file,)),
        c.TakeTurn(2, decided, said, handoff),
        c.Accept(CHENXI),
        c.AddNote(CHENXI, "n1", MARK),
        c.ProposeRecap(CHENXI, MARK, "solved"),
        c.Transfer(CHENXI, skill="cards", note=MARK),
    ):
        await heart.do(state, command)
    return state


async def test_no_word_lies_in_the_clear(alone: Heart) -> None:
    state = await talk_of_everything(alone)
    stored = await everything_stored(alone.uow)
    assert str(state.id) in stored
    for form in (MARK, MARK.encode().hex(), MARK[:4], ascii(MARK)[1:-1]):
        assert form not in stored


async def test_what_was_sealed_reads_as_it_was_said(heart: Heart) -> None:
    state = await talk_of_everything(heart)
    _, events = await heart.service.view(state.id, Visibility.STAFF)
    assert texts(events).count(MARK) == 3
    first = events[1].payload
    assert isinstance(first, MessagePosted)
    assert first.attachments is not None
    assert first.attachments[0].name == f"{MARK}.png"


async def test_erased_words_read_as_erased_and_the_events_stay(heart: Heart) -> None:
    state = await talk_of_everything(heart)
    _, before = await heart.service.view(state.id, Visibility.STAFF)
    heart.ciphers.destroy(state.customer_id)
    _, events = await heart.service.view(state.id, Visibility.STAFF)
    assert types(events) == types(before)
    assert [event.at for event in events] == [event.at for event in before]
    assert MARK not in "".join(event.model_dump_json() for event in events)
    worded = [event.payload for event in events if event.payload.WORDS]
    assert worded
    assert all(payload.erased for payload in worded)
    assert not any(event.payload.erased for event in events if not event.payload.WORDS)


async def test_sealed_words_cannot_be_moved_to_another_place(alone: Heart, caplog: pytest.LogCaptureFixture) -> None:
    state = await alone.open()
    await alone.say(state, "转给我")
    await alone.say(state, "转给他")
    async with alone.uow.begin() as tx:
        await tx.connection.execute(
            text("update message_body a set sealed = b.sealed from message_body b where a.seq = 2 and b.seq = 3")
        )
    _, events = await alone.service.view(state.id, Visibility.ALL)
    assert texts(events) == [None, "转给他"]
    assert events[1].payload.erased
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(state.id) in caplog.text


DAMAGE = {
    "a byte of the words": "update message_body set sealed = overlay(sealed placing '\\x00'::bytea from 20 for 1)",
    "most of the words": "update message_body set sealed = substring(sealed from 1 for 5)",
    "a field that a newer node wrote": 'update conversation_event set payload = payload || \'{"mood": "x"}\'',
    "a field missing": "update conversation_event set payload = payload - 'client_id'",
    "a type that a newer node wrote": "update conversation_event set type = 'voice.joined'",
    "an author that a newer node wrote": "update conversation_event set author = 'interpreter'",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
async def test_an_entry_that_cannot_be_read_leaves_the_rest_readable_and_no_words_in_the_log(
    heart: Heart, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    state = await heart.open()
    await heart.say(state, "我的密码是 8888")
    await heart.say(state, "在吗")
    async with heart.uow.begin() as tx:
        await tx.connection.execute(text(f"{damage} where conversation_id = :id and seq = 2"), {"id": state.id})
    _, events = await heart.service.view(state.id, Visibility.ALL)
    assert [event.seq for event in events] == [1, 2, 3]
    assert texts(events)[-1] == "在吗"
    assert "8888" not in caplog.text
    async with heart.uow.begin() as tx:
        ciphers = await heart.ciphers.load(tx, {state.customer_id})
        places = [(state.id, 2), (state.id, 3)]
        words = await repository.read_words(tx.connection, places, ciphers, {state.id: state.customer_id})
    assert words[state.id, 3] == {"text": "在吗"}


AWKWARD = (
    "<script>alert(1)</script>",
    "'; drop table conversation; --",
    "\u202e反过来\u200b看不见",
    "\x00零\ufffe",
    "👨‍👩‍👧🇨🇳",
    '{"type": "x"} \\u0000 %s :events',
    "長" * 20_000,
)


@pytest.mark.parametrize("said", AWKWARD, ids=range(len(AWKWARD)))
async def test_whatever_is_written_is_read_back_unchanged(heart: Heart, said: str) -> None:
    state = await heart.open()
    await heart.say(state, said)
    _, events = await heart.service.view(state.id, Visibility.ALL)
    assert texts(events) == [said]


async def test_client_ids_are_known_by_conversation(heart: Heart) -> None:
    state, stranger = await heart.open(), await heart.open()
    done = await heart.say(state, "卡丢了", "m1")
    known = (state.id, "m1", None)
    keys: list[repository.MessageKey] = [known, (state.id, "m2", None), (stranger.id, "m1", None)]
    keys.append((state.id, "m1", CHENXI.id))
    async with heart.uow.begin() as tx:
        found = await repository.known_client_ids(tx.connection, keys)
        assert await repository.known_client_ids(tx.connection, []) == {}
    assert found == {known: (done.seq, done.at)}


async def test_words_at_chosen_places(heart: Heart) -> None:
    states = [await heart.open() for _ in range(3)]
    for state in states:
        await heart.say(state, "卡丢了")
    heart.ciphers.destroy(states[1].customer_id)
    customers = {state.id: state.customer_id for state in states}
    places = [(state.id, 2) for state in states[:2]]
    async with heart.uow.begin() as tx:
        ciphers = await heart.ciphers.load(tx, set(customers.values()))
        found = await repository.read_words(tx.connection, places, ciphers, customers)
        assert await repository.read_words(tx.connection, [], ciphers, customers) == {}
    assert found == {(states[0].id, 2): {"text": "卡丢了"}}


async def test_what_is_missing_is_not_found(heart: Heart) -> None:
    async with heart.uow.begin() as tx:
        with pytest.raises(NotFoundError):
            await repository.get(tx.connection, new_id())
        assert await repository.load_locked(tx.connection, {new_id()}) == {}


async def test_agents_words_are_sealed_under_the_customers_key_too(alone: Heart) -> None:
    state = await alone.open()
    await alone.hand_to(state)
    await alone.do(state, post("您的新卡寄到春和路三十七号", "a1", CHENXI))
    assert "春和路" not in await everything_stored(alone.uow)
    alone.ciphers.destroy(state.customer_id)
    events: list[Event] = (await alone.service.view(state.id, Visibility.ALL))[1]
    assert texts(events) == [None]
