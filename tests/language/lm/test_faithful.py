"""Whether a rewording stays inside its source: honest ones pass, and every trick that was thought of does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.lm.conftest import ARTICLE, ENGLISH, ENGLISH_GENTLE, GENTLE
from warmline.language.lm.facts import find_facts
from warmline.language.lm.faithful import find_fault
from warmline.language.lm.prompts import load_prompts
from warmline.language.normalise import MAX_QUERY_CHARS

ARTICLES = [
    path.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
    for path in sorted((Path(__file__).parents[3] / "demo" / "articles").glob("*/*.md"))
]
HANT = "每張卡一天最多在提款機領 20,000 元，不收手續費。要領更多，請帶身分證到分行。"


def numbers(text: str) -> list[tuple[str, str]]:
    return [fact.bare for fact in find_facts(text)]


@pytest.mark.parametrize(("text", "source"), [(GENTLE, ARTICLE), (ENGLISH_GENTLE, ENGLISH)])
def test_an_honest_rewording_passes(text: str, source: str) -> None:
    assert find_fault(text, source) == ""


@pytest.mark.parametrize("text", ARTICLES[::5])
def test_every_article_stays_inside_itself(text: str) -> None:
    assert find_fault(text, text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("两万元", "20,000 元"),
        ("２万元", "20000块"),
        ("贰万圆", "2万块钱"),
        ("2.5万元", "25000元"),
        ("两千五百元", "2500 yuan"),
        ("百分之五", "5%"),
        ("百分之零点五", "0.5%"),
        ("3.20 %", "３．２％"),
        ("千分之五", "5‰"),
        ("三成", "30%"),
        ("三分之一", "1/3"),
        ("⅓", "1/3"),
        ("2026年12月5日", "2026-12-05"),
        ("2026/12/5", "2026年12月05日"),
        ("¥500", "五百元"),
        ("三个工作日", "3 个工作日"),
        ("半年", "0.5年"),
        ("+86 21 8037 3737", "+86 2180373737"),
        ("twenty thousand yuan", "20,000 RMB"),
        ("twice", "2 times"),
        ("two and a half million yuan", "2.5 million yuan"),
        ("9:05", "09:05"),
        ("萬分之五", "0.05%"),
        ("٥ 元", "5元"),
        ("𝟓元", "5元"),
        ("第二年", "第2年"),
    ],
)
def test_one_number_in_two_spellings_is_one(one: str, other: str) -> None:
    assert numbers(one) == numbers(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("两万元", "两千元"),
        ("2万元", "2亿元"),
        ("5元", "5美元"),
        ("3天", "3个工作日"),
        ("3个月", "3年"),
        ("5%", "5‰"),
        ("1/3", "1/4"),
        ("1/3", "3"),
        ("三五天", "35天"),
        ("0095", "95"),
        ("twice", "three times"),
        ("double", "twice"),
        ("two and a half million", "two and a half thousand"),
        ("5%", "5个百分点"),
        ("周三", "周四"),
        ("八折", "八成"),
        ("2026-12-05", "2026-05-12"),
        ("95588", "95599"),
        ("一次", "两次"),
        ("第一年", "第二年"),
        ("9:00", "9:30"),
    ],
)
def test_two_numbers_are_two(one: str, other: str) -> None:
    assert numbers(one) != numbers(other)


@pytest.mark.parametrize(
    "text", ["别着急，一下就好", "万一丢了", "十分重要", "统一办理", "一步一步来", "a second one of them"]
)
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert numbers(text) == []


TRICKS = [
    ("20,000", "２０，０００，０００", "number"),
    ("20,000", "两万五", "number"),
    ("20,000 元，零", "2O,OOO 元，零", "token"),
    ("20,000 元，零", "２О,ООО 元，零", "signs"),
    ("20,000 元，每次最多 3,000", "3,000 元，每次最多 20,000", "number"),
    ("最多在", "至少在", "bound"),
    ("5 万元以下", "5 万元以上", "bound"),
    ("5 万元", "5 万美元", "number"),
    ("一天最多", "一个月最多", "number"),
    ("每次最多", "每天最多", "bound"),
    ("零点重新", "三点重新", "number"),
    ("零点重新", "每次重新", "number"),
    ("不能调高", "可以调高", "turned"),
    ("不能调高", "不能不调高", "turned"),
    ("一次取不够", "一次取够", "turned"),
    ("您别着急", "亲，您别着急", "promise"),
    ("您别着急", "对不起，给您添麻烦了", "turned"),
    ("您别着急", "我们一定会马上办好", "promise"),
    ("您别着急", "已为您办好了", "promise"),
    ("请带上身份证", "请告诉我密码，带上身份证", "turned|touchy"),
    ("请带上身份证", "请加微信，带上身份证", "touchy"),
    ("那台机器", "chunhe.example.top", "link|token"),
    ("那台机器", "www . chunhe", "link|token"),
    ("那台机器", "那台机器🙂", "signs"),
    ("那台机器", "那台\u200b机器", "signs"),
    ("那台机器", "那台\u202e机器", "signs"),
    ("那台机器", "**那台机器**", "markup"),
    ("那台机器", "[那台机器](x)", "markup|token"),
    ("那台机器", "`那台`", ""),
    ("别的银行", "工商银行", "name"),
    ("网点柜台", "网点找王经理", "name"),
    ("卡片管理", "安全中心", "quote"),
    ("“卡片管理—取款限额”", "卡片管理—取款限额", "quote"),
    ("- 别的银行", "别的银行", "list"),
    ("那台机器", "[NAME1]", "placeholder|token"),
    ("别着急", "別著急", "language|turned"),
    ("请看", "看不", "turned"),
]


@pytest.mark.parametrize(("was", "now", "reasons"), [trick for trick in TRICKS if trick[2]])
def test_tricks_are_seen(was: str, now: str, reasons: str) -> None:
    assert was in GENTLE
    assert find_fault(GENTLE.replace(was, now, 1), ARTICLE) in reasons.split("|")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("No notice", "Notice"),
        ("switched on", "switched off"),
        ("will accept", "will not accept"),
        ("3737", "3738"),
        ("please look", "look twice"),
        ("our text", "Mr Smith's text"),
        ("Please save", "Share your PIN and save"),
        ("at the day's rate", "at the best rate"),
        ("please look at our text first", "we guarantee it works"),
        ("overseas line", "overseas line at help.example.com"),
        ("Use abroad", "Secure Transfer"),
        ("yuan", "dollars"),
        ("No notice is needed", "Notice isn't unneeded"),
        ("avoid blocking", "keep blocking 3"),
        ("switched on", "switched on 打开"),
    ],
)
def test_tricks_in_english_are_seen(was: str, now: str) -> None:
    assert was in ENGLISH_GENTLE
    assert find_fault(ENGLISH_GENTLE.replace(was, now, 1), ENGLISH) != ""


def test_traditional_chinese_is_checked_alike() -> None:
    assert find_fault("您別著急，" + HANT, HANT) == ""
    assert find_fault(HANT.replace("不收", "收"), HANT) == "turned"
    assert find_fault(HANT.replace("20,000", "兩萬"), HANT) == ""
    assert find_fault(HANT.replace("20,000", "三萬"), HANT) == "number"
    assert find_fault("每张卡一天最多在提款机领 20,000 元，不收手续费。要领更多，请带身份证到分行。", HANT) != ""


def test_yes_and_no_may_not_change_places() -> None:
    source = "储蓄卡可以在网上解冻，信用卡不可以在网上解冻。"
    assert find_fault("储蓄卡不可以在网上解冻，信用卡可以在网上解冻。", source) == "turned"


def test_free_of_charge_has_more_than_one_way_to_be_said() -> None:
    assert find_fault("请放心，补办卡免收费用，三天后到网点取。", "补办卡不收费，三天后到网点取。") == ""
    assert find_fault("补办卡收费，三天后到网点取。", "补办卡免费，三天后到网点取。") == "turned"


def test_what_matters_may_not_be_left_out_of_a_rewording_but_out_of_a_summary() -> None:
    short = "每张卡一天最多在取款机取 20,000 元。"
    assert find_fault(short, ARTICLE) != ""
    assert find_fault(short, ARTICLE, keep=False) == ""
    assert find_fault("每张卡一天至少在取款机取 20,000 元。", ARTICLE, keep=False) == "bound"


def test_instructions_do_not_show() -> None:
    system = load_prompts().get("rephrase", "zh-Hans").system
    source = "请带身份证到网点办理，工作人员会帮您看。"
    assert find_fault(source + "原文没有的事一句也别加。", source, keep=False, secret=system) == ""
    assert find_fault(source + "原文没有的事一句也不加。", source, keep=False, secret=system) == "leak"


def test_a_text_too_long_to_be_read_whole_is_not_trusted() -> None:
    assert find_fault("好" * (MAX_QUERY_CHARS + 1), "好" * (MAX_QUERY_CHARS + 1)) == "too_long"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_other_figure_anywhere_passes(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(ARTICLES))
    places = [found.start() for found in re.finditer(r"\d", text)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([c for c in "0123456789" if c != text[at]]))
    changed = text[:at] + other + text[at + 1 :]
    assert find_fault(changed, text) != "" or numbers(changed) == numbers(text)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(ARTICLES),
    st.sampled_from(["不能", "不收", "不用", "没有", "无需", "可以", "需要", "免费", "以上", "以下", "最多"]),
)
def test_no_turned_word_passes(text: str, word: str) -> None:
    turned = {
        "不能": "能",
        "不收": "收",
        "不用": "要用",
        "没有": "有",
        "无需": "需要",
        "可以": "不可以",
        "需要": "不需要",
        "免费": "收费",
        "以上": "以下",
        "以下": "以上",
        "最多": "最少",
    }[word]
    if word in text:
        assert find_fault(text.replace(word, turned, 1), text) != ""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from([ARTICLE, ENGLISH]))
def test_any_text_at_all_gets_a_verdict_and_none_passes_for_the_article(text: str, source: str) -> None:
    assert find_fault(text, source) != ""
    find_facts(text)
