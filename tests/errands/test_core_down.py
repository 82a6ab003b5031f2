"""The bank's core system is down for a while: honest words once, a person, nothing done twice once it is back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.errands.conftest import CoreBanking

pytestmark = pytest.mark.timeout(300)
REFERENCE = re.compile(r"受理编号：(\w{6,})")


def test_down_in_the_middle_it_is_said_once_and_a_person_comes_and_then_it_goes_on(
    stage: Stage, core: CoreBanking
) -> None:
    customer = stage.customer().sign_in("CH-1001").open()
    customer.ask("我的银行卡丢了")
    core.fail("down")
    customer.say("冻吧，赶紧的")
    honest = customer.item("什么都没有改动")
    expect(honest).to_contain_text("我们的系统这会儿连不上，这件事刚才没有办成")
    expect(customer.item("别等同事，现在就做")).to_contain_text("400-800-6060")
    expect(customer.status.locator("strong")).to_have_text(re.compile(r"已约好 .*\d{1,2}:\d{2}"))
    core.mend()
    customer.button("不等了").click()
    customer.button("是的，回到助手").click()
    expect(customer.status).to_have_count(0)
    customer.ask("我的银行卡丢了，帮我冻结")
    expect(customer.ask("储蓄卡那张")).to_contain_text("尾号 4821）已经冻结")
    expect(honest).to_have_count(1)


def test_an_answer_that_is_lost_is_not_called_done_and_is_not_done_twice(stage: Stage, core: CoreBanking) -> None:
    customer = stage.customer().sign_in("CH-1005").open()
    customer.ask("自助设备吞了我三百块")
    customer.ask("取钱，前天，人民路支行2号机")
    core.fail("lost_answer", "open_machine_claim")
    said = customer.ask("对的，登记吧")
    assert not REFERENCE.search(said.inner_text())
    expect(customer.status).to_be_visible()

    core.mend()
    customer.leave()
    again = stage.customer().sign_in("CH-1005").open()
    expect(again.ask("自助设备吞了我三百块")).to_contain_text("这件事您今天已经找过我们一次")
    again.ask("取款，前天，人民路支行2号机")
    expect(again.ask("对，登记吧")).to_contain_text("这一笔您已经报过了，受理编号：")
