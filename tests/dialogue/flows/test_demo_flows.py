"""The demo's twelve flows, each outcome by a conversation as customers have it, over the real core banking."""

from __future__ import annotations

import pytest

from tests.dialogue.flows.conftest import Opened
from tests.dialogue.flows.talk import DEMO, Refusing, Talk, Turn, read_demo_flows, read_policy
from tests.fakes.core_banking import CoreBanking
from warmline.connectors.service import ActionService
from warmline.dialogue.decisions import Answer, Close, HandOff
from warmline.dialogue.flows.checks import check_flow
from warmline.dialogue.flows.engine import AskSlot
from warmline.dialogue.flows.loader import load_flow

CODE = "<the code that was sent last>"
WANG, LI, CHEN, ZHOU, EMMA, ZHANG = (f"CH-100{n}" for n in range(1, 7))
"""Who they are is in `demo/core_banking/accounts.yaml`."""


async def play(talk: Talk, *lines: str) -> Turn:
    """Say the lines one after another; return what came back last."""
    for line in lines:
        turn = await (talk.code() if line == CODE else talk.say(line))
    return turn


OUTCOMES = [
    ("card-report-lost", "", ("我的卡不见了怎么办啊", "是", "4821", CODE, "储蓄卡"), "frozen"),
    ("card-report-lost", WANG, ("钱包丢了，卡在里面", "先别冻"), "kept"),
    ("card-unblock", CHEN, ("卡找到了，帮我解冻", CODE, "好，解开吧"), "unblocked"),
    ("card-unblock", EMMA, ("挂失的信用卡找到了，帮我解开", CODE, "是的"), "cooling_off"),
    ("card-unblock", WANG, ("帮我把卡解冻一下", CODE), "not_frozen"),
    ("card-unblock", CHEN, ("帮我把卡解冻一下", "手机不在身边"), "branch"),
    ("card-unblock", CHEN, ("帮我把卡解冻一下", CODE, "先不解了吧，还没找着"), "kept"),
    ("card-activate", CHEN, ("新信用卡怎么激活", "好的，帮我弄", CODE, "激活吧"), "activated"),
    ("card-activate", LI, ("帮我激活信用卡", CODE), "already_active"),
    ("card-activate", CHEN, ("帮我激活新卡", CODE, "先不用"), "kept"),
    ("balance-recent", WANG, ("帮我看看卡里还有多少钱", CODE, "活期那个"), "told"),
    ("balance-recent", LI, ("最近几笔交易帮我查查", CODE, "工资卡"), "told"),
    ("balance-recent", WANG, ("查余额", "收不到验证码"), "not_identified"),
    ("transfer-trace", LI, ("我转给刘洋两万五他没收到，帮我查查", CODE, "追查吧"), "traced"),
    ("transfer-trace", LI, ("我转给刘洋两万五他没收到，帮我查查", CODE, "那先等等，不用追查"), "processing"),
    ("transfer-trace", LI, ("帮我查笔转账", CODE, "转给李建国那笔"), "arrived"),
    ("transfer-trace", EMMA, ("帮我查一下转账怎么退回来了", "好", CODE), "returned"),
    ("dispute-open", LI, ("信用卡上优选商城扣了我两次，帮我登记", CODE, "八点零四那笔", "对"), "opened"),
    ("dispute-open", LI, ("有一笔不是我刷的，请帮我查", CODE, "加油站那笔", "没错", "冻结"), "opened"),
    ("dispute-open", LI, ("有笔不认识的，帮我登记", CODE, "219块9那笔", "对", "不用冻结"), "opened"),
    ("dispute-open", LI, ("帮我登记一笔争议", CODE, "刘洋那笔", "金额不对", "对的"), "not_booked"),
    ("limit-change", WANG, ("帮我把转账限额调低", "五千", "对"), "lowered"),
    ("limit-change", WANG, ("帮我把手机转账关掉", "是的"), "lowered"),
    ("limit-change", ZHOU, ("帮我把限额调到两万", CODE, "是我自己要调"), "raised_tomorrow"),
    ("limit-change", ZHOU, ("帮我把限额调到两万", "旧手机丢了，收不到"), "branch"),
    ("limit-change", ZHOU, ("帮我把限额调到五十万",), "branch"),
    ("limit-change", ZHOU, ("帮我调一下限额", "5000"), "same"),
    ("machine-claim", LI, ("取钱没出来，两千块，就人民路支行2号机", "25号", "对的"), "opened"),
    ("instalment-quote", "", ("帮我算下6000分12期", ), "quoted"),
    ("instalment-quote", "", ("分期手续费多少", "算吧", "三百块", "分三期"), "too_small"),
    ("instalment-quote", ZHOU, ("帮我算三千分半年",), "too_large"),
    ("prepayment-quote", LI, ("我想提前还房贷，帮我算算", CODE, "还五万", "12月20号"), "quoted"),
    ("prepayment-quote", LI, ("帮我算一下春和e贷全部还清", CODE, "今天"), "quoted"),
    ("prepayment-quote", LI, ("我想提前还房贷，帮我算算", CODE, "五千吧", "12月20号"), "too_small"),
    ("prepayment-quote", LI, ("我想提前还房贷，帮我算算", CODE, "还五万", "下周三"), "too_early"),
    ("prepayment-quote", LI, ("我想把房贷还清，帮我算算", CODE, "下周三"), "too_early"),
    ("prepayment-quote", WANG, ("帮我算提前还贷", CODE), "no_loan"),
    ("branch-visit", "", ("帮我约徐家汇的网点", "下周二", "上午十点半", "补存折", "对"), "booked"),
    ("phone-update", WANG, ("我要改手机号", CODE, "139 1111 2222", "对", CODE), "changed_tomorrow"),
    ("phone-update", WANG, ("帮我换手机号", "旧手机丢了收不到"), "branch"),
]  # fmt: skip


