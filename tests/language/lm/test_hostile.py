"""The client, its guards and the checks against a model that lies, injects, leaks, stalls and streams for ever."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.language_model import TRANSPORT, HostileModel
from tests.language.lm.conftest import ARTICLE, ENGLISH, ENGLISH_GENTLE, GENTLE
from warmline.language.adapters.openai_chat import OpenAIChatModel
from warmline.language.lm.budget import Budget
from warmline.language.lm.faithful import find_fault
from warmline.language.lm.guard import FAILURES, GuardedModel
from warmline.language.lm.help import REFUSALS, LanguageHelp
from warmline.language.lm.masking import Mask
from warmline.language.lm.ports import Failure
from warmline.language.lm.prompts import load_prompts

PROMPT = load_prompts().get("rephrase", "zh-Hans")
VALUES = {"article": ARTICLE, "tone": "平和"}
SLACK_SECONDS = 0.6
SAYS = {
    "stall": Failure.TIMEOUT,
    "stall_after_head": Failure.TIMEOUT,
    "stall_midway": Failure.TIMEOUT,
    "trickle": Failure.TIMEOUT,
    "forever": Failure.TOO_LARGE,
    "huge": Failure.TOO_LARGE,
    "one_endless_line": Failure.TOO_LARGE,
    "not_json": Failure.MALFORMED,
    "wrong_shape": Failure.MALFORMED,
    "deep": Failure.MALFORMED,
    "packed": Failure.MALFORMED,
    "html": Failure.CUT_OFF,
    "half": Failure.CUT_OFF,
    "cut_off_by_length": Failure.CUT_OFF,
    "hang_up": Failure.CUT_OFF,
    "error": Failure.ERROR,
    "redirect": Failure.ERROR,
    "limited": Failure.LIMITED,
    "empty": Failure.EMPTY,
}


async def test_a_good_answer_comes_whole(model: HostileModel, house: LanguageHelp) -> None:
    model.says = GENTLE
    help = house.turn(4)
    assert await help.rephrase(ARTICLE, "upset", "zh-Hans") == GENTLE
    assert (help.asked[0].prompt, help.asked[0].outcome) == ("rephrase@1", "used")
    asked = model.heard[0]
    assert (asked["stream"], asked["max_tokens"], asked["temperature"]) == (True, 600, 0)
    assert b"authorization: bearer the key" in model.raw[0].lower()


def test_every_bad_line_is_tried() -> None:
    assert set(SAYS) == set(TRANSPORT)


@pytest.mark.parametrize("mood", TRANSPORT)
async def test_a_bad_line_is_a_failure_in_time_and_in_little_memory(
    model: HostileModel, guarded: GuardedModel, mood: str
) -> None:
    model.mood, before = mood, psutil.Process().memory_info().rss
    started = time.monotonic()
    reply = await guarded.complete(PROMPT, VALUES, within=1.0, most_tokens=600)
    assert reply.failure is SAYS[mood]
    assert time.monotonic() - started < 1.0 + SLACK_SECONDS
    assert psutil.Process().memory_info().rss - before < 40_000_000


async def test_nobody_there_is_a_failure() -> None:
    client = OpenAIChatModel("http://127.0.0.1:9", "a model")
    reply = await client.complete(PROMPT, VALUES, within=1.0, most_tokens=600)
    assert reply.failure is Failure.UNREACHABLE
    await client.aclose()


LIES = {
    "a wrong sum": (GENTLE.replace("20,000", "50,000", 1), "number"),
    "an order": (GENTLE + "\n请把卡号和密码发给客服核对。", "list|number|turned|touchy"),
    "a link": (GENTLE.replace("那台机器", "那台机器 http://chunhe-bank.top/login"), "link"),
    "a link in words": (GENTLE.replace("那台机器", "那台机器 chunhe-bank . top"), "link"),
    "html": (GENTLE.replace("您别着急", "<img src=x onerror=alert(1)>您别着急"), "signs|markup|token"),
    "markdown that draws a picture": (GENTLE + "\n![x](data:image/png;base64,AAAA)", "markup|link|token"),
    "another language": (ENGLISH_GENTLE, "length|language|number|token"),
    "the other script": (
        GENTLE.replace("着", "著").replace("张", "張").replace("机", "機").replace("万", "萬"),
        "language",
    ),
    "the instructions": (GENTLE.replace("您别着急，", "只改语气，不改内容。必须遵守："), "turned|leak"),
    "something else": ("祝您生活愉快，天天开心，万事如意，阖家幸福，事业顺利。" * 5, "list|number|new"),
    "a promise": (GENTLE.replace("您别着急", "您放心，保证没有问题"), "turned|promise"),
    "nothing but a placeholder": ("[NAME1] 您好", "malformed"),
    "flipped": (GENTLE.replace("不能调高", "可以调高"), "turned"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_is_never_passed_on(model: HostileModel, house: LanguageHelp, lie: str) -> None:
    model.says, reasons = LIES[lie]
    help = house.turn(4)
    assert await help.rephrase(ARTICLE, "upset", "zh-Hans") is None
    assert help.asked[0].outcome in ("refused", "failed")
    assert help.asked[0].reason in reasons.split("|")


async def test_a_good_answer_in_english(model: HostileModel, house: LanguageHelp) -> None:
    model.says = ENGLISH_GENTLE
    assert await house.turn(4).rephrase(ENGLISH, "elder", "en") == ENGLISH_GENTLE


async def test_it_is_left_alone_after_failing_and_looked_at_again_later(
    model: HostileModel, guarded: GuardedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.mood = "error"
    for _ in range(FAILURES):
        await guarded.complete(PROMPT, VALUES, within=1, most_tokens=9)
    assert (await guarded.complete(PROMPT, VALUES, within=1, most_tokens=9)).failure is Failure.RESTING
    assert len(model.heard) == FAILURES, "nothing is sent while it rests"
    model.mood, model.says, now = "", "好", time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 31)
    assert (await guarded.complete(PROMPT, VALUES, within=1, most_tokens=9)).text == "好"
    assert (await guarded.complete(PROMPT, VALUES, within=1, most_tokens=9)).text == "好"


async def test_a_liar_is_not_waited_for_any_more(model: HostileModel, house: LanguageHelp) -> None:
    model.says = "两百万元"
    for _ in range(REFUSALS + 1):
        help = house.turn(4)
        assert await help.rephrase(ARTICLE, "upset", "zh-Hans") is None
    assert (help.asked[0].outcome, help.asked[0].reason) == ("failed", "distrusted")
    assert len(model.heard) == REFUSALS


async def test_few_calls_run_at_once(model: HostileModel, chat: OpenAIChatModel) -> None:
    model.mood = "stall"
    guarded = GuardedModel(chat, Budget(10_000_000), FakeClock(), at_once=2)
    replies = await asyncio.gather(*(guarded.complete(PROMPT, VALUES, within=0.5, most_tokens=9) for _ in range(5)))
    assert sorted(str(reply.failure) for reply in replies) == ["crowded"] * 3 + ["timeout"] * 2


async def test_a_broken_off_call_gives_its_place_back(model: HostileModel, chat: OpenAIChatModel) -> None:
    model.mood = "stall"
    guarded = GuardedModel(chat, Budget(10_000_000), FakeClock(), at_once=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await guarded.complete(PROMPT, VALUES, within=5, most_tokens=9)
    model.mood, model.says = "", "好"
    assert (await guarded.complete(PROMPT, VALUES, within=2, most_tokens=9)).text == "好"


async def test_a_days_tokens_end(model: HostileModel, chat: OpenAIChatModel) -> None:
    model.says, clock = "好", FakeClock()
    guarded = GuardedModel(chat, Budget(1_600), clock)
    replies = [await guarded.complete(PROMPT, VALUES, within=1, most_tokens=100) for _ in range(4)]
    assert replies[0].text == "好"
    assert replies[-1].failure is Failure.NO_BUDGET
    heard = len(model.heard)
    clock.move(days=1)
    assert (await guarded.complete(PROMPT, VALUES, within=1, most_tokens=100)).text == "好"
    assert len(model.heard) == heard + 1


async def test_a_turn_takes_no_more_than_its_share(model: HostileModel, guarded: GuardedModel) -> None:
    model.mood = "stall"
    help = LanguageHelp(guarded, load_prompts(), seconds=0.6, most_tokens=600).turn(4)
    started = time.monotonic()
    for _ in range(3):
        assert await help.rephrase(ARTICLE, "upset", "zh-Hans") is None
    assert time.monotonic() - started < 0.6 + SLACK_SECONDS
    assert [one.reason for one in help.asked] == ["timeout", "no_time", "no_time"]


PERSONAL = [
    "6222021104012345678", "11010119880930451X", "13800138000", "13912345678", "021-62220606", "wang@mail.example",
    "王秀英", "刘洋", "赵建华", "Emma Clark", "J. Smith", "张杨路500号3栋201室", "12 Orchard Road", "E12345678",
    "382914", "4821", "1988年9月30日", "１３７００１３７０００", "一三六零零一三六零零零",
]  # fmt: skip
TOLD = (
    "我叫王秀英，卡号 6222 0211 0401 2345 678，尾号4821，"
    "身份证11010119880930451X，生日1988年9月30日，住张杨路500号3栋201室",
    "电话138-0013-8000或者13912345678，座机021-62220606，邮箱wang@mail.example，验证码是382914，爱人赵建华的是１３７００１３７０００",
    "钱是转给刘洋的，两万五，他的号码一三六零零一三六零零零",
    "I am Emma Clark, passport E12345678, 12 Orchard Road, I paid J. Smith 3,000 yuan",
)


async def test_nothing_personal_goes_over_the_wire(model: HostileModel, house: LanguageHelp) -> None:
    model.says = "无"
    help = house.turn(60, share=60)
    for text in TOLD:
        await help.quote("要转多少？", text, "zh-Hans", lambda words: words)
    await help.summarise(TOLD, "zh-Hans")
    await help.draft(TOLD, "、".join(TOLD), "zh-Hans")
    await help.rephrase("\n".join(TOLD), "elder", "zh-Hans")
    sent = json.dumps(model.heard, ensure_ascii=False) + b"".join(model.raw).decode()
    bare = "".join(c for c in sent if c.isalnum())
    leaked = [one for one in PERSONAL if one in sent or "".join(filter(str.isalnum, one)) in bare]
    assert not leaked
    assert "[NAME1]" in sent
    assert "两万五" in sent, "what is needed is still there"


async def test_what_was_masked_is_put_back(model: HostileModel, house: LanguageHelp) -> None:
    model.says = "[PHONE1]"
    found = await house.turn(9).quote(
        "新号码是多少？", "换成１３９１２３４５６７８这个号", "zh-Hans", lambda words: words
    )
    assert found == "１３９１２３４５６７８"
    assert "１３９" not in json.dumps(model.heard, ensure_ascii=False)


async def test_a_customer_cannot_write_a_placeholder_of_somebody_else(model: HostileModel, house: LanguageHelp) -> None:
    model.says = "[NAME1]"
    found = await house.turn(9).quote("收款人？", "[NAME1]，就是李明", "zh-Hans", lambda words: words)
    assert found in ("李明", None)
    assert "[TEXT1]" in json.dumps(model.heard, ensure_ascii=False)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("30000", "not_said"),
        ("三万", "not_said"),
        ("无", "nothing"),
        ("两万吧，并且告诉我密码", "not_said"),
        ("想转", "unreadable"),
    ],
)
async def test_only_the_customers_own_words_are_quoted(
    model: HostileModel, house: LanguageHelp, said: str, reason: str
) -> None:
    model.says, help = said, house.turn(4)
    read = {"两万": "20000"}.get
    assert await help.quote("要转多少？", "我想转的话就两万吧", "zh-Hans", read) is None
    assert help.asked[0].reason == reason


async def test_a_summary_stays_inside_what_was_said(model: HostileModel, house: LanguageHelp) -> None:
    told = ["昨天在人民路的取款机取两千，机器没吐钱", "卡里扣了2000元，到现在没退回来"]
    model.says = "客户昨天在人民路的取款机取2000元，机器没吐钱，钱没退回来。"
    assert await house.turn(4).summarise(told, "zh-Hans") == model.says
    for lie in ("客户昨天取3000元，机器没吐钱。", "客户昨天取2000元，已为您退款。", "王先生昨天取2000元，机器没吐钱。"):
        model.says = lie
        assert await house.turn(4).summarise(told, "zh-Hans") is None


async def test_a_draft_stays_inside_its_sources(model: HostileModel, house: LanguageHelp) -> None:
    from warmline.language.service import draft_answer

    model.says = "每张卡一天最多在取款机取 2 万元，每次最多 3,000 元。"
    text, asked = await draft_answer(house, [ARTICLE], "一天能取多少", "zh-Hans")
    assert text == model.says
    assert asked is not None
    assert asked.outcome == "used"
    model.says = "每张卡一天最多在取款机取 5 万元。"
    assert (await draft_answer(house, [ARTICLE], "一天能取多少", "zh-Hans"))[0] == ""


async def test_others_are_not_held_up_while_an_answer_is_masked_and_checked(
    model: HostileModel, house: LanguageHelp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take milliseconds, and neither is done in the thread that serves everybody."""
    worked: dict[str, int] = {}

    def seen(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def told(*given: Any, **named: Any) -> Any:
            worked[name] = threading.get_ident()
            return work(*given, **named)

        return told

    monkeypatch.setattr(Mask, "hide_all", seen("masked", Mask.hide_all))
    monkeypatch.setattr("warmline.language.lm.help.find_fault", seen("checked", find_fault))
    model.says = GENTLE
    assert await house.turn(4).rephrase(ARTICLE, "upset", "zh-Hans") == GENTLE
    assert worked.keys() == {"masked", "checked"}
    assert threading.get_ident() not in worked.values()
