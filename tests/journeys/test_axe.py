"""axe-core finds nothing to mend: widget, demo pages, desk and knowledge, light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def _check(page: Page) -> None:
    assert violations(page) == []


def test_it_looks_into_the_widget(stage: Stage) -> None:
    customer = stage.customer().open()
    customer.chat.locator(".opening p").first.evaluate("(text) => { text.style.color = '#ccc'; }")
    assert [rule for rule, _ in violations(customer.page)] == ["color-contrast"]


@SCHEMES
@pytest.mark.parametrize("path", ["/bank.html?lang=zh-Hans", "/elder.html?lang=zh-Hans"], ids=["widget", "elder"])
def test_the_widget(stage: Stage, path: str, scheme: str) -> None:
    desk = stage.agent("陈曦")
    customer = stage.customer(path, color_scheme=scheme, reduced_motion="reduce")
    _check(customer.page)
    customer.chat.locator(".launcher").click()
    _check(customer.page)
    customer.ask("卡丢了怎么办")
    customer.ask("补登折要收钱吗").locator("summary").click()
    _check(customer.page)
    customer.button("设置").click()
    _check(customer.page)
    customer.button("返回").click()
    conversation = customer.wait_in_queue()
    _check(customer.page)
    customer.button("约个时间").click()
    expect(customer.chat.locator(".slot")).not_to_have_count(0)
    _check(customer.page)
    customer.button("返回").click()
    desk.accept(conversation)
    desk.say("您好，我来帮您。")
    expect(customer.from_person).to_have_count(1)
    _check(customer.page)


@SCHEMES
def test_the_landing_page(stage: Stage, scheme: str) -> None:
    page = stage.page(color_scheme=scheme)
    for path in ("/", "/?lang=en"):
        page.goto(stage.bank.base + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        _check(page)


@SCHEMES
def test_the_desk(stage: Stage, scheme: str) -> None:
    customer = stage.customer().open()
    desk = stage.agent("陈曦", color_scheme=scheme, reduced_motion="reduce")
    _check(desk.page)
    customer.ask("补登折要收钱吗")
    conversation = customer.wait_in_queue()
    desk.open(conversation)
    _check(desk.page)
    desk.accept(conversation)
    desk.say("您好，我来帮您。")
    desk.reply.fill("/")
    expect(desk.page.locator("#slash-menu")).to_be_visible()
    _check(desk.page)
    desk.reply.fill("")
    for action in ("转给同事", "交回 AI 助手", "约定回呼", "结束"):
        desk.act(action)
        expect(desk.dialog).to_be_visible()
        _check(desk.page)
        desk.page.keyboard.press("Escape")
        expect(desk.dialog).to_have_count(0)


@SCHEMES
def test_knowledge_scripts_and_settings(stage: Stage, scheme: str) -> None:
    desk = stage.agent("孙雯", available=False, color_scheme=scheme, reduced_motion="reduce")
    page = desk.page
    expect(page.get_by_role("table")).to_be_visible()
    _check(page)
    page.get_by_role("tab", name="体检").click()
    expect(page.locator(".check li").first).to_be_visible()
    _check(page)
    page.get_by_role("tab", name="没答上的").click()
    expect(page.get_by_role("tabpanel")).not_to_contain_text("正在读取")
    _check(page)
    page.get_by_role("tab", name="何时作答").click()
    expect(page.get_by_role("img", name=re.compile("答得越多"))).to_be_visible()
    page.get_by_text("看数字").click()
    _check(page)
    page.get_by_role("tab", name="全部").click()
    page.get_by_role("link", name="存折怎么补登").click()
    expect(page.get_by_label("标准问")).to_be_visible()
    _check(page)
    page.get_by_role("button", name="繁体中文").click()
    _check(page)
    for path, heading in (("scripts", "话术"), ("settings", "设置"), ("knowledge/new", "写知识点")):
        page.goto(f"{stage.bank.base}/desk/{path}")
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        _check(page)


@SCHEMES
@pytest.mark.parametrize("width", [390, 820])
def test_narrow_desks(stage: Stage, scheme: str, width: int) -> None:
    customer = stage.customer().open()
    desk = stage.agent("陈曦", color_scheme=scheme, reduced_motion="reduce")
    desk.page.set_viewport_size({"width": width, "height": 800})
    customer.ask("卡丢了怎么办，急死我了")
    customer.ask_for_person()
    expect(desk.row(customer.conversation_id)).to_be_visible()
    _check(desk.page)
    desk.accept(customer.conversation_id)
    _check(desk.page)
    send = desk.page.get_by_role("button", name="发送").bounding_box()
    assert send is not None
    assert send["x"] + send["width"] <= width
    desk.page.get_by_role("button", name="右侧栏").click()
    _check(desk.page)


@SCHEMES
def test_staff_and_skill_groups(stage: Stage, scheme: str) -> None:
    desk = stage.agent("周全", available=False, color_scheme=scheme, reduced_motion="reduce")
    desk.goto("staff", "同事")
    expect(desk.page.get_by_role("table")).to_be_visible()
    _check(desk.page)
    desk.page.get_by_role("button", name="修改陈曦").click()
    expect(desk.dialog).to_be_visible()
    _check(desk.page)
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("tab", name="技能组").click()
    expect(desk.page.get_by_role("listitem").first).to_be_visible()
    _check(desk.page)


@SCHEMES
@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_the_wall(stage: Stage, scheme: str, width: int) -> None:
    customer = stage.customer().open()
    desk = stage.agent("赵宁", color_scheme=scheme, reduced_motion="reduce")
    customer.ask("卡丢了怎么办，急死我了")
    customer.ask_for_person()
    expect(desk.row(customer.conversation_id)).to_be_visible()
    desk.page.set_viewport_size({"width": width, "height": 1080})
    desk.goto("wall", "现场")
    expect(desk.row(customer.conversation_id)).to_be_visible()
    _check(desk.page)
    for _ in range(2):  # pressed, it offers the chart
        desk.page.get_by_role("button", name="看表格").first.click()
    _check(desk.page)


def test_the_sign_in(stage: Stage) -> None:
    page = stage.page()
    page.goto(f"{stage.bank.base}/desk/")
    expect(page.get_by_label("邮箱")).to_be_visible()
    _check(page)