@pytest.mark.parametrize(("flow_id", "ref", "lines", "outcome"), OUTCOMES)
async def test_outcome(talk_to: Opened, flow_id: str, ref: str, lines: tuple[str, ...], outcome: str) -> None:
    talk = talk_to(flow_id, ref=ref)
    assert (await play(talk, *lines)).outcome == outcome
    asked = [turn.asked for turn in talk.turns if turn.asked]
    assert len(asked) == len(set(asked)), "nothing is asked twice"


async def test_already_open_claim_gives_the_first_reference(talk_to: Opened, core_banking: CoreBanking) -> None:
    lines = ("取款机没出钱，2000块，人民路支行", "25号", "对")
    first = await play(talk_to("machine-claim", ref=LI), *lines)
    again = await play(talk_to("machine-claim", ref=LI), *lines)
    assert (first.outcome, again.outcome) == ("opened", "already_open")
    reference = first.text.split("受理编号：")[1][:12]
    assert reference in again.text
    assert core_banking.deeds() == ["open_machine_claim"]


async def test_already_open_dispute_gives_the_first_reference(talk_to: Opened) -> None:
    lines = ("有一笔扣了两次，帮我登记", CODE, "20:04那笔", "对")
    first = await play(talk_to("dispute-open", ref=LI), *lines)
    again = await play(talk_to("dispute-open", ref=LI), *lines)
    assert again.outcome == "already_open"
    assert first.text.split("受理编号：")[1][:12] in again.text


async def test_dispute_after_sixty_days_is_too_late(talk_to: Opened, core_banking: CoreBanking) -> None:
    core_banking.reset("2027-02-10T10:00:00+08:00")
    talk = talk_to("dispute-open", ref=LI)
    turn = await play(talk, "有一笔扣了两次，帮我登记", CODE, "20:04那笔", "对")
    assert turn.outcome == "too_late"
    assert "60 天" in turn.text


