"""Whatever is typed: the readers answer, in time, and point into the text; sums survive being written in any style."""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warmline.language.service import (
    Option,
    choose,
    find_amounts,
    find_dates,
    find_digits,
    find_months,
    find_phones,
    find_times,
    read_acts,
    read_yes_no,
    split_correction,
)

NOW = datetime(2026, 11, 25, 10, tzinfo=timezone(timedelta(hours=8)))
CARDS = (
    Option(("春和储蓄卡", "Chunhe debit card"), ("借记卡",), ("4821",), Decimal("5"), NOW),
    Option(("春和信用卡", "Chunhe credit card"), (), ("7730",), Decimal("1288"), NOW - timedelta(days=1)),
)
FINDERS: dict[str, Callable[[str], Sequence[Any]]] = {
    "amounts": find_amounts,
    "dates": lambda text: find_dates(text, NOW),
    "times": find_times,
    "digits": find_digits,
    "the last four": lambda text: find_digits(text, 4),
    "phones": find_phones,
    "months": find_months,
}
READERS: dict[str, Callable[[str], object]] = {
    **FINDERS,
    "yes or no": lambda text: read_yes_no(text, ("冻结", "freeze")),
    "acts": read_acts,
    "corrections": split_correction,
    "choosing": lambda text: choose(text, CARDS, NOW),
}
HAN_WORDS = (
    "今天 下周 三天前 农历 尾号 手机 不是 而是 应该是 等一下 没有了 第二 信用卡 储蓄卡 最后 冻结 先别 好像 儲蓄卡"
)
ENGLISH_WORDS = (
    "two|thousand |twenty-five|and a half |million|next |wednesday|dec |the |second|not |no, |yes|but |don't |wait|pm"
)
SIGNS = "👍|👨‍👩‍👧|\u200b|\n|½|①|٣|é|ﷺ"
PIECES = [
    *"0123456789０１２ .,，。:：-/¥$?！x一二两三十百千万亿零〇壹點半刻月日号年",
    *"周期第个块元毛不是对好的没有吧吗了等继续上下都",
    *HAN_WORDS.split(),
    *ENGLISH_WORDS.split("|"),
    *SIGNS.split("|"),
]
typed = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join))


@settings(max_examples=400, deadline=None)
@given(typed, st.sampled_from(sorted(FINDERS)))
def test_what_is_found_stands_in_the_text(text: str, name: str) -> None:
    end = 0
    for found in FINDERS[name](text):
        first, last = found.span
        assert end <= first < last <= len(text)
        assert text[first:last] == found.words
        end = last


@settings(max_examples=300, deadline=None)
@given(typed, st.sampled_from(sorted(READERS)))
def test_nothing_that_is_typed_raises(text: str, name: str) -> None:
    READERS[name](text)


@settings(max_examples=200, deadline=None)
@given(typed)
def test_a_choice_is_one_of_the_options(text: str) -> None:
    picked = choose(text, CARDS, NOW)
    assert list(picked) == sorted(set(picked))
    assert set(picked) <= {0, 1}
    assert choose(text, ()) == ()


