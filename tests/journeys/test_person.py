"""To a person and back; and when nobody is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
QUESTION = "卡丢了怎么办"


def test_to_a_person_and_back(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask(QUESTION)
    conversation = customer.wait_in_queue()

    expect(desk.row(conversation)).to_contain_text("客户要人工")
    desk.open(conversation)
    expect(desk.slip).to_contain_text(QUESTION)
    expect(desk.slip).to_contain_text("客户要人工")
    expect(desk.slip).to_contain_text("建议第一句")
    expect(desk.message(QUESTION)).to_have_count(1)
    desk.accept(conversation)

    expect(customer.speaker).to_have_text("陈曦")
    expect(customer.chat.locator(".head")).to_contain_text("真人，不是 AI")
    expect(customer.status).to_have_count(0)
    desk.say("您好，我是陈曦。卡是什么时候不见的？")
    expect(customer.from_person).to_have_count(1)
    expect(customer.from_person).to_contain_text("陈曦")
    expect(customer.from_person).to_contain_text("什么时候不见的")
    customer.say("今天早上")
    expect(desk.message("今天早上")).to_have_count(1)
    expect(customer.from_assistant).to_have_count(1)

    desk.act("交回 AI 助手")
    desk.dialog.get_by_role("button", name="交回 AI 助手").click()
    expect(customer.speaker).to_have_text("春和助手 · AI")
    reply = customer.ask("挂失以后补一张要多少钱")
    expect(reply).to_be_visible()
    expect(customer.from_person).to_have_count(1)


def test_who_waits_and_was_robbed_is_helped_before_anybody_comes(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.ask_for_person()
    expect(customer.item("这会儿没有同事在线")).to_have_count(1)
    customer.say("我被骗了，刚把钱转给骗子")
    help_now = customer.items.filter(has_text="现在就做")
    expect(help_now).to_have_count(1)
    expect(help_now.get_by_role("link", name="400-800-3737")).to_have_attribute("href", "tel:400-800-3737")
    expect(help_now.locator("details.sources")).to_have_count(1)


def test_a_recap_is_confirmed_before_the_end(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask(QUESTION)
    desk.accept(customer.wait_in_queue())
    desk.say("已经为您挂失，新卡五个工作日寄到。")

    desk.act("结束")
    desk.dialog.get_by_label("发给客户确认的小结").fill("卡已挂失，新卡五个工作日寄到。")
    desk.dialog.get_by_role("button", name="发给客户确认").click()
    recap = customer.chat.locator(".items > li.recap")
    expect(recap).to_contain_text("卡已挂失，新卡五个工作日寄到。")
    recap.get_by_role("button", name="对，就是这样").click()
    expect(recap).to_contain_text("您已确认")

    confirmed = desk.page.get_by_role("status").filter(has_text="客户确认了小结，可以结束。")
    confirmed.get_by_role("button", name="结束").click()
    desk.dialog.get_by_role("button", name="结束会话").click()
    expect(customer.item("这次对话结束了")).to_have_count(1)
    expect(desk.page.locator("footer.bar")).to_contain_text("会话已结束")

    customer.say("对了，还有一件事")
    expect(customer.from_assistant).to_have_count(2)


def test_nobody_there_becomes_a_dated_callback(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.say("我想问问贷款的事")
    customer.ask_for_person()
    expect(customer.item("这会儿没有同事在线")).to_have_count(1)
    booked = customer.status.locator("strong")
    expect(booked).to_have_text(re.compile(r"已约好 .*\d{1,2}:\d{2}"))
    first = booked.inner_text()

    customer.button("换个时间").click()
    slot = customer.chat.locator(".sheet .slot").nth(2)
    chosen = slot.inner_text()
    slot.click()
    expect(booked).to_contain_text(chosen)
    assert booked.inner_text() != first
    expect(customer.item("记好了")).to_contain_text([chosen])

    desk = stage.agent("陈曦")
    row = desk.row(customer.conversation_id)
    expect(row).to_contain_text(chosen)
    desk.accept(customer.conversation_id)
    expect(customer.speaker).to_have_text("陈曦")
    expect(customer.status).to_have_count(0)
