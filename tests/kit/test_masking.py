"""Personal data does not survive masking, and ordinary words do."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warmline.kit.masking import (
    mask_card,
    mask_email,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_pii,
)


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("021-80373737", "021-****3737"),
        ("4008003737", "****3737"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_phone(plain: str, masked: str) -> None:
    assert mask_phone(plain) == masked


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("王小明", "王**"),
        ("张三", "张*"),
        ("欧阳娜娜", "欧阳**"),
        ("John Smith", "J*** S****"),
        ("李", "李*"),
        ("", ""),
    ],
)
def test_name(plain: str, masked: str) -> None:
    assert mask_name(plain) == masked


def test_card_id_and_mail() -> None:
    assert mask_card("6222 0212 3456 7890 123") == "****0123"
    assert mask_id_number("11010519491231002X") == "110" + "*" * 14 + "X"
    assert mask_email("wang@chunhe.example") == "w***@chunhe.example"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("我手机13812345678打不通", "13812345678"),
        ("手机 138-1234-5678", "1234"),
        ("电话０２１－８０３７３７３７", "８０３７"),
        ("卡号6222021234567890123丢了", "62220212"),
        ("卡号 6222 0212 3456 7890", "0212"),
        ("身份证11010519491231002X", "19491231"),
        ("身份证 110105 19491231 002x 是我的", "19491231"),
        ("旧证110105491231002", "491231"),
        ("香港身份證A123456(7)", "123456"),
        ("身分證 A123456789", "23456"),
        ("邮箱 wang.xm@mail.example.com 收", "wang.xm"),
        ("我住世纪大道100号5幢302室", "302"),
        ("我叫王小明，卡丢了", "小明"),
        ("收款人：欧阳娜娜", "娜娜"),
        ("call me at +44 20 7946 0958", "7946"),
    ],
)
def test_text_hides(text: str, secret: str) -> None:
    assert secret not in mask_pii(text)


@pytest.mark.parametrize(
    "text",
    [
        "转账 20,000 元，2026-11-22 08:30 到账",
        "我叫了三次人工都没有人",
        "拨打 95588 或 110",
        "利率 1.25%，5 万元以上",
        "卡号后四位 1234",
        "我要去最近的网点走哪条路",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert mask_pii(text) == text


@example("0@0.0@0.0")
@given(st.text(alphabet=st.sampled_from("0123456789 -*Xx+王小明我叫路号@a.省市ＡＢ０１"), max_size=60))
def test_masking_again_changes_nothing_more_than_it_must(text: str) -> None:
    once = mask_pii(text)
    assert mask_pii(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_no_mobile_number_survives(number: str, separator: str) -> None:
    written = separator.join([number[:3], number[3:7], number[7:]])
    assert number[3:7] + number[7:] not in mask_pii(f"打{written}找我").replace(separator or " ", "")
