"""What is owed when a customer comes back from a person, and however far back it was asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import NEVER, House, decided
from tests.support import CHENXI, ask_for_person, types
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Event, Owner
from warmline.dialogue import service as dialogue


async def returned(house: House, *said: str) -> list[Event]:
    """Let the customer write, press the button, write on, and come back; return what the assistant then says."""
    state = await house.heart.open()
    first, *later = said
    await house.heart.say(state, first)
    await house.assistant.bring_person(state.id, via="button")
    for text in later:
        await house.heart.say(state, text)
    await house.routing.return_to_assistant(await house.get(state))
    return await house.ask(state)


async def test_a_question_from_before_the_button_is_answered_on_return(house: House) -> None:
    events = await returned(house, "出国刷卡要先通知银行吗")
    assert (decided(events).decision, decided(events).article_ids) == ("answer", ["card-abroad-use"])


async def test_a_question_an_agent_left_open_is_answered_after_the_handback(house: House) -> None:
    state = await house.heart.open()
    await house.heart.hand_to(state)
    await house.heart.say(state, "出国刷卡要先通知银行吗")
    await house.heart.do(state, c.HandBack(CHENXI))
    assert decided(await house.ask(state)).article_ids == ["card-abroad-use"]


async def test_a_wish_for_a_person_that_was_withdrawn_does_not_bring_one_again(house: House) -> None:
    events = await returned(house, "出国刷卡要先通知银行吗", "转人工", "人工")
    assert decided(events).article_ids == ["card-abroad-use"]
    alone = await returned(house, "转人工")
    assert (types(alone), decided(alone).reason) == (["turn.decided"], "wish_withdrawn")


async def test_an_offer_of_a_person_from_before_the_wait_is_not_accepted_on_return(house: House) -> None:
    house.policy = NEVER
    state = await house.heart.open()
    await house.ask(state, "你们行长家的猫叫什么")
    await house.assistant.bring_person(state.id, via="button")
    await house.heart.say(state, "好的")
    await house.routing.return_to_assistant(await house.get(state))
    await house.ask(state)
    now = await house.get(state)
    assert (now.owner, now.reply_due_at) == (Owner.ASSISTANT, None)


async def test_two_long_questions_have_an_answer_each(house: House) -> None:
    state = await house.heart.open()
    first, second = (
        f"出国刷信用卡要先通知银行吗{'，我下个月要去' * 10}",
        f"取款机每天最多能取多少现金{'，我急着用钱' * 10}",
    )
    answered = [await house.ask(state, first, second), await house.ask(state)]
    assert [decided(events).question for events in answered] == [first, second]
    assert [decided(events).reply_to for events in answered] == [2, 3]
    assert (await house.get(state)).reply_due_at is None


async def test_a_question_asked_along_with_a_wish_that_was_withdrawn_is_answered(house: House) -> None:
    events = await returned(house, "人工", "我要转人工，出国刷卡要先通知银行吗")
    assert (decided(events).decision, decided(events).article_ids) == ("answer", ["card-abroad-use"])
    assert decided(events).question == "出国刷卡要先通知银行吗"


async def test_a_question_is_found_behind_any_number_of_lesser_events(house: House) -> None:
    state = await house.heart.open()
    await house.heart.say(state, "出国刷卡要先通知银行吗")
    await house.heart.do(state, ask_for_person())
    customer = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    for number in range(dialogue.HISTORY + 5):
        await house.heart.do(state, c.SetPreferences(customer, number % 2 == 0, "zh-Hans"))
    await house.routing.return_to_assistant(await house.get(state))
    assert decided(await house.ask(state)).article_ids == ["card-abroad-use"]


async def test_a_turn_reads_no_more_of_a_long_log_than_it_needs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    state, read = await house.heart.open(), list[int]()
    customer = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    for number in range(2 * dialogue.HISTORY):
        await house.heart.do(state, c.SetPreferences(customer, number % 2 == 0, "zh-Hans"))
    whole = house.heart.service._read

    async def counted(*args: Any, **more: Any) -> list[Event]:
        events = await whole(*args, **more)
        read.append(len(events))
        return events

    await house.heart.say(state, "我的卡不见了！！")
    monkeypatch.setattr(house.heart.service, "_read", counted)
    await house.assistant.take_turn(state.id)
    assert read == [dialogue.HISTORY]


async def test_a_wish_without_an_echo_is_not_met_with_silence(house: House) -> None:
    state = await house.heart.open()
    await house.heart.say(state, "转人工")
    await house.heart.do(state, ask_for_person())
    customer = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    await house.heart.do(state, c.ReturnToAssistant(customer))
    assert types(await house.ask(state)) == ["message.posted", "turn.decided"]


async def test_another_agent_asked_for_before_the_handback_is_brought(house: House) -> None:
    state = await house.heart.open()
    await house.heart.hand_to(state)
    await house.heart.say(state, "我要换一个人工客服")
    await house.heart.do(state, c.HandBack(CHENXI))
    assert decided(await house.ask(state)).reason == "customer_asked"
    assert (await house.get(state)).human_requested


async def test_who_did_not_want_to_wait_is_not_sent_back_to_waiting_for_how_they_felt(house: House) -> None:
    events = await returned(house, "转人工", "那怎么办啊，急死我了，气死我了！！")
    assert decided(events).feeling is None
    assert decided(events).decision != "hand_off"
