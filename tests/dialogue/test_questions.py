"""Several questions in one message, and questions that lean on the one before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.dialogue.questions import (
    MOST_QUESTIONS,
    carry,
    leans,
    resolve,
    split_questions,
    swap,
    tell_apart,
    words_telling,
)
from warmline.knowledge.calibration import Release, ReleaseKind, ReleasePolicy
from warmline.knowledge.features import NAMES
from warmline.knowledge.search import Candidate
from warmline.language.service import Marker

POLICY = ReleasePolicy(answer_at=0.9, clarify_at=0.3, target_error=0.02)


def found(**scores: float) -> list[Candidate]:
    return [Candidate(name, score) for name, score in sorted(scores.items(), key=lambda one: -one[1])]


def released(kind: ReleaseKind, *ids: str) -> Release:
    return Release(kind, ids, 0.9, "")


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("存折丢了怎么办？补一本要多少钱？", ("存折丢了怎么办？", "补一本要多少钱？")),
        ("怎么换手机号，另外密码忘了怎么办", ("怎么换手机号", "另外密码忘了怎么办")),
        ("花唄能還你們信用卡嗎 手续费多少 在线等", ("花唄能還你們信用卡嗎", "手续费多少")),
        ("我人在国外，卡丢了怎么办，补卡能寄过来吗", ("我人在国外， 卡丢了怎么办", "补卡能寄过来吗")),
        (
            "Where is the nearest branch? Is it open on Sunday?",
            ("Where is the nearest branch?", "Is it open on Sunday?"),
        ),
        ("How do I close my account and what does it cost", ("How do I close my account", "and what does it cost")),
        ("轉帳限額是多少？怎麼調高？", ("轉帳限額是多少？", "怎麼調高？")),
        ("转账手续费多少，另外我的卡丢了", ("转账手续费多少", "另外我的卡丢了")),
        (
            "how much is the fee to transfer, and my card is lost",
            ("how much is the fee to transfer", "and my card is lost"),
        ),
    ],
)
def test_questions_of_one_message_are_told_apart(message: str, questions: tuple[str, ...]) -> None:
    assert split_questions(message) == questions


@pytest.mark.parametrize(
    "message",
    [
        "我昨天在超市买东西，回家发现卡不见了，怎么办",
        "卡丢了",
        "",
        "怎么开户？要带什么？收费吗？能代办吗？周日行吗？",
        "I lost my card, what now?",
        "转账手续费多少，我下周要出差",
        "?????",
        "怎么办" * 200,
    ],
)
def test_one_question_or_too_many_stay_one_message(message: str) -> None:
    assert split_questions(message) == (message,)


def test_what_presses_comes_first() -> None:
    fee, lost = released(ReleaseKind.CLARIFY, "fee"), released(ReleaseKind.ANSWER, "lost")
    asked = ("转账手续费多少", "另外我的卡丢了")
    assert tell_apart(released(ReleaseKind.NOTHING), asked, (fee, lost)) == (lost, fee)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("how much is the fee to transfer, and my card is lost", "and my card is lost"),
        ("我的卡丢了", "我的卡丢了"),
        ("卡，它，不见了", "卡，它，不见了"),
    ],
)
def test_only_the_words_that_tell_of_trouble_are_looked_up_for_help(said: str, told: str) -> None:
    assert words_telling(said, {Marker.CARD_LOST}) == told


@given(st.text(max_size=400))
def test_no_text_is_torn_into_nothing(text: str) -> None:
    questions = split_questions(text)
    assert 1 <= len(questions) <= MOST_QUESTIONS
    assert questions == (text,) or all(question.strip() for question in questions)


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("那分期呢", True), ("大额存单呢？", True), ("那要是提前还掉了怎么算", True), ("what about abroad?", True),
        ("多久到账", True), ("is it free?", True),
        ("How do I find the nearest branch", False), ("储蓄卡丢了应该怎么挂失", False),
        ("How do I order a new card from abroad?", False),
    ],
)  # fmt: skip
def test_a_question_without_a_subject_leans(text: str, leaning: bool) -> None:
    assert leans(text) is leaning


def test_within_a_message_a_longer_question_leans_too() -> None:
    assert leans("手续费要多少", within=True)
    assert not leans("手续费要多少")
    assert leans("and what does it cost?", within=True)
    assert not leans("how much is a transfer?", within=True)


def test_what_was_asked_before_is_carried_unless_it_grows_too_long() -> None:
    assert carry("定期利率多少", "那活期呢") == "定期利率多少，那活期呢"
    assert carry(None, "那活期呢") == "那活期呢"
    assert carry("长" * 200, "那活期呢") == "那活期呢"


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("储蓄卡丢了补卡多少钱", "信用卡呢", "信用卡丢了补卡多少钱"),
        ("房貸提前還款要違約金嗎", "換成車貸呢？", "车贷提前还款要违约金吗"),
        ("定存利率多少", "那活存呢", "活存利率多少"),
        ("信用卡怎么激活", "为什么呢", None),
        ("信用卡怎么激活", "信用卡呢", None),
        ("转账手续费多少", "那境外呢", None),
        ("How much does a debit card cost?", "and a credit card?", None),
        ("信用卡怎么激活", "", None),
    ],
)
def test_the_same_is_asked_of_something_of_the_same_kind(before: str, text: str, asked: str | None) -> None:
    assert swap(before, text) == asked


def test_a_question_that_is_known_by_itself_leans_on_nothing() -> None:
    release, _ = resolve(POLICY, found(own=0.95), found(old=0.9), found(old=0.97))
    assert (release.kind, release.article_ids) == (ReleaseKind.ANSWER, ("own",))


def test_together_with_the_question_before_it_is_known() -> None:
    release, _ = resolve(POLICY, found(other=0.2, new=0.05), found(old=0.91), found(new=0.93, old=0.05))
    assert (release.kind, release.article_ids, release.reason) == (ReleaseKind.ANSWER, ("new",), "carried")


def test_the_answer_to_the_question_before_is_not_given_again() -> None:
    """转到别的银行多久到 and then 那国外呢: what the two words name is far down, but nothing else rises."""
    release, _ = resolve(POLICY, found(abroad=0.08, card=0.08), found(old=0.99), found(old=0.985, abroad=0.012))
    assert (release.kind, release.article_ids) == (ReleaseKind.ANSWER, ("abroad",))


def test_what_both_say_is_likelier_than_what_one_says() -> None:
    release, weighed = resolve(
        POLICY, found(prepay=0.6, both=0.2), found(old=0.9), found(both=0.7, fee=0.2, prepay=0.001)
    )
    assert (release.kind, release.article_ids) == (ReleaseKind.ANSWER, ("both",))
    assert [one.article_id for one in weighed] == ["both", "prepay", "fee"]


def test_on_a_question_that_is_not_known_nothing_sure_is_built() -> None:
    release, _ = resolve(POLICY, found(new=0.3), found(old=0.7), found(new=0.2, old=0.4))
    assert (release.kind, release.article_ids) == (ReleaseKind.CLARIFY, ("new",))


def test_two_that_both_say_alike_are_a_choice() -> None:
    release, _ = resolve(POLICY, found(one=0.1, two=0.1), found(old=0.9), found(one=0.1, two=0.07, old=0.8))
    assert (release.kind, release.article_ids) == (ReleaseKind.CLARIFY, ("one", "two"))


@pytest.mark.parametrize(
    "alone",
    [
        [Candidate("holidays", 0.01)],
        [Candidate("holidays", 0.06, features=tuple(0.3 for _ in NAMES)), Candidate("other", 0.06)],
        [Candidate("other", 0.1)],
    ],
)
def test_words_that_name_nothing_answer_nothing(alone: list[Candidate]) -> None:
    """那天气呢 after the hours of branches makes those on holidays likelier, which it does not ask for."""
    release, _ = resolve(POLICY, alone, found(hours=0.96, holidays=0.03), found(holidays=0.51, hours=0.4))
    assert release.kind is not ReleaseKind.ANSWER


def test_words_that_make_nothing_likelier_lean_on_nothing() -> None:
    """那天气呢 and 那隔壁银行呢 after a question that was answered."""
    alone = found(near=0.25, far=0.2)
    release, weighed = resolve(POLICY, alone, found(old=0.9, near=0.05), found(old=0.9, near=0.05))
    assert release.kind is ReleaseKind.NOTHING
    assert [one.article_id for one in weighed] == ["near", "far"]


def test_words_that_name_what_was_answered_may_want_another_line_of_it() -> None:
    """港幣呢 after the rates of deposits in dollars, which stand in one article."""
    before, joined = found(rates=0.99), found(rates=0.99, cash=0.0001)
    release, _ = resolve(POLICY, found(cash=0.25, rates=0.2), before, joined)
    assert (release.kind, release.article_ids) == (ReleaseKind.CLARIFY, ("rates", "cash"))
    release, _ = resolve(POLICY, found(cash=0.25), before, joined)
    assert release.kind is ReleaseKind.NOTHING


def test_where_neither_is_released_both_readings_count_alike() -> None:
    release, weighed = resolve(POLICY, found(alone=0.25), found(old=0.9, both=0.35), found(old=0.4, both=0.4))
    assert (release.kind, release.article_ids) == (ReleaseKind.CLARIFY, ("both", "alone"))
    assert [one.article_id for one in weighed] == ["both", "alone"]


def test_words_that_make_an_article_little_likelier_only_offer_it() -> None:
    release, _ = resolve(POLICY, found(near=0.9 * 0.9), found(old=0.7, near=0.2), found(old=0.5, near=0.5))
    assert (release.kind, release.article_ids) == (ReleaseKind.CLARIFY, ("near",))


ANSWER, CLARIFY, NOTHING = ReleaseKind.ANSWER, ReleaseKind.CLARIFY, ReleaseKind.NOTHING


SUBJECTS = ("补登折要收多少手续费", "信用卡年费应该怎么办理减免")


def test_two_questions_get_what_there_is_to_say_to_each() -> None:
    first, second = released(ANSWER, "a"), released(CLARIFY, "b", "c")
    assert tell_apart(released(CLARIFY, "a", "b"), SUBJECTS, [first, second]) == (first, second)
    assert tell_apart(released(CLARIFY, "a", "b"), SUBJECTS, [first, released(NOTHING)]) == ()


def test_two_questions_on_one_article_are_one() -> None:
    parts = [released(ANSWER, "a"), released(CLARIFY, "a", "c")]
    assert tell_apart(released(CLARIFY, "a", "b"), SUBJECTS, parts) == ()
    assert tell_apart(released(ANSWER, "a"), SUBJECTS, parts) == ()


def test_an_answer_to_the_whole_leaves_no_question_with_a_subject_of_its_own_unheard() -> None:
    whole, first, second = released(ANSWER, "a"), released(ANSWER, "a"), released(CLARIFY, "b", "c")
    assert tell_apart(whole, SUBJECTS, [first, second]) == (first, second)
    assert tell_apart(whole, SUBJECTS, [released(CLARIFY, "a", "d"), second]) == (whole, second)
    assert len(tell_apart(whole, SUBJECTS, [first, released(ANSWER, "b")])) == 2


def test_an_answer_to_the_whole_covers_a_question_that_leans_on_the_first() -> None:
    whole, first = released(ANSWER, "a"), released(ANSWER, "a")
    assert tell_apart(whole, ("信用卡年费一年要交多少", "怎么免"), [first, released(CLARIFY, "b", "c")]) == ()


def test_nonsense_leans_on_nothing() -> None:
    assert not leans("啦啦啦")
    assert leans("港币呢")
