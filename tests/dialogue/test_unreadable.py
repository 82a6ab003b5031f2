"""Words or a log that cannot be read: a person comes all the same (I4, I10)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.dialogue.conftest import House, decided, fails_to_read
from tests.support import types
from warmline.conversation.events import Owner, Visibility
from warmline.conversation.model import Conversation


async def damage(house: House, state: Conversation, seq: int) -> None:
    """Change one byte of the words at `seq`."""
    statement = "update message_body set sealed = overlay(sealed placing '\\x00'::bytea from 20 for 1)"
    async with house.heart.uow.begin() as tx:
        where = " where conversation_id = :id and seq = :seq"
        await tx.connection.execute(text(statement + where), {"id": state.id, "seq": seq})


async def test_words_that_do_not_open_keep_neither_the_word_nor_the_button_from_bringing_a_person(house: House) -> None:
    for by_word in (True, False):
        state = await house.heart.open()
        await house.ask(state, "出国刷卡要先通知银行吗")
        await damage(house, state, 2)
        if by_word:
            await house.ask(state, "转人工")
        else:
            await house.assistant.bring_person(state.id, via="button")
        assert (await house.get(state)).owner is Owner.CALLBACK


async def test_a_question_that_does_not_open_is_a_persons_to_ask_for(house: House) -> None:
    state = await house.heart.open()
    await house.heart.say(state, "出国刷卡要先通知银行吗")
    await damage(house, state, 2)
    events = await house.ask(state)
    assert (decided(events).reason, (await house.get(state)).human_requested) == ("assistant_fault", True)


@pytest.mark.parametrize("by_word", [True, False])
async def test_a_log_that_cannot_be_read_brings_a_person_without_a_slip(
    house: House, by_word: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = await house.heart.open()
    await house.heart.say(state, "我的密码是 8888")
    with monkeypatch.context() as broken:
        broken.setattr(house.heart.service, "_read", fails_to_read)
        if by_word:
            await house.assistant.take_turn(state.id)
        else:
            await house.assistant.bring_person(state.id, via="button")
    log = await house.heart.service.events_after(state.id, 2, Visibility.STAFF)
    assert "handoff.requested" in types(log)
    assert "slip.written" not in types(log)
    assert (await house.get(state)).reply_due_at is None
