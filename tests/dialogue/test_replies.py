"""What the rules leave unheard, weighed by what was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialogue.flows.small import Small, parcel
from warmline.dialogue.flows.engine import AskAgreement
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.turn import listen
from warmline.dialogue.replies import (
    closes,
    hear_reply,
    is_unread_answer,
    means_no_person,
    only_replies,
    wants_more,
)
from warmline.language.service import Act, Reply, Shares


def shares(**given: float) -> Shares:
    """Return shares; what is left goes to what is no reply."""
    told = {Reply(name): share for name, share in given.items()}
    rest = {} if Reply.OTHER in told else {Reply.OTHER: 1 - sum(told.values())}
    return {**dict.fromkeys(Reply, 0.0), **told, **rest}


def listening(*words: str) -> Listening:
    talk: Small = parcel()
    for said in words:
        talk.say(said)
    found = listen(talk.flows, talk.memory, talk.world)
    assert found is not None
    return found


@pytest.fixture
def agreement() -> Listening:
    return listening("North", "20 yuan", "14:30")


@pytest.mark.parametrize(
    ("given", "yes"),
    [
        ({"yes": 0.9}, True),
        ({"yes": 0.6, "closing": 0.3}, True),
        ({"yes": 0.4, "other": 0.6}, True),
        ({"yes": 0.35, "closing": 0.65}, None),
        ({"yes": 0.7, "no": 0.2}, None),
        ({"yes": 0.65, "thinks": 0.35}, None),
        ({"yes": 0.3, "closing": 0.6}, None),
        ({"no": 0.8}, False),
        ({"no": 0.5, "other": 0.5}, False),
        ({"no": 0.4, "closing": 0.6}, None),
        ({"no": 0.7, "yes": 0.2}, None),
    ],
)
def test_an_agreement_needs_much_for_it_and_little_against(
    given: dict[str, float], yes: bool | None, agreement: Listening
) -> None:
    assert hear_reply(Heard(), shares(**given), agreement, "一个数都不差").yes is yes


def test_a_question_agrees_to_nothing(agreement: Listening) -> None:
    assert hear_reply(Heard(), shares(yes=0.95), agreement, "这样就办好了吗？").yes is None


def test_what_the_rules_heard_stands(agreement: Listening) -> None:
    heard = Heard(yes=False)
    assert hear_reply(heard, shares(yes=0.99), agreement, "不用") is heard


def test_what_is_left_for_later_is_no_yes(agreement: Listening) -> None:
    assert hear_reply(Heard(), shares(yes=0.5, closing=0.3), agreement, "既然周一就能到，那就先等等看吧").yes is False
    assert hear_reply(Heard(), shares(yes=0.9), agreement, "先等等也行，办吧").yes is True


def test_what_only_begins_like_a_yes_is_none(agreement: Listening) -> None:
    remark, heard = "right, that's less scary than I thought", Heard(yes=True)
    assert hear_reply(heard, shares(closing=0.97), agreement, remark).yes is None
    assert hear_reply(heard, shares(yes=0.1, closing=0.9), agreement, remark) is heard
    assert hear_reply(heard, shares(closing=0.97), agreement, "好的谢谢") is heard
    assert hear_reply(heard, shares(value=0.9), agreement, "yes please, 20 yuan it is") is heard


def test_who_thinks_is_waited_for(agreement: Listening) -> None:
    assert hear_reply(Heard(), shares(thinks=0.8), agreement, "容我跟家里商量").acts == {Act.WAIT}


def test_what_was_asked_named_first_is_a_yes(agreement: Listening) -> None:
    assert isinstance(agreement.asked, AskAgreement)
    named = replace(agreement, asked=replace(agreement.asked, words=("追查", "追")))
    given = shares(yes=0.3, question=0.2)
    assert hear_reply(Heard(), given, named, "追！人家等着交定金呢").yes is True
    assert hear_reply(Heard(), given, named, "人家等着交定金呢，追").yes is None


def test_who_has_not_got_it_is_heard() -> None:
    asked = listening("North")
    assert hear_reply(Heard(), shares(cannot=0.9), asked, "条子泡水了看不清").acts == {Act.DONT_KNOW}
    assert hear_reply(Heard(), shares(cannot=0.5), asked, "条子泡水了看不清").acts == frozenset()


def test_words_that_close_ask_for_nothing() -> None:
    assert closes(shares(closing=0.9), "那我等消息")
    assert not closes(shares(closing=0.9), "那要等多久？")
    assert not closes({}, "那我等消息")


def test_remarks_begin_nothing_and_deeds_may() -> None:
    assert only_replies(shares(closing=0.76, yes=0.17), "四千三百二，对，涨了一点")
    assert not only_replies(shares(yes=0.9), "冻结")
    assert not only_replies(shares(other=0.9), "帮我查下余额")
    assert not only_replies({}, "帮我查下余额")


def test_an_answer_nobody_can_read_is_no_question() -> None:
    assert is_unread_answer(shares(value=0.8), "二百一天")
    assert not is_unread_answer(shares(value=0.8), "二百行吗？")


def test_a_wish_near_the_border_gives_way_to_a_sure_reply_alone() -> None:
    assert means_no_person(shares(closing=0.95, other=0.04))
    assert not means_no_person(shares(closing=0.9, person=0.05, other=0.05))
    assert not means_no_person({})


def test_the_same_for_another_one() -> None:
    assert wants_more(shares(more=0.9))
    assert not wants_more(shares(more=0.5))


@pytest.mark.parametrize(
    "text", ["既然下周一能到，那就再等等看吧", "要不我先回自习室找一圈吧", "I'll think about it and let you know"]
)
def test_who_leaves_it_for_another_day_says_no_for_now(text: str, agreement: Listening) -> None:
    assert hear_reply(Heard(), shares(closing=0.5, no=0.15, thinks=0.1), agreement, text).yes is False
    assert hear_reply(Heard(), shares(yes=0.45, closing=0.2, no=0.2, thinks=0.1), agreement, text).yes is None


def test_a_no_behind_a_question_stands() -> None:
    asked = listening("North", "20 yuan", "14:30")
    text = "a whole day before it works? I fly tomorrow, so let's leave things as they are"
    assert hear_reply(Heard(), shares(no=0.9), asked, text).yes is False
    assert hear_reply(Heard(), shares(yes=0.9), asked, text).yes is None
