"""An elder is offered a person with the first answer while somebody is there, and is made to do nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.dialogue.conftest import House
from tests.support import texts
from warmline.conversation.events import MessagePosted, Owner
from warmline.dialogue.model import Policy
from warmline.routing.model import OnlineAgent


@pytest.fixture
def somebody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def online(*_: object) -> list[OnlineAgent]:
        return [OnlineAgent(frozenset())]

    monkeypatch.setattr("warmline.routing.repository.list_online", online)


async def first_answer(house: House, *, elder: bool = True, locale: str = "zh-Hans", **more: object) -> MessagePosted:
    state = await house.heart.open(elder=elder, locale=locale)
    house.assistant = house.make_assistant(**more)
    events = await house.ask(state, "How do I activate my debit card?" if locale == "en" else "借记卡怎么激活")
    return [event.payload for event in events if isinstance(event.payload, MessagePosted)][-1]


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize(("locale", "said"), [("zh-Hans", "现在有同事在"), ("en", "A colleague is here")])
async def test_an_elder_is_offered_a_person_with_the_first_answer(house: House, locale: str, said: str) -> None:
    word = await first_answer(house, locale=locale)
    assert word.offer_human
    assert word.sources
    assert said in str(word.text)


@pytest.mark.usefixtures("somebody")
async def test_others_are_not_nor_is_anyone_where_the_policy_says_no(house: House) -> None:
    assert not (await first_answer(house, elder=False)).offer_human

    def asked_first(_: datetime) -> Policy:
        return Policy(elders_first=False)

    assert not (await first_answer(house, policy=asked_first)).offer_human


async def test_nobody_is_offered_who_is_not_there(house: House) -> None:
    assert not (await first_answer(house)).offer_human


@pytest.mark.usefixtures("somebody")
async def test_yes_to_it_brings_the_person_and_it_is_said_once(house: House) -> None:
    for said, owner in (("好的", Owner.QUEUE), ("补卡要多少钱", Owner.ASSISTANT)):
        state = await house.heart.open(elder=True)
        await house.ask(state, "借记卡怎么激活")
        events = await house.ask(state, said)
        assert "现在有同事在" not in str(texts(events))
        assert (await house.get(state)).owner is owner
