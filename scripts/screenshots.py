"""Take the pictures of the README from a running demo: a customer asks, waits, and a colleague comes.

`.venv/bin/python -m scripts.screenshots --url http://127.0.0.1:8037 --desk-link http://…/desk/link#…` (an agent's
one-time link, as the demo prints it). Chromium: `WARMLINE_CHROMIUM` or /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import running_chromium

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
QUESTION = "卡丢了怎么办"
READING = "储蓄卡"
STORY = "刚才在超市发现储蓄卡不见了，工资还在里面"
REPLY = "您好，前面说的我都看到了，先别着急。现在冻结不收钱，冻结后谁也刷不了，我陪您一步一步来。"
WAIT_MS = 15_000


def new_context(browser: Browser, **more: Any) -> BrowserContext:
    """Return a context of one person: its own storage, Chinese, no motion."""
    settings: dict[str, Any] = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **more}
    context = browser.new_context(reduced_motion="reduce", **settings)
    context.set_default_timeout(WAIT_MS)
    return context


def save(page: Page, out: Path, name: str) -> None:
    """Write one picture, once fonts and layout have settled."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    page.screenshot(path=out / f"{name}.png")
    sys.stdout.write(f"{out / name}.png\n")


def ask(page: Page, text: str) -> None:
    """Say something as the customer; the panel is opened first."""
    launcher = page.locator("warmline-chat .launcher")
    if launcher.count():
        launcher.click()
    page.locator("warmline-chat textarea").fill(text)
    page.locator("warmline-chat textarea").press("Enter")


def be_answered(page: Page) -> None:
    """Ask the question; where the assistant offers readings of it, pick one."""
    ask(page, QUESTION)
    choice = page.locator("warmline-chat .items .choice").filter(has_text=READING).first
    sources = page.locator("warmline-chat .items details.sources").first
    choice.or_(sources).first.wait_for()
    if choice.is_visible():
        choice.click()
    sources.wait_for()


def sign_in(page: Page, customer: str) -> None:
    """Be one of the bank's customers, as its page offers."""
    page.locator("[data-account]").click()
    page.locator(".person").filter(has_text=customer).click()


def conversation_of(page: Page) -> str:
    """Return the id of the conversation the page is in."""
    script = "() => Object.entries(localStorage).filter(([k]) => k.endsWith(':session')).map(([, v]) => v)"
    known = [value for value in page.evaluate(script) if "conversation" in value]
    return str(page.evaluate("text => JSON.parse(text).conversation", known[0]))


def open_desk(browser: Browser, link: str) -> Page:
    """Sign in by the one-time link and become available."""
    desk = new_context(browser).new_page()
    desk.goto(link)
    desk.locator("button.switch").click()
    desk.get_by_role("menuitemradio").first.click()
    desk.keyboard.press("Escape")
    return desk


def serve(desk: Page, conversation: str) -> None:
    """Open the conversation, take it, answer."""
    desk.locator(f'[data-conversation="{conversation}"]').click()
    desk.locator("footer.bar button.primary").click()
    desk.locator("footer.composer textarea").fill(REPLY)
    desk.locator("footer.composer button.primary").click()
    expect(desk.get_by_text(REPLY).first).to_be_visible(timeout=WAIT_MS)


def take(browser: Browser, url: str, link: str, out: Path) -> None:
    """Play the whole story, a picture at each of its stations."""
    page = new_context(browser).new_page()
    page.goto(f"{url}/?lang=zh-Hans")
    save(page, out, "landing")

    elder = new_context(browser).new_page()
    elder.goto(f"{url}/elder.html?lang=zh-Hans")
    sign_in(elder, "王秀英")
    be_answered(elder)
    save(elder, out, "widget-elder")

    page.goto(f"{url}/bank.html?lang=zh-Hans")
    sign_in(page, "李明")
    be_answered(page)
    save(page, out, "widget-answer")

    desk = open_desk(browser, link)
    elder.locator("warmline-chat button.human").last.click()
    elder.locator("warmline-chat .wait").first.wait_for()
    page.locator("warmline-chat button.human").first.click()
    page.locator("warmline-chat .wait-fact").first.wait_for()
    ask(page, STORY)
    page.wait_for_timeout(2_500)
    save(page, out, "widget-waiting")

    serve(desk, conversation_of(page))
    save(desk, out, "desk")
    desk.emulate_media(color_scheme="dark")
    save(desk, out, "desk-dark")

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.locator("warmline-chat").get_by_text(REPLY).first.wait_for()
    save(page, out, "phone")


def main() -> int:
    """Take every picture; the demo is left as it is, with two conversations more."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", default="http://127.0.0.1:8037")
    parser.add_argument("--desk-link", required=True, help="a one-time sign-in link of an agent")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with running_chromium() as browser:
        take(browser, options.url, options.desk_link, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
