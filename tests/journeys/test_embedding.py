"""The widget on pages that are not ours: their styles, their rules, where they put the script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import chromium
from tests.browser.customer_page import CustomerPage
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
HOSTILE = (Path(chromium.__file__).parent / "hostile.css").read_text(encoding="utf-8")
LOOKS = """(chat) => {
  const shown = [...chat.shadowRoot.querySelectorAll("*")].filter((one) => one.getClientRects().length);
  const told = ["color", "fontSize", "fontStyle", "lineHeight", "textAlign", "textTransform", "textIndent"];
  return shown.map((one) => {
    const style = getComputedStyle(one), { x, y, width, height } = one.getBoundingClientRect();
    return [one.tagName, x, y, width, height, style.whiteSpace, ...told.map((word) => style[word])].join(" ");
  });
}"""
GROUND = "(send) => getComputedStyle(send).backgroundColor"
BROKEN = """() => {
  window.broken = [];
  addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
}"""
STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src blob:; require-trusted-types-for 'script'"


def _page(stage: Stage, head: str, body: str, **headers: str) -> CustomerPage:
    """Open a bare page of the bank's origin with these parts."""
    page = stage.page(reduced_motion="reduce")

    def answer(route: Route) -> None:
        words = f'<!doctype html><html lang="zh-Hans"><head><title>x</title>{head}</head><body>{body}</body></html>'
        route.fulfill(body=words, content_type="text/html; charset=utf-8", headers=headers)

    page.route("**/bare.html", answer)
    page.goto(f"{stage.bank.base}/bare.html")
    return CustomerPage(page, stage.bank.base)


def _looks(customer: CustomerPage) -> list[str]:
    customer.open()
    expect(customer.chat.locator(".choice")).to_have_count(3)
    return list(customer.chat.evaluate(LOOKS))


def test_what_the_page_says_of_everything_does_not_reach_in(stage: Stage) -> None:
    body = '<h1>x</h1><script src="/widget.js" data-mount></script>'
    plain = _looks(_page(stage, "", body))
    assert _looks(_page(stage, f"<style>{HOSTILE}</style>", body)) == plain


def test_under_a_strict_policy_from_a_script_in_the_head(stage: Stage) -> None:
    script, policy = '<script src="/widget.js"></script>', {"Content-Security-Policy": STRICT}
    customer = _page(stage, script, "<warmline-chat></warmline-chat>", **policy)
    customer.page.evaluate(BROKEN)
    customer.open()
    customer.ask("补登折要收钱吗")
    assert customer.chat.locator(".send").evaluate(GROUND) != "rgba(0, 0, 0, 0)"
    assert customer.page.evaluate("() => window.broken") == []


def test_the_script_and_the_element_twice_are_one_conversation(stage: Stage) -> None:
    script = '<script src="/widget.js" data-mount></script>'
    customer = _page(stage, script, f"<warmline-chat></warmline-chat>{script}")
    page = customer.page
    expect(page.get_by_role("button", name="在线客服")).to_have_count(1)
    page.keyboard.press("Alt+h")
    expect(page.get_by_role("dialog")).to_have_count(1)
    _drop_the_first(page)
    expect(page.get_by_role("button", name="在线客服").or_(page.get_by_role("dialog"))).to_have_count(1)


def _drop_the_first(page: Page) -> None:
    page.evaluate("() => document.querySelector('warmline-chat').remove()")