REFUSALS = [
    ("card-activate", "activate_card", "expired", ("帮我激活新卡", CODE, "激活吧"), "expired", "180 天"),
    (
        "card-activate",
        "activate_card",
        "already_active",
        ("帮我激活新卡", CODE, "激活吧"),
        "already_active",
        "已经激活",
    ),
    ("card-unblock", "unblock_card", "branch_only", ("帮我解冻", CODE, "好"), "branch", "书面挂失"),
    ("card-unblock", "unblock_card", "not_frozen", ("帮我解冻", CODE, "好"), "not_frozen", "不用解"),
    ("limit-change", "change_limit", "branch_only", ("帮我调低限额", "3000", "对"), "branch", "带身份证"),
]


@pytest.mark.parametrize(("flow_id", "action", "code", "lines", "outcome", "said"), REFUSALS)
async def test_refusal_the_bank_gives_only_in_time(
    talk_to: Opened, flow_id: str, action: str, code: str, lines: tuple[str, ...], outcome: str, said: str
) -> None:
    talk = talk_to(flow_id, ref=CHEN)
    talk.actions = Refusing(talk.actions, action, code)
    turn = await play(talk, *lines)
    assert (turn.outcome, said in turn.text) == (outcome, True)


async def test_refusal_without_a_word_of_its_own_brings_a_person(talk_to: Opened) -> None:
    talk = talk_to("card-activate", ref=CHEN)
    talk.actions = Refusing(talk.actions, "activate_card", "frozen")
    assert (await play(talk, "帮我激活新卡", CODE, "激活吧")).person == "action_frozen"


async def test_time_that_was_just_taken_is_told_and_another_asked(talk_to: Opened) -> None:
    lines = ("帮我约徐家汇的网点", "下周二", "上午十点半", "补存折", "对")
    late = talk_to("branch-visit")
    await play(late, *lines[:-1])
    assert (await play(talk_to("branch-visit"), *lines)).outcome == "booked"
    turn = await late.say("对")
    assert (turn.asked, "约走" in turn.text) == ("time", True)
    assert "10:30" not in turn.shown
    assert (await play(late, "那十一点", "对")).outcome == "booked"


async def test_wrong_code_of_the_new_number_three_times_ends_kindly(talk_to: Opened) -> None:
    talk = talk_to("phone-update", ref=WANG)
    turn = await play(talk, "帮我换手机号", CODE, "13911112222", "对", "111111", "222222")
    assert turn.asked == "new_code"
    assert (await talk.say("333333")).outcome == "branch"


async def test_freezing_after_a_transaction_of_somebody_else(talk_to: Opened, core_banking: CoreBanking) -> None:
    talk = talk_to("dispute-open", ref=LI)
    turn = await play(talk, "信用卡上有一笔不是我刷的，请帮我查", CODE, "加油站", "对", "冻结吧")
    assert core_banking.deeds() == ["open_dispute", "freeze_card"]
    assert "3308" in turn.text
    assert "要我现在把这张卡冻结吗" in talk.turns[-2].text


async def test_two_thousand_kept_fills_sum_and_place_and_leaves_open_which_way(talk_to: Opened) -> None:
    talk = talk_to("machine-claim", ref=LI)
    assert (await talk.say("两千块被吞了，人民路那台")).asked == "kind"
    assert (await talk.say("取钱")).asked == "date"
    turn = await talk.say("前天晚上")
    for told in ("人民路", "2,000 元", "11月26日"):
        assert told in turn.text


async def test_kind_is_put_right_out_of_turn(talk_to: Opened) -> None:
    turn = await play(talk_to("machine-claim", ref=LI), "两千块被吞了，人民路那台", "我是取钱的时候", "25号")
    assert "取钱没出来" in turn.text


