"""Stories 3 and 4: slang in two scripts, two questions at once; and what nobody here knows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(300)
UNKNOWN = "春和航天卡有机场贵宾厅吗"


def test_two_questions_in_slang_a_follow_up_and_thanks(stage: Stage) -> None:
    student = stage.customer().open()
    student.say("花唄能還你們信用卡嗎 手续费多少 在线等")
    replies = student.from_assistant
    expect(replies).to_have_count(2)
    expect(replies.nth(0)).to_contain_text("先说第一件")
    expect(replies.nth(1)).to_contain_text("再说第二件")
    for reply in replies.all():
        expect(reply.locator("details.sources, .choice").first).to_contain_text("信用卡")
    expect(student.ask("那分期呢")).to_contain_text("分期")
    thanked = student.ask("谢啦")
    expect(thanked).to_contain_text("不客气")
    expect(thanked.get_by_role("button", name="是", exact=True)).to_have_count(0)
    expect(student.status).to_have_count(0)


def test_a_product_that_does_not_exist_is_owned_up_to_and_the_editor_sees_the_gap(stage: Stage) -> None:
    customer = stage.customer().open()
    said = customer.ask(UNKNOWN)
    expect(said).to_contain_text("这个问题我答不准，不想乱说")
    expect(said.get_by_role("group", name="请选一个").get_by_role("button").first).to_be_visible()
    expect(said.get_by_role("button", name="找人工帮我")).to_be_visible()
    customer.say(UNKNOWN + "？")
    expect(customer.status).to_be_visible()
    editor = stage.agent("孙雯", available=False).goto("knowledge?tab=gaps", "知识")
    gap = editor.page.get_by_role("listitem").filter(has_text=UNKNOWN)
    expect(gap).to_have_count(1)
    expect(gap).to_contain_text("2")
