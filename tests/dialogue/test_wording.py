"""A language model in the assistant's turns: used where its words hold; every turn is there in time without them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.dialogue.conftest import House, decided
from tests.dialogue.flows.small import Small, parcel
from tests.fakes.clock import FakeClock
from tests.fakes.language_model import TRANSPORT, HostileModel
from tests.support import texts
from warmline.conversation.events import ModelUse, SlipWritten, TurnDecided
from warmline.dialogue.flows.hear import Heard
from warmline.dialogue.flows.turn import listen
from warmline.dialogue.pending import Pending
from warmline.dialogue.wording import hear_again
from warmline.language.adapters.openai_chat import OpenAIChatModel
from warmline.language.lm.budget import Budget
from warmline.language.lm.guard import GuardedModel
from warmline.language.lm.help import LanguageHelp
from warmline.language.lm.prompts import load_prompts
from warmline.language.service import find_markers

ASKED = "出国前要告诉银行才能刷信用卡吗"
UPSET = "气死我了，出国前到底要不要告诉银行才能刷信用卡"
SECONDS = 0.8


@pytest.fixture
def model() -> Iterator[HostileModel]:
    with HostileModel(gently) as running:
        yield running


@pytest.fixture
async def help(model: HostileModel) -> AsyncIterator[LanguageHelp]:
    client = OpenAIChatModel(model.url, "a model")
    guarded = GuardedModel(client, Budget(10_000_000), FakeClock())
    yield LanguageHelp(guarded, load_prompts(), seconds=SECONDS, most_tokens=600)
    await client.aclose()


@pytest.fixture
def helped(house: House, help: LanguageHelp) -> House:
    house.assistant = house.make_assistant(help=help)
    return house


def article_of(user: str) -> str:
    """Return what stands between the marks of a prompt."""
    return user.split("<<<\n", 1)[1].split("\n>>>", 1)[0].strip()


def gently(_: str, user: str) -> str:
    """Say the article as an honest model would."""
    return "您别着急，" + article_of(user)


async def test_a_calm_customer_gets_the_articles_own_words_and_no_model_is_asked(
    helped: House, model: HostileModel
) -> None:
    events = await helped.ask(await helped.heart.open(), ASKED)
    assert model.heard == []
    assert decided(events).model_uses == []


@pytest.mark.parametrize(("said", "elder"), [(UPSET, False), (ASKED, True)])
async def test_an_upset_or_older_customer_gets_a_gentler_one(
    helped: House, model: HostileModel, said: str, elder: bool
) -> None:
    events = await helped.ask(await helped.heart.open(elder=elder), said)
    assert decided(events).decision == "answer"
    assert "您别着急，" in str(texts(events)[0])
    (use,) = decided(events).model_uses
    assert (use.prompt, use.outcome, use.reason) == ("rephrase@1", "used", "")
    assert said not in json.dumps(model.heard, ensure_ascii=False), "nothing of the customer's goes along"


async def test_a_lie_is_not_said_and_the_log_says_so(helped: House, model: HostileModel) -> None:
    model.says = lambda _, user: article_of(user).replace("不用报备", "一定要报备")
    events = await helped.ask(await helped.heart.open(elder=True), ASKED)
    helped.assistant = helped.make_assistant()
    plain = await helped.ask(await helped.heart.open(elder=True), ASKED)
    assert texts(events)[0] == texts(plain)[0]
    assert [(use.outcome, use.reason) for use in decided(events).model_uses] == [("refused", "turned")]


@pytest.mark.parametrize("mood", TRANSPORT)
async def test_whatever_the_line_does_the_article_is_said_in_the_same_turn(
    helped: House, model: HostileModel, mood: str
) -> None:
    model.mood, started = mood, time.monotonic()
    events = await helped.ask(await helped.heart.open(elder=True), ASKED)
    assert time.monotonic() - started < SECONDS + 1.5
    assert decided(events).decision == "answer"
    assert "不用报备" in str(texts(events)[0])
    assert decided(events).model_uses[0].outcome == "failed"


async def test_a_slip_has_a_summary_where_it_holds(helped: House, model: HostileModel) -> None:
    model.says = "客户问出国前要不要告诉银行才能刷信用卡。"
    state = await helped.heart.open()
    await helped.ask(state, ASKED)
    events = await helped.ask(state, "转人工")
    (slip,) = [event.payload for event in events if isinstance(event.payload, SlipWritten)]
    assert slip.summary == model.says
    assert slip.question is not None
    assert decided(events).model_uses[0].prompt == "summarise@1"


@pytest.mark.parametrize("says", ["客户要投诉王经理。", "客户已付 3,000 元。", ""])
async def test_else_it_has_what_it_always_has(helped: House, model: HostileModel, says: str) -> None:
    state, model.says = await helped.heart.open(), says
    await helped.ask(state, ASKED)
    events = await helped.ask(state, "转人工")
    (slip,) = [event.payload for event in events if isinstance(event.payload, SlipWritten)]
    assert slip.summary is None
    assert slip.question is not None
    assert (await helped.get(state)).human_requested


async def test_whom_something_presses_is_not_kept_waiting(helped: House, model: HostileModel) -> None:
    state, model.mood = await helped.heart.open(), "stall"
    started = time.monotonic()
    await helped.ask(state, "我的卡被偷了，有人在刷，快转人工")
    assert (await helped.get(state)).human_requested
    assert model.heard == []
    assert time.monotonic() - started < SECONDS


async def hear_with(small: Small, help: LanguageHelp, text: str) -> tuple[Heard, list[str]]:
    listening = listen(small.flows, small.memory, small.world)
    assert listening is not None
    found = find_markers(text)
    pending = Pending(text, found.kinds, found.only, has_attachment=False, reply_to=1)
    turn = help.turn(4)
    heard = await hear_again(turn, small.hear(text), pending, listening, "zh-Hans")
    return heard, [use.outcome for use in turn.asked]


UNREAD = "上次寄的三百，这次寄五百的吧"


@pytest.mark.parametrize(
    ("says", "value"),
    [
        ("五百", "500.00"),
        ("五百的", "500.00"),
        ("600", ""),
        ("五百块", ""),
        ("无", ""),
        ("三百，这次寄五百", ""),
        ("这次", ""),
    ],
)
async def test_an_answer_that_was_not_read_is_found_in_the_customers_own_words(
    model: HostileModel, help: LanguageHelp, says: str, value: str
) -> None:
    small, model.says = parcel(), says
    small.say("North")
    assert small.asked == "weight"
    assert not small.hear(UNREAD).values
    heard, outcomes = await hear_with(small, help, UNREAD)
    assert {name: one.value for name, one in heard.values.items()} == ({"weight": value} if value else {})
    assert outcomes == ["used" if value else "refused"]


@pytest.mark.parametrize("text", ["500元", "多少都可以吗？", "算了", "转人工"])
async def test_no_model_is_asked_where_words_are_read_or_are_no_answer(
    model: HostileModel, help: LanguageHelp, text: str
) -> None:
    small = parcel()
    small.say("North")
    plain = small.hear(text)
    heard, outcomes = await hear_with(small, help, text)
    assert (heard, outcomes, model.heard) == (plain, [], [])


async def test_agreement_is_never_read_by_a_model(model: HostileModel, help: LanguageHelp) -> None:
    small, model.says = parcel(), "嗯"
    for words in ("North", "500元", "09:00"):
        small.say(words)
    heard, outcomes = await hear_with(small, help, "嗯哼这个嘛随缘")
    assert heard.yes is None
    assert outcomes == []


def test_an_event_written_before_there_were_models_still_reads() -> None:
    old = {"type": "turn.decided", "reply_to": 2, "decision": "answer", "reason": "released"}
    assert TurnDecided.model_validate(old).model_uses == []
    use = ModelUse(prompt="rephrase@1", outcome="refused", reason="number", milliseconds=9)
    new = TurnDecided(reply_to=2, decision="answer", reason="released", model_uses=[use])
    assert TurnDecided.model_validate_json(new.model_dump_json()) == new
