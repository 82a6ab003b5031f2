"""An agent before the desk: what they do there and what they see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class DeskPage:
    """The desk in one browser profile."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.list = page.get_by_role("region", name="会话列表")
        self.transcript = page.get_by_role("log", name="对话记录")
        self.reply = page.get_by_role("textbox", name="回复客户")
        self.slip = page.get_by_role("region", name="交接单")
        self.dialog = page.get_by_role("dialog")

    def sign_in(self, link: str, *, available: bool = True) -> DeskPage:
        """Follow a one-time link to the list; be there for customers."""
        self.page.goto(link)
        expect(self.page.get_by_role("navigation", name="主导航")).to_be_visible()
        if available:
            self.list.get_by_role("button", name="开始接待").click()
            expect(self.list.get_by_role("button", name="当前可接待")).to_be_visible()
        return self

    def row(self, conversation_id: str) -> Locator:
        """Return a conversation's row in the list."""
        return self.page.locator(f"[data-conversation='{conversation_id}']")

    def waiting(self) -> list[str]:
        """Return the ids of those who wait, in serving order."""
        rows = self.page.locator("section[aria-labelledby=section-waiting] [data-conversation]").all()
        return [row.get_attribute("data-conversation") or "" for row in rows]

    def open(self, conversation_id: str) -> None:
        """Open a conversation from the list."""
        self.row(conversation_id).click()
        expect(self.transcript).to_be_visible()

    def accept(self, conversation_id: str) -> None:
        """Open and take a waiting conversation."""
        self.open(conversation_id)
        self.page.locator("footer.bar").get_by_role("button", name="接待").click()
        expect(self.reply).to_be_visible()

    def say(self, text: str) -> None:
        """Reply to the customer; the words are on screen once."""
        self.reply.fill(text)
        self.reply.press("Enter")
        expect(self.message(text)).to_have_count(1)

    def message(self, text: str) -> Locator:
        """Return the messages in the log that consist of these words."""
        return self.transcript.locator("article.message").filter(has=self.page.get_by_text(text, exact=True))

    def act(self, name: str) -> None:
        """Press one of the actions above the transcript."""
        self.page.locator(".conversation > .top > .head").get_by_role("button", name=name, exact=True).click()

    def goto(self, path: str, heading: str) -> DeskPage:
        """Open a screen by its address."""
        self.page.goto(f"{self.base}/desk/{path}")
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        return self

    def leave(self) -> None:
        """Be away; not a thing people do by hand when they close the browser."""
        cookies = {cookie.get("name"): cookie.get("value") for cookie in self.page.context.cookies()}
        self.page.context.request.put(
            f"{self.base}/api/v1/desk/presence",
            data={"status": "away"},
            headers={"X-CSRF-Token": cookies.get("warmline_csrf") or ""},
        )
