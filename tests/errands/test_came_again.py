"""Story 2: the machine took his money, it is his third contact this week, and he is furious."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
ANGRY = "自助设备吞了两千块，到现在还没退，气死我了！！"


def test_the_third_contact_in_a_week_brings_an_experienced_colleague_who_knows_it_all(stage: Stage) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer().sign_in("CH-1002").open()
    customer.ask("自助设备吞了我两千块")
    customer.ask("取钱，前天，人民路支行2号机")
    expect(customer.ask("对的，登记吧")).to_contain_text(re.compile(r"受理编号：\w{6,}"))
    customer.leave()
    expect(customer.ask("取款机吞的两千块怎么还没退")).to_contain_text("这件事您今天找过我们一次")
    customer.leave()

    said = customer.ask(ANGRY)
    expect(said).to_contain_text("两千块")
    expect(said).to_contain_text("这件事您今天找过我们两次，我们答应")
    expect(said).to_contain_text("交给一位经验丰富的同事，您前面说的不用再讲一遍")
    assert said.inner_text().count("对不起") == 1
    assert "？" not in said.inner_text()
    assert said.locator(".sources").count() == 0
    expect(customer.status).to_contain_text("正在为您找同事")

    conversation = customer.conversation_id
    desk.accept(conversation)
    slip = desk.slip
    for words in (
        "来过 2 次",
        "自助设备吞钱登记",
        "人民路支行2号机",
        "2,000 元",
        "答应过",
        "前给答复（受理编号",
        "生气",
    ):
        expect(slip).to_contain_text(words)
    expect(slip).to_contain_text("前前后后找了我们 3 次")
    slip.get_by_role("button", name="填入").click()
    expect(desk.reply).to_have_value(re.compile("我是陈曦.*由我一个人跟到底"))
    desk.reply.press("Enter")
    expect(customer.speaker).to_have_text("陈曦")
    expect(customer.from_person).to_contain_text("由我一个人跟到底")


def test_nobody_unknown_is_told_of_anything(stage: Stage) -> None:
    signed_in = stage.customer().sign_in("CH-1003").open()
    signed_in.ask("自助设备吞了我一千块")
    signed_in.leave()
    stranger = stage.customer().open()
    assert "找过我们" not in stranger.ask("自助设备吞了我一千块").inner_text()
