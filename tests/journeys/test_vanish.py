"""An agent's line breaks: the customer is told, keeps the front of the queue, and loses not a word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)


def test_the_next_agent_goes_on_where_the_vanished_one_stopped(stage: Stage) -> None:
    chen = stage.agent("陈曦")
    first = stage.customer().open()
    first.say("我的贷款合同找不到了")
    conversation = first.wait_in_queue()
    chen.accept(conversation)
    chen.say("合同编号还记得吗？")
    expect(first.from_person).to_have_count(1)

    lin = stage.agent("林悦")
    second = stage.customer().open()
    second.say("我想换个人问")
    later = second.wait_in_queue()
    expect(lin.row(later)).to_be_visible()

    chen.page.close()
    first.say("记得，CH-20391")
    expect(first.item("同事陈曦那边的网络断了")).to_have_count(1)
    expect(first.status).to_contain_text("下一位就是您")
    expect(second.status).to_contain_text("前面还有 1 位")
    expect(lin.row(conversation)).to_contain_text("同事掉线")
    assert lin.waiting() == [conversation, later]

    lin.accept(conversation)
    expect(lin.message("合同编号还记得吗？")).to_have_count(1)
    expect(lin.message("记得，CH-20391")).to_have_count(1)
    expect(lin.transcript).to_contain_text("陈曦掉线，客户回到队首")
    expect(first.speaker).to_have_text("林悦")
    lin.say("找到了，我接着帮您。")
    expect(first.from_person).to_have_count(2)
    expect(first.own).to_have_count(2)
    expect(second.status).to_contain_text("下一位就是您")
    said = ["我的贷款合同找不到了", "合同编号还记得吗？", "记得，CH-20391", "找到了，我接着帮您。"]
    assert [text for text in first.transcript() if text in said] == said
