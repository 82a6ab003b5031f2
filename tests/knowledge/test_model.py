"""The rules of articles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.knowledge.support import content, zh
from warmline.knowledge.adapters.opencc import to_traditional
from warmline.knowledge.model import (
    Content,
    Text,
    Variant,
    choose_answer,
    draft_problems,
    is_valid_on,
    language_of,
    parse_locale,
    publish_problems,
    settle_reviews,
    tidy,
)

TODAY = date(2026, 11, 22)
EN = Text("en", "I lost my debit card", (), "Freeze it in the app.")
HANT = Text("zh-Hant", "簽帳金融卡不見了", (), "請先打 400-800-3737 掛失。")


def answer_to(one: Content, locale: str, channel: str | None = None, audience: str | None = None) -> str:
    found = choose_answer(one, locale, channel=channel, audience=audience, to_traditional=to_traditional)
    return found.answer if found else ""


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh_CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant-TW"),
        ("zh-HK", "zh-Hant-HK"),
        ("zh-Hant", "zh-Hant"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
        ("entirely", None),
    ],
)
def test_parse_locale(tag: str, locale: str | None) -> None:
    assert parse_locale(tag) == locale


def test_unknown_locale_reads_as_simplified() -> None:
    assert (language_of("fr"), language_of("zh-Hant-HK")) == ("zh-Hans", "zh-Hant")


def test_traditional_is_converted_with_the_words_of_the_region() -> None:
    one = content(zh("网络转账", "打开软件里的网络转账。"))
    taiwan = choose_answer(one, "zh-Hant", to_traditional=to_traditional)
    hong_kong = choose_answer(one, "zh-Hant-HK", to_traditional=to_traditional)
    assert taiwan
    assert hong_kong
    assert "軟體裡" in taiwan.answer
    assert "網路" in taiwan.question
    assert "軟件裏" in hong_kong.answer
    assert taiwan.converted
    assert not taiwan.reviewed
    assert not taiwan.fallback


def test_taiwan_reads_its_own_quotation_marks_and_characters() -> None:
    one = content(zh("账单在哪看", "点“我的—账单”，‘历史’里有。"))
    found = choose_answer(one, "zh-Hant", to_traditional=to_traditional)
    assert found
    assert (found.question, found.answer) == ("帳單在哪看", "點「我的—帳單」，『歷史』裡有。")


def test_a_reviewed_traditional_text_wins_and_an_unreviewed_one_does_not() -> None:
    reviewed = choose_answer(content(zh(), HANT), "zh-Hant-TW", to_traditional=to_traditional)
    assert reviewed
    assert reviewed.answer == HANT.answer
    assert reviewed.reviewed
    assert not reviewed.converted
    unreviewed = Text(HANT.lang, HANT.question, (), HANT.answer, reviewed=False)
    found = choose_answer(content(zh(), unreviewed), "zh-Hant-TW", to_traditional=to_traditional)
    assert found
    assert found.converted
    assert "掛失" in found.answer
    assert found.answer != HANT.answer


def test_a_lone_traditional_text_serves_simplified_readers() -> None:
    assert answer_to(content(HANT), "zh-Hans") == "请先打 400-800-3737 挂失。"


def test_another_language_is_served_and_said_when_there_is_no_other() -> None:
    found = choose_answer(content(zh()), "en", to_traditional=to_traditional)
    assert found
    assert found.fallback
    assert found.answer == zh().answer
    assert answer_to(content(zh(), EN), "en") == EN.answer


def test_channel_weighs_more_than_audience_and_both_most() -> None:
    variants = (Variant("念", channel="voice"), Variant("慢", audience="elder"))
    one = content(variants=variants)
    assert answer_to(one, "zh-Hans", "voice", "elder") == "念"
    assert answer_to(one, "zh-Hans", "web", "elder") == "慢"
    assert answer_to(one, "zh-Hans", "web") == zh().answer
    both = content(variants=(*variants, Variant("慢念", channel="voice", audience="elder")))
    assert answer_to(both, "zh-Hans", "voice", "elder") == "慢念"


def test_variants_belong_to_their_language() -> None:
    one = content(zh(), EN, variants=(Variant("念软件", channel="voice"),))
    assert answer_to(one, "en", "voice") == EN.answer
    assert answer_to(one, "zh-Hant", "voice") == "念軟體"


def test_nothing_answers_without_an_answer() -> None:
    assert choose_answer(content(zh(answer="")), "zh-Hans", to_traditional=to_traditional) is None


@pytest.mark.parametrize(
    ("start", "end", "valid"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 23), None, False),
        (None, date(2026, 11, 21), False),
    ],
)
def test_validity_is_inclusive(start: date | None, end: date | None, valid: bool) -> None:
    assert is_valid_on(start, end, TODAY) is valid


def test_problems_name_what_keeps_a_draft_from_going_live() -> None:
    one = content(zh("", ""), valid_from=date(2026, 5, 2), valid_until=date(2026, 5, 1))
    found = {p.code for p in publish_problems(one, TODAY)}
    assert found == {"no_question", "no_answer", "dates_reversed", "already_expired"}
    assert {p.code for p in publish_problems(Content(texts=()), TODAY)} == {"no_text"}
    assert publish_problems(content(), TODAY) == ()


def test_even_a_draft_has_limits() -> None:
    one = content(zh("问" * 301), zh(), variants=(Variant("x"), Variant("")), category="c" * 121)
    found = {(p.code, p.field) for p in draft_problems(one)}
    assert found == {
        ("too_long", "question"),
        ("language_twice", "lang"),
        ("variant_twice", "variants"),
        ("variant_for_nobody", "variants"),
        ("no_answer", "variants"),
        ("too_long", "category"),
    }


def test_hidden_characters_are_taken_out_of_articles() -> None:
    one = tidy(
        content(zh("卡\u202e丢\u200b了\n吗", "先\u2066挂失\r\n\r\n\r\n\r\n<b>再</b>补卡  \n", "丢卡", "丢卡", " "))
    )
    assert one.texts[0] == zh("卡丢了 吗", "先挂失\n\n<b>再</b>补卡", "丢卡")


def test_a_picture_joined_of_several_stays_one() -> None:
    one = tidy(content(zh("全家👨\u200d👩\u200d👧卡\u200d呢", "可以\u200b办 👩🏽\u200d💻 ❤\ufe0f\u200d🔥")))
    assert one.texts[0] == zh("全家👨\u200d👩\u200d👧卡呢", "可以办 👩🏽\u200d💻 ❤\ufe0f\u200d🔥")


def test_a_traditional_text_needs_review_again_when_the_simplified_one_changed() -> None:
    old = content(zh(), HANT)
    changed = settle_reviews(old, content(zh(answer="换了说法"), HANT))
    text = changed.text("zh-Hant")
    assert text
    assert not text.reviewed
    assert settle_reviews(old, content(zh(), HANT)) == old


@given(
    st.builds(
        Content,
        texts=st.lists(
            st.builds(
                Text,
                lang=st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
                question=st.text(max_size=20),
                similar=st.lists(st.text(max_size=8), max_size=4).map(tuple),
                answer=st.text(max_size=40),
                reviewed=st.booleans(),
            ),
            max_size=3,
            unique_by=lambda t: t.lang,
        ).map(tuple),
        variants=st.lists(
            st.builds(Variant, st.text(max_size=9), channel=st.sampled_from([None, "voice", "web"])),
            max_size=3,
        ).map(tuple),
    )
)
def test_tidying_twice_is_tidying_once(one: Content) -> None:
    assert tidy(tidy(one)) == tidy(one)
