"""The walk through a flow: what is known is not asked, what was done is not done again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialogue.flows.small import FLOW, SHOPS, WORLD, Small, ok, parcel, read
from warmline.connectors.model import ActionResult, Status
from warmline.dialogue.decisions import Close, HandOff
from warmline.dialogue.flows.engine import AskSlot, FlowFaultError, walk
from warmline.dialogue.flows.expressions import ExpressionError, argument, fill, holds
from warmline.dialogue.flows.run import Filled, Memory, Run
from warmline.dialogue.flows.schema import Identify


def test_whole_way_calls_each_action_once() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "at half past two", "yes"):
        talk.say(words)
    assert isinstance(talk.decision, Close)
    assert [name for name, _, _ in talk.called] == ["shops", "hours", "post"]
    assert talk.called[-1][1] == {"weight": "20.00", "hour": "14:30"}
    assert talk.lines[-1] == "Done, P-1."


def test_each_says_a_line_for_every_item() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "09:00", "yes"):
        talk.say(words)
    assert talk.lines[0] == "- North: open\n- South: open\n- West: closed"


def test_arguments_keep_their_kind() -> None:
    talk = parcel()
    talk.say("North")
    talk.say("20 yuan")
    assert talk.called[-1][:2] == ("hours", {"shop": "s1", "most": 3})


def test_where_leaves_out_what_cannot_be_chosen() -> None:
    asks = getattr(parcel().decision, "asks", None)
    assert isinstance(asks, AskSlot)
    assert [one.label for one in asks.shown] == ["North", "South"]


def test_only_one_left_is_not_asked() -> None:
    assert parcel(shops=ok(shops=SHOPS[1:])).asked == "weight"


def test_nothing_to_choose_from_goes_on_elsewhere() -> None:
    decision = parcel(shops=ok(shops=SHOPS[2:])).decision
    assert isinstance(decision, Close)
    assert decision.outcome == "no_shop"


def test_plain_texts_are_chosen_from_as_they_are() -> None:
    talk = parcel()
    talk.say("North")
    talk.say("20 yuan")
    talk.say("nine o'clock")
    assert talk.memory.run is not None
    assert talk.memory.run.slots["hour"] == Filled(value="09:00")


def test_choice_from_a_list_that_has_changed_is_asked_again() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    talk.answers = {**talk.answers, "hours": ok(times=["10:00", "11:00"])}
    talk.say("no, I meant South")
    assert talk.asked == "hour"
    assert talk.called[-1][:2] == ("hours", {"shop": "s2", "most": 3})


def test_agreement_holds_for_what_was_agreed_to_alone() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    assert talk.asked == "agree"
    talk.say("no, it's 30 yuan")
    assert talk.asked == "agree"
    talk.say("yes")
    assert talk.called[-1][1]["weight"] == "30.00"


def test_same_deed_has_the_same_key_and_another_one_another() -> None:
    keys = []
    for weight in ("20 yuan", "20 yuan", "30 yuan"):
        talk = parcel()
        for words in ("North", weight, "14:30", "yes"):
            talk.say(words)
        keys.append(talk.called[-1][2])
    assert keys[0] == keys[1] != keys[2]


def test_refusal_goes_its_step_and_may_tell_something() -> None:
    talk = parcel(post=ActionResult(Status.REFUSED, {"most": "15"}, code="heavy"))
    for words in ("North", "20 yuan", "14:30", "yes"):
        talk.say(words)
    assert talk.lines == ["At most 15."]


def test_refusal_nobody_wrote_a_step_for_brings_a_person() -> None:
    talk = parcel(post=ActionResult(Status.REFUSED, code="odd"))
    for words in ("North", "20 yuan", "14:30", "yes"):
        talk.say(words)
    assert isinstance(talk.decision, HandOff)
    assert talk.decision.reason == "action_odd"


def test_empty_list_is_told_and_the_slot_asked_again_until_a_person_comes() -> None:
    talk = parcel(hours=ok(times=[]))
    talk.say("20 yuan")
    for words in ("North", "South"):
        talk.say(words)
        assert (talk.asked, talk.lines) == ("shop", ["It is closed."])
    talk.say("North")
    assert isinstance(talk.decision, HandOff)


IDENTIFIED = FLOW.replace("steps:\n", "steps:\n  - {identify: strong, otherwise: no_shop}\n", 1)


def test_way_that_this_customer_cannot_go_is_passed_over() -> None:
    answers = {"shops": ok(shops=SHOPS), "send": ok(sent=False)}
    decision = Small(answers, text=IDENTIFIED).decision
    assert isinstance(decision, Close)
    assert decision.outcome == "no_shop"


def test_signed_in_is_not_enough_for_what_needs_more() -> None:
    talk = Small({"shops": ok(shops=SHOPS), "send": ok(sent=True), "check": ok(ok=True, ref="C-1")}, text=IDENTIFIED)
    assert talk.asked == "word"
    talk.say("1234")
    assert talk.asked == "shop"
    assert talk.memory.identity is not None
    assert (talk.memory.identity.ref, talk.memory.identity.level) == ("C-1", "strong")


def test_identity_is_over_in_time() -> None:
    talk = Small({"shops": ok(shops=SHOPS), "send": ok(sent=True), "check": ok(ok=True, ref="C-1")}, text=IDENTIFIED)
    talk.say("1234")
    later = replace(WORLD, now=talk.memory.identity.until) if talk.memory.identity else WORLD
    flow = read(IDENTIFIED)
    assert isinstance(flow.steps[0], Identify)
    move = walk(flow, talk.flows.policy, talk.memory, later).move
    assert getattr(move, "action", getattr(move, "name", "")) in ("send", "word")


def test_circle_is_a_fault() -> None:
    flow = read(
        "flow: round\ntitle: &t {zh-Hans: a, zh-Hant: a, en: a}\nstarts: {}\n"
        "steps:\n  - {id: one, go: two}\n  - {id: two, go: one}\n"
    )
    with pytest.raises(FlowFaultError):
        walk(flow, parcel().flows.policy, Memory(run=Run(flow_id="round", version=1, key="k")), WORLD)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("sum > 100", True),
        ("sum > other", False),
        ("limit <= sum", True),
        ("kind in ('a', 'b') and not known(nobody)", True),
        ("nobody > 1", False),
        ("list == []", True),
        ("card == 'c1'", True),
    ],
)
def test_condition(condition: str, found: bool) -> None:
    values = {
        "sum": "250.00", "other": "1000", "limit": "250", "kind": "a", "list": [], "card": {"value": "c1"},
    }  # fmt: skip
    assert holds(condition, values) is found


@pytest.mark.parametrize("condition", ["__import__('os')", "a.b()", "x = 1", "lambda: 1", "[a for a in b]", "a if b"])
def test_condition_that_is_more_than_one_is_refused(condition: str) -> None:
    with pytest.raises(ExpressionError):
        holds(condition, {})


@pytest.mark.parametrize(
    ("template", "locale", "said"),
    [
        ("{sum|money}", "zh-Hans", "1,250 元"),
        ("{sum|money}", "en", "CNY 1,250"),
        ("{day|day}", "zh-Hans", "11月28日（周六）"),
        ("{day|day}", "en", "Saturday 28 November"),
        ("{day|date}", "zh-Hans", "2026年11月28日"),
        ("{at|moment}", "zh-Hant", "11月28日 09:05"),
        ("{way|in=received,out=paid}", "en", "received"),
        ("{days|list}", "zh-Hans", "一、二"),
    ],
)
def test_template(template: str, locale: str, said: str) -> None:
    values = {
        "sum": "1250.00", "day": "2026-11-28", "at": "2026-11-28T09:05:00+08:00", "way": "in", "days": ["一", "二"],
    }  # fmt: skip
    assert fill(template, values, locale) == said


@pytest.mark.parametrize("template", ["{nothing}", "{way|out=paid}", "{way|money}"])
def test_half_a_sentence_is_never_said(template: str) -> None:
    with pytest.raises(ExpressionError):
        fill(template, {"way": "in"}, "en")


def test_argument_may_be_a_number() -> None:
    assert argument("{months|number}", {"months": "12"}) == 12
    assert argument("{months}", {}) is None
