"""What is no answer to a flow's question: the same repair in every flow."""

from __future__ import annotations

from tests.dialogue.flows.small import parcel
from warmline.dialogue.decisions import Close, Continue, HandOff


def at_agreement() -> object:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    return talk


def test_nonsense_is_asked_in_other_words_then_a_person_comes() -> None:
    talk = parcel()
    talk.say("North")
    first = talk.say("blah")
    assert isinstance(first, Continue)
    assert (first.tried, first.offer_human, talk.asked) == (1, True, "weight")
    second = talk.say("wibble")
    assert isinstance(second, HandOff)


def test_answer_in_between_makes_the_count_anew() -> None:
    talk = parcel()
    for words in ("blah", "North", "blah"):
        talk.say(words)
    assert isinstance(talk.decision, Continue)


def test_going_back_forgets_the_last_answer_alone() -> None:
    talk = parcel()
    talk.say("North")
    talk.say("20 yuan")
    talk.say("go back")
    assert talk.asked == "weight"
    assert talk.memory.run is not None
    assert talk.memory.run.slots["shop"].value == "s1"


def test_none_of_these_takes_the_slots_own_way() -> None:
    decision = parcel().say("none of these")
    assert isinstance(decision, Close)
    assert decision.outcome == "no_shop"


def test_what_the_customer_has_not_got_brings_a_person() -> None:
    talk = parcel()
    talk.say("North")
    decision = talk.say("I don't know")
    assert isinstance(decision, HandOff)
    assert decision.reason == "customer_cannot_tell"


def test_cancelling_ends_it_without_a_deed() -> None:
    talk = parcel()
    talk.say("North")
    decision = talk.say("never mind")
    assert isinstance(decision, Close)
    assert decision.say == "flow_cancelled"
    assert talk.memory.run is None


def test_waiting_is_no_miss() -> None:
    talk = parcel()
    talk.say("North")
    for _ in range(3):
        decision = talk.say("hold on a moment")
        assert isinstance(decision, Continue)


def test_who_is_waited_for_without_end_reaches_a_person() -> None:
    talk = parcel()
    talk.say("North")
    decisions = [talk.say("hold on a moment") for _ in range(4)]
    assert isinstance(decisions[-1], HandOff)
    assert decisions[-1].reason == "going_in_circles"


def test_several_that_fit_are_shown_alone_and_counted_among_themselves() -> None:
    shops = [
        {"id": "a", "name": "Hill West", "kind": "big", "open": True},
        {"id": "b", "name": "River North", "kind": "big", "open": True},
        {"id": "c", "name": "River South", "kind": "big", "open": True},
    ]
    from tests.dialogue.flows.small import ok

    talk = parcel(shops=ok(shops=shops))
    decision = talk.say("the River one")
    assert isinstance(decision, Continue)
    assert decision.reason == "several_fit"
    talk.say("the first one")
    assert talk.memory.run is not None
    assert talk.memory.run.slots["shop"].value == "b"


def test_after_a_miss_all_are_shown_again() -> None:
    talk = parcel()
    run = talk.memory.run
    assert run is not None
    talk.memory = talk.memory.model_copy(update={"run": run.model_copy(update={"narrowed": ("s2",)})})
    talk.say("blah")
    assert talk.memory.run is not None
    assert talk.memory.run.narrowed == ()


def test_refused_agreement_takes_the_other_way() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30", "no thanks"):
        talk.say(words)
    assert isinstance(talk.decision, Close)
    assert talk.decision.outcome == "kept"
    assert [name for name, _, _ in talk.called] == ["shops", "hours"]
