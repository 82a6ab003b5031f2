"""Elder mode: large type, strong contrast, big targets, read aloud, and one tap to a person."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.customer_page import CustomerPage
from tests.browser.looks import contrasts_below, small_targets, small_texts
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
ELDER = "/elder.html?lang=zh-Hans"
SPEECH = """() => {
  window.spoken = [];
  speechSynthesis.speak = (utterance) => window.spoken.push(utterance.text);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_contrast_and_targets(stage: Stage, scheme: str) -> None:
    customer = stage.customer(ELDER, color_scheme=scheme, reduced_motion="reduce", **PHONE)
    customer.button("找客服帮忙").tap()
    customer.ask("卡丢了怎么办")
    answered = customer.ask("补登折要收钱吗")
    answered.locator("summary").tap()
    _check_looks(customer)
    customer.button("设置").tap()
    _check_looks(customer)
    customer.button("返回").tap()
    customer.button("找人工客服").tap()
    expect(customer.status).to_be_visible()
    _check_looks(customer)
    customer.button("收起").tap()
    _check_looks(customer)


def _check_looks(customer: CustomerPage) -> None:
    chat = customer.chat
    assert small_texts(chat, 22) == []
    assert contrasts_below(chat, 7) == []
    assert small_targets(chat, 56) == []
    assert customer.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_one_tap_on_the_page_reaches_a_person(stage: Stage) -> None:
    desk = stage.agent("林悦")
    customer = stage.customer(ELDER, **PHONE)
    customer.page.get_by_role("button", name="找真人客服").tap()
    expect(customer.status).to_contain_text("下一位就是您")
    row = desk.row(customer.conversation_id)
    expect(row).to_contain_text("长辈")
    desk.accept(customer.conversation_id)
    expect(customer.speaker).to_have_text("林悦")


def test_messages_are_read_aloud(stage: Stage) -> None:
    customer = stage.customer(ELDER)
    customer.page.evaluate(SPEECH)
    customer.button("找客服帮忙").click()
    reply = customer.ask("补登折要收钱吗")
    reply.get_by_role("button", name="朗读").click()
    expect(reply.get_by_role("button", name="停止朗读")).to_be_visible()
    (spoken,) = customer.page.evaluate("() => window.spoken")
    assert "不收钱" in spoken
    assert "**" not in spoken


def test_the_customer_switches_it_on_and_it_stays(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.button("设置").click()
    customer.chat.get_by_role("switch", name="长辈模式").click()
    customer.button("返回").click()
    expect(customer.chat).to_have_attribute("data-elder", "")
    customer.page.reload()
    expect(customer.button("找人工客服")).to_be_visible()


def test_the_profile_switches_it_on(stage: Stage) -> None:
    desk = stage.agent("林悦")
    customer = stage.customer().sign_in("CH-1001")
    customer.open("找客服帮忙")
    conversation = customer.wait_in_queue()
    row = desk.row(conversation)
    expect(row).to_contain_text("王秀英")
    expect(row).to_contain_text("长辈")
