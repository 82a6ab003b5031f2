"""An agent's shift and an editor's day at the desk: what is shown, what a key does, what a broken line leaves."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.customer_page import CustomerPage
from tests.browser.desk_page import DeskPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
SWALLOWED = "你们的机器又把我两千块钱吞了！！"


def _serve(stage: Stage) -> tuple[DeskPage, CustomerPage]:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("卡丢了怎么办")
    desk.accept(customer.wait_in_queue())
    return desk, customer


def test_the_list_and_the_slip_say_how_the_customer_feels_and_what_was_tried(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    readings = customer.ask("卡丢了怎么办").get_by_role("group", name="请选一个").get_by_role("button")
    expect(readings).to_have_count(2)
    offered = readings.all_inner_texts()
    customer.ask(SWALLOWED)
    customer.ask_for_person()
    row = desk.row(customer.conversation_id)
    for words in ("钱被吞了", "语气很急"):
        expect(row).to_contain_text(words)
    expect(row.locator("svg").first).to_be_visible()
    desk.open(customer.conversation_id)
    expect(desk.slip).to_contain_text("语气很急")
    expect(desk.slip).to_contain_text("给过选项，客户没选：")
    for reading in offered:
        expect(desk.slip).to_contain_text(reading)
    expect(desk.slip).to_contain_text("两千块钱")


def test_enter_takes_the_first_article_of_the_palette(stage: Stage) -> None:
    desk, _ = _serve(stage)
    desk.page.keyboard.press("Control+k")
    options = desk.dialog.get_by_role("option")
    expect(options.first).to_have_attribute("data-highlighted", "")
    desk.page.keyboard.type("补登折要收钱吗")
    expect(options.first).to_contain_text("存折怎么补登")
    expect(options.first).to_have_attribute("data-highlighted", "")
    desk.page.keyboard.press("Enter")
    expect(desk.dialog).to_have_count(0)
    expect(desk.reply).to_have_value(re.compile("补登"))


def test_whoever_is_not_there_cannot_be_chosen_for_a_transfer(stage: Stage) -> None:
    desk, customer = _serve(stage)
    colleague = stage.agent("赵宁")
    stage.agent("林悦", available=False)
    desk.act("转给同事")
    people = desk.dialog.get_by_role("group", name="转给谁")
    expect(people.get_by_role("radio", name=re.compile("林悦"))).to_be_disabled()
    expect(people.get_by_role("radio", name=re.compile("林悦.*现在接不了"))).to_have_count(1)
    expect(people.get_by_role("radio", name=re.compile("银行卡.*1 位同事在"))).to_be_enabled()
    expect(people.get_by_role("radio", name=re.compile("长辈专席.*1 位同事在"))).to_be_enabled()
    people.get_by_role("radio", name=re.compile("赵宁")).check()
    desk.dialog.get_by_label("给同事的一句话").fill("身份核过，差一个流水号")
    desk.dialog.get_by_role("button", name="直接转过去").click()
    row = colleague.row(customer.conversation_id)
    expect(row).to_contain_text("刚转给您")
    row.click()
    expect(colleague.transcript).to_contain_text("身份核过，差一个流水号")
    expect(colleague.reply).to_be_visible()
    assert "流水号" not in "".join(customer.transcript())


def test_a_reply_written_while_the_line_was_down_goes_out_once_the_customer_is_taken_back(stage: Stage) -> None:
    desk, customer = _serve(stage)
    stage.cut(desk)
    expect(desk.page.get_by_role("status").filter(has_text="网断了")).to_have_count(1)
    desk.say("查到了，下午四点前到账。")
    desk.reply.fill("还没写完的半句")
    expect(customer.item("网络断了")).to_have_count(1)
    stage.mend(desk)
    expect(desk.transcript.locator("article.pending")).to_contain_text("您接回来后自动发")
    desk.page.get_by_role("button", name="接回来").click()
    expect(desk.message("查到了，下午四点前到账。")).to_have_count(1)
    expect(desk.transcript.locator("article.pending")).to_have_count(0)
    expect(customer.item("查到了，下午四点前到账。")).to_have_count(1)
    expect(desk.reply).to_have_value("还没写完的半句")


def test_a_traditional_text_is_taken_from_the_conversion_and_marked_reviewed(stage: Stage) -> None:
    desk = stage.agent("孙雯", available=False)
    page = desk.page
    page.goto(f"{stage.bank.base}/desk/knowledge/a/fee-sms-alerts")
    page.get_by_role("button", name="繁体中文").click()
    page.get_by_role("button", name="取转换稿来审校").click()
    expect(page.get_by_label("标准问")).to_have_value(re.compile("簡訊|收費|通知"))
    expect(page.get_by_label("相似问")).not_to_have_value("")
    page.get_by_label("已审校").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已存为草稿", exact=True)).to_be_visible()
    page.get_by_role("link", name="回到列表").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link").first).filter(has_text="有未发布的改动").first
    expect(row).to_contain_text("繁")
    expect(row).not_to_contain_text("繁（")
    page.get_by_label("状态").select_option("changed")
    expect(page.get_by_text("共 1 条")).to_be_visible()


def test_an_agent_reads_articles_and_finds_nothing_to_write_in(stage: Stage) -> None:
    desk = stage.agent("陈曦", available=False)
    desk.page.goto(f"{stage.bank.base}/desk/knowledge/a/card-lost-debit")
    expect(desk.page.get_by_text("您可以看，不能改")).to_be_visible()
    expect(desk.page.get_by_role("button", name="保存")).to_have_count(0)
    expect(desk.page.locator("form.form")).to_have_count(0)
    expect(desk.page.get_by_text("我的储蓄卡不见了咋整")).to_be_visible()


def test_the_editor_sees_when_the_assistant_answers_as_picture_and_table(stage: Stage) -> None:
    desk = stage.agent("孙雯", available=False).goto("knowledge?tab=release", "知识")
    page = desk.page
    shown = page.request.get(f"{stage.bank.base}/api/v1/articles/release").json()
    rate = f"{shown['target_error']:.0%}"
    expect(page.get_by_role("term").filter(has_text="允许答错的上限")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text(rate)
    if not shown["curve"]:
        pytest.fail("the bank in small has no curve")
    picture = page.get_by_role("img", name=re.compile("答得越多，错得越多"))
    expect(picture).to_be_visible()
    page.get_by_text("看数字").click()
    table = page.get_by_role("region", name="看数字")
    expect(table.get_by_role("row")).to_have_count(len(shown["curve"]) + 1)
    expect(page.get_by_role("row").filter(has_text="现在")).to_contain_text(rate)
    page.reload()
    expect(page.get_by_role("tab", name="何时作答")).to_have_attribute("aria-selected", "true")


def test_a_list_that_could_not_be_read_is_not_called_empty(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    desk.page.route("**/api/v1/desk/inbox", lambda call: call.abort())
    desk.page.reload()
    expect(desk.list).to_contain_text("列表没取到")
    expect(desk.page.get_by_text("眼下没人在等")).to_have_count(0)
    desk.page.unroute("**/api/v1/desk/inbox")
    desk.list.get_by_role("button", name="再试一次").click()
    expect(desk.page.get_by_text("眼下没人在等")).to_be_visible()


def test_a_conversation_that_cannot_be_opened_says_so_and_leaves_a_way_back(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    desk.page.goto(f"{stage.bank.base}/desk/c/{uuid4()}")
    notice = desk.page.get_by_role("alert").filter(has_text="这个会话打不开")
    expect(notice).to_contain_text("可能已经不在了")
    expect(desk.page.get_by_role("complementary", name="客户与资料")).to_have_count(0)
    desk.page.set_viewport_size({"width": 390, "height": 800})
    notice.get_by_role("button", name="回到列表").click()
    expect(desk.list).to_be_visible()


def test_the_focus_stays_on_the_page_when_what_had_it_is_deleted(stage: Stage) -> None:
    desk = stage.agent("孙雯", available=False).goto("scripts", "话术")
    title = f"临时 {uuid4().hex[:6]}"
    desk.page.get_by_role("button", name="写话术").click()
    desk.dialog.get_by_label("名称").fill(title)
    desk.dialog.get_by_label("内容").fill("一句话")
    desk.dialog.get_by_role("button", name="保存").click()
    edit = desk.page.get_by_role("button", name=f"修改{title}")
    edit.focus()
    desk.page.keyboard.press("Enter")
    desk.page.on("dialog", lambda asked: asked.accept())
    desk.dialog.get_by_role("button", name="删除").focus()
    desk.page.keyboard.press("Enter")
    expect(edit).to_have_count(0)
    expect(desk.page.get_by_role("main")).to_be_focused()


def test_a_prepared_wording_is_not_lost_by_a_slip_of_the_hand(stage: Stage) -> None:
    desk = stage.agent("孙雯", available=False).goto("scripts", "话术")
    desk.page.get_by_role("button", name="写话术").click()
    desk.dialog.get_by_label("名称").fill("半句")
    desk.page.once("dialog", lambda asked: asked.dismiss())
    desk.page.keyboard.press("Escape")
    expect(desk.dialog.get_by_label("名称")).to_have_value("半句")
    desk.page.once("dialog", lambda asked: asked.accept())
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
