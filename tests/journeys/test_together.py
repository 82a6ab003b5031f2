"""An agent's shift: help beside each message, a warm transfer, a supervisor who joins, a wrap-up that is written."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.customer_page import CustomerPage
from tests.browser.desk_page import DeskPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)


def serve(stage: Stage) -> tuple[CustomerPage, DeskPage, str]:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("储蓄卡丢了怎么办")
    conversation = customer.wait_in_queue()
    desk.accept(conversation)
    return customer, desk, conversation


def test_one_key_inserts_a_ready_reply_and_two_words_are_changed(stage: Stage) -> None:
    customer, desk, _ = serve(stage)
    customer.say("急死我了！补一张储蓄卡要多少钱")
    assist = desk.page.get_by_role("tabpanel", name="助手")
    expect(assist).to_contain_text("客户说：急死我了！补一张储蓄卡要多少钱")
    expect(assist.locator("mark")).to_contain_text("10 元")
    expect(assist).to_contain_text("听起来焦急不安")
    desk.reply.press("Alt+1")
    expect(desk.reply).to_have_value("10 元一张，网点办的时候从卡里扣，也可以付现金。")
    desk.reply.press_sequentially("您别急。")
    desk.reply.press("Enter")
    expect(customer.from_person).to_contain_text("10 元一张，网点办的时候从卡里扣，也可以付现金。您别急。")


def test_words_are_looked_through_before_they_go_out(stage: Stage) -> None:
    customer, desk, _ = serve(stage)
    desk.reply.fill("您好。请把验证码告诉我")
    desk.reply.press("Enter")
    card = desk.page.get_by_role("alert").filter(has_text="这句话不能发")
    expect(card.locator("mark")).to_have_text("验证码告诉我")
    expect(card.get_by_role("button", name="照样发送")).to_have_count(0)
    desk.reply.fill("这款产品是保本的")
    expect(card).to_have_count(0)
    desk.reply.press("Enter")
    warned = desk.page.get_by_role("alert").filter(has_text="发之前看一眼")
    expect(warned).to_contain_text("请说明收益会变")
    warned.get_by_role("button", name="照样发送").click()
    expect(customer.from_person.filter(has_text="保本")).to_have_count(1)
    expect(customer.item("验证码告诉我")).to_have_count(0)


def test_a_colleague_is_asked_in_introduced_and_given_the_customer(stage: Stage) -> None:
    customer, desk, conversation = serve(stage)
    colleague = stage.agent("林悦")
    desk.act("转给同事")
    desk.dialog.get_by_text("林悦").click()
    desk.dialog.get_by_label("给同事的一句话").fill("老人家着急，房贷的事你熟")
    desk.dialog.get_by_role("button", name="先请进来").click()
    expect(colleague.row(conversation)).to_contain_text("陈曦请您进来")
    colleague.open(conversation)
    bar = colleague.page.locator("footer.bar")
    expect(bar).to_contain_text("老人家着急，房贷的事你熟")
    bar.get_by_role("button", name="进来一起说").click()
    expect(customer.item("同事林悦也进来了")).to_have_count(1)
    colleague.say("您好，我是林悦，房贷的事我来说。")
    expect(customer.from_person.filter(has_text="我是林悦")).to_have_count(1)
    desk.page.get_by_role("button", name="交给林悦").click()
    expect(customer.speaker).to_have_text("林悦")
    expect(customer.item("老人家着急")).to_have_count(0)
    expect(desk.reply).to_have_count(0)


def test_a_supervisor_looks_on_whispers_and_takes_over(stage: Stage) -> None:
    customer, desk, conversation = serve(stage)
    desk.say("我来帮您看。")
    desk.reply.fill("打到一半的话")
    boss = stage.agent("赵宁")
    boss.page.goto(f"{boss.base}/desk/c/{conversation}")
    bar = boss.page.locator("footer.bar")
    bar.get_by_role("button", name="旁听").click()
    expect(customer.item("赵宁这会儿也在看")).to_have_count(1)
    bar.get_by_label("悄悄告诉陈曦").fill("先道歉，再说办法")
    bar.get_by_role("button", name="悄悄说").click()
    expect(desk.transcript.locator(".note-row")).to_contain_text("赵宁悄悄说")
    expect(customer.item("先道歉")).to_have_count(0)
    bar.get_by_role("button", name="接过来").click()
    boss.dialog.get_by_role("button", name="接过来").click()
    expect(customer.speaker).to_have_text("赵宁")
    boss.say("接下来由我负责。")
    kept = desk.page.get_by_role("textbox", name="悄悄告诉赵宁")
    expect(kept).to_have_value("打到一半的话")
    expect(customer.item("打到一半的话")).to_have_count(0)


def test_the_wrap_up_is_written_and_kept_with_one_glance(stage: Stage) -> None:
    customer, desk, _ = serve(stage)
    desk.say("已经为您挂失，卡里的钱是安全的。新卡五个工作日内寄到您家。")
    desk.act("结束")
    wrap_up = desk.dialog.get_by_role("region", name="留给同事的小结")
    expect(wrap_up.get_by_label("诉求", exact=True)).to_have_value("储蓄卡丢了怎么办")
    expect(wrap_up.get_by_label("办了", exact=True)).to_have_value("已经为您挂失，卡里的钱是安全的。")
    expect(wrap_up.get_by_label("答应了", exact=True)).to_have_value("新卡五个工作日内寄到您家。")
    expect(desk.dialog.get_by_label("发给客户确认的小结")).to_have_value(
        "您问的是：储蓄卡丢了怎么办\n我们说好的：已经为您挂失，卡里的钱是安全的。\n新卡五个工作日内寄到您家。"
    )
    wrap_up.get_by_label("银行该知道的事").fill("短信里没写在哪里能解冻")
    desk.dialog.get_by_role("button", name="直接结束").click()
    expect(desk.transcript).to_contain_text("陈曦写了小结")
    expect(customer.item("这次对话结束了")).to_have_count(1)
    expect(customer.item("解冻")).to_have_count(0)
