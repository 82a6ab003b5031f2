"""Markup, SQL, characters that reverse or hide text, in messages, names and articles: shown as written, never run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.fakes.clients import identity

pytestmark = pytest.mark.timeout(300)
SCRIPT = "<script>document.title='broken in'</script>"
IMAGE = "<img src=x onerror=\"document.title='broken in'\">"
SQL = "'); DROP TABLE conversation_event; --"
LINK = "[点这里](javascript:document.title='broken%20in')"
REVERSED = "转账给\u202e321 户账\u202c和\u2066隔离\u2069"
HIDDEN = "验\u200b证\u200d码\ufeff"
MESSAGES = (SCRIPT, IMAGE, SQL, LINK, REVERSED, HIDDEN, "שלום עולם", "{{7*7}} ${7*7}")
NAME = f"{IMAGE}王五"
LOADED = """(root) => {
  const dangerous = "script, img[src='x'], [onerror], a[href^='javascript:']";
  return (root.shadowRoot ?? root).querySelectorAll(dangerous).length;
}"""


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")


def _check_inert(page: Page, root: Locator) -> None:
    assert root.evaluate(LOADED) == 0
    assert "broken in" not in page.title()


def _shows(bubbles: Locator, text: str) -> None:
    shown = [_plain(said.strip()) for said in bubbles.all_text_contents()]
    assert shown.count(_plain(text)) == 1, f"{text!r} is not among {shown}"


def test_messages_of_both_sides(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer()
    customer.chat.evaluate("(chat, jwt) => chat.setAttribute('identity', jwt)", identity("hostile-1", NAME))
    customer.open()
    conversation = customer.wait_in_queue()
    expect(desk.row(conversation)).to_contain_text("王五")
    desk.accept(conversation)
    for text in MESSAGES:
        customer.input.fill(text)
        customer.input.press("Enter")
    expect(customer.own).to_have_count(len(MESSAGES))
    theirs = desk.transcript.locator("article.message:is(.customer, .agent) .plain")
    expect(theirs).to_have_count(len(MESSAGES))
    for count, text in enumerate(MESSAGES, 1):
        desk.reply.fill(text)
        desk.reply.press("Enter")
        expect(customer.from_person).to_have_count(count)

    expect(theirs).to_have_count(2 * len(MESSAGES))
    for text in MESSAGES:
        _shows(customer.own.locator(".plain"), text)
        _shows(customer.from_person.locator(".plain"), text)
    shown = [_plain(said) for said in theirs.all_text_contents()]
    assert sorted(shown) == sorted(2 * [_plain(text) for text in MESSAGES])
    _check_inert(customer.page, customer.chat)
    _check_inert(desk.page, desk.page.locator("#app"))


def test_what_reverses_text_ends_with_it(stage: Stage) -> None:
    """An override in a message or a name does not turn the words beside it."""
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.say("\u202eabc")
    conversation = customer.wait_in_queue()
    row = desk.row(conversation)
    expect(row).to_contain_text("客户要人工")
    assert _runs_left_to_right(row.locator(".reason"))
    assert _runs_left_to_right(customer.own.locator("time"))


def _runs_left_to_right(words: Locator) -> bool:
    """Tell whether the first character lies left of the last."""
    return bool(
        words.evaluate(
            """(node) => {
              const text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode();
              const left = (at) => {
                const range = document.createRange();
                range.setStart(text, at);
                range.setEnd(text, at + 1);
                return range.getBoundingClientRect().left;
              };
              return left(0) < left(text.data.trimEnd().length - 1);
            }"""
        )
    )


def test_an_article_with_markup(stage: Stage) -> None:
    customer = stage.customer().open()
    reply = customer.ask("备注改成符号")
    expect(reply).to_contain_text(SCRIPT)
    expect(reply).to_contain_text(IMAGE)
    expect(reply).to_contain_text("'); DROP TABLE customers; --")
    expect(reply.locator(".sources")).to_contain_text("怎么把账户备注改成")
    _check_inert(customer.page, customer.chat)

    desk = stage.agent("陈曦")
    desk.accept(customer.wait_in_queue())
    expect(desk.transcript).to_contain_text("DROP TABLE customers")
    desk.page.get_by_role("tab", name="知识点").click()
    expect(desk.page.locator("aside")).to_contain_text(["DROP TABLE customers"])
    _check_inert(desk.page, desk.page.locator("#app"))
