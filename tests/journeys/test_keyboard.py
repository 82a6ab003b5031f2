"""By keyboard alone, and what a screen reader is told: each message once, with its speaker."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer_page import CustomerPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
LISTEN = """(chat) => {
  window.heard = [];
  const hear = (region, node) => {
    const text = (node.nodeType === 3 ? node.data : node.textContent).trim();
    if (text) window.heard.push([region.getAttribute("role"), text]);
  };
  for (const region of chat.shadowRoot.querySelectorAll("[role=log].sr, [role=status].sr")) {
    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "characterData") hear(region, change.target);
        for (const node of change.addedNodes) hear(region, node);
      }
    }).observe(region, { childList: true, characterData: true, subtree: true });
  }
}"""
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at ? [at.tagName, at.className, at.getAttribute("aria-label") ?? at.textContent.trim()].join(" ") : "";
}"""


def _tab_to(page: Page, wanted: str, *, key: str = "Tab", at_most: int = 60) -> None:
    for _ in range(at_most):
        page.keyboard.press(key)
        if wanted in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{wanted} is not reached in {at_most} steps")


def _heard(customer: CustomerPage, role: str) -> list[str]:
    return [text for region, text in customer.page.evaluate("() => window.heard") if region == role]


def test_open_ask_reach_a_person_read_and_close(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer()
    customer.chat.evaluate(LISTEN)
    keys = customer.page.keyboard
    _tab_to(customer.page, "在线客服", key="Shift+Tab", at_most=2)
    keys.press("Enter")
    expect(customer.input).to_be_focused()

    keys.type("补登折要收钱吗")
    keys.press("Enter")
    expect(customer.from_assistant).to_have_count(1)
    expect(customer.input).to_be_focused()
    _tab_to(customer.page, "依据", key="Shift+Tab")
    keys.press("Enter")
    expect(customer.from_assistant.locator(".sources li")).to_be_visible()

    keys.press("Escape")
    expect(customer.panel).to_have_count(0)
    assert "在线客服" in customer.page.evaluate(FOCUSED)
    keys.press("Alt+h")
    expect(customer.status).to_contain_text("下一位就是您")
    conversation = customer.conversation_id
    _accept_by_keyboard(desk.page, conversation)
    expect(customer.speaker).to_have_text("陈曦")
    desk.page.keyboard.type("您好，我在。")
    desk.page.keyboard.press("Enter")
    expect(customer.from_person).to_have_count(1)
    keys.press("Escape")
    expect(customer.panel).to_have_count(0)

    log = _heard(customer, "log")
    assert len([line for line in log if line == "陈曦: 您好，我在。"]) == 1
    assert len([line for line in log if line.startswith("春和助手 · AI: ")]) == 1
    assert len([line for line in log if "补登折要收钱吗" in line]) == 1
    assert [line for line, times in Counter(log).items() if times > 1] == []
    assert any("下一位就是您" in line for line in _heard(customer, "status"))


def _accept_by_keyboard(page: Page, conversation: str) -> None:
    """The desk's own shortcuts: the next conversation, accept."""
    expect(page.locator(f"[data-conversation='{conversation}']")).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url(f"**/c/{conversation}")
    expect(page.locator("footer.bar")).to_contain_text("接待")
    page.keyboard.press("a")
    expect(page.get_by_role("textbox", name="回复客户")).to_be_focused()


def test_nothing_traps_the_focus(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.ask("卡丢了怎么办")
    _tab_to(customer.page, "BODY", at_most=12)
    customer.input.focus()
    _tab_to(customer.page, "设置", key="Shift+Tab")
    customer.page.keyboard.press("Enter")
    expect(customer.chat.get_by_role("dialog", name="设置")).to_be_visible()
    customer.page.keyboard.press("Escape")
    expect(customer.chat.get_by_role("dialog", name="设置")).to_have_count(0)
    assert "设置" in customer.page.evaluate(FOCUSED)


def test_the_focus_is_never_lost_with_what_had_it(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.button("卡丢了怎么办").focus()
    customer.page.keyboard.press("Enter")
    expect(customer.input).to_be_focused()
    desk.accept(customer.wait_in_queue())
    desk.act("结束")
    desk.dialog.get_by_label("发给客户确认的小结").fill("卡已挂失。")
    desk.dialog.get_by_role("button", name="发给客户确认").click()
    customer.button("对，就是这样").focus()
    customer.page.keyboard.press("Enter")
    expect(customer.chat.locator(".recap")).to_contain_text("您已确认")
    expect(customer.input).to_be_focused()


def test_a_time_booked_by_keyboard_leaves_the_focus_in_the_conversation(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.ask_for_person()
    expect(customer.status).to_contain_text("已约好")
    customer.button("换个时间").focus()
    customer.page.keyboard.press("Enter")
    customer.chat.locator(".sheet .slot").nth(1).focus()
    customer.page.keyboard.press("Enter")
    expect(customer.chat.locator(".sheet")).to_have_count(0)
    assert "换个时间" in customer.page.evaluate(FOCUSED)


def test_by_touch_the_focus_stays_in_here_without_a_keyboard_coming_up(stage: Stage) -> None:
    customer = stage.customer(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    customer.button("在线客服").tap()
    customer.button("转错账了怎么办").tap()
    expect(customer.from_assistant).not_to_have_count(0)
    assert customer.page.evaluate(FOCUSED).startswith("DIV log")


def test_the_page_it_covers_is_not_walked_through(stage: Stage) -> None:
    customer = stage.customer(viewport={"width": 320, "height": 640}).open()
    seen = set()
    for _ in range(30):
        customer.page.keyboard.press("Tab")
        seen.add(customer.page.evaluate(FOCUSED))
    assert not any(one.startswith(("BODY", "A ")) for one in seen)
    customer.page.keyboard.press("Escape")
    expect(customer.panel).to_have_count(0)


def test_a_long_conversation_is_never_said_again(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.chat.evaluate(LISTEN)
    said = ["谢谢" + "！" * times for times in range(1, 14)]
    for text in said:
        customer.input.fill(text)
        customer.input.press("Enter")
        expect(customer.from_assistant).to_have_count(len(text) - 2)
    log = _heard(customer, "log")
    assert [line for line in log if line.startswith("您: ")] == [f"您: {text}" for text in said]
    assert len([line for line in log if line.startswith("春和助手 · AI: ")]) == len(said)


def test_the_place_is_said_again_when_asked_for(stage: Stage) -> None:
    stage.agent("陈曦")
    customer = stage.customer().open()
    customer.say("我想找人")
    customer.wait_in_queue()
    customer.chat.evaluate(LISTEN)
    customer.page.keyboard.press("Alt+h")
    customer.page.keyboard.press("Alt+h")
    expect(customer.chat.locator(".sr[role=status] p")).to_have_count(1)
    first, second = _heard(customer, "status")[:2]
    assert first == second
    assert "下一位就是您" in first
