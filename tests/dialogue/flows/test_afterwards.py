"""What follows a flow: the other matter that was asked for, the same for another card, another value, a goodbye."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.dialogue.flows.small import parcel
from tests.dialogue.flows.talk import NOW, read_demo_flows, read_policy
from warmline.connectors.model import Effect
from warmline.dialogue.beginning import tells_what_to_do
from warmline.dialogue.decisions import Act, Clarify, Close, Continue, Decision, HandOff, OfferHuman, Several
from warmline.dialogue.flows.engine import Line
from warmline.dialogue.flows.hear import Heard, hear
from warmline.dialogue.flows.run import Deed, Filled, Memory, Run
from warmline.dialogue.flows.starts import Wished
from warmline.dialogue.flows.turn import Flows, listen, make_flows
from warmline.dialogue.model import DialogueState, Found, Policy, Understanding, decide_turn
from warmline.dialogue.questions import split_matters
from warmline.dialogue.records import TurnRecord, derive_state
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Marker, Reply

FRESH = DialogueState("zh-Hans", key="c", signed_in_ref="CH-1002")
BOTH = "金卡丢了先冻上，另外帮我约明天去网点补卡"
CARD = {"card_id": "c-2", "kind": "credit", "name": "金信用卡", "last4": "3308"}


@cache
def flows() -> Flows:
    loaded = read_demo_flows()
    effects = {"freeze_card": Effect.PROTECT, "book_visit": Effect.CHANGE}
    return make_flows(
        read_policy(), {(name, 1): one for name, one in loaded.items()}, effects, dict.fromkeys(loaded, 1)
    )


def decide(said: Understanding, state: DialogueState = FRESH) -> Decision:
    return decide_turn(state, said, Policy(flows=flows()), NOW)


def reply(kind: Reply, share: float = 0.9) -> dict[Reply, float]:
    return {**dict.fromkeys(Reply, 0.0), Reply.OTHER: 1 - share, kind: share}


def after(decision: Decision) -> DialogueState:
    memory = getattr(decision, "memory", None)
    assert memory is not None
    return replace(FRESH, memory=memory, earlier=(BOTH,))


def ended(run: Run) -> DialogueState:
    return replace(FRESH, memory=Memory(ended=run), earlier=("x",))


def lost(*, deeds: bool = True) -> Run:
    slots = {"freeze": Filled(value="yes"), "lost_how": Filled(value="stolen"), "card": Filled(value="c-2", item=CARD)}
    done = (Deed(action="freeze_card", key="k", arguments={}),) if deeds else ()
    return Run(flow_id="card-report-lost", version=1, key="c:1", slots=slots, deeds=done)


def quoted() -> Run:
    slots = {"amount": Filled(value="6000.00"), "months": Filled(value="12")}
    return Run(flow_id="instalment-quote", version=1, key="c:1", slots=slots)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (BOTH, 2),
        ("两件事：金信用卡掉了先封掉；再给我留个下周二的号", 3),
        ("two things. pay off 6000 on the car loan, and where did my 3000 end up", 2),
        ("存五千现金，钱进去了，账没记，登记一下", 0),
        ("我的卡丢了", 0),
    ],
)
def test_two_matters_are_told_apart_where_words_join_them(text: str, parts: int) -> None:
    assert len(split_matters(text)) == parts


def test_the_other_matter_is_offered_when_the_first_is_over_and_begins_with_its_own_words() -> None:
    said = Understanding(BOTH, wished=Wished("card-report-lost", 0.9), also=Wished("branch-visit", 0.9))
    first = decide(said)
    assert isinstance(first, Continue)
    kept = decide(Understanding("否", heard=Heard({"freeze": Filled(value="no")})), after(first))
    assert isinstance(kept, Close)
    assert (kept.offers, kept.also) == ("branch-visit", "预约去网点")
    taken = decide(Understanding("好", only=Marker.AFFIRM), after(kept))
    assert isinstance(taken, Act)
    run = taken.memory.run
    assert run is not None
    assert (run.flow_id, run.words, taken.memory.also) == ("branch-visit", (BOTH,), None)


def test_what_was_asked_for_is_offered_to_who_is_upset_as_well() -> None:
    said = Understanding(BOTH, wished=Wished("card-report-lost", 0.9), also=Wished("branch-visit", 0.9))
    no = Understanding("否！", kinds=frozenset({Marker.LOUD}), heard=Heard({"freeze": Filled(value="no")}))
    kept = decide(no, after(decide(said)))
    assert isinstance(kept, Close)
    assert kept.offers == "branch-visit"


def test_the_same_for_another_card_keeps_what_holds_for_both() -> None:
    again = decide(Understanding("信用卡那张也要", reply=reply(Reply.MORE)), ended(lost()))
    run = getattr(again, "memory", Memory()).run
    assert run is not None
    assert {name: one.value for name, one in run.slots.items()} == {"freeze": "yes", "lost_how": "stolen"}
    assert run.key != "c:1"


def test_another_value_after_the_end_is_reckoned_anew_with_the_others() -> None:
    told = {"instalment-quote": {"months": Filled(value="24")}}
    said = Understanding(
        "那分24期每月多少", wished=Wished("instalment-quote", 0.9), told=told, reply=reply(Reply.OTHER)
    )
    decision = decide(said, ended(quoted()))
    assert isinstance(decision, Act)
    assert (decision.call.action, dict(decision.call.arguments)) == (
        "quote_instalment",
        {"amount": "6000.00", "months": 24},
    )


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("那我等消息", "closing"),
        ("嗯，谢谢", "thanks"),
        ("I'll think about it then, thanks", "thanks"),
        ("唔使喇，唔該", "thanks"),
    ],
)
def test_words_that_close_are_met_with_a_goodbye_and_begin_nothing(text: str, say: str) -> None:
    said = Understanding(text, wished=Wished("dispute-open", 0.95), reply=reply(Reply.CLOSING, 0.95))
    decision = decide(said, ended(quoted()))
    assert isinstance(decision, Continue)
    assert (decision.reason, decision.say) == ("closes", say)


def test_a_remark_on_a_figure_begins_nothing() -> None:
    """A sum is named, and nothing is asked for."""
    said = Understanding(
        "四千三百二，对，涨了一点",
        wished=Wished("limit-change", 0.97),
        reply={**reply(Reply.VALUE, 0.7), Reply.YES: 0.2},
    )
    decision = decide(said, ended(quoted()))
    memory = getattr(decision, "memory", None)
    assert memory is None or memory.run is None


def test_a_plain_yes_after_a_flow_brings_nobody() -> None:
    records = [TurnRecord("assistant", "done", offer_human=True), TurnRecord("assistant", "", decision="close")]
    assert not derive_state(records, locale="zh-Hans", elder=False).offered_human


def test_a_remark_on_what_was_done_is_no_question_and_twice_brings_a_person() -> None:
    said = Understanding("看到了，十号就发了", reply={**reply(Reply.CORRECT, 0.6), Reply.OTHER: 0.3})
    decision = decide(said, ended(lost()))
    assert isinstance(decision, OfferHuman)
    assert (decision.reason, decision.say) == ("remark", "remark")
    assert isinstance(decide(said, replace(ended(lost()), misses=1)), HandOff)


def test_a_question_after_a_flow_is_no_remark() -> None:
    said = Understanding("那里头的钱没少吧？", reply=reply(Reply.QUESTION))
    assert getattr(decide(said, ended(lost())), "say", None) == "not_known"


@pytest.mark.parametrize("offered", [{"offered_human": True}, {"memory": Memory(offered="card-unblock")}])
def test_what_is_offered_may_be_declined_in_other_words(offered: dict[str, Any]) -> None:
    said = Understanding("行，不用了", reply=reply(Reply.NO))
    decision = decide(said, replace(FRESH, earlier=("x",), **offered))
    assert isinstance(decision, Continue)
    assert (decision.reason, decision.say) == ("declines", "deny")
    assert decision.memory is not None
    assert not decision.memory.offered


def test_a_no_with_a_goodbye_declines_the_person_who_was_offered() -> None:
    said = Understanding("no, that's all", reply={**reply(Reply.NO, 0.44), Reply.CLOSING: 0.39})
    decision = decide(said, replace(FRESH, earlier=("x",), offered_human=True, misses=1))
    assert isinstance(decision, Continue)
    assert decision.reason == "declines"


def test_who_thinks_better_of_it_begins() -> None:
    said = Understanding("那还是激活吧，反正要用", reply=reply(Reply.YES, 0.98), wished=Wished("card-activate", 0.92))
    run = getattr(decide(said, replace(FRESH, earlier=("算了",))), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-activate"


def test_nothing_more_is_a_goodbye_where_nothing_was_offered() -> None:
    said = Understanding("沒有", only=Marker.DENY, reply=reply(Reply.CLOSING))
    assert getattr(decide(said, replace(FRESH, earlier=("謝謝",))), "say", None) == "closing"


def test_thanks_in_the_middle_are_returned_and_the_question_stays() -> None:
    begun = after(decide(Understanding("卡丢了", wished=Wished("card-report-lost", 0.95))))
    said = Understanding(
        "Thank you so much sir", release=ReleaseKind.ANSWER, article_ids=("praise",), reply=reply(Reply.CLOSING, 0.97)
    )
    decision = decide(said, begun)
    assert isinstance(decision, Continue)
    assert (decision.say, decision.asks is not None) == ("thanks", True)


def test_a_card_that_is_found_again_goes_before_a_lost_one() -> None:
    """What presses leads to a flow; what is surely asked for, to another."""
    found = Understanding(
        "早上报失的卡在健身包里，帮我恢复", kinds=frozenset({Marker.CARD_LOST}), first_aid="card-lost-debit",
        wished=Wished("card-unblock", 0.9), told={"card-unblock": {}},
    )  # fmt: skip
    run = getattr(decide(found), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-unblock"
    unsure = replace(found, wished=Wished("card-unblock", 0.6))
    run = getattr(decide(unsure), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-report-lost"


def test_of_two_matters_the_one_that_presses_comes_first_and_the_other_is_kept() -> None:
    both = Understanding(
        BOTH, kinds=frozenset({Marker.CARD_LOST}), first_aid="card-lost-debit",
        wished=Wished("branch-visit", 0.7), also=Wished("card-report-lost", 0.9),
    )  # fmt: skip
    memory = getattr(decide(both), "memory", Memory())
    assert (memory.run and memory.run.flow_id, memory.also) == ("card-report-lost", ("branch-visit", BOTH))


def test_nothing_more_after_the_end_changes_nothing() -> None:
    """没了 is a word for a card that was lost as well."""
    run = lost()
    listening = listen(flows(), Memory(ended=run), FRESH.world(NOW))
    assert listening is not None
    assert not hear("没了", listening).corrects


def test_another_card_of_the_same_wallet_is_no_same_card() -> None:
    said = Understanding("啊對，同一個皮夾裡還有我的儲蓄卡6615，也一起停掉吧", reply=reply(Reply.MORE))
    run = getattr(decide(said, ended(lost())), "memory", Memory()).run
    assert run is not None
    assert "card" not in run.slots


def test_what_is_to_be_done_next_is_no_goodbye() -> None:
    said = Understanding(
        "笑死 就在我卫衣帽子里 帮我解冻回来", reply=reply(Reply.YES, 0.7), wished=Wished("card-unblock", 0.97)
    )
    run = getattr(decide(said, ended(lost())), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-unblock"


def test_a_lost_card_goes_before_an_answer_to_what_nobody_asked() -> None:
    said = Understanding(
        "呵呵卡丢了，你们热线让我等了四十分钟", kinds=frozenset({Marker.CARD_LOST}), first_aid="card-lost-debit",
        release=ReleaseKind.ANSWER, article_ids=("fee-hotline-call",), wished=Wished("card-report-lost", 0.4),
    )  # fmt: skip
    run = getattr(decide(said), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-report-lost"


def test_each_of_two_matters_keeps_its_own_words() -> None:
    both = Understanding(
        BOTH, wished=Wished("card-report-lost", 0.9, "卡丢了"), also=Wished("branch-visit", 0.9, "约个时间去办卡"),
    )  # fmt: skip
    memory = getattr(decide(both), "memory", Memory())
    assert memory.also == ("branch-visit", "约个时间去办卡")
    assert memory.run is not None
    assert memory.run.words == ("卡丢了",)


def test_what_was_asked_for_before_goes_before_another_card() -> None:
    state = ended(lost())
    state = replace(state, memory=state.memory.model_copy(update={"also": ("balance-recent", "余额")}))
    said = Understanding("还有储蓄卡余额没查呢", reply=reply(Reply.MORE), wished=Wished("balance-recent", 0.6))
    assert getattr(decide(said, state), "reason", "") != "begin_card-report-lost"


def test_a_question_that_only_comes_near_a_lost_card_freezes_none() -> None:
    said = Understanding(
        "what's the damage on my credit card so far?", release=ReleaseKind.CLARIFY,
        article_ids=("card-lost-credit", "fee"), wished=Wished("balance-recent", 0.4),
    )  # fmt: skip
    assert isinstance(decide(said), Clarify)


def test_calling_it_off_where_agreement_is_asked_for_is_a_no_to_that() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30", "never mind"):
        talk.say(words)
    assert isinstance(talk.decision, Close)
    assert talk.decision.outcome == "kept"


def test_the_same_one_again_is_no_other_one() -> None:
    again = decide(Understanding("怕没冻上，同一张再冻一遍", reply=reply(Reply.MORE)), ended(lost()))
    run = getattr(again, "memory", Memory()).run
    assert run is not None
    assert run.slots["card"].value == "c-2"


def test_two_questions_that_are_answered_begin_no_flow() -> None:
    parts = (Found(ReleaseKind.ANSWER, ("a",), 0.9), Found(ReleaseKind.ANSWER, ("b",), 0.9))
    said = Understanding(
        "网点几点关门？取八万要预约不", release=ReleaseKind.ANSWER, article_ids=("a", "b"), parts=parts,
        wished=Wished("branch-visit", 0.95),
    )  # fmt: skip
    assert isinstance(decide(said), Several)


def test_who_is_beside_herself_over_a_lost_card_is_asked_whether_to_freeze_it() -> None:
    """The flow that is likely meant asks by itself, and helps at night as well: no person is waited for."""
    said = Understanding(
        "卡在公园里没了，急死我了", kinds=frozenset({Marker.CARD_LOST, Marker.DISTRESS}),
        wished=Wished("card-report-lost", 0.4),
    )  # fmt: skip
    run = getattr(decide(said), "memory", Memory()).run
    assert run is not None
    assert run.flow_id == "card-report-lost"


def test_a_flow_that_protects_says_itself_what_to_do_and_another_does_not() -> None:
    lines = (Line("call and choose freeze"),)
    for flow_id, told in (("card-report-lost", True), ("balance-recent", False)):
        memory = Memory(run=Run(flow_id=flow_id, version=1, key="c:1"))
        decision = HandOff("not_identified", "policy", lines=lines, memory=memory)
        assert tells_what_to_do(decision, flows()) is told
        assert not tells_what_to_do(replace(decision, lines=()), flows())
