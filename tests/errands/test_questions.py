"""Stories 3 and 4, with every article of the demo: slang in two scripts, follow-ups; and what nobody here knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.axe import violations
from tests.browser.bank import Bank, found_bank
from tests.browser.stage import Stage, founding, playing

pytestmark = pytest.mark.timeout(300)
LAUNCHER = {"zh-Hans": "在线客服", "zh-Hant": "線上客服", "en": "Help & chat"}
UNKNOWN = "春和航天卡有机场贵宾厅吗"
LIKE_IT = ("航天卡能进机场休息室不", "听说你们出了张航天卡，候机能进VIP室？", "航太卡有沒有機場貴賓室")
TOLD = "航天卡不是我们行发行的卡，带机场贵宾厅的是春和金信用卡。"


@pytest.fixture(scope="module")
def whole_bank() -> Iterator[Bank]:
    """The bank with all it knows."""
    with founding(lambda folder: found_bank(folder, flows=True, whole=True)) as founded, founded as bank:
        bank.start()
        yield bank


@pytest.fixture
def stage(chromium: Browser, whole_bank: Bank) -> Iterator[Stage]:
    with playing(chromium, whole_bank) as stage:
        yield stage


def sources(within: Locator) -> Locator:
    return within.locator("details.sources")


@pytest.mark.parametrize(
    ("lang", "asked", "first", "second", "then", "instalments", "thanks", "welcome"),
    [
        (
            "zh-Hans", "花唄能還你們信用卡嗎 手续费多少 在线等", "花呗、白条能用来还信用卡吗", "手续费多少",
            "那分期呢", "信用卡分期手续费是多少", "谢啦", "不客气",
        ),
        (
            "zh-Hant", "花唄能還你們信用卡嗎？手續費多少？", "花唄、白條能用來還信用卡嗎", "手續費多少",
            "那分期呢", "信用卡分期手續費是多少", "謝啦", "不客氣",
        ),
    ],
)  # fmt: skip
def test_two_questions_in_slang_a_follow_up_and_thanks(
    stage: Stage, lang: str, asked: str, first: str, second: str, then: str, instalments: str, thanks: str, welcome: str
) -> None:
    student = stage.customer(f"/bank.html?lang={lang}").open(LAUNCHER[lang])
    student.say(asked)
    replies = student.from_assistant
    expect(replies).to_have_count(2)
    expect(sources(replies.nth(0))).to_contain_text(first)
    expect(sources(replies.nth(1))).to_contain_text(second)
    expect(replies.nth(0)).to_contain_text("不能")
    expect(replies.nth(1)).to_contain_text("0.1%")
    student.say(then)
    expect(sources(replies.nth(2))).to_contain_text(instalments)
    expect(replies.nth(2)).to_contain_text("0.55%")
    thanked = student.ask(thanks)
    expect(thanked).to_contain_text(welcome)
    expect(thanked.get_by_role("button")).to_have_count(0)
    expect(student.status).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "asked", "then", "title"),
    [
        ("zh-Hans", "储蓄卡丢了补卡多少钱", "信用卡呢", "补办信用卡收多少工本费"),
        ("zh-Hans", "取款机每天最多能取多少", "换成境外呢", "在国外怎么用取款机取现金"),
        ("zh-Hans", "日日宝是什么产品", "那稳盈呢", "春和稳盈180天是什么产品"),
        ("zh-Hant", "房貸提前還款要違約金嗎", "換成車貸呢", "車貸提前還清"),
        ("en", "What time do branches open?", "how about Sundays", "Are branches open on Sundays"),
        ("en", "What does a replacement debit card cost?", "and a credit card?", "replacement credit card"),
    ],
)
def test_a_follow_up_asks_the_same_of_something_else(
    stage: Stage, lang: str, asked: str, then: str, title: str
) -> None:
    customer = stage.customer(f"/bank.html?lang={lang}").open(LAUNCHER[lang])
    customer.ask(asked)
    customer.say(then)
    expect(sources(customer.chat).filter(has_text=title)).to_have_count(1)


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


def test_the_question_of_many_is_one_row_with_what_a_colleague_said_as_a_draft(stage: Stage) -> None:
    for question in LIKE_IT[1:]:
        expect(stage.customer().open().ask(question)).to_contain_text("答不准")
    asker = stage.customer().open()
    asker.ask(LIKE_IT[0])
    colleague = stage.agent("陈曦")
    conversation = asker.wait_in_queue()
    colleague.accept(conversation)
    for words in ("您好，我是陈曦，您问的我看到了。", TOLD):
        colleague.say(words)
    expect(asker.from_person).to_have_count(2)
    asker.say("那短信通知怎么关")
    expect(colleague.message("那短信通知怎么关")).to_have_count(1)
    colleague.say("短信通知在手机银行的“消息设置”里就能关掉。")
    editor = stage.agent("孙雯", available=False).goto("knowledge?tab=gaps", "知识").page
    row = editor.get_by_role("listitem").filter(has=editor.get_by_role("button", name="写成知识点"))
    expect(row).to_have_count(1)
    row.get_by_text("种问法").click()
    for question in LIKE_IT:
        expect(row).to_contain_text(question)
    expect(row.get_by_role("blockquote")).to_have_text(TOLD)
    expect(row).to_contain_text("陈曦")
    assert violations(editor) == []
    row.get_by_role("button", name="写成知识点").click()
    expect(editor).to_have_url(f"{stage.bank.base}/desk/knowledge/new")
    question, similar = editor.get_by_label("标准问").input_value(), editor.get_by_label("相似问").input_value()
    assert set(LIKE_IT) <= {question, *similar.split("\n")}
    expect(editor.get_by_label("答案", exact=True).first).to_have_value(TOLD)
    expect(editor.get_by_text("请核对、改成对谁都适用的说法再发布")).to_be_visible()
    editor.reload()
    expect(editor.get_by_label("答案", exact=True).first).to_have_value(TOLD)
    editor.get_by_label("分类").fill("cards")
    editor.get_by_role("button", name="保存").click()
    expect(editor).to_have_url(re.compile(r"/knowledge/a/article-\w+$"))
    expect(editor.get_by_text("草稿", exact=True)).to_be_visible()
    reader = colleague.goto("knowledge?tab=gaps", "知识").page
    expect(reader.get_by_role("link", name="看会话")).to_have_attribute("href", f"/desk/c/{conversation}")
    expect(reader.get_by_role("button", name="写成知识点")).to_have_count(0)
