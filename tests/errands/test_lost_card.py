"""Stories 1 and 2 as far as a lost card goes: frozen by a 72-year-old at night; anger in the middle brings a person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.bank import Bank
from tests.browser.looks import contrasts_below, small_targets, small_texts
from tests.browser.stage import Stage
from tests.fakes.server import wait_for

pytestmark = pytest.mark.timeout(300)
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
ELDER = "/elder.html?lang=zh-Hans"
REFERENCE = re.compile(r"受理编号：\w{6,}")


def test_she_freezes_her_card_without_her_phone_and_without_a_face_scan(stage: Stage) -> None:
    customer = stage.customer(ELDER, **PHONE)
    customer.button("找客服帮忙").tap()
    asked = customer.ask("我的卡不见了怎么办啊")
    expect(asked).to_contain_text("卡不见了，换谁都着急")
    expect(asked).to_contain_text("要我现在就帮您把卡冻结吗")
    customer.button("是", exact=True).tap()
    expect(customer.from_assistant.last).to_contain_text("后四位")
    customer.ask("尾号四八二一")
    assert "手机不在身边" in customer.from_assistant.last.inner_text()
    customer.ask("手机落家里了，收不到")
    customer.ask("0426")
    which = customer.ask("五四年四月十二")
    expect(which.get_by_role("group", name="请选一个").get_by_role("button")).to_have_count(2)
    assert small_texts(customer.chat, 22) == []
    assert contrasts_below(customer.chat, 7) == []
    assert small_targets(customer.chat, 56) == []
    done = customer.ask("就那张领退休金的储蓄卡")
    expect(done).to_contain_text("春和储蓄卡（尾号 4821）已经冻结")
    expect(done).to_contain_text(REFERENCE)
    expect(done).to_contain_text("10 元一张")
    assert "人脸" not in customer.chat.inner_text()


def test_a_correction_and_a_side_question_in_the_middle(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.sign_in("CH-1001")
    customer.ask("我的银行卡丢了")
    which = customer.ask("冻吧，赶紧的")
    expect(which).to_contain_text("是哪一张卡")
    customer.say("挂失要钱吗")
    expect(customer.item("挂失都免费")).to_have_count(1)
    expect(customer.from_assistant.last).to_contain_text("接着刚才的事：是哪一张卡")
    first = customer.ask("储蓄卡那张")
    expect(first).to_contain_text("尾号 4821）已经冻结")
    second = customer.ask("不对，是信用卡那张")
    expect(second).to_contain_text("尾号 7730）已经冻结")


def test_anger_in_the_middle_brings_a_person_who_knows_how_far_it_went(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("我的储蓄卡被偷了")
    customer.ask("冻吧，快")
    customer.say("烦死了！！问问问，我要投诉你们，叫人来！！")
    expect(customer.status).to_contain_text("正在为您找同事")
    conversation = customer.conversation_id
    desk.accept(conversation)
    for words in ("报失银行卡", "被偷的", "正在办"):
        expect(desk.slip).to_contain_text(words)
    desk.say("我是陈曦，卡我现在就帮您冻上。")
    expect(customer.from_person).to_have_count(1)


def test_who_answers_with_nonsense_reaches_a_person_after_two(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.ask("我的银行卡丢了")
    customer.ask("啦啦啦")
    customer.say("咕咕咕")
    expect(customer.status).to_be_visible()


def test_what_begins_the_flows_is_kept_for_the_next_start(bank: Bank) -> None:
    wait_for((bank.data / "index" / "starts").exists, 60, "nothing was kept")
