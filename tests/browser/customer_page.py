"""A customer before the bank's page: what they do in the widget and what they see there."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

SESSIONS = """() => Object.keys(localStorage)
  .filter((name) => name.endsWith(":session"))
  .map((name) => JSON.parse(localStorage.getItem(name)))
  .filter((session) => session.conversation)"""


class CustomerPage:
    """The widget on one page. Playwright looks into its shadow tree by itself."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.chat = page.locator("warmline-chat")
        self.panel = self.chat.locator("section.panel")
        self.input = self.chat.locator("textarea")
        self.human = self.chat.locator(".human").filter(visible=True)
        self.items = self.chat.locator(".items > li")

    def visit(self, path: str = "/bank.html?lang=zh-Hans") -> CustomerPage:
        """Open the bank's page."""
        self.page.goto(self.base + path)
        return self

    def sign_in(self, reference: str) -> CustomerPage:
        """Let the bank's page say who this is."""
        signed = self.page.request.get(f"{self.base}/demo/identity/{reference}").json()
        self.chat.evaluate("(chat, identity) => chat.setAttribute('identity', identity)", signed["identity"])
        return self

    def choose_customer(self, name: str) -> CustomerPage:
        """Sign in on the bank's page as one of its customers, or as nobody."""
        self.page.locator("[data-account]").click()
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        return self

    def open(self, launcher: str = "在线客服") -> CustomerPage:
        """Open the panel by its button."""
        self.button(launcher).click()
        expect(self.panel).to_be_visible()
        return self

    def button(self, name: str, *, exact: bool = False) -> Locator:
        """Return the widget's button of this name."""
        return self.chat.get_by_role("button", name=name, exact=exact)

    def say(self, text: str) -> None:
        """Write and send; the words are on screen once at once."""
        self.input.fill(text)
        self.input.press("Enter")
        expect(self.own.filter(has_text=text)).to_have_count(1)  # the reply may hold the same words

    def ask(self, text: str) -> Locator:
        """Say something to the assistant and return its reply."""
        before = self.from_assistant.count()
        self.say(text)
        reply = self.from_assistant.nth(before)
        expect(reply).to_be_visible()
        return reply

    @property
    def from_assistant(self) -> Locator:
        """The assistant's messages, without the opening line."""
        return self.chat.locator(".items > li.turn.assistant")

    @property
    def from_person(self) -> Locator:
        """The messages of the bank's people."""
        return self.chat.locator(".items > li.turn.person")

    @property
    def own(self) -> Locator:
        """The customer's messages."""
        return self.chat.locator(".items > li.turn.own")

    def item(self, text: str) -> Locator:
        """Return the entries that hold these words."""
        return self.items.filter(has_text=text)

    @property
    def status(self) -> Locator:
        """The card that says what the customer is waiting for."""
        return self.chat.locator("section.wait")

    @property
    def banner(self) -> Locator:
        """The line that says that something is in the way."""
        return self.chat.locator(".banner")

    @property
    def speaker(self) -> Locator:
        """Who the header says is speaking."""
        return self.chat.locator("#title")

    def ask_for_person(self) -> None:
        """Press the button that is always there."""
        self.human.click()

    def wait_in_queue(self) -> str:
        """Ask for a person, see that one is being called; return the conversation's id."""
        self.ask_for_person()
        expect(self.status).to_contain_text("正在为您找同事")
        expect(self.status).to_contain_text("下一位就是您")
        return self.conversation_id

    @property
    def conversation_id(self) -> str:
        """The conversation this browser holds."""
        return str(self._sessions()[0]["conversation"])

    def transcript(self) -> list[str]:
        """Return the words of all messages and notices, in order."""
        texts = self.chat.locator(".items .bubble > :first-child, .items .note .plain, .items .recap .plain")
        return [text.strip() for text in texts.all_inner_texts()]

    def announced(self) -> list[str]:
        """Return what the live region of messages holds, line by line."""
        return self.chat.locator("[role=log][aria-live] p").all_text_contents()

    def choose(self, sheet_option: str) -> None:
        """Pick an option of the settings sheet by its words, and leave the sheet."""
        self.button("设置").click()
        self.chat.locator(".sheet label", has_text=re.compile(f"^{sheet_option}$")).click()
        self.button("返回").click()

    def leave(self) -> None:
        """End every conversation of this browser, so that nobody goes on waiting; not a thing people do on the page."""
        for session in self._sessions():
            self.page.request.post(
                f"{self.base}/api/v1/conversations/{session['conversation']}/close",
                headers={"Authorization": f"Bearer {session['token']}"},
            )

    def _sessions(self) -> list[dict[str, Any]]:
        return list(self.page.evaluate(SESSIONS))
