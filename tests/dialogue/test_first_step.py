"""What cannot wait for a person is helped at once, in the words of the nearest article."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.dialogue.conftest import NEVER, READINGS, BrokenSearch, House, decided
from tests.support import NOW, ask_for_person, texts
from warmline.conversation import commands as c
from warmline.conversation.events import Event, MessagePosted, Owner
from warmline.dialogue import service as dialogue
from warmline.dialogue.decisions import HandOff
from warmline.dialogue.first_step import first_step
from warmline.dialogue.model import DialogueState, Policy, Understanding, decide_turn
from warmline.language.service import Marker

SCAMMED = Understanding(
    "他们骗走了我的养老钱", kinds=frozenset({Marker.FRAUD, Marker.DISTRESS}), first_aid="fraud-money-sent"
)
LOST = "我的卡丢了，急死我了"


def says_what_to_do(events: list[Event]) -> list[MessagePosted]:
    """Return the messages that hold a first step."""
    said = [event.payload for event in events if isinstance(event.payload, MessagePosted)]
    return [one for one in said if one.text and "现在就做" in one.text]


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        ("先冻结，再报警。\n\n1. 打 400。\n2. 打 110。\n\n别急。", "先冻结，再报警。\n\n打 400。"),
        ("1. 打 400。\n2. 打 110。", "打 400。"),
        ("先做这些：\n- 挂失\n- 报警", "先做这些：\n\n挂失"),
        ("打 400-800-6060，有人陪您办。\n\n明天再去网点。", "打 400-800-6060，有人陪您办。"),
        ("", ""),
    ],
)
def test_the_first_step_is_the_opening_and_the_first_of_its_list(answer: str, step: str) -> None:
    assert first_step(answer) == step


@pytest.mark.parametrize("more", [set(), {Marker.HUMAN}, {Marker.DANGER}])
def test_whoever_hands_over_carries_the_first_step(more: set[Marker]) -> None:
    decision = decide_turn(DialogueState("zh-Hans"), replace(SCAMMED, kinds=SCAMMED.kinds | more), Policy(), NOW)
    assert isinstance(decision, HandOff)
    assert decision.first_aid == "fraud-money-sent"


def test_what_was_just_said_is_not_said_again_and_nothing_pressing_carries_nothing() -> None:
    told = decide_turn(DialogueState("zh-Hans", last_article_id="fraud-money-sent"), SCAMMED, Policy(), NOW)
    calm = decide_turn(DialogueState("zh-Hans"), Understanding("人工", frozenset({Marker.HUMAN})), Policy(), NOW)
    assert isinstance(told, HandOff)
    assert isinstance(calm, HandOff)
    assert (told.first_aid, calm.first_aid) == (None, None)


@pytest.mark.parametrize("said", [LOST, "我的卡丢了，转人工"])
async def test_help_comes_with_the_handoff_and_says_from_what(house: House, said: str) -> None:
    state, house.policy = await house.heart.open(), NEVER
    events = await house.ask(state, said)
    (help_now,) = says_what_to_do(events)
    assert decided(events).decision == "hand_off"
    assert help_now.sources is not None
    article = (await house.search.answers([help_now.sources[0].article_id], locale="zh-Hans")).popitem()[1]
    assert help_now.text is not None
    assert help_now.text.endswith(first_step(article.answer))


async def test_a_handoff_without_anything_pressing_quotes_no_article(house: House) -> None:
    state = await house.heart.open()
    assert says_what_to_do(await house.ask(state, "转人工")) == []


@pytest.mark.parametrize("dated", [True, False])
async def test_who_waits_and_tells_of_it_then_is_helped_at_once_and_only_once(house: House, dated: bool) -> None:
    state = await house.heart.open()
    due = house.heart.clock.now() + timedelta(hours=10)
    await house.heart.do(state, ask_for_person(c.HandoffPlan(due_at=due if dated else None)))
    events = await house.ask(state, LOST)
    assert len(says_what_to_do(events)) == 1
    assert len(texts(events)) == 2
    assert says_what_to_do(await house.ask(state, LOST)) == []
    assert (await house.get(state)).owner is (Owner.CALLBACK if dated else Owner.QUEUE)


async def test_the_button_brings_help_along_for_what_was_told_before(house: House) -> None:
    state, house.policy = await house.heart.open(), READINGS
    await house.heart.say(state, LOST)
    outcome = await house.assistant.bring_person(state.id, via="button")
    (help_now,) = says_what_to_do(list(outcome.events))
    assert help_now.sources is not None
    assert texts(list(outcome.events))[-1] != help_now.text


async def test_nothing_holds_up_the_person_whom_the_button_brings(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue, "HANDOFF_SECONDS", 0.05)
    assistant = house.make_assistant(BrokenSearch(lambda: asyncio.sleep(60)))
    state = await house.heart.open()
    await house.heart.say(state, LOST)
    outcome = await assistant.bring_person(state.id, via="button")
    assert outcome.state.owner in (Owner.QUEUE, Owner.CALLBACK)


@pytest.mark.parametrize(
    "asked", ["how much is the fee to transfer, and my card is lost", "一天最多能取多少现金，另外我的卡丢了"]
)
async def test_a_lost_card_told_beside_a_question_is_helped_first(house: House, asked: str) -> None:
    state, house.policy = await house.heart.open(), READINGS
    said = [one for one in await house.ask(state, asked) if isinstance(one.payload, MessagePosted)]
    first = said[0].payload
    assert isinstance(first, MessagePosted)
    told = [*(first.sources or ()), *(first.choices or ())][0].article_id or ""
    assert told.startswith(("card-lost", "card-temp-lock")), "freezing the card comes before fees and limits"


async def test_a_yes_to_the_offer_of_a_person_brings_the_first_step_too(house: House) -> None:
    state, house.policy = await house.heart.open(), READINGS
    await house.ask(state, "我的卡丢了")
    events = await house.ask(state, "是")
    assert decided(events).reason == "customer_accepted_offer"
    assert len(says_what_to_do(events)) == 1
