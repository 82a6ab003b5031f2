"""What is answered now, and which ready replies are shown."""

from __future__ import annotations

from tests.support import CHENXI, CUSTOMER, Talk, ask_for_person, post, take_turn
from warmline.assist.model import From, Reply, choose_replies, find_asked, list_said_before
from warmline.conversation import commands as c


def test_what_was_written_since_the_bank_spoke_is_answered_together() -> None:
    talk = Talk()
    talk.do(post("卡丢了"))
    talk.do(take_turn(2))
    talk.do(post("那", "m2"))
    talk.do(post("补卡多少钱", "m3"))
    talk.do(ask_for_person(say="叫同事"))
    talk.do(c.Accept(CHENXI, (c.Say("陈曦来了"),)))
    seq, asked = find_asked(talk.events)
    assert asked == "那\n补卡多少钱"
    assert talk.events[seq - 1].author == CUSTOMER


def test_who_wrote_nothing_asks_nothing() -> None:
    assert find_asked(Talk().events) == (0, "")


def test_the_last_question_stays_while_a_colleague_answers() -> None:
    talk = Talk()
    talk.do(post("卡丢了"))
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    talk.do(post("我来看", "c1", CHENXI))
    assert find_asked(talk.events) == (2, "卡丢了")


def reply(text: str, origin: From, score: float) -> Reply:
    return Reply(text, origin, text, score)


def test_each_source_has_its_best_before_a_second_of_any() -> None:
    offered = [
        reply("挂失免费，二十四小时都能办。", From.ARTICLE, 0.9),
        reply("带身份证到网点补卡。", From.ARTICLE, 0.8),
        reply("我现在去查，大约要两分钟。", From.SCRIPT, 0.4),
        reply("您放心，昨天那位也是这样办好的。", From.COLLEAGUE, 0.3),
    ]
    assert [one.origin for one in choose_replies(offered)] == [From.ARTICLE, From.SCRIPT, From.COLLEAGUE]
    assert [one.text[:2] for one in choose_replies(offered[:3])] == ["挂失", "我现", "带身"]


def test_the_same_is_not_offered_twice() -> None:
    offered = [reply("挂失免费，随时能办。", From.ARTICLE, 0.9), reply("挂失免费，随时能办", From.SCRIPT, 0.8)]
    assert len(choose_replies(offered)) == 1


def test_what_was_said_before_is_the_customers_alone() -> None:
    talk = Talk()
    talk.do(post("卡丢了"))
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    talk.do(post("气死我了", "c1", CHENXI))
    talk.do(post("还在吗", "m2"))
    assert list_said_before(talk.events) == ["卡丢了"]
