"""The bank's page says who its customer is: the widget follows the profile, the desk knows who is speaking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.customer_page import CustomerPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
WANG, LI = "王秀英", "李明"


def test_the_elder_opens_in_elder_mode_and_the_desk_knows_her(stage: Stage) -> None:
    desk = stage.agent("林悦")
    customer = stage.customer()
    customer.page.locator("[data-account]").click()
    age = datetime.now(UTC).year - 1954
    expect(customer.page.get_by_role("dialog").get_by_role("button", name=WANG)).to_contain_text(f"{age} 岁")
    customer.page.keyboard.press("Escape")
    customer.choose_customer(WANG)
    expect(customer.page.locator("[data-account]")).to_contain_text(WANG)
    customer.open("找客服帮忙")
    expect(customer.chat).to_have_attribute("data-elder", "")
    conversation = customer.wait_in_queue()
    expect(desk.row(conversation)).to_contain_text(WANG)
    desk.accept(conversation)
    card = desk.page.get_by_role("region", name="客户", exact=True)
    for known in (WANG, "已核身", "长辈", "70 岁以上"):
        expect(card).to_contain_text(known)
    expect(customer.speaker).to_have_text("林悦")
    customer.page.reload()
    expect(customer.chat).to_have_attribute("data-elder", "")
    expect(customer.speaker).to_have_text("林悦")


def test_the_next_person_at_the_same_browser_sees_nothing_of_the_one_before(stage: Stage) -> None:
    customer = stage.customer().choose_customer(WANG).open("找客服帮忙")
    customer.ask("补登折要收钱吗")
    customer.input.fill("我的孙子")
    _become(customer, LI)
    expect(customer.chat).not_to_have_attribute("data-elder", "")
    expect(customer.items).to_have_count(0)
    expect(customer.input).to_have_value("")
    customer.ask("你们几点下班")
    _become(customer, "不登录")
    expect(customer.items).to_have_count(0)
    _become(customer, WANG, "找客服帮忙")
    expect(customer.item("补登折要收钱吗")).to_have_count(1)
    expect(customer.item("你们几点下班")).to_have_count(0)
    expect(customer.input).to_have_value("我的孙子")


def _become(customer: CustomerPage, name: str, launcher: str = "在线客服") -> None:
    customer.button("收起").click()
    customer.choose_customer(name).open(launcher)


@pytest.mark.parametrize("path", ["/bank.html?lang=zh-Hans", "/elder.html?lang=zh-Hans"])
def test_by_keyboard_alone(stage: Stage, path: str) -> None:
    customer = stage.customer(path)
    account = customer.page.locator("[data-account]")
    account.focus()
    customer.page.keyboard.press("Enter")
    dialog = customer.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="不登录")).to_be_focused()
    assert violations(customer.page) == []
    customer.page.keyboard.press("Shift+Tab")
    customer.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(account).to_be_focused()
    expect(account).to_contain_text("张国强")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_on_a_phone_the_name_and_the_sign_in_share_the_first_line(stage: Stage, language: str) -> None:
    page = stage.page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(f"{stage.bank.base}/bank.html?lang={language}")
    top, brand, account = (page.locator(one).bounding_box() for one in ("header.top", ".brand", "[data-account]"))
    assert top
    assert brand
    assert account
    assert account["y"] < brand["y"] + brand["height"]
    assert top["height"] < 140
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
