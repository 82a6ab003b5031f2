"""An elder is offered a person with the first word while somebody is there, and is made to do nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.dialogue.conftest import House
from tests.support import Talk, blank, post, take_turn, types
from warmline.conversation import commands as c
from warmline.conversation.events import AuthorKind, MessagePosted, Owner, Visibility
from warmline.dialogue.model import Policy
from warmline.routing.model import OnlineAgent


@pytest.fixture
def somebody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def online(*_: object) -> list[OnlineAgent]:
        return [OnlineAgent(frozenset())]

    monkeypatch.setattr("warmline.routing.repository.list_online", online)


async def greeting(house: House, *, elder: bool, locale: str = "zh-Hans", **more: object) -> list[MessagePosted]:
    state = await house.heart.open(elder=elder, locale=locale)
    await house.make_assistant(**more).opening.greet(state)
    log = await house.heart.service.events_after(state.id, 1, Visibility.ALL)
    assert all(event.author.kind is AuthorKind.ASSISTANT for event in log)
    return [event.payload for event in log if isinstance(event.payload, MessagePosted)]


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize(("locale", "said"), [("zh-Hans", "找人工帮我"), ("zh-Hant", "找真人幫我"), ("en", "an AI")])
async def test_an_elder_is_offered_a_person_first(house: House, locale: str, said: str) -> None:
    (word,) = await greeting(house, elder=True, locale=locale)
    assert word.offer_human
    assert said in str(word.text)


@pytest.mark.usefixtures("somebody")
async def test_others_are_not_nor_is_anyone_where_the_policy_says_no(house: House) -> None:
    assert await greeting(house, elder=False) == []

    def asked_first(_: datetime) -> Policy:
        return Policy(elders_first=False)

    assert await greeting(house, elder=True, policy=asked_first) == []


async def test_nobody_is_offered_who_is_not_there(house: House) -> None:
    assert await greeting(house, elder=True) == []


@pytest.mark.usefixtures("somebody")
async def test_yes_to_it_brings_the_person_and_a_question_is_answered(house: House) -> None:
    for said, owner in (("好的", Owner.QUEUE), ("怎么激活借记卡", Owner.ASSISTANT)):
        state = await house.heart.open(elder=True)
        await house.assistant.opening.greet(state)
        events = await house.ask(state, said)
        assert "turn.decided" in types(events)
        assert (await house.get(state)).owner is owner


def test_the_first_word_is_the_first() -> None:
    greet = c.Greet((c.Say("您好"),))
    talk = Talk(state=blank(elder=True))
    assert talk.do(greet) == ["message.posted"]
    talk.do(post())
    talk.do(take_turn(talk.state.last_seq))
    assert talk.do(greet) == []
