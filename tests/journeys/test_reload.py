"""Reloading, a second tab, a network that is gone for a while: no message is hidden, doubled or lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)


def test_a_reload_hides_nothing_and_keeps_the_draft(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("卡丢了怎么办")
    conversation = customer.wait_in_queue()
    desk.accept(conversation)
    desk.say("在的，您说。")
    expect(customer.from_person).to_have_count(1)
    before = customer.transcript()
    customer.input.fill("还没写完的一句")
    desk.reply.fill("座席也没写完")

    customer.page.reload()
    expect(customer.panel).to_be_visible()
    expect(customer.input).to_have_value("还没写完的一句")
    expect(customer.from_person).to_have_count(1)
    assert customer.transcript() == before
    expect(customer.speaker).to_have_text("陈曦")

    desk.page.reload()
    expect(desk.reply).to_have_value("座席也没写完")
    expect(desk.message("在的，您说。")).to_have_count(1)
    customer.input.press("Enter")
    expect(desk.message("还没写完的一句")).to_have_count(1)


def test_a_second_tab_shows_the_same_and_doubles_nothing(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    first = stage.customer().open()
    first.ask("卡丢了怎么办")
    desk.accept(first.wait_in_queue())
    desk.say("您好")
    expect(first.from_person).to_have_count(1)

    second = stage.second_tab(first).open()
    expect(second.from_person).to_have_count(1)
    assert second.transcript() == first.transcript()
    assert second.conversation_id == first.conversation_id
    second.say("从第二个页面说的")
    expect(first.item("从第二个页面说的")).to_have_count(1)
    first.say("从第一个页面说的")
    expect(second.item("从第一个页面说的")).to_have_count(1)
    desk.say("都看到了")
    for tab in (first, second):
        expect(tab.from_person).to_have_count(2)
        expect(tab.own).to_have_count(3)
    expect(desk.message("从第二个页面说的")).to_have_count(1)
    expect(desk.message("从第一个页面说的")).to_have_count(1)
    assert second.transcript() == first.transcript()


def test_what_is_written_while_the_network_is_gone_arrives_once(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("卡丢了怎么办")
    desk.accept(customer.wait_in_queue())

    customer.input.press_sequentially("写到一半")
    stage.cut(customer)
    expect(customer.banner).to_contain_text("网络断了")
    customer.input.press_sequentially("网断了，这句要到")
    customer.input.press("Enter")
    customer.say("这是第二句")
    desk.say("您还在吗？")
    stage.mend(customer)

    expect(customer.banner).to_have_count(0)
    expect(customer.from_person).to_have_count(1)
    for text in ("写到一半网断了，这句要到", "这是第二句"):
        expect(desk.message(text)).to_have_count(1)
        expect(customer.item(text)).to_have_count(1)
    expect(customer.chat.locator(".items > li.waiting")).to_have_count(0)
    customer.page.reload()
    expect(customer.own).to_have_count(3)


def test_the_desk_comes_back_to_the_same_words(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().open()
    customer.ask("卡丢了怎么办")
    desk.accept(customer.wait_in_queue())

    stage.cut(desk)
    expect(desk.page.get_by_text("网断了，正在重连")).to_be_visible()
    desk.reply.fill("断网时写的回复")
    desk.reply.press("Enter")
    expect(desk.page.get_by_text("1 条消息会在连上后发出")).to_be_visible()
    customer.say("您还在吗？")
    stage.mend(desk)
    expect(desk.message("断网时写的回复")).to_have_count(1)
    expect(desk.message("您还在吗？")).to_have_count(1)
    expect(customer.from_person).to_have_count(1)
    expect(customer.from_person).to_contain_text("断网时写的回复")
