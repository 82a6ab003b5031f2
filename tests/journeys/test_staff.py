"""An administrator looks after people and skill groups at the desk; nobody else gets there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.desk_page import DeskPage
from tests.browser.stage import Stage
from warmline.kit.ids import new_secret

pytestmark = pytest.mark.timeout(300)
PASSWORD = "four quiet words here"


def _add(stage: Stage, boss: DeskPage, name: str) -> tuple[str, str]:
    """Add an agent for loans; return their address and one-time link."""
    page, email = boss.page, f"{new_secret()[:8].lower()}@chunhe.example"
    page.get_by_role("button", name="添加同事").click()
    boss.dialog.get_by_role("textbox", name="姓名").fill(name)
    boss.dialog.get_by_role("textbox", name="邮箱").fill(email)
    boss.dialog.get_by_label("贷款").check()
    assert violations(page) == []
    boss.dialog.get_by_role("button", name="添加同事").click()
    shown = boss.dialog.get_by_role("textbox", name=f"{name}的登录链接")
    expect(shown).to_have_value(re.compile(r"/desk/link#\S+"))
    assert violations(page) == []
    link = shown.input_value()
    page.keyboard.press("Escape")
    expect(boss.dialog).to_have_count(0)
    return email, link


def test_a_colleague_is_added_signs_in_sets_a_password_and_is_closed(stage: Stage) -> None:
    boss = stage.agent("周全", available=False, reduced_motion="reduce").goto("staff", "同事")
    email, link = _add(stage, boss, "沈小满")
    row = boss.page.get_by_role("row").filter(has_text=email)
    expect(row).to_contain_text("一次性链接")

    fresh = (
        DeskPage(stage.page(reduced_motion="reduce"), stage.bank.base)
        .sign_in(link, available=False)
        .goto("settings", "设置")
    )
    fresh.page.get_by_role("button", name="设密码").click()
    fresh.dialog.get_by_label("新密码").fill(PASSWORD)
    fresh.dialog.get_by_label("再输一遍").fill("something else")
    expect(fresh.dialog.get_by_role("status")).to_have_text("两次输入的不一样。")
    expect(fresh.dialog.get_by_role("button", name="保存")).to_be_disabled()
    fresh.dialog.get_by_label("再输一遍").fill(PASSWORD)
    assert violations(fresh.page) == []
    fresh.dialog.get_by_role("button", name="保存").click()
    expect(fresh.page.get_by_role("button", name="改密码")).to_be_visible()

    later = stage.page()
    later.goto(f"{stage.bank.base}/desk/")
    later.get_by_label("邮箱").fill(email)
    later.get_by_label("密码").fill(PASSWORD)
    later.keyboard.press("Enter")
    expect(later.get_by_role("navigation", name="主导航")).to_be_visible()

    boss.page.reload()
    expect(row).to_contain_text("密码")
    row.get_by_role("button", name="修改沈小满").click()
    boss.page.once("dialog", lambda asked: asked.accept())
    boss.dialog.get_by_role("button", name="停用账号").click()
    expect(row).to_contain_text("已停用")
    later.reload()
    expect(later.get_by_label("邮箱")).to_be_visible()


def test_a_skill_group_is_made_filled_renamed_and_deleted(stage: Stage) -> None:
    boss = stage.agent("周全", available=False, reduced_motion="reduce").goto("staff?tab=skills", "同事")
    code = f"g{new_secret()[:6].lower()}"
    boss.page.get_by_role("button", name="添加技能组").click()
    boss.dialog.get_by_label("代号").fill("cards")
    expect(boss.dialog).to_contain_text("这个代号已经有了")
    boss.dialog.get_by_label("代号").fill(code)
    boss.dialog.get_by_label("简体中文").fill("外汇")
    boss.dialog.get_by_label("英文").fill("Foreign exchange")
    boss.dialog.get_by_label("林悦").check()
    assert violations(boss.page) == []
    boss.dialog.get_by_role("button", name="保存").click()
    card = boss.page.get_by_role("listitem").filter(has_text=code)
    expect(card).to_contain_text("林悦")

    card.get_by_role("button", name="修改“外汇”").click()
    boss.dialog.get_by_label("简体中文").fill("结售汇")
    boss.dialog.get_by_label("林悦").uncheck()
    boss.dialog.get_by_role("button", name="保存").click()
    expect(card).to_contain_text("结售汇")
    expect(card).to_contain_text("还没有人")
    boss.page.reload()
    expect(card).to_contain_text("结售汇")
    card.get_by_role("button", name="修改“结售汇”").click()
    boss.page.once("dialog", lambda asked: asked.accept())
    boss.dialog.get_by_role("button", name="删除").click()
    expect(card).to_have_count(0)
    expect(boss.page.get_by_role("main")).to_be_focused()
    boss.page.get_by_role("tab", name="账号").click()
    linyue = boss.page.get_by_role("row").filter(has_text="linyue@chunhe.example")
    expect(linyue).to_contain_text("贷款")
    expect(linyue).not_to_contain_text("结售汇")


@pytest.mark.parametrize("person", ["陈曦", "孙雯"])
def test_others_have_no_way_there(stage: Stage, person: str) -> None:
    desk = stage.agent(person, available=False)
    expect(desk.page.get_by_role("navigation").get_by_role("link", name="同事")).to_have_count(0)
    desk.page.goto(f"{stage.bank.base}/desk/staff")
    expect(desk.page.get_by_role("navigation", name="主导航")).to_be_visible()
    expect(desk.page).not_to_have_url(re.compile("/staff"))