async def test_correction_in_the_middle_is_confirmed_anew(talk_to: Opened, core_banking: CoreBanking) -> None:
    talk = talk_to("machine-claim", ref=LI)
    turn = await play(talk, "取钱没出来，两千块，人民路支行", "25号", "不对，是1500")
    assert (turn.asked, "1,500 元" in turn.text) == ("agree", True)
    assert core_banking.deeds() == []
    assert (await talk.say("对的，没错")).outcome == "opened"


async def test_going_back_asks_for_the_last_again(talk_to: Opened) -> None:
    talk = talk_to("machine-claim", ref=LI)
    turn = await play(talk, "取钱没出来，两千块", "25号", "返回上一步")
    assert turn.asked == "date"
    assert (await talk.say("24号")).asked == "place"


async def test_what_is_done_is_never_told_as_left(talk_to: Opened, core_banking: CoreBanking) -> None:
    talk = talk_to("card-report-lost", ref=LI)
    assert (await play(talk, "钱包丢了，卡在里面", "冻结", "信用卡")).outcome == "frozen"
    turn = await talk.say("不对，先不冻结")
    assert isinstance(turn.decision, Close)
    assert ([one.key for one in turn.decision.lines], turn.text) == (["flow_cancelled_done"], "")
    assert len(core_banking.deeds()) == 1


async def test_cancel_says_that_nothing_has_changed(talk_to: Opened, core_banking: CoreBanking) -> None:
    turn = await play(talk_to("limit-change", ref=WANG), "帮我把转账限额调低", "五千", "算了不办了")
    assert turn.outcome in ("cancelled", "kept")
    assert core_banking.deeds() == []


async def test_nonsense_twice_brings_a_person(talk_to: Opened) -> None:
    talk = talk_to("limit-change", ref=WANG)
    await play(talk, "帮我把转账限额调低", "阿巴阿巴")
    assert not talk.turns[-1].person
    assert (await talk.say("咕噜咕噜")).person == "not_understood_2_times"


async def test_side_question_is_answered_and_the_flow_goes_on(talk_to: Opened) -> None:
    talk = talk_to("card-report-lost", ref=WANG)
    await play(talk, "我的卡不见了", "好，冻结")
    aside = await talk.say("补卡要多少钱啊", about="fee-debit-replacement")
    assert isinstance(aside.decision, Answer)
    assert aside.asked == "card"
    assert (await talk.say("储蓄卡")).outcome == "frozen"


async def test_without_the_phone_two_questions_are_enough_to_protect(
    talk_to: Opened, core_banking: CoreBanking
) -> None:
    talk = talk_to("card-report-lost")
    turn = await play(talk, "我的卡不见了怎么办啊", "是", "4821", "手机在家里", "0426", "1954年4月12号", "借记卡那张")
    assert turn.outcome == "frozen"
    assert core_banking.deeds() == ["freeze_card"]


async def test_phone_that_gets_no_texts_is_never_waited_for(talk_to: Opened) -> None:
    talk = talk_to("card-report-lost")
    turn = await play(talk, "我要挂失，卡丢了", "3391")
    assert turn.asked == "id_last4"
    assert (await play(talk, "221X", "1949年10月1日")).outcome == "frozen"


async def test_wrong_answers_close_the_way_and_bring_a_person(talk_to: Opened) -> None:
    talk = talk_to("card-report-lost")
    turn = await play(talk, "卡丢了，帮我冻结", "4821", "没带手机", "1111", "1954年4月12日", "2222", "1954年4月12日")
    assert turn.asked == "id_last4"
    assert (await play(talk, "3333", "1954年4月12日")).person == "not_identified"


async def test_wrong_code_is_said_kindly_and_asked_again(talk_to: Opened) -> None:
    turn = await play(talk_to("balance-recent", ref=WANG), "查余额", "111111")
    assert turn.asked == "code"
    assert "没关系" in turn.text


