"""Who takes part in a test, each with a browser profile of their own; at the end everyone leaves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.bank import Bank
from tests.browser.cable import Cable, Cables
from tests.browser.customer_page import CustomerPage
from tests.browser.desk_page import DeskPage

PATIENCE_MS = 20_000
DESK_SIZE = {"width": 1440, "height": 900}


class Stage:
    """Opens pages of a running bank and remembers what went wrong on them."""

    def __init__(self, browser: Browser, bank: Bank) -> None:
        self._browser, self.bank = browser, bank
        self._contexts: list[BrowserContext] = []
        self._cables = Cables()
        self._cable_of: dict[BrowserContext, Cable] = {}
        self._people: list[CustomerPage | DeskPage] = []
        self.faults: list[str] = []

    def page(self, **options: Any) -> Page:
        """Return a page in a fresh profile."""
        cable = self._cables.lay()
        proxy = {"server": f"socks5://127.0.0.1:{cable.port}", "bypass": "<-loopback>"}
        common = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "proxy": proxy}
        context = self._browser.new_context(**{**common, **options})
        self._cable_of[context] = cable
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self._contexts.append(context)
        return context.new_page()

    def customer(self, path: str = "/bank.html?lang=zh-Hans", **options: Any) -> CustomerPage:
        """Return a customer who has just opened the bank's page."""
        customer = CustomerPage(self.page(**options), self.bank.base).visit(path)
        self._people.append(customer)
        return customer

    def second_tab(self, first: CustomerPage) -> CustomerPage:
        """Return the same customer's second tab."""
        return CustomerPage(first.page.context.new_page(), self.bank.base).visit()

    def agent(self, name: str, *, available: bool = True, **options: Any) -> DeskPage:
        """Return a member of staff, signed in at the desk."""
        desk = DeskPage(self.page(viewport=DESK_SIZE, **options), self.bank.base)
        self._people.append(desk)
        return desk.sign_in(self.bank.link(name), available=available)

    def clear(self) -> None:
        """Everyone leaves; nobody waits and nobody is online for the next test."""
        for person in self._people:
            with suppress(Error):  # a page that the test has closed
                person.leave()
        for context in self._contexts:
            context.close()
        self._cables.remove()

    def cut(self, person: CustomerPage | DeskPage) -> None:
        """Take this browser's network away: it notices at once, the server only by its silence."""
        self._cables.do(self._cable_of[person.page.context].pull())
        person.page.context.set_offline(True)

    def mend(self, person: CustomerPage | DeskPage) -> None:
        """Give it back."""
        self._cables.do(self._cable_of[person.page.context].plug())
        person.page.context.set_offline(False)


@contextmanager
def playing(browser: Browser, bank: Bank) -> Iterator[Stage]:
    """Where people meet, for one test; no page may have thrown anything."""
    stage = Stage(browser, bank)
    try:
        yield stage
    finally:
        stage.clear()
    assert stage.faults == []


@contextmanager
def founding(found: Callable[[Path], Bank]) -> Iterator[Bank]:
    """A bank of a module's own, not started; founded in a thread, for the browser's event loop runs in this one."""
    folder = Path(tempfile.mkdtemp(prefix="warmline-bank-"))
    try:
        with ThreadPoolExecutor() as aside:
            founded = aside.submit(found, folder / "data").result()
        yield founded
    finally:
        shutil.rmtree(folder, ignore_errors=True)
