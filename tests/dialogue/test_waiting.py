"""Who waits for a person and writes is never met with silence, and the word works there too (I4)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.dialogue.conftest import House, decided, fails_to_read, last_words
from tests.support import ask_for_person, texts, types
from warmline.conversation import commands as c
from warmline.conversation.events import AuthorKind, Owner, Visibility
from warmline.conversation.model import Conversation
from warmline.routing.model import OnlineAgent


async def waiting(house: House, *, dated: bool) -> Conversation:
    """Open a conversation whose customer waits for a person."""
    state = await house.heart.open()
    due = house.heart.clock.now() + timedelta(hours=10)
    await house.heart.do(state, ask_for_person(c.HandoffPlan(due_at=due if dated else None)))
    return state


@pytest.fixture
def somebody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent is there who can take anybody."""

    async def online(*_: object) -> list[OnlineAgent]:
        return [OnlineAgent(None)]

    monkeypatch.setattr("warmline.routing.repository.list_online", online)


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("said", ["转人工", "转人工，我的卡丢了", "不想活了"])
async def test_the_word_leads_from_a_date_to_the_queue_when_somebody_is_there(house: House, said: str) -> None:
    state = await waiting(house, dated=True)
    events = await house.ask(state, said)
    assert types(events)[-4:] == ["turn.decided", "handoff.requested", "slip.written", "message.posted"]
    assert ("12356" in str(texts(events)[0])) is (said == "不想活了")
    now = await house.get(state)
    assert (now.owner, now.reply_due_at) == (Owner.QUEUE, None)
    assert now.unanswered_seq is not None


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("said", ["转人工", "我的工资还没到账"])
async def test_who_waits_and_writes_is_told_where_they_stand(house: House, dated: bool, said: str) -> None:
    state = await waiting(house, dated=dated)
    events = await house.ask(state, said)
    assert types(events) == ["message.posted", "turn.decided"]
    assert events[0].author.kind is AuthorKind.SYSTEM
    assert ("今天 20:00" in last_words(events)) is dated
    assert "不等了" in last_words(events)
    now = await house.get(state)
    assert (now.owner, now.reply_due_at) == (Owner.CALLBACK if dated else Owner.QUEUE, None)
    assert now.unanswered_seq is not None


async def test_who_goes_on_writing_is_not_told_the_same_each_time_but_the_word_is_always_answered(house: House) -> None:
    state = await waiting(house, dated=True)
    words = [len(texts(await house.ask(state, said))) for said in ("工资没到账", "尾号 1234", "人工")]
    assert words == [1, 0, 1]
    house.heart.clock.move(minutes=10)
    assert len(texts(await house.ask(state, "还在吗"))) == 1


async def test_who_asks_for_a_person_where_nobody_is_is_not_told_to_ask_for_one(house: House) -> None:
    state = await waiting(house, dated=True)
    assert "说“人工”" in last_words(await house.ask(state, "工资没到账"))
    asked = last_words(await house.ask(state, "我要找人"))
    assert "说“人工”" not in asked
    assert "今天 20:00" in asked


async def test_trouble_told_while_waiting_is_met_with_a_word_though_the_place_was_told_lately(house: House) -> None:
    state = await waiting(house, dated=True)
    await house.ask(state, "工资没到账")
    events = await house.ask(state, "机器又吞了我两千块！！")
    assert "两千块" in last_words(events)
    assert "今天 20:00" not in last_words(events)
    assert decided(events).acknowledgement is not None
    assert texts(await house.ask(state, "机器吞了我的钱")) == [], "not each time"


async def test_what_was_written_while_waiting_is_answered_on_the_way_back(house: House) -> None:
    state = await waiting(house, dated=True)
    await house.ask(state, "出国刷卡要先通知银行吗")
    await house.routing.return_to_assistant(await house.get(state))
    assert decided(await house.ask(state)).article_ids == ["card-abroad-use"]


async def test_two_nodes_tell_who_waits_once(house: House) -> None:
    state, second = await waiting(house, dated=True), house.make_assistant()
    await house.heart.say(state, "工资没到账")
    await asyncio.gather(house.assistant.take_turn(state.id), second.take_turn(state.id))
    log = await house.heart.service.events_after(state.id, 4, Visibility.STAFF)
    assert types(log) == ["message.posted", "turn.decided"]


async def test_who_waits_is_told_where_they_stand_though_the_log_cannot_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = await waiting(house, dated=True)
    await house.heart.say(state, "卡丢了")
    with monkeypatch.context() as broken:
        broken.setattr(house.heart.service, "_read", fails_to_read)
        await house.assistant.take_turn(state.id)
    log = await house.heart.service.events_after(state.id, 4, Visibility.STAFF)
    assert "今天 20:00" in last_words(log)
    assert (await house.get(state)).owner is Owner.CALLBACK
