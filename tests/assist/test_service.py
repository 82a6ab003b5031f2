"""What is suggested beside a message: every source, the agent's own tone, and what was learnt from use."""

from __future__ import annotations

import pytest

from tests.assist.conftest import Bank
from tests.support import CHENXI, LINYAO
from warmline.assist.model import From, Suggestions
from warmline.assist.service import Assist
from warmline.assist.using import UseOutcome
from warmline.bootstrap import HERE
from warmline.conversation.errors import UnknownSeqError
from warmline.conversation.model import Conversation
from warmline.kit.i18n import Words
from warmline.language.service import FeelingSense
from warmline.staff.scripts import ScriptService

ASKED = "信用卡丢了，补一张要多少钱"
HERS = "补卡十五元一张哈，寄到您预留的地址。"
THEIRS = "补一张收工本费十五元，五个工作日寄到。"


@pytest.fixture
def assist(bank: Bank) -> Assist:
    house, heart = bank.house, bank.heart
    words, comfort = (Words.load(HERE / package / "words.yaml") for package in ("assist", "dialogue"))
    return Assist(
        heart.uow, heart.service, house.routing, house.search, house.embedder, ScriptService(clock=heart.clock),
        bank.past, FeelingSense(house.embedder.name), words, comfort, heart.clock,
    )  # fmt: skip


async def ask(bank: Bank) -> Conversation:
    """Let a customer ask and come to an agent."""
    state = await bank.heart.open()
    await bank.heart.say(state, "补办信用卡收费吗")
    await bank.heart.hand_to(state, CHENXI)
    return state


def colleague(found: Suggestions) -> str:
    """Return the colleague's reply that is shown."""
    return next(one.text for one in found.replies if one.origin is From.COLLEAGUE)


async def test_an_agents_own_wording_comes_before_a_colleagues(bank: Bank, assist: Assist) -> None:
    for agent, said in ((CHENXI, HERS), (LINYAO, THEIRS)):
        await bank.serve(ASKED, said, agent=agent)
    await bank.past.learn()
    state = await ask(bank)
    assert colleague(await assist.suggest(state.id, CHENXI.id)) == HERS
    found = await assist.suggest(state.id, LINYAO.id)
    assert colleague(found) == THEIRS
    assert {one.answer for one in found.solved} == {HERS, THEIRS}
    assert found.article is not None


async def test_what_was_said_in_another_language_is_not_offered(bank: Bank, assist: Assist) -> None:
    await bank.serve(ASKED, "A new card costs 15 yuan and comes by post.")
    await bank.past.learn()
    found = await assist.suggest((await ask(bank)).id, CHENXI.id)
    assert From.COLLEAGUE not in {one.origin for one in found.replies}


async def test_what_agents_dismiss_gives_way_and_the_latest_word_counts(bank: Bank, assist: Assist) -> None:
    await bank.serve(ASKED, HERS, agent=LINYAO)
    await bank.past.learn()
    state = await ask(bank)
    found = await assist.suggest(state.id, CHENXI.id)
    first = found.replies[0]
    assert first.origin is From.COLLEAGUE
    for number in range(5):
        other = await ask(bank)
        await assist.note_use(other.id, found.seq, first.ref, first.origin, UseOutcome.DISMISSED)
        if number == 0:
            await assist.note_use(other.id, found.seq, first.ref, first.origin, UseOutcome.DISMISSED)
    again = await assist.suggest(state.id, CHENXI.id)
    assert first.ref not in [one.ref for one in again.replies[:2]]
    for number in range(12):
        other = state if number < 6 else await ask(bank)
        await assist.note_use(other.id, found.seq, first.ref, first.origin, UseOutcome.ACCEPTED)
    assert (await assist.suggest(state.id, CHENXI.id)).replies[0].ref == first.ref


async def test_what_was_never_said_cannot_have_been_answered(bank: Bank, assist: Assist) -> None:
    state = await ask(bank)
    with pytest.raises(UnknownSeqError):
        await assist.note_use(state.id, 99, "card-fee", From.ARTICLE, UseOutcome.ACCEPTED)
