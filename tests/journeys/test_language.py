"""Which language the desk speaks, and the way in over the bank's own sign-in in each of them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.stage import Stage
from tests.staff.oidc_server import OidcServer

pytestmark = pytest.mark.timeout(300)


def _open(page: Page, address: str, heading: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def _choose(page: Page, language: str) -> None:
    page.get_by_text(language, exact=True).click()


def test_the_browsers_until_the_person_chose_one(stage: Stage) -> None:
    base, name = stage.bank.base, "孙雯"
    home = stage.page(locale="zh-TW")
    _open(home, f"{base}/desk/sign-in", "登入工作台")
    home.goto(stage.bank.link(name))
    expect(home.get_by_role("navigation", name="主導航")).to_be_visible()
    expect(home).to_have_title("知識 · Warmline")
    assert home.evaluate("() => document.documentElement.lang") == "zh-Hant"
    _open(home, f"{base}/desk/settings", "設定")
    with home.expect_response("**/auth/me"):
        _choose(home, "English")
    expect(home.get_by_role("heading", level=1, name="Settings")).to_be_visible()

    elsewhere = stage.page(locale="zh-CN")
    _open(elsewhere, f"{base}/desk/sign-in", "登录工作台")
    elsewhere.goto(stage.bank.link(name))
    expect(elsewhere.get_by_role("navigation", name="Main")).to_be_visible()

    third = stage.page(locale="en-GB")
    _open(third, f"{base}/desk/sign-in", "Sign in to the desk")
    _choose(third, "简体中文")
    _open(third, f"{base}/desk/sign-in", "登录工作台")
    third.goto(stage.bank.link(name))
    expect(third.get_by_role("navigation", name="主导航")).to_be_visible()
    third.reload()
    expect(third.get_by_role("navigation", name="主导航")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "button", "navigation"),
    [
        ("zh-CN", "用春和统一认证登录", "主导航"),
        ("zh-TW", "用春和統一認證登入", "主導航"),
        ("en-GB", "Sign in with Chunhe ID", "Main"),
    ],
)
def test_over_the_banks_own_sign_in(
    stage: Stage, provider: OidcServer, locale: str, button: str, navigation: str
) -> None:
    sub = uuid4().hex[:8]
    provider.person |= {"sub": sub, "email": f"{sub}@chunhe.example", "name": "钱进"}
    page = stage.page(locale=locale, viewport={"width": 390, "height": 800})
    page.goto(f"{stage.bank.base}/desk/knowledge?tab=gaps")
    link = page.get_by_role("link", name=button)
    expect(link).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    link.click()
    expect(page.get_by_role("navigation", name=navigation)).to_be_visible()
    expect(page).to_have_url(f"{stage.bank.base}/desk/knowledge?tab=gaps")


def test_whom_the_banks_sign_in_does_not_send_to_the_desk(stage: Stage, provider: OidcServer) -> None:
    provider.person |= {"sub": uuid4().hex[:8], "email": "nobody@chunhe.example", "roles": []}
    page = stage.page(locale="zh-TW")
    page.goto(f"{stage.bank.base}/desk/")
    page.get_by_role("link", name="用春和統一認證登入").click()
    expect(page.get_by_role("alert")).to_contain_text("請找管理員")
    provider.person |= {"roles": ["desk-agents", "everyone"]}
