"""Elder mode: large type, strong contrast, big targets, read aloud, and one tap to a person."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

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


def test_a_browser_without_a_voice_says_so(stage: Stage) -> None:
    customer = stage.customer(ELDER)
    customer.page.evaluate("() => { speechSynthesis.speak = () => {}; }")
    customer.button("找客服帮忙").click()
    reply = customer.ask("补登折要收钱吗")
    reply.get_by_role("button", name="朗读").click()
    expect(customer.chat.locator(".notice")).to_contain_text("没有朗读的声音")
    expect(reply.get_by_role("button", name="朗读", exact=True)).to_be_visible()
    assert contrasts_below(customer.chat, 7) == []


@pytest.mark.parametrize("question", ["补登折要收钱吗", "刚把钱转给骗子了怎么办"])
def test_an_answer_is_read_from_its_beginning(stage: Stage, question: str) -> None:
    customer = stage.customer(ELDER, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    customer.button("找客服帮忙").tap()
    reply = customer.ask(question)
    expect(reply.locator(".speaker")).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("path", [ELDER, "/bank.html?lang=zh-Hans"])
def test_the_way_to_the_newest_lies_over_no_words(stage: Stage, path: str) -> None:
    customer = stage.customer(path, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    customer.chat.locator(".launcher").tap()
    customer.ask("忘记取款密码怎么办")
    customer.ask("补登折要收钱吗")
    log, newest = customer.chat.locator(".log"), customer.button("到最新")
    log.evaluate("(log) => log.scrollTo(0, 60)")
    expect(newest).to_be_visible()
    words, strip = log.bounding_box(), newest.bounding_box()
    assert words
    assert strip
    assert strip["y"] >= words["y"] + words["height"] - 1
    newest.tap()
    expect(newest).to_have_count(0)
    assert log.evaluate("(log) => log.scrollHeight - log.scrollTop - log.clientHeight") < 2


@pytest.mark.parametrize("path", [ELDER, "/elder.html?lang=en", "/elder.html?lang=zh-Hant"])
def test_at_night_the_button_says_what_it_can_do_once_a_time_is_booked(stage: Stage, path: str) -> None:
    customer = stage.customer(path, **PHONE)
    customer.page.route("**/api/v1/about**", _closed)
    customer.chat.locator(".launcher").tap()
    big = customer.chat.locator(".human.big")
    big.tap()
    expect(customer.status).to_be_visible()
    expect(big).to_have_text(re.compile("已约好，点这里改|已約好，按這裡改|Booked: change it"))
    expect(big).to_have_class(re.compile("calm"))
    _check_looks(customer)
    said = customer.items.count()
    big.tap()
    sheet = customer.chat.get_by_role("dialog").last
    expect(sheet.get_by_role("heading")).to_be_focused()
    _check_looks(customer)
    sheet.get_by_role("button", name=re.compile("换个时间|換個時間|Another time")).tap()
    expect(customer.chat.locator(".sheet .slot")).not_to_have_count(0)
    assert customer.items.count() == said


def test_by_day_the_button_looks_again_and_says_that_nobody_is_there(stage: Stage) -> None:
    customer = stage.customer(ELDER, **PHONE)
    customer.button("找客服帮忙").tap()
    customer.button("找人工客服").tap()
    again = customer.button("现在就找人工")
    again.tap()
    expect(customer.chat.get_by_role("dialog").last).to_contain_text("现在没有同事在线")
    customer.button("知道了").tap()
    expect(again).to_be_visible()
    stage.agent("林悦")
    again.tap()
    expect(customer.status).to_contain_text("下一位就是您")


def _closed(route: Route) -> None:
    """Let the bank be closed until tomorrow."""
    about = route.fetch().json()
    opens_at = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    about["hours"] |= {"open": False, "opens_at": opens_at}
    route.fulfill(json=about)


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
