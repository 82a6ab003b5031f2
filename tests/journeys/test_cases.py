"""A promise and a case, from a conversation to whoever comes next: one key, a form that arrives filled, lateness."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
SOON = "您放心，我查到了，一分钟内给您回电。"


def test_a_promise_is_confirmed_with_one_key_a_case_is_found_by_a_colleague_and_lateness_shows(stage: Stage) -> None:
    desk, colleague = stage.agent("陈曦"), stage.agent("林悦", available=False)
    customer = stage.customer().open()
    customer.ask("你们的机器又把我两千块钱吞了！！")
    customer.ask_for_person()
    desk.accept(customer.conversation_id)
    desk.say(SOON)
    heard = desk.page.get_by_role("status").filter(has_text="听到您答应客户")
    expect(heard).to_contain_text("一分钟内给您回电")
    desk.reply.focus()
    desk.page.keyboard.press("Alt+y")
    expect(heard).to_have_count(0)
    desk.page.get_by_role("tab", name="工单").click()
    owed = desk.page.get_by_role("region", name="欠着的承诺").get_by_role("listitem")
    expect(owed).to_contain_text("一分钟内给您回电")
    expect(owed).to_contain_text("进行中")

    desk.page.get_by_role("button", name="新建工单").click()
    expect(desk.dialog.get_by_label("事由")).to_have_value("你们的机器又把我两千块钱吞了！！")
    expect(desk.dialog.get_by_label("类别")).to_have_value("card")
    desk.dialog.get_by_label("交给谁").select_option("group")
    desk.dialog.get_by_role("button", name="建工单").click()
    expect(desk.dialog).to_have_count(0)
    link = desk.page.get_by_role("region", name="没办完的工单").get_by_role("link")
    expect(link).to_contain_text("两千块钱")

    colleague.goto("cases", "工单与承诺")
    colleague.page.get_by_text("没人领的", exact=True).click()
    colleague.page.get_by_role("row").filter(has_text="两千块钱").first.get_by_role("link").click()
    colleague.page.get_by_role("button", name="我来办").click()
    expect(colleague.page.locator("dd").filter(has_text="林悦")).to_be_visible()
    colleague.page.get_by_role("textbox", name="写一句进展").fill("网点明早开机取钱")
    colleague.page.get_by_role("button", name="记下").click()
    expect(colleague.page.get_by_text("网点明早开机取钱")).to_be_visible()
    expect(colleague.page.get_by_role("link", name="打开对话")).to_have_attribute(
        "href", re.compile(customer.conversation_id)
    )
    assert violations(colleague.page) == []

    expect(owed).to_contain_text("没兑现", timeout=100_000)
    desk.goto("cases?tab=promises", "工单与承诺")
    assert violations(desk.page) == []
    desk.page.get_by_role("radiogroup", name="看哪些").get_by_text("已超时").click()
    late = desk.page.get_by_role("listitem").filter(has_text="一分钟内给您回电")
    expect(late).to_contain_text("没兑现")
    late.get_by_role("button", name="补上了").click()
    expect(late).to_have_count(0)
    assert "没兑现" not in "".join(customer.transcript())
