"""A word on the feeling is owed to trouble, once; and never the same sentence twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import warmline.bootstrap
from warmline.dialogue.feeling import (
    AMOUNT_WITHIN,
    FELT,
    SPOKEN_TO,
    STIRRED,
    TONES,
    VARIANTS,
    acknowledge,
    find_amount,
    name_amount,
)
from warmline.kit.i18n import LOCALES, Words
from warmline.language.service import Marker, find_markers

WORDS = Words.load(warmline.bootstrap.HERE / "dialogue" / "words.yaml")
SOME = st.frozensets(st.sampled_from([*SPOKEN_TO, *TONES]), min_size=1)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_trouble_and_tone_has_its_sentences_all_different(locale: str) -> None:
    said = [
        WORDS.say(f"comfort_{marker.value}_{number}", locale, money="100")
        for marker in (*SPOKEN_TO, *TONES)
        for number in range(1, VARIANTS + 1)
    ]
    assert len(set(said)) == len(said) == VARIANTS * (len(SPOKEN_TO) + len(TONES))


@given(st.lists(SOME, min_size=5, max_size=40))
def test_no_sentence_is_said_twice_in_a_conversation(turns: list[frozenset[str]]) -> None:
    said: list[str] = []
    for kinds in turns:
        found = acknowledge(kinds, said)
        said += found.say if found else ()
    assert len(set(said)) == len(said)


@given(st.frozensets(st.sampled_from([one for one in Marker if one not in FELT])))
def test_what_shows_no_trouble_gets_none(kinds: frozenset[Marker]) -> None:
    assert acknowledge(kinds, ()) is None


def test_a_trouble_is_spoken_to_once_and_anew_when_the_customer_is_stirred_again() -> None:
    once = ("comfort_card_lost_1",)
    assert acknowledge({Marker.CARD_LOST}, once) is None
    again = acknowledge({Marker.CARD_LOST, Marker.LOUD}, once)
    assert again is not None
    assert (again.say, again.reason) == (("comfort_card_lost_2",), "card_lost+loud")
    assert {Marker.LOUD} <= STIRRED


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("我的卡不见了怎么办啊", "comfort_card_lost_1"),
        ("我的信用卡不見了", "comfort_card_lost_1"),
        ("I lost my card", "comfort_card_lost_1"),
        ("信用卡被偷了", "comfort_card_stolen_1"),
        ("my wallet was stolen", "comfort_card_stolen_1"),
        ("有人冒充公安让我转账到安全账户", "comfort_fraud_1"),
        ("someone told me to transfer my savings to a safe account", "comfort_fraud_1"),
        ("我的卡被盗刷了", "comfort_fraud_1"),
        ("自助设备吞了我两千块", "comfort_money_kept_1"),
        ("取款機沒吐錢但是扣款了", "comfort_money_kept_1"),
        ("the ATM ate my 2000 yuan", "comfort_money_kept_1"),
        ("取款机把我的卡吞了", "comfort_card_kept_1"),
        ("the machine swallowed my card", "comfort_card_kept_1"),
        ("我爸去世了他的存款怎么取", "comfort_hardship_1"),
        ("急死了", "comfort_distress_1"),
        ("又被扣年费了", "comfort_again_1"),
        ("this is the third time", "comfort_again_1"),
        ("手机银行登录不了！！", "comfort_loud_1"),
    ],
)
def test_what_is_spoken_to(text: str, first: str) -> None:
    found = acknowledge(find_markers(text).kinds, ())
    assert found is not None
    assert found.say[0] == first


@pytest.mark.parametrize(
    "text",
    [
        *(
            "谢谢！！",
            "你好！！",
            "太好了！！多谢你们",
            "Thank you so much!!",
            "信用卡怎么还款",
            "补卡要多少钱",
            "利率是多少！",
        ),
        *("如何防止银行卡被盗刷", "万一卡丢了怎么办", "What happens if I lose my card", "丢的卡又找到了怎么解挂"),
        "利率是多少！",
        *("密码输错三次了", "第二次贷款利率", "怎么开第二张卡", "How do I log in again", "how do I avoid scams"),
        *("信用卡卡号找不到", "lost card fee", "吞卡手续费多少", "取款五千元要预约吗", "how many times can I withdraw"),
    ],
)
def test_ordinary_questions_and_thanks_get_no_comfort(text: str) -> None:
    assert acknowledge(find_markers(text).kinds, ()) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("自助设备吞了我两千块！！", "两千块"),
        ("機器吞了我兩千塊錢", "兩千塊錢"),
        ("吞了３０００元", "3000元"),
        ("少了1.5万多块", "1.5万多块"),
        ("the machine ate my 2,000 yuan", "2,000 yuan"),
        ("it kept ¥500.", "¥500"),
        ("我的卡不见了", None),
        ("第三次了", None),
    ],
)
def test_the_sum_is_repeated_as_the_customer_put_it(text: str, amount: str | None) -> None:
    assert find_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("自助设备吞了我两千块！！", "两千块"),
        ("it kept my 2,000 yuan", "2,000 yuan"),
        ("八张红的，一百块一张，被机器吞了", None),
        ("我取3000元只吐了2000元", None),
    ],
)
def test_a_sum_is_spoken_of_only_where_it_is_the_one(text: str, named: str | None) -> None:
    assert name_amount(text) == named


def test_a_sum_is_looked_for_where_everything_else_is_read() -> None:
    assert find_amount("，" * (AMOUNT_WITHIN - 5) + "3000元") == "3000元"
    assert find_amount("，" * AMOUNT_WITHIN + "3000元") is None
    assert find_amount("1" * 20_000 + "，3000元") is None
    assert find_amount("1" * 50 + "号，机器里存了3000元") == "3000元"
    assert find_amount("卡被吞了，3000元") == "3000元"
