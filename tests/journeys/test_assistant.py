"""The assistant answers, with its source; or asks which of a few readings was meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
KNOWN = "补登折要收钱吗"
VAGUE = "卡丢了怎么办"


def test_answered_on_the_first_turn_with_its_source(stage: Stage) -> None:
    customer = stage.customer().open()
    expect(customer.speaker).to_have_text("春和助手 · AI")
    expect(customer.chat.locator(".opening")).to_contain_text("不是真人")

    reply = customer.ask(KNOWN)
    expect(reply).to_contain_text("补登")
    reply.locator("summary").click()
    expect(reply.locator(".sources li")).to_have_count(1)
    expect(reply.locator(".sources li")).to_contain_text("存折")


def test_a_thumb_is_kept(stage: Stage) -> None:
    customer = stage.customer().open()
    reply = customer.ask(KNOWN)
    reply.get_by_role("button", name="没帮上").click()
    reply.get_by_role("button", name="有帮助").click()
    expect(reply.get_by_role("button", name="有帮助")).to_have_attribute("aria-pressed", "true")
    expect(reply.get_by_role("button", name="没帮上")).to_have_attribute("aria-pressed", "false")

    customer.page.reload()
    expect(reply.get_by_role("button", name="有帮助")).to_have_attribute("aria-pressed", "true")


def test_clarified_by_picking_a_reading(stage: Stage) -> None:
    customer = stage.customer().open()
    reply = customer.ask(VAGUE)
    readings = reply.get_by_role("group", name="请选一个").get_by_role("button")
    expect(readings).to_have_count(2)
    picked = readings.filter(has_text="信用卡").inner_text()
    readings.filter(has_text=picked).click()

    answer = customer.from_assistant.nth(1)
    expect(answer.locator(".sources li")).to_contain_text(picked)
    expect(customer.own).to_have_count(2)
    expect(customer.own.nth(1)).to_contain_text(picked)


def test_a_tile_of_the_page_asks_for_the_customer(stage: Stage) -> None:
    customer = stage.customer()
    customer.page.get_by_role("button", name="卡丢了").click()
    expect(customer.own).to_contain_text([VAGUE])
    expect(customer.from_assistant).to_have_count(1)


def test_two_questions_get_an_answer_or_a_choice_each(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.say("补登折要收钱吗？另外信用卡丢了怎么办")
    replies = customer.from_assistant
    expect(replies).to_have_count(2)
    expect(replies.nth(0)).to_contain_text("先说第一件")
    expect(replies.nth(1)).to_contain_text("再说第二件")
    for reply in replies.all():
        expect(reply.locator("details.sources, .choice").first).to_be_visible()
    assert len([line for line in customer.announced() if line.startswith("春和助手")]) == 2
