"""The draft of a wrap-up: every line is from the log and says where."""

from __future__ import annotations

from datetime import timedelta

import pytest

import warmline.bootstrap
from tests.support import CHENXI, CUSTOMER, NOW, Talk, ask_for_person, post
from warmline.assist.wrapup import FeltAt, draft_wrap_up
from warmline.conversation import commands as c
from warmline.conversation.events import SlipWritten, WrapUpWritten
from warmline.kit.i18n import Words

WORDS = Words.load(warmline.bootstrap.HERE / "assist" / "words.yaml")


def served(*said: tuple[str, str], slip: SlipWritten | None = None) -> Talk:
    """A conversation with an agent: `c` the customer's words, `a` the agent's."""
    talk = Talk()
    talk.do(post("卡丢了怎么办"))
    asked = ask_for_person()
    talk.do(c.RequestHandoff(asked.author, asked.by, asked.via, asked.reason, asked.plan, (), slip))
    talk.do(c.Accept(CHENXI))
    for number, (who, text) in enumerate(said):
        talk.do(post(text, f"x{number}", CUSTOMER if who == "c" else CHENXI))
    return talk


def draft(talk: Talk, *felt: FeltAt, locale: str = "zh-Hans") -> WrapUpWritten:
    return draft_wrap_up(
        talk.events, felt=felt, words=WORDS, locale=locale, say_moment=lambda due: f"{due:%m-%d %H:%M}"
    )


def lines(written: WrapUpWritten, section: str) -> list[str]:
    return [one.text for one in written.lines or () if one.section == section]


def test_the_sections_are_filled_from_what_was_said() -> None:
    talk = served(
        ("a", "您好，我是陈曦。卡是什么时候不见的？"),
        ("c", "昨天下午，里面有两万块"),
        ("a", "已经为您挂失了，卡里的钱是安全的。新卡五个工作日内寄到您家。"),
        ("a", "请您带好身份证，到时要签收。"),
    )
    written = draft(talk)
    assert lines(written, "request") == ["卡丢了怎么办"]
    assert lines(written, "facts") == ["昨天下午，里面有两万块"]
    assert lines(written, "done") == ["已经为您挂失了，卡里的钱是安全的。"]
    assert lines(written, "promised") == ["新卡五个工作日内寄到您家。"]
    assert lines(written, "next") == ["请您带好身份证，到时要签收。"]
    assert "card_lost" in written.tags


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("已經幫您掛失好了", "done"),
        ("I've frozen the card for you.", "done"),
        ("明天上午十点前给您回电话", "promised"),
        ("我們會在三個工作日內通知您", "promised"),
        ("A colleague will call you on Friday.", "promised"),
        ("您需要带身份证到网点", "next"),
        ("Please bring your passport.", "next"),
    ],
)
def test_each_language_is_read(said: str, section: str) -> None:
    assert lines(draft(served(("a", said))), section) == [said]


@pytest.mark.parametrize("said", ["已经挂失了吗？", "请您稍等好吗", "Shall I freeze it?", "卡里有多少钱？"])
def test_what_an_agent_asks_is_nothing_that_was_done_or_promised(said: str) -> None:
    written = draft(served(("a", said)))
    assert [lines(written, one) for one in ("done", "promised", "next")] == [[], [], []]


def test_every_line_says_where_it_is_from() -> None:
    talk = served(("a", "已经为您挂失了。"), ("c", "里面有两万块"))
    said = {event.seq: getattr(event.payload, "text", None) for event in talk.events}
    for line in draft(talk).lines or ():
        assert line.seqs
        assert any(line.text == said[seq] for seq in line.seqs)


def test_what_the_slip_knew_is_taken_over() -> None:
    slip = SlipWritten(
        reason="r",
        question="机器吞了两千块",
        known={"language": "zh-Hans", "amount": "两千块", "网点": "人民路"},
        done=["挂失：已办成，受理编号 42"],
        promised=["周五前答复"],
    )
    written = draft(served(slip=slip))
    assert lines(written, "request") == ["机器吞了两千块"]
    assert lines(written, "facts") == ["两千块", "网点：人民路"]
    assert lines(written, "done") == ["挂失：已办成，受理编号 42"]
    assert lines(written, "promised") == ["周五前答复"]


def test_a_callback_is_a_promise_with_its_time() -> None:
    talk = served()
    talk.do(c.ScheduleCallback(CHENXI, NOW + timedelta(days=1), "agent"))
    assert lines(draft(talk), "promised") == ["回复客户：11-24 02:00"]


def test_the_feeling_is_named_with_where_it_went() -> None:
    talk = served()
    calm, angry = FeltAt(9, "calm", 0.0), FeltAt(2, "anger", 0.8)
    assert lines(draft(talk, angry, calm), "feeling") == ["先是生气，后来平静"]
    assert lines(draft(talk, angry), "feeling") == ["生气"]
    assert lines(draft(talk, angry, calm, locale="en"), "feeling") == ["angry at first, later calm"]
    assert lines(draft(talk, calm), "feeling") == []
    assert lines(draft(talk), "feeling") == []


def test_numbers_of_people_are_masked() -> None:
    written = draft(served(("c", "卡号是 6222021234567890123，转了两万块")))
    assert "6222021234567890123" not in str(written)
    assert lines(written, "facts")
