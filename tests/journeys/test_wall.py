"""The supervisor's ten o'clock: who waits and how long, whom to look at first, and one press to be there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)


def test_a_supervisor_sees_who_waits_and_goes_to_whom_it_presses(stage: Stage) -> None:
    agent = stage.agent("陈曦")
    calm = stage.customer().open()
    calm.ask("储蓄卡丢了怎么办")
    first = calm.wait_in_queue()
    agent.accept(first)
    agent.say("我来帮您看。")
    upset = stage.customer().open()
    upset.ask("急死我了！我的储蓄卡丢了怎么办")
    waiting = upset.wait_in_queue()
    boss = stage.agent("赵宁", available=False)
    boss.page.get_by_role("navigation", name="主导航").get_by_role("link", name="现场").click()
    tile = boss.page.locator("[data-tile=waiting]")
    expect(tile.locator(".figure")).to_have_text("1")
    expect(tile).to_contain_text("最久等了 0:")
    expect(boss.page.locator("[data-tile=served] .figure")).to_have_text("1")
    lines = boss.page.get_by_role("region", name="各队")
    expect(lines).to_contain_text("网页")
    look = boss.page.get_by_role("region", name="先看这几位")
    expect(look.get_by_role("listitem").first).to_contain_text("焦急不安")
    expect(boss.row(waiting)).to_contain_text("还没人接")
    expect(boss.page.get_by_role("region", name="接下来要几个人")).to_contain_text("还预测不了")
    hours = boss.page.get_by_role("region", name="今天每小时")
    hours.get_by_role("button", name="看表格").click()
    expect(hours.get_by_role("columnheader", name="没等到")).to_be_visible()
    agent.accept(waiting)
    expect(boss.row(waiting)).to_contain_text("陈曦在接")
    look.get_by_role("link").filter(has_text="陈曦在接").first.click()
    expect(boss.transcript).to_contain_text("急死我了")
    boss.page.locator("footer.bar").get_by_role("button", name="进来一起说").click()
    boss.say("我是这里的负责人，先帮您把钱止住。")
    expect(upset.from_person.filter(has_text="先帮您把钱止住")).to_have_count(1)


def test_only_who_supervises_finds_the_wall(stage: Stage) -> None:
    agent = stage.agent("陈曦", available=False)
    nav = agent.page.get_by_role("navigation", name="主导航")
    expect(nav.get_by_role("link", name="现场")).to_have_count(0)
    agent.page.goto(f"{agent.base}/desk/wall")
    expect(agent.list).to_be_visible()