HAN_HOSTILE = (
    "1 一 万 1, 1. 1- 1月 十月 不是 不 等 一等 继续 刚才那 没 没看 是， 周 上 零 了 都 第 ，是储蓄卡 ¥ ？ 👍 é (0 1:"
)
ENGLISH_HOSTILE = "one |one-|two and |twenty|thousand |a |no, |not |wait |don't |double |oh |my |138 |1 | |\u200b"
HOSTILE = [*HAN_HOSTILE.split(), *ENGLISH_HOSTILE.split("|")]


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_text_takes_long(name: str) -> None:
    READERS[name]("热身")
    spent = {}
    for piece in HOSTILE:
        for text in (piece * (2_000 // len(piece)), "不是" + piece * 60 + "是", piece * (38 // len(piece)) + "!x"):
            started = time.process_time()
            READERS[name](text)
            spent[text[:12]] = time.process_time() - started
    assert max(spent.values()) < 0.5, max(spent, key=lambda text: spent[text])


def test_what_comes_behind_two_thousand_characters_is_not_read() -> None:
    assert find_amounts("x" * 2_000 + " 500元") == ()


HAN = "零一二三四五六七八九"


def han_number(value: int) -> str:
    """A number below 100 million as Chinese is taught in school."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1_000 else ""
        return f"{han_number(high)}万{gap}{han_number(low) if low else ''}"
    said, skipped = "", False
    for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure, value = divmod(value, unit)
        if figure:
            said += ("零" if skipped else "") + HAN[figure] + name
            skipped = False
        elif said and value:
            skipped = True
    return said


def han_small(value: int) -> str:
    return han_number(value).replace("一十", "十")


def banker(words: str) -> str:
    return words.translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))


STYLES: list[Callable[[int], str]] = [
    lambda n: f"{n}元",
    lambda n: f"¥{n:,}.00",
    lambda n: f"{n:,} yuan",
    lambda n: f"RMB {n}",
    lambda n: f"我要转{han_number(n)}块钱给他",
    lambda n: f"{banker(han_number(n))}元整",
    lambda n: f"人民币{han_number(n)}元".translate(str.maketrans("万", "萬")),
    lambda n: f"{n}块".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda n: f"{Decimal(n) / 10_000:f}万",
    lambda n: f"{Decimal(n) / 1_000:f}k",
]


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 99_999_999), st.sampled_from(range(len(STYLES))))
@example(30_391_900, 0)
@example(19_540_412, 0)
@example(19_540_412, 3)
@example(12_041_954, 2)
def test_a_sum_is_read_back_in_every_style(value: int, style: int) -> None:
    text = STYLES[style](value)
    assert [(a.value, a.approximate, a.sure) for a in find_amounts(text)] == [(Decimal(value), False, True)], text


DAYS: list[Callable[[date], str]] = [
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: "".join(HAN[int(c)] for c in str(d.year)) + f"年{han_small(d.month)}月{han_small(d.day)}号",
    lambda d: f"{d.day} {d:%B} {d.year}",
    lambda d: f"{d:%b} {d.day}, {d.year}",
]


@settings(max_examples=300, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(range(len(DAYS))))
def test_a_day_is_read_back_in_every_style(day: date, style: int) -> None:
    text = f"生日是{DAYS[style](day)}。"
    assert [(d.first, d.last) for d in find_dates(text, NOW)] == [(day, day)], text
    assert find_amounts(text) == ()


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]), st.booleans())
def test_a_phone_number_is_read_back(number: str, gap: str, spoken: bool) -> None:
    text = gap.join((number[:3], number[3:7], number[7:]))
    if spoken:
        text = text.translate(str.maketrans("0123456789", HAN))
    assert [p.digits for p in find_phones(f"新号码{text}")] == [number]
    assert find_amounts(text) == ()


@settings(deadline=None)
@given(st.integers(-400, 400), st.booleans())
def test_a_weekday_alone_lies_on_the_side_that_is_asked_for(days: int, future: bool) -> None:
    now = NOW + timedelta(days=days)
    for words in ("周三", "3号", "12月5日"):
        (found,) = find_dates(words, now, future=future)
        assert found.first is not None
        assert found.first >= now.date() if future else found.first <= now.date()


def test_a_name_in_latin_letters_is_found_by_whole_syllables() -> None:
    """支行（黄浦区） holds the letters of xinhua, and no Xinhua Road."""
    options = [Option(("人民路支行（黄浦区，人民路 268 号）",)), Option(("新华路支行（长宁区，新华路 117 号）",))]
    assert choose("Xinhua Road", options) == (1,)


def test_the_figures_of_one_card_go_before_what_is_said_of_another() -> None:
    cards = [Option(("春和储蓄卡 (Debit card)",), (), ("8063",)), Option(("春和信用卡 (Credit card)",), (), ("6629",))]
    assert choose("the credit one. no wait, you've blocked that already, I mean the debit card 8063", cards) == (0,)
    assert choose("不是8063那张", cards) == (1,)
    assert choose("not 8063", cards) == (1,)
