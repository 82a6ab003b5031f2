"""Story 5: half past ten at night, all agents gone; where the bank is late, the supervisor knew before the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.bank import NightBank, found_bank
from tests.browser.customer_page import CustomerPage
from tests.browser.desk_page import DeskPage
from tests.browser.stage import Stage, founding, playing

pytestmark = pytest.mark.timeout(400)
HOURS = {f"HOURS_{days}": "08:30-21:00" for days in ("WEEKDAYS", "WEEKENDS", "HOLIDAYS")}
NIGHT = timedelta(hours=22, minutes=30)
LATE = "对不起，同事没能在说好的时间来"


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """Return that moment of the morning after, in Shanghai."""
    return MIDNIGHT + timedelta(days=1, hours=hour, minutes=minute, seconds=second)


MIDNIGHT = (datetime.now(UTC) + timedelta(hours=9.5)).replace(hour=0, minute=0, second=0) - timedelta(hours=8)
"""The beginning, in Shanghai, of the next day whose half past ten is still to come."""


@pytest.fixture(scope="module")
def night_bank() -> Iterator[NightBank]:
    """The bank at half past ten."""
    with (
        founding(lambda folder: found_bank(folder, links_from=at(8, 40), settings=HOURS)) as founded,
        NightBank(founded, MIDNIGHT + NIGHT) as bank,
    ):
        bank.start()
        yield bank


@pytest.fixture
def stage(chromium: Browser, night_bank: NightBank) -> Iterator[Stage]:
    with playing(chromium, night_bank) as stage:
        yield stage


def wait_for_person(stage: Stage, bank: NightBank, words: str) -> CustomerPage:
    """Return a customer who wants a person and is told when somebody will come."""
    customer = stage.customer()
    customer.page.clock.set_system_time(bank.now())
    customer.page.reload()
    customer.open().ask(words)
    customer.ask_for_person()
    expect(customer.item("现在不是上班时间，同事们都不在。")).to_contain_text("08:30")
    expect(customer.status.locator("strong")).to_have_text(re.compile(r"已约好 明天.*08:30"))
    return customer


def sections(desk: DeskPage) -> list[str]:
    return [one.inner_text() for one in desk.list.locator("section[aria-labelledby] h2").all()]


def move(bank: NightBank, moment: datetime, *people: CustomerPage | DeskPage) -> None:
    bank.set(moment)
    for one in people:
        one.page.clock.set_system_time(moment)


def test_at_night_a_date_in_the_morning_a_warning_and_nobody_loses_their_place(
    stage: Stage, night_bank: NightBank
) -> None:
    first = wait_for_person(stage, night_bank, "我想问问贷款的事")
    second = wait_for_person(stage, night_bank, "储蓄卡密码忘了怎么办")
    second.button("换个时间").click()
    second.chat.locator(".sheet .slot").filter(has_text="09:30").click()
    expect(second.item("记好了")).to_contain_text("09:30")
    expect(second.status.locator("strong")).to_have_text(re.compile(r"已约好 明天.*09:30"))

    move(night_bank, at(8, 5), first, second)
    supervisor = stage.agent("赵宁", available=False)
    move(night_bank, at(8, 5, 10), supervisor)
    supervisor.page.reload()
    warning = supervisor.page.locator("[data-risks]")
    expect(warning).to_contain_text("1 个回呼可能赶不上")
    expect(warning).to_contain_text("08:30")
    expect(supervisor.row(first.conversation_id)).to_contain_text("到时没人能接")
    expect(supervisor.row(second.conversation_id)).not_to_contain_text("到时没人能接")
    said = supervisor.list.get_by_role("status")
    expect(said).to_have_text(re.compile(r"的回呼约在 .*08:30：到时没人能接。"))
    assert "待回呼" in sections(supervisor)[0]
    assert first.item(LATE).count() == 0

    move(night_bank, at(8, 30, 1), first, second, supervisor)
    expect(supervisor.row(first.conversation_id)).to_contain_text("约好的回呼时间到了")
    night_bank.pass_time(75)
    expect(first.item(LATE)).to_have_count(1)
    expect(first.status.locator("strong")).to_have_text(re.compile(r"已约好 .*09:0\d"))
    expect(warning).to_contain_text("1 个回呼可能赶不上")

    agent = stage.agent("陈曦")
    move(night_bank, night_bank.now(), agent)
    expect(warning).to_have_count(0)
    agent.accept(first.conversation_id)
    expect(agent.slip).to_contain_text("贷款")
    expect(first.speaker).to_have_text("陈曦")
    assert first.item(LATE).count() == 1

    move(night_bank, at(9, 30, 1), first, second, supervisor, agent)
    expect(agent.row(second.conversation_id)).to_contain_text("约好的回呼时间到了")
    assert agent.waiting() == [second.conversation_id]
    agent.accept(second.conversation_id)
    expect(agent.slip).to_contain_text("密码")
    expect(second.speaker).to_have_text("陈曦")
    assert second.item("对不起").count() == 0
