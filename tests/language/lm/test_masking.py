"""What leaves the house has no names, numbers or addresses in it, and what comes home has them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.kit.masking import mask_pii
from warmline.language.lm.masking import Mask, find_names


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("我叫王秀英，卡号6222 0211 0401 2345 678丢了", ["王秀英", "6222", "678"]),
        ("陈美玲的卡尾号是9046", ["陈美玲", "9046"]),
        ("我爱人赵建华（13800138000）和儿子赵磊的卡", ["赵建华", "赵磊", "13800138000"]),
        ("刘阿姨让我找孙经理", ["刘", "孙"]),
        ("住在上海市浦东新区张杨路500号3栋201室", ["张杨路", "500", "201"]),
        ("身份证11010119880930451X，生日1988年9月30日", ["110101", "451X", "1988", "30日"]),
        ("验证码是 382914，密码 一二三四五六", ["382914", "一二三四五六"]),
        ("一三八零零一三八零零零是我电话", ["一三八零零"]),
        ("我的號碼１３８００１３８０００", ["１３８００"]),
        ("13\u200b800\u200b138000", ["13800", "138000"]),
        ("138.0013.8000", ["0013", "8000"]),
        ("Hi, my name is emma clark, I live at 12 Orchard Road", ["emma", "clark", "Orchard"]),
        ("I paid J. Smith and Mrs O'Neil, mail me at emma.c@x.example", ["Smith", "Neil", "emma.c"]),
        ("passport E12345678, card ending in 4821, date of birth 5 December 1991", ["12345678", "4821", "1991"]),
        ("香港身份證 A123456(7)", ["A123456"]),
    ],
)
def test_personal_data_is_hidden_and_put_back(text: str, personal: list[str]) -> None:
    mask = Mask()
    hidden = mask.hide(text)
    assert not [one for one in personal if one in hidden]
    assert mask.reveal(hidden) == text.replace("\u200b", "")


@pytest.mark.parametrize(
    "text",
    [
        "转两万五",
        "我要改成 20000 元",
        "200,000元",
        "12月5日下午3点",
        "手续费百分之一",
        "人民路支行的机器",
        "3 working days",
        "1,250,000 元",
        "200000元",
        "2026.11.28",
    ],
)
def test_what_the_question_is_about_stays(text: str) -> None:
    assert Mask().hide(text) == text


def test_the_same_words_get_the_same_placeholder_in_all_values() -> None:
    mask = Mask()
    hidden = mask.hide_all({"a": "赵建华的卡", "b": "给赵建华，不是赵磊"})
    assert hidden == {"a": "[NAME1]的卡", "b": "给[NAME1]，不是[NAME2]"}


def test_what_looks_like_a_placeholder_is_hidden_itself() -> None:
    mask = Mask()
    hidden = mask.hide("[NAME1]和李明")
    assert hidden == "[TEXT1]和[NAME1]"
    assert mask.reveal("[NAME1]") == "李明"
    assert mask.reveal("[NAME7]") == "[NAME7]"


@given(st.text(alphabet=st.sampled_from("0123456789 -.[]NAMEx王小明我叫路号室@a卡，１２\u200b"), max_size=60))
def test_whatever_is_hidden_comes_back_the_same(text: str) -> None:
    mask = Mask()
    assert mask.reveal(mask.hide(text)) == text.replace("\u200b", "")


@given(st.text(alphabet=st.sampled_from("0123456789 -xX王小明我叫路号室@a.卡，１２"), max_size=60))
def test_nothing_that_an_agent_may_not_see_leaves_the_house(text: str) -> None:
    hidden = Mask().hide(text)
    assert mask_pii(hidden) == hidden


def test_names_are_found_in_both_languages() -> None:
    assert find_names("请张伟先生和 Emma Clark 一起来") >= {"张伟", "Emma Clark"}
    assert find_names("请带身份证到网点办理") == set()
