"""Several questions, follow-ups and what is near: as the assistant says it, over real articles."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from tests.dialogue.conftest import NEVER, House, decided
from tests.dialogue.test_service import message
from warmline.conversation.events import Event, MessagePosted
from warmline.dialogue.flows.schema import IdentityPolicy
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.model import Policy
from warmline.dialogue.understand import PLAINLY, Understander
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate
from warmline.language.service import Marker


def sources(events: list[Event]) -> list[list[str]]:
    """Return the articles that each message rests on."""
    said = [event.payload for event in events if isinstance(event.payload, MessagePosted)]
    return [[source.article_id for source in one.sources or ()] for one in said]


SURE = ReleasePolicy(answer_at=0.5, clarify_at=0.1, target_error=0.02)


@pytest.mark.parametrize(
    "asked",
    [
        "出国刷卡要先通知银行吗？另外一天最多能取多少现金",
        "出國刷卡要先通知銀行嗎 一天最多能取多少現金",
        "Do I need to tell the bank before using my credit card abroad? How much cash can I withdraw in a day?",
    ],
)
async def test_two_questions_are_answered_each_with_its_source(house: House, asked: str) -> None:
    state, house.policy = await house.heart.open(), SURE
    events = await house.ask(state, asked)
    assert sources(events) == [["card-abroad-use"], ["card-atm-daily-limit"]]
    assert decided(events).reason == "several_questions"
    assert (await house.get(state)).reply_due_at is None


async def test_a_follow_up_is_understood_from_what_was_asked_before(house: House) -> None:
    asked, follow_up, both = "信用卡怎么激活", "那取现呢", "信用卡怎么激活，那取现呢"
    known = {
        asked: [Candidate("card-activate-debit", 0.9)],
        follow_up: [Candidate("card-abroad-use", 0.1), Candidate("card-temp-lock", 0.1)],
        both: [Candidate("card-atm-daily-limit", 0.8), Candidate("card-activate-debit", 0.1)],
    }

    async def candidates(text: str, *, limit: int = 10) -> list[Candidate]:
        return known[text]

    house.policy = SURE
    house.search.candidates = candidates
    state = await house.heart.open()
    await house.ask(state, asked)
    events = await house.ask(state, follow_up)
    assert sources(events) == [["card-atm-daily-limit"]]
    alone = await house.heart.open()
    assert decided(await house.ask(alone, follow_up)).decision != "answer"


@pytest.mark.parametrize("near", [True, False])
async def test_only_what_is_near_is_named_beside_what_is_not_known(house: House, near: bool) -> None:
    features = tuple(0.6 if near else 0.2 for _ in NAMES)

    async def candidates(_: str, *, limit: int = 10) -> list[Candidate]:
        return [Candidate("card-temp-lock", 0.2, features=features)]

    state, house.policy = await house.heart.open(), NEVER
    house.search.candidates = candidates
    said = message(await house.ask(state, "今天天气怎么样"))
    assert said.offer_human
    assert bool(said.choices) is near


async def test_what_helps_at_once_is_found_in_plain_words_where_the_customers_own_find_another(house: House) -> None:
    """The words of a lost card may be near an article on something else of cards."""

    async def candidates(text: str, *, limit: int = 10) -> list[Candidate]:
        return [Candidate("card-temp-lock" if text == PLAINLY[Marker.CARD_LOST] else "card-activate-debit", 0.9)]

    house.search.candidates = candidates
    flows = Flows(IdentityPolicy(levels={}, ways={}), starters={"card-temp-lock": "lost"})
    for known, found in ((flows, "card-temp-lock"), (None, "card-activate-debit")):
        policy = Policy(flows=known)
        understander = Understander(house.search, lambda: NEVER, partial(replace, policy))
        assert await understander.find_first_aid("張提款卡唔見咗呀", frozenset({Marker.CARD_LOST})) == found
