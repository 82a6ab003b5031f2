"""What is suggested beside a message: every source, the agent's own tone, and what was learnt from use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.assist.conftest import Bank
from tests.assist.test_steps import make_demo_flows
from tests.dialogue.flows.talk import DEMO
from tests.support import CHENXI, LINYAO, post
from warmline.assist.checklist import read_checklists
from warmline.assist.model import From, Suggestions
from warmline.assist.service import Assist
from warmline.assist.using import UseOutcome
from warmline.bootstrap import HERE
from warmline.conversation.errors import UnknownSeqError
from warmline.conversation.model import Conversation
from warmline.dialogue.flows.starts import Wished
from warmline.kit.i18n import Words
from warmline.language.ports import Vectors
from warmline.language.service import FeelingSense
from warmline.staff.scripts import ScriptService

ASKED = "信用卡丢了，补一张要多少钱"
HERS = "补卡要收工本费哈，寄到您预留的地址。"
THEIRS = "工本费从账单里扣，补的卡用挂号信寄。"


class Lost:
    """Knows one errand."""

    def guess(self, text: str, vector: Vectors, shares: Mapping[str, float]) -> Wished:
        return Wished("card-report-lost", 0.9) if "丢" in text else Wished("card-report-lost", 0.1)


@pytest.fixture
def assist(bank: Bank) -> Assist:
    house, heart = bank.house, bank.heart
    flows = replace(make_demo_flows(), starts=Lost())  # type: ignore[arg-type]
    words, comfort = (Words.load(HERE / package / "words.yaml") for package in ("assist", "dialogue"))
    return Assist(
        heart.uow, heart.service, house.routing, house.search, house.embedder, ScriptService(clock=heart.clock),
        bank.past, lambda: flows, read_checklists(DEMO / "checklists.yaml"), FeelingSense(house.embedder.name),
        words, comfort, heart.clock,
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


async def test_what_can_be_done_stays_shown_while_the_talk_goes_on(bank: Bank, assist: Assist) -> None:
    state = await bank.heart.open()
    await bank.heart.say(state, "我的卡在地铁上丢了")
    await bank.heart.hand_to(state, CHENXI)
    await bank.heart.do(state, post("您别急。", "a1", CHENXI))
    await bank.heart.say(state, "好的")
    found = await assist.suggest(state.id, CHENXI.id, "en")
    assert found.step is not None
    assert (found.step.flow_id, found.step.title) == ("card-report-lost", "Report a lost card")
    assert found.heed is not None
    assert (found.heed.checklist_id, found.heed.level, found.heed.identified) == ("lost-card", "basic", False)
    assert not any(one.done for one in found.heed.checks)
    await bank.heart.do(state, post("卡已经挂失了，新卡五天到。", "a2", CHENXI))
    again = await assist.suggest(state.id, CHENXI.id)
    assert again.heed is not None
    assert {one.id: one.done for one in again.heed.checks} == {"money": True, "reference": False, "new_card": True}


async def test_nothing_to_be_done_is_offered_for_a_mere_question(bank: Bank, assist: Assist) -> None:
    state = await ask(bank)
    found = await assist.suggest(state.id, CHENXI.id)
    assert (found.step, found.heed) == (None, None)
