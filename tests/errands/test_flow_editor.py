"""An editor changes how a lost card is reported: a mistake in words, a trap refused, what holds goes live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.bank import DEMO
from tests.browser.stage import DESK_SIZE, Stage

pytestmark = pytest.mark.timeout(420)
PROOF_MS = 180_000
TEXT = (DEMO / "flows" / "card-report-lost.yaml").read_text(encoding="utf-8")
OLD, NEW = "好的，先不冻结。", "好，那就先不冻结。"


def replaced(*pairs: tuple[str, str]) -> str:
    """Return the flow's text with these changes, each of which is there to be made."""
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def write(page: Page, text: str) -> None:
    """Put this into the editor in place of what is there."""
    page.get_by_role("textbox", name="流程文字").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_a_flow_is_corrected_proved_and_published_while_customers_are_in_it(stage: Stage) -> None:
    before = stage.customer().open()
    expect(before.ask("我的银行卡丢了")).to_contain_text("要我现在就帮您把卡冻结吗")

    desk = stage.agent("孙雯", available=False, reduced_motion="reduce").goto("flows", "流程")
    page = desk.page
    page.get_by_role("link", name="报失银行卡").click()
    expect(page.get_by_role("status").filter(has_text="文字没有问题")).to_be_visible()
    assert violations(page) == []

    # A slip of the pen: where, what, and what to write instead; a click leads there.
    write(page, replaced(("call: freeze_card", "call: freze_card")))
    slips = page.get_by_role("region", name="要改的地方")
    expect(slips).to_contain_text("银行系统里没有“freze_card”这个操作")
    expect(slips).to_contain_text("您要写的是不是“freeze_card”？")
    line = TEXT[: TEXT.index("call: freeze_card")].count("\n") + 1
    expect(slips).to_contain_text(f"第 {line} 行")
    expect(page.get_by_role("button", name="证明", exact=True)).to_be_disabled()
    assert violations(page) == []
    slips.get_by_role("button").click()
    expect(page.get_by_role("textbox", name="流程文字")).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_contain_text("freze_card")

    # Without a way out for who has no card: the proof tells the conversation in which somebody is stuck.
    lost = "  - ask: lost_how\n"
    write(page, replaced(("    none: no_cards\n", ""), (lost, f"  - go: no_cards\n    when: not known(card)\n{lost}")))
    expect(page.get_by_role("status").filter(has_text="文字没有问题")).to_be_visible()
    page.get_by_role("button", name="证明", exact=True).click()
    expect(page.get_by_text("证明没通过")).to_be_visible(timeout=PROOF_MS)
    talk = page.get_by_role("list", name="会出事的一段对话")
    expect(talk).to_contain_text("要我现在就帮您把卡冻结吗")
    expect(talk.get_by_role("listitem").last).to_contain_text("到不了结尾")
    expect(page.get_by_role("button", name="发布")).to_be_disabled()
    assert violations(page) == []

    write(page, replaced((OLD, NEW)))
    page.get_by_role("button", name="证明", exact=True).click()
    expect(page.get_by_text("证明通过")).to_be_visible(timeout=PROOF_MS)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("线上 第 2 版")).to_be_visible()
    assert violations(page) == []
    expect(page.get_by_role("region", name="历史版本")).to_contain_text("孙雯")

    # Who was in the middle of it finishes as it was; who comes now is told in the new words.
    expect(before.ask("先不用")).to_contain_text(OLD)
    after = stage.customer().open()
    expect(after.ask("我的银行卡丢了")).to_contain_text("要我现在就帮您把卡冻结吗")
    expect(after.ask("先不用")).to_contain_text(NEW)


def test_two_editors_and_a_reader_who_changes_nothing(stage: Stage) -> None:
    first = stage.agent("孙雯", available=False).goto("flows/card-report-lost", "报失银行卡").page
    expect(first.get_by_role("status").filter(has_text="文字没有问题")).to_be_visible()
    second = stage.agent("周全", available=False).goto("flows/card-report-lost", "报失银行卡").page
    expect(second.get_by_role("status").filter(has_text="文字没有问题")).to_be_visible()

    def add(page: Page, words: str) -> None:
        page.get_by_role("textbox", name="流程文字").click()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(words)
        page.get_by_role("button", name="保存").click()

    add(first, "# 孙雯写的\n")
    expect(first.get_by_role("status").filter(has_text="都存好了")).to_be_visible()
    add(second, "# 周全写的\n")
    told = second.get_by_role("alert")
    expect(told).to_contain_text("孙雯刚刚也存了这条流程")
    assert violations(second) == []
    second.once("dialog", lambda asked: asked.accept())
    told.get_by_role("button", name="换成对方的").click()
    expect(second.get_by_role("textbox", name="流程文字")).to_contain_text("孙雯写的")
    expect(second.get_by_role("textbox", name="流程文字")).not_to_contain_text("周全写的")

    reader = stage.agent("林悦", available=False).goto("flows/card-report-lost", "报失银行卡").page
    expect(reader.get_by_text("要改请找知识编辑")).to_be_visible()
    for name in ("保存", "证明", "发布"):
        expect(reader.get_by_role("button", name=name, exact=True)).to_have_count(0)
    first.get_by_role("button", name="更多操作").click()
    first.once("dialog", lambda asked: asked.accept())
    first.get_by_role("menuitem", name="扔掉草稿").click()
    expect(first.get_by_text("有草稿")).to_have_count(0)


def test_a_flow_is_begun_from_the_template_and_read_on_a_phone(stage: Stage) -> None:
    page = stage.agent("孙雯", available=False).goto("flows", "流程").page
    page.get_by_role("button", name="新流程").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("代号").fill("card-activate")
    expect(dialog.get_by_role("status")).to_have_text("这个代号已经有了。")
    dialog.get_by_label("代号").fill("leave-a-wish")
    dialog.get_by_label("名称").fill("留个话")
    dialog.get_by_label("由哪个知识点开始").fill("card-pin-forgotten")
    assert violations(page) == []
    dialog.get_by_role("button", name="建草稿").click()
    expect(page).to_have_url(re.compile("/flows/leave-a-wish$"))
    expect(page.get_by_role("status").filter(has_text="文字没有问题")).to_be_visible()
    page.get_by_role("button", name="证明", exact=True).click()
    expect(page.get_by_text("证明通过")).to_be_visible(timeout=PROOF_MS)

    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    steps = page.get_by_role("list", name="流程图")
    expect(steps.get_by_role("listitem").filter(has_text="请客户同意").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(page) == []
    page.get_by_text("看图").click()
    node = page.get_by_role("button", name=re.compile("^请客户同意"))
    node.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_contain_text("id: agree")
    page.set_viewport_size(DESK_SIZE)  # type: ignore[arg-type]
    page.get_by_role("button", name="更多操作").click()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("menuitem", name="扔掉草稿").click()
    expect(page).to_have_url(re.compile("/flows$"))
