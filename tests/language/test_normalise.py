"""Equal meanings fold to equal texts."""

import pytest

from warmline.language.service import Language, detect_language, normalise, strip_hidden


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("信用卡掛失", "信用卡挂失"),
        ("ＡＴＭ　吞卡", "atm 吞卡"),
        ("卡\u200b丢\u202e了", "卡丢了"),
        ("我 的 卡", "我的卡"),
        ("網路銀行登入", "网络银行登录"),
        ("  Lost   CARD ", "lost card"),
        ("１２３４５", "12345"),
        ("", ""),
    ],
)
def test_folds(typed: str, folded: str) -> None:
    assert normalise(typed) == folded


def test_long_text_is_cut_and_quick() -> None:
    assert len(normalise("卡" * 20_000)) == 2_000


def test_hidden_characters_go_but_newlines_stay() -> None:
    assert strip_hidden("a\u200d\u2066b\n\x00c\ud800") == "ab\nc"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("👩🏽\u200d💻 1\ufe0f\u20e3", "👩🏽\u200d💻 1\ufe0f\u20e3"),
        ("🏳\ufe0f\u200d🌈\u200d", "🏳\ufe0f\u200d🌈"),
        ("卡\u200d丢\ufe0f了\u200b", "卡丢了"),
        ("👨\u200d卡\u200d👨", "👨卡👨"),
        ("👨\u200d\u200d👩\u200b👧", "👨👩👧"),
        ("1\ufe0f2", "12"),
    ],
)
def test_what_joins_pictures_stays_where_it_joins_them(typed: str, kept: str) -> None:
    assert strip_hidden(typed, keep_emoji=True) == kept
    assert "\u200d" not in strip_hidden(typed)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("信用卡丢了怎么办", Language.ZH_HANS),
        ("信用卡掛失後怎麼辦", Language.ZH_HANT),
        ("app 打不开", Language.ZH_HANS),
        ("I lost my card", Language.EN),
        ("Où est ma carte bancaire ?", Language.OTHER),
        ("カードをなくしました", Language.OTHER),
        ("потерял карту", Language.OTHER),
        ("😀😀", Language.OTHER),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert detect_language(text) is language