async def test_deed_whose_answer_is_lost_is_told_as_it_is(talk_to: Opened, core_banking: CoreBanking) -> None:
    talk = talk_to("machine-claim", ref=LI)
    await play(talk, "取钱没出来，两千块，人民路支行", "25号")
    core_banking.fault("lost_answer", "open_machine_claim")
    turn = await talk.say("对")
    assert (turn.person, turn.calls) == ("action_unknown", ("open_machine_claim",))
    assert isinstance(turn.decision, HandOff)
    assert turn.decision.say == "action_unknown"
    assert core_banking.deeds() == ["open_machine_claim"]


async def test_failed_reading_brings_a_person(talk_to: Opened, core_banking: CoreBanking) -> None:
    core_banking.fault("wrong_schema", "list_accounts")
    assert (await play(talk_to("balance-recent", ref=WANG), "查余额", CODE)).person == "action_failed"


async def test_two_that_fit_are_shown_alone_and_picked_by_place(talk_to: Opened) -> None:
    talk = talk_to("dispute-open", ref=LI)
    turn = await play(talk, "有一笔扣了两次，帮我登记", CODE, "优选商城的")
    assert isinstance(turn.asks, AskSlot)
    assert len(turn.shown) == 2
    assert "20:03" in (await talk.say("第二个")).text


async def test_list_without_the_right_one_brings_a_person(talk_to: Opened) -> None:
    assert (
        await play(talk_to("transfer-trace", ref=LI), "帮我查笔转账", CODE, "都不是")
    ).person == "transfer_not_found"


async def test_quote_is_worked_out_again_for_another_number(talk_to: Opened) -> None:
    talk = talk_to("instalment-quote")
    turn = await play(talk, "帮我算下6000分12期", "那24期呢")
    assert "6,000 元分 24 期" in turn.text
    assert "5,000 元分 24 期" in (await talk.say("换成五千")).text


async def test_day_without_free_times_asks_for_another(talk_to: Opened) -> None:
    talk = talk_to("branch-visit")
    turn = await play(talk, "帮我约徐家汇的网点，明天上午")
    assert turn.asked == "date"
    assert "周日" in turn.text
    assert (await talk.say("下周二")).asked == "time"


async def test_taken_number_is_asked_anew(talk_to: Opened) -> None:
    turn = await play(talk_to("phone-update", ref=WANG), "帮我换手机号", CODE, "13800001002", "对")
    assert turn.asked == "new_phone"
    assert "别的客户" in turn.text


async def test_who_names_the_sum_and_the_months_is_not_offered_what_they_want_but_given_it(talk_to: Opened) -> None:
    talk = talk_to("instalment-quote")
    assert (await talk.say("6000块分12期手续费多少？")).outcome == "quoted"


@pytest.mark.parametrize("locale", ["zh-Hant", "en"])
async def test_other_languages(talk_to: Opened, locale: str) -> None:
    words = {"zh-Hant": ("我的卡不見了", "好，凍結", "信用卡"), "en": ("I lost my card", "yes", "the credit card")}
    turn = await play(talk_to("card-report-lost", ref=WANG, locale=locale), *words[locale])
    assert turn.outcome == "frozen"
    assert {"zh-Hant": "末四碼 7730", "en": "ending 7730"}[locale] in turn.text


async def test_flows_of_the_demo_have_nothing_wrong(actions: ActionService) -> None:
    articles = {path.stem for path in (DEMO / "articles").rglob("*.md")}
    policy, known = read_policy(), actions.known()
    flows = read_demo_flows()
    assert len(flows) == 12
    for name in flows:
        flow, source = load_flow((DEMO / "flows" / f"{name}.yaml").read_text(encoding="utf-8"), name)
        assert check_flow(flow, source, policy, known, articles) == []


async def test_what_somebody_has_not_got_is_asked_by_no_other_way(talk_to: Opened) -> None:
    talk = talk_to("card-report-lost", ref="")
    turn = await play(talk, "卡丢了", "冻结", "不记得尾号了")
    assert turn.person == "not_identified"
    assert "400-800-3737" in turn.text
