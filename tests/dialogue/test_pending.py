"""What a turn answers: everything in its turn, nothing twice, and no wish that has lapsed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import CHENXI, CUSTOMER, Talk, ask_for_person, post, take_turn
from warmline.conversation import commands as c
from warmline.conversation.events import Event, MessagePosted, TurnDecided, UnknownEvent
from warmline.dialogue.pending import (
    REMIND_EVERY,
    WAITS,
    Pending,
    UnreadableMessageError,
    find_pending,
    is_unspoken,
    list_meanwhile,
    was_told,
)
from warmline.language.service import Marker

ABROAD = "储蓄卡在国外到底能不能用，要不要先开通，" * 4
LIMIT = "取款机每天最多能取多少现金，节假日也一样吗，" * 4


def say(talk: Talk, *texts: str) -> None:
    for text in texts:
        talk.do(post(text, f"m{talk.state.last_seq}"))


def pending(talk: Talk) -> Pending:
    found = find_pending(talk.state, talk.events)
    assert found is not None
    return found


def test_short_messages_are_one_question() -> None:
    talk = Talk()
    say(talk, "请问", "信用卡", "出国能刷吗")
    assert (pending(talk).text, pending(talk).reply_to) == ("请问，信用卡，出国能刷吗", 4)


def test_long_messages_have_a_turn_each_and_the_rest_stays_owed() -> None:
    talk = Talk()
    say(talk, "你好", ABROAD, LIMIT, "谢谢")
    read = []
    while talk.state.unanswered_seq is not None:
        found = pending(talk)
        read.append(found.text)
        assert talk.do(take_turn(found.reply_to)) == ["message.posted", "turn.decided"]
    assert read == [f"你好，{ABROAD}", f"{LIMIT}，谢谢"]


@pytest.mark.parametrize("urgent", ["人工", "不想活了"])
def test_what_is_urgent_is_heard_behind_any_number_of_words(urgent: str) -> None:
    talk = Talk()
    say(talk, ABROAD, LIMIT, urgent)
    assert not pending(talk).kinds.isdisjoint({Marker.HUMAN, Marker.DANGER})
    assert pending(talk).reply_to == 4


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("我要转人工，储蓄卡在国外能用吗", "储蓄卡在国外能用吗"),
        ("储蓄卡在国外能用吗？不行就转人工！", "储蓄卡在国外能用吗"),
        ("Can I use my card abroad? I want to talk to a real person.", "Can I use my card abroad"),
        (
            "能不能找个人工客服帮我问一下储蓄卡在国外到底能不能用",
            "能不能找个人工客服帮我问一下储蓄卡在国外到底能不能用",
        ),
        ("储蓄卡在国外能用吗", "储蓄卡在国外能用吗"),
    ],
)
def test_of_a_wish_that_was_withdrawn_the_question_is_left(said: str, left: str) -> None:
    talk = Talk()
    talk.do(ask_for_person())
    say(talk, said)
    talk.do(c.ReturnToAssistant(CUSTOMER))
    assert pending(talk).text == left
    assert Marker.HUMAN not in pending(talk).kinds


@pytest.mark.parametrize("said", ["人工", "我要转人工", "I want to talk to a real person", "人工！客服！"])
def test_a_wish_that_was_withdrawn_is_not_heard_again(said: str) -> None:
    talk = Talk()
    say(talk, said)
    talk.do(ask_for_person())
    talk.do(c.ReturnToAssistant(CUSTOMER))
    assert find_pending(talk.state, talk.events) is None
    say(talk, said)
    assert Marker.HUMAN in pending(talk).kinds


def test_a_wish_spoken_to_the_agent_stands_after_the_handback() -> None:
    talk = Talk()
    say(talk, "人工")
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    say(talk, "我要换一个人工客服")
    talk.do(c.HandBack(CHENXI))
    assert (pending(talk).text, Marker.HUMAN in pending(talk).kinds) == ("我要换一个人工客服", True)


def test_a_wish_that_the_agents_coming_fulfilled_lapses_with_the_handback() -> None:
    talk = Talk()
    say(talk, "人工")
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    talk.do(c.HandBack(CHENXI))
    assert find_pending(talk.state, talk.events) is None


@pytest.mark.parametrize(
    "payload", [MessagePosted(client_id="m", text=None, erased=True), UnknownEvent(kind="message.posted")]
)
def test_a_question_that_cannot_be_read_is_not_passed_over(payload: MessagePosted | UnknownEvent) -> None:
    talk = Talk()
    say(talk, "卡丢了")
    damaged = talk.events[1].model_copy(update={"payload": payload})
    with pytest.raises(UnreadableMessageError, match="2"):
        find_pending(talk.state, [talk.events[0], damaged])
    say(talk, "在吗")
    talk.do(take_turn(3))
    say(talk, "卡丢了怎么办")
    assert find_pending(talk.state, [talk.events[0], damaged, *talk.events[2:]])


def test_silence_is_told_from_a_word() -> None:
    talk = Talk()
    say(talk, "人工")
    talk.do(ask_for_person())
    talk.do(c.ReturnToAssistant(CUSTOMER))
    assert is_unspoken(talk.state, talk.events)
    assert is_unspoken(talk.state, talk.events[3:])
    talk.do(ask_for_person(say="好的"))
    assert not is_unspoken(talk.state, talk.events)


def waited(talk: Talk) -> list[Event]:
    """Say where they stand to a customer who waits."""
    decided = TurnDecided(reply_to=talk.state.last_customer_seq, decision="continue", reason=WAITS)
    talk.do(c.Reassure(decided, (c.Say("同事 08:30 来"),)))
    return talk.events


def test_what_is_written_while_waiting_is_read_once() -> None:
    talk = Talk()
    say(talk, "卡丢了")
    talk.do(ask_for_person())
    assert list_meanwhile(talk.events) == []
    say(talk, "尾号 1234", "急")
    assert list_meanwhile(talk.events) == ["尾号 1234", "急"]
    assert not was_told(talk.events, talk.now)
    assert list_meanwhile(waited(talk)) == []
    say(talk, "在吗")
    assert list_meanwhile(talk.events) == ["在吗"]
    assert was_told(talk.events, talk.now + REMIND_EVERY - timedelta(seconds=1))
    assert not was_told(talk.events, talk.now + REMIND_EVERY)
