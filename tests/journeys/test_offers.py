"""A customer is offered to the agent who is free: taken with one key, declined with one click; then a moment's rest."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.customer_page import CustomerPage
from tests.browser.desk_page import DeskPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)


def offer(desk: DeskPage, customer: CustomerPage) -> Locator:
    """Return the card that offers this customer."""
    return desk.page.locator(f"[data-offer='{customer.conversation_id}']")


def asks(stage: Stage) -> CustomerPage:
    customer = stage.customer().open()
    customer.wait_in_queue()
    return customer


def finish(desk: DeskPage) -> None:
    """End the conversation that is open."""
    desk.act("结束")
    desk.dialog.get_by_role("button", name="直接结束").click()
    expect(desk.dialog).to_have_count(0)


def test_one_key_takes_who_is_offered_and_then_there_is_a_moment(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.say("我的卡被盗刷了，钱被骗走了，转人工")
    expect(customer.status).to_contain_text("下一位就是您")
    card = offer(desk, customer)
    expect(card).to_contain_text(re.compile("还有 [0-9]+ 秒"))
    expect(card).to_contain_text("紧急")
    desk.page.keyboard.press("n")
    expect(desk.reply).to_be_visible()
    expect(card).to_have_count(0)
    expect(customer.speaker).to_have_text("陈曦")
    desk.say("我在，我来帮您。")
    finish(desk)
    notice = desk.list.locator("[data-pause]")
    expect(notice).to_contain_text("要缓一缓吗")
    notice.get_by_role("button", name="缓一缓").click()
    expect(desk.list.get_by_role("button", name="当前缓一缓")).to_be_visible()
    expect(notice).to_have_count(0)


def test_who_is_declined_goes_to_a_colleague_and_keeps_the_place(stage: Stage) -> None:
    first, second = stage.agent("陈曦"), stage.agent("林悦")
    customer = asks(stage)
    desks = [first, second]
    for _ in range(60):
        offered = [desk for desk in desks if offer(desk, customer).count()]
        if offered:
            break
        first.page.wait_for_timeout(250)
    (asked,) = offered
    (other,) = (desk for desk in desks if desk is not asked)
    offer(asked, customer).get_by_role("button", name="不接").click()
    expect(offer(asked, customer)).to_have_count(0)
    expect(offer(other, customer)).to_be_visible()
    expect(customer.status).to_contain_text("下一位就是您")
    offer(other, customer).locator("button.primary").click()
    expect(other.reply).to_be_visible()


def test_a_break_has_a_reason_that_stays(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    desk.list.get_by_role("button", name="当前可接待").click()
    desk.page.get_by_role("menuitemradio", name="吃饭").click()
    expect(desk.list.get_by_role("button", name="当前吃饭")).to_be_visible()
    desk.page.reload()
    expect(desk.list.get_by_role("button", name="当前吃饭")).to_be_visible()
