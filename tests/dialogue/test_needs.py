"""How much a wait presses is read from what was told and felt, and goes with the wish for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dialogue.conftest import House
from tests.support import Talk, blank, post
from warmline.conversation import commands as c
from warmline.conversation.events import TurnDecided, Urgency
from warmline.conversation.noted import Sensed
from warmline.customer.keys import CustomerKeys
from warmline.customer.model import Person
from warmline.customer.service import CustomerService
from warmline.dialogue.known import Acquaintance
from warmline.dialogue.needs import find_need
from warmline.routing.urgency import choose_urgency


def told(text: str, *, refused: bool = False, felt: Sensed | None = None) -> Talk:
    talk = Talk(state=blank(feeling_refused=refused))
    talk.do(post(text))
    decided = TurnDecided(reply_to=talk.state.last_seq, decision="answer", reason="released", feeling=felt)
    talk.do(c.TakeTurn(talk.state.last_seq, decided, (c.Say("好"),)))
    return talk


@pytest.mark.parametrize(
    ("talk", "urgency"),
    [
        (told("钱被人骗走了"), Urgency.URGENT),
        (told("卡丢了"), Urgency.NORMAL),
        (told("我害怕得睡不着"), Urgency.VULNERABLE),
        (told("我害怕得睡不着", refused=True), Urgency.NORMAL),
        (told("怎么还", felt=Sensed(emotion="worry", intensity=0.5, vulnerability=["illness"])), Urgency.VULNERABLE),
        (told("怎么还", felt=Sensed(emotion="anger", intensity=0.9, felt=["anger"])), Urgency.COMPLAINT),
    ],
)
def test_what_was_told_lately_presses(talk: Talk, urgency: Urgency) -> None:
    assert choose_urgency("customer_asked", find_need(talk.state, talk.events)) is urgency


def test_who_is_known_to_be_old_is_an_elder_without_the_mode() -> None:
    talk = Talk()
    assert choose_urgency("customer_asked", find_need(talk.state, talk.events, old=True)) is Urgency.ELDER


@pytest.mark.parametrize("said", ["钱被人骗走了，怎么办", "被骗了，转人工"])
async def test_a_wish_carries_what_presses(house: House, said: str) -> None:
    state = await house.heart.open()
    if "转人工" in said:
        await house.ask(state, said)
    else:
        await house.heart.say(state, said)
        await house.assistant.bring_person(state.id, via="button")
    now = await house.get(state)
    assert now.urgency is Urgency.URGENT
    assert now.rank_at == now.queued_at - timedelta(hours=2)  # type: ignore[operator]


async def test_a_customer_whom_the_bank_knows_as_old_waits_as_an_elder(house: House) -> None:
    keys = CustomerKeys(house.heart.uow, clock=house.heart.clock, bus=house.heart.bus, master_key=b"k" * 32)
    customers = CustomerService(clock=house.heart.clock, keys=keys)
    year = house.heart.clock.now().year
    urgencies = []
    for born in (year - 64, year - 65):
        async with house.heart.uow.begin() as tx:
            known = await customers.seed(tx, Person(f"C-{born}", birth_year=born), elder=False, locale="zh-Hans")
        house.heart.ciphers.make(known.id)
        state = await house.heart.service.start(known.id, channel="web", locale="zh-Hans", elder=False)
        assistant = house.make_assistant(known=Acquaintance(house.heart.uow, customers, house.heart.service))
        urgencies.append((await assistant.bring_person(state.id, via="key")).state.urgency)
    assert urgencies == [Urgency.NORMAL, Urgency.ELDER]
