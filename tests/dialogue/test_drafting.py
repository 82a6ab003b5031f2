"""What a colleague said becomes a draft: what tells something, of the piece about the question."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

import warmline.bootstrap
from tests.fakes.server import ROOT
from tests.support import NOW
from warmline.conversation.events import AuthorKind
from warmline.dialogue.drafting import Entry, choose_pieces, find_pieces, keep_telling
from warmline.dialogue.slip import OPENINGS
from warmline.kit.i18n import LOCALES, Words

WORDS = Words.load(warmline.bootstrap.HERE / "dialogue" / "words.yaml")
OPENERS = (
    "slip_greeting",
    "slip_unanswered",
    "slip_question",
    "slip_seen",
    "slip_elder",
    *OPENINGS.values(),
    "slip_came_again",
)
AGENT, CUSTOMER = AuthorKind.AGENT, AuthorKind.CUSTOMER


def entries(*said: tuple[str, str]) -> list[Entry]:
    """Return a log after the question; a name in place of an author is the type of another event."""
    kinds = {AGENT, CUSTOMER, AuthorKind.SYSTEM, AuthorKind.ASSISTANT}
    return [
        Entry("message.posted" if who in kinds else who, who, "陈曦", NOW + timedelta(minutes=n), text)
        for n, (who, text) in enumerate(said)
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", sorted({*OPENERS} - {"slip_urgent"}))
def test_the_openings_that_the_desk_proposes_tell_nothing(key: str, locale: str) -> None:
    values = {
        "customer": "王女士" if locale != "en" else "Emma",
        "agent": "陈曦",
        "question": "航天卡有贵宾厅吗",
        "count": 3,
    }
    assert keep_telling(WORDS.say(key, locale, **values)) == ""


def test_of_the_demo_banks_scripts_the_one_with_advice_tells_something() -> None:
    scripts = yaml.safe_load((ROOT / "demo" / "staff.yaml").read_text(encoding="utf-8"))["scripts"]
    filled = {"bank_name": "春和银行", "agent_name": "陈曦", "customer_name": "王女士"}
    times = {"zh-Hans": "下午", "zh-Hant": "下午", "en": "afternoon"}
    told = {
        one["shortcut"]
        for one in scripts
        if keep_telling(one["text"].format(time_of_day=times[one["locale"]], **filled))
    }
    assert told <= {"safe", "sorry", "promise"}
    assert "safe" in told


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("王女士您好，我是陈曦。航天卡不是我们行发的卡。", "航天卡不是我们行发的卡。"),
        ("抱歉让您久等了，我行没有航天卡，祝您生活愉快！", "我行没有航天卡。"),
        ("请稍等，我查一下。", ""),
        ("请问您的卡号后四位是多少？", ""),
        ("可以的，带身份证到网点办就行。还有什么可以帮您？", "可以的，带身份证到网点办就行。"),
        ("李先生，金信用卡每年有 6 次，限本人。", "金信用卡每年有 6 次，限本人。"),
        ("您好，航天卡不是我們發的卡，感謝您的支持。", "航天卡不是我們發的卡。"),
        ("Hello Emma, this is Chen from Chunhe Bank. We do not issue a Space Card.", "We do not issue a Space Card."),
        ("Sorry, we do not issue it. It costs 1,000, take care!", "We do not issue it. It costs 1,000."),
        ("1. 打开手机银行\n2. 点信用卡，选贵宾厅", "1. 打开手机银行\n2. 点信用卡，选贵宾厅"),
        ("好的，明白了，谢谢您。再见！", ""),
    ],
)  # fmt: skip
def test_manners_waiting_and_questions_back_are_left_out(said: str, kept: str) -> None:
    assert keep_telling(said) == kept


def test_pieces_end_where_the_customer_speaks_and_where_people_leave() -> None:
    log = entries(
        (AuthorKind.SYSTEM, ""),
        (AGENT, "您好，我是陈曦。"),
        (AGENT, "航天卡不是我们发的卡。"),
        (AGENT, "带贵宾厅的是春和金信用卡。"),
        (CUSTOMER, ""),
        (AGENT, "不客气。"),
        (AGENT, "短信通知已经帮您关了。"),
        ("conversation.closed", ""),
        (CUSTOMER, ""),
        (AGENT, "这是另一次来说的别的事情。"),
    )
    found = find_pieces(log)
    assert [one.text for one in found] == [
        "航天卡不是我们发的卡。\n\n带贵宾厅的是春和金信用卡。",
        "短信通知已经帮您关了。",
    ]
    assert (found[0].by, found[0].at) == ("陈曦", log[2].at)


def test_a_bare_yes_or_no_is_no_draft() -> None:
    assert find_pieces(entries((AGENT, "不行。"), (CUSTOMER, ""), (AGENT, "可以。"))) == []


def test_the_pieces_about_the_question_are_taken_else_the_first() -> None:
    pieces = find_pieces(
        entries(
            (AGENT, "先说一件别的事。"),
            (CUSTOMER, ""),
            (AGENT, "航天卡我们没有。"),
            (CUSTOMER, ""),
            (AGENT, "金卡有贵宾厅。"),
        )
    )
    about = choose_pieces(pieces, [False, True, True])
    assert about is not None
    assert about.text == "航天卡我们没有。\n\n金卡有贵宾厅。"
    assert choose_pieces(pieces, [False] * 3) == pieces[0]
    assert choose_pieces([], []) is None
