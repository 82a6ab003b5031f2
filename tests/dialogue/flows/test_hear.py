"""What a flow hears: answers, what is told in passing, corrections, and questions that are no answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.flows.small import NOW, parcel
from tests.dialogue.flows.talk import read_demo_flows, read_policy
from warmline.dialogue.flows.engine import AskSlot, list_shown
from warmline.dialogue.flows.hear import Listening, hear, hear_opening
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.schema import Slot
from warmline.dialogue.flows.values import read_slot
from warmline.language.service import Act

FLOWS, POLICY = read_demo_flows(), read_policy()
ASK = {"zh-Hans": "问", "zh-Hant": "問", "en": "ask"}


def told(flow_id: str, words: str) -> dict[str, str]:
    return {name: one.value for name, one in hear_opening(words, FLOWS[flow_id], POLICY, NOW).items()}


@pytest.mark.parametrize(
    ("flow_id", "words", "expected"),
    [
        ("machine-claim", "两千块被吞了，人民路那台", {"amount": "2000.00", "place": "人民路"}),
        ("machine-claim", "昨天在人民路支行2号机取两千没出钱",
         {"kind": "withdrawal", "amount": "2000.00", "date": "2026-11-27", "place": "人民路支行2号机"}),
        ("machine-claim", "the ATM at Renmin Road didn't dispense the 500 yuan yesterday",
         {"kind": "withdrawal", "amount": "500.00", "date": "2026-11-27", "place": "Renmin Road"}),
        ("machine-claim", "吞了我2000", {"amount": "2000.00"}),
        ("machine-claim", "尾号6615的卡取钱没出来", {"kind": "withdrawal", "card_last4": "6615"}),
        ("machine-claim", "6615那张卡取钱没出来", {"kind": "withdrawal", "card_last4": "6615"}),
        ("machine-claim", "前天我去中山公園支行存六千塊，鈔票點完螢幕就當掉，到今天帳戶都沒有這筆",
         {"kind": "deposit", "amount": "6000.00", "date": "2026-11-26", "place": "中山公園支行"}),
        ("machine-claim", "I put 1,500 in yesterday, not sure what the branch is called, the one on Renmin Road",
         {"kind": "deposit", "amount": "1500.00", "date": "2026-11-27", "place": "Renmin Road"}),
        ("card-activate", "9046 新卡 开一下", {"card_last4": "9046"}),
        ("card-unblock", "解除挂失，2257，卡找回来了", {"card_last4": "2257"}),
        ("card-unblock", "2025年办的卡，解除挂失", {}),
        ("dispute-open", "信用卡11号半夜被刷了2899，我睡着了", {"reason": "not_mine"}),
        ("limit-change", "手機轉帳調降，最好一塊錢都轉不出去", {"new_limit": "0"}),
        ("instalment-quote", "pay off 380 from my card bill in like three chunks", {"amount": "380.00", "months": "3"}),
        ("instalment-quote", "a grand and a half over a year", {"amount": "1500.00", "months": "12"}),
        ("limit-change", "手机一天只让转五千 转不出去 放宽点", {}),
        ("limit-change", "楼里有人被骗走八万，把每天能转的弄少一点", {}),
        ("limit-change", "nobody should shift more than ten grand a day", {"new_limit": "10000.00"}),
        ("dispute-open", "那天我车限行压根没开出去，卡也一直在身上，这笔我不认", {"reason": "not_mine"}),
        ("dispute-open", "they never issued the tickets and the site is offline", {"reason": "not_received"}),
        ("instalment-quote", "6000分12期要多少手续费", {"amount": "6000.00", "months": "12"}),
        ("instalment-quote", "我想把12000分期", {"amount": "12000.00"}),
        ("instalment-quote", "三百块怎么分期", {"amount": "300.00"}),
        ("prepayment-quote", "房贷想一次还清", {"amount": "all"}),
        ("prepayment-quote", "房贷下个月20号先还五万", {"amount": "50000.00", "date": "2026-12-20"}),
        ("limit-change", "限额调到两万", {"new_limit": "20000.00"}),
        ("phone-update", "新号是139 1111 2222，帮我换", {"new_phone": "13911112222"}),
        ("phone-update", "原来留的是座机021-62220606", {}),
        ("card-report-lost", "卡被偷了，帮我冻结", {"freeze": "yes", "lost_how": "stolen"}),
        ("card-report-lost", "卡丢在停车场了", {"lost_how": "lost"}),
        ("card-report-lost", "卡丢了，要不要冻结呀", {"lost_how": "lost"}),
        ("balance-recent", "我的卡里还有多少钱", {"wants": "balance"}),
        ("branch-visit", "约下周二去补存折", {"date": "2026-12-01", "matter": "存折"}),
        ("branch-visit", "想去中山公園那家分行聊聊孩子留學的事，請幫我排個時間", {"matter": "聊聊孩子留學的事"}),
        ("branch-visit", "see someone at a branch about a leaking roof, Thursday",
         {"date": "2026-12-03", "matter": "a leaking roof"}),
        ("branch-visit", "帮我约个号去办点事", {}),
        ("limit-change", "把手机上一天能转出去的钱压到一千，多了不许转", {"new_limit": "1000.00"}),
        ("limit-change", "cap brought down from a hundred thousand to sixty", {"new_limit": "60000.00"}),
        ("limit-change", "乾脆整個關掉好了，一毛都不要讓它轉出去", {"new_limit": "0"}),
        ("machine-claim", "昨晚塞进你们机子里了一百的三十二张",
         {"kind": "deposit", "amount": "3200.00", "date": "2026-11-27"}),
        ("dispute-open", "一个订单扣了我两次，都是1288，多扣的那次得退", {"reason": "duplicate"}),
        ("prepayment-quote", "春和e贷剩下的我今天一把清了", {"amount": "all", "date": "2026-11-28"}),
        ("card-report-lost", "銀包唔見咗，想報失張信用卡，尾數3308",
         {"card_last4": "3308", "freeze": "yes", "lost_how": "lost"}),
    ],
)  # fmt: skip
def test_told_in_the_first_words(flow_id: str, words: str, expected: dict[str, str]) -> None:
    assert told(flow_id, words) == expected


def slot(**given: Any) -> Slot:
    return Slot.model_validate({"ask": ASK, **given})


@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        ({"type": "date", "past": True}, "上周三", "2026-11-18"),
        ({"type": "date", "past": False}, "下周三", "2026-12-02"),
        ({"type": "digits", "length": 4}, "末尾是４８２１", "4821"),
        ({"type": "mobile"}, "我的新号138 0000 1001", "13800001001"),
        ({"type": "mobile"}, "021-62220606", None),
        ({"type": "phone"}, "021-62220606", "02162220606"),
        ({"type": "months"}, "一年半", "18"),
        ({"type": "time"}, "下午三点", "15:00"),
        ({"type": "yes_no", "words": ["冻结"]}, "那就冻结吧", "yes"),
        ({"type": "yes_no", "words": ["冻结"]}, "先别冻", "no"),
        ({"type": "place"}, "在徐家汇地铁站里面", "徐家汇地铁站"),
        ({"type": "date", "past": False}, "那就年底吧", "2026-12-31"),
        ({"type": "date", "past": False}, "周日不上班啊，那周一", "2026-11-30"),
        ({"type": "date", "past": False}, "过了元旦吧，一月十号", "2027-01-10"),
        ({"type": "date", "past": False}, "this coming Friday", "2026-12-04"),
        ({"type": "date", "past": True}, "国庆节生的，1949年10月1日", "1949-10-01"),
        ({"type": "amount"}, "200一天", "200.00"),
        ({"type": "amount"}, "两万吧，五万太多了", "20000.00"),
        ({"type": "amount"}, "兩萬蚊一日啦", "20000.00"),
        ({"type": "amount"}, "一萬……都係多咗啲，八千啦", "8000.00"),
        ({"type": "amount"}, "两千，二十张一百的", "2000.00"),
        ({"type": "date", "past": True}, "49年的，10月1号", "1949-10-01"),
        ({"type": "time"}, "at half three in the afternoon", "15:30"),
        ({"type": "digits", "length": 4}, "221，后头一只叉", "221X"),
    ],
)
def test_answer_to_what_was_asked(given: dict[str, Any], words: str, expected: str | None) -> None:
    read = read_slot(words, slot(**given), (), NOW, asked=True)
    assert [one.value for one in read] == ([expected] if expected else [])


def test_a_choice_told_at_the_beginning_is_named_in_the_language_spoken() -> None:
    visit = FLOWS["branch-visit"]
    assert hear_opening("book a visit to open an account", visit, POLICY, NOW, "", "en")["matter"].value == (
        visit.slots["matter"].options["account"].label.say("en")
    )


def test_of_two_matters_each_has_its_own_numbers() -> None:
    whole, part = "两件事，先问6000块分6期一期多少，再把我每天的转账额度降到5万", "先问6000块分6期一期多少"
    heard = hear_opening(whole, FLOWS["instalment-quote"], POLICY, NOW, part)
    assert {name: one.value for name, one in heard.items()} == {"amount": "6000.00", "months": "6"}


def test_a_purpose_that_is_asked_for_is_any_words() -> None:
    given = {"type": "text", "words": ["换", "about"]}
    assert read_slot("换个号", slot(**given), (), NOW) == ()
    assert [one.value for one in read_slot("about a mortgage", slot(**given), (), NOW)] == ["a mortgage"]


def test_items_go_by_what_else_they_are_called() -> None:
    assert parcel().hear("the little one").values["shop"].value == "s2"


def test_nothing_on_the_list_is_said_so() -> None:
    assert Act.DONT_KNOW in parcel().hear("none of these").acts


def test_question_about_the_choice_is_no_choice() -> None:
    assert not parcel().hear("why is North so expensive?").values


def test_value_beside_the_sums_is_heard() -> None:
    talk = parcel()
    talk.say("North")
    assert talk.hear("all of it").values["weight"].value == "all"
    assert not talk.hear("not all of it").values


def test_a_change_that_is_asked_for_politely_is_one() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    heard = talk.hear("could we make it nine instead?")
    assert heard.corrects
    assert heard.values["hour"].value == "09:00"


def test_what_is_said_behind_a_word_for_a_moment_counts() -> None:
    talk = parcel()
    assert talk.hear("hang on, the North one").values["shop"].value == "s1"
    assert talk.hear("hang on, let me look").acts == {Act.WAIT}


@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        ({"type": "digits", "length": 4}, "2275，哎打错，2257", "2257"),
        ({"type": "amount"}, "一千五…唔係唔係，係一千二先啱", "1200.00"),
        ({"type": "amount"}, "I asked for 1000 and it gave 500, so 500 missing", "500.00"),
        ({"type": "amount"}, "一千五，哎，逢年过节要给孙子包红包……两千五吧", "2500.00"),
        ({"type": "date", "past": True}, "這禮拜三……我看一下簡訊，喔不是，是星期四", "2026-11-26"),
        ({"type": "amount"}, "十萬好了…等等，八萬就夠，改完馬上有效嗎？", "80000.00"),
        ({"type": "date", "past": True}, "尋晚", "2026-11-27"),
        ({"type": "place"}, "学校南门外面那条街，叫啥路真不记得", "学校南门外面那条街，叫啥路真不记得"),
        ({"type": "place"}, "at the one on Renmin Road, not yours. does that matter?", "Renmin Road"),
    ],
)  # fmt: skip
def test_the_answer_that_counts(given: dict[str, Any], words: str, expected: str) -> None:
    asked = AskSlot("it", slot(**given), "", "")
    heard = hear(words, Listening(asked, {"it": (asked.slot, ())}, {}, NOW))
    assert {name: one.value for name, one in heard.values.items()} == {"it": expected}


def test_who_waits_for_a_code_has_not_lost_it() -> None:
    asked = AskSlot("code", slot(type="digits", length=6, secret=True, passing=False), "", "")
    listening = Listening(asked, {"code": (asked.slot, ())}, {}, NOW)
    assert hear("等一下簡訊還沒來", listening).acts == {Act.REPEAT}
    assert hear("簡訊還沒到耶，要等多久啊？", listening).acts == {Act.REPEAT}
    assert Act.UNAVAILABLE in hear("手机丢了，收不到验证码", listening).acts
    assert hear("看岔了，那条是淘宝的，226725", listening).values["code"].value == "226725"


def test_a_card_that_is_not_meant_is_not_taken_by_a_word() -> None:
    cards = {"cards": {"cards": [
        {"card_id": "a", "kind": "debit", "name": "春和储蓄卡", "last4": "6615"},
        {"card_id": "b", "kind": "credit", "name": "春和金信用卡", "last4": "3308"},
    ]}}  # fmt: skip
    card = FLOWS["card-report-lost"].slots["card"]
    shown = list_shown(card, cards, "zh-Hans")
    read = read_slot("昨晚聚餐回来金信用卡没影了，工资卡在我手上，别动", card, shown, NOW)
    assert [one.value for one in read] != ["a"]


def test_who_has_not_got_it_changes_nothing() -> None:
    talk = parcel()
    talk.say("North")
    assert not talk.hear("all of it is in the other bag, I can't get at the scales").corrects


def test_code_is_never_taken_for_a_sum() -> None:
    flow = read_demo_flows()["machine-claim"]
    heard = hear_opening("收到了，是580085", flow, POLICY, NOW)
    assert "card_last4" not in heard


def test_bare_value_changes_what_is_about_to_be_agreed_to() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    heard = talk.hear("30 yuan")
    assert (heard.corrects, heard.values["weight"].value) == (True, "30.00")
    assert talk.hear("yes").yes is True


def test_what_if_takes_up_what_has_just_ended() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30", "no"):
        talk.say(words)
    heard = talk.hear("what about 30 yuan")
    assert (heard.corrects, heard.values["weight"].value) == (True, "30.00")


def test_a_value_changed_goes_before_a_yes() -> None:
    talk = parcel()
    for words in ("North", "20 yuan", "14:30"):
        talk.say(words)
    heard = talk.hear("嗯，还是再低点，10元")
    assert (heard.corrects, heard.yes, heard.values["weight"].value) == (True, None, "10.00")
    assert talk.hear("yes, 20 yuan").yes is True


def test_a_sum_said_without_its_thousands_changes_nothing() -> None:
    talk = parcel()
    for words in ("North", "15000 yuan", "14:30"):
        talk.say(words)
    heard = talk.hear("yes, fifteen it is")
    assert (heard.corrects, heard.yes) == (False, True)


def test_a_sum_may_take_the_place_of_a_word_for_one() -> None:
    talk = parcel()
    for words in ("North", "all of it", "14:30"):
        talk.say(words)
    assert talk.hear("30 yuan").values["weight"].value == "30.00"
    talk.say("30 yuan")
    assert talk.hear("all of it").values["weight"].value == "all"


def test_figures_that_were_the_answer_are_no_day_as_well() -> None:
    flow, policy = read_demo_flows()["prepayment-quote"], read_policy()
    way = policy.ways["code"]
    slots = {name: (one, ()) for part in (way, flow) for name, one in part.slots.items() if not one.items}
    asked = AskSlot("code", way.slots["code"], "", "")
    heard = hear("060311", Listening(asked, slots, {}, NOW))
    assert {name: one.value for name, one in heard.values.items()} == {"code": "060311"}


def test_an_answer_behind_a_question_is_heard() -> None:
    talk = parcel()
    assert talk.hear("North没了？那就South吧").values["shop"].value == talk.hear("South").values["shop"].value
    assert not talk.hear("South还开吗？").values


@pytest.mark.parametrize(
    ("words", "weight"), [("八百元，等等，条子上写的是九百元，九百元", "900.00"), ("十万，不对，十五万", "150000.00")]
)
def test_an_answer_that_puts_itself_right_is_the_second_one(words: str, weight: str) -> None:
    talk = parcel()
    talk.say("North")
    assert talk.hear(words).values["weight"].value == weight


def phones(known: dict[str, Filled], asked: bool) -> Listening:
    flow = read_demo_flows()["phone-update"]
    slots = {name: (one, ()) for name, one in flow.slots.items() if not one.items}
    return Listening(AskSlot("new_phone", flow.slots["new_phone"], "", "") if asked else None, slots, known, NOW)


@pytest.mark.parametrize(
    "words",
    ["一三七，零零一二，三四五六……不对，最后四码是三四五八", "13700123456, no wait, the last four should be 3458"],
)
def test_a_number_is_put_right_by_its_last_figures(words: str) -> None:
    assert hear(words, phones({}, asked=True)).values["new_phone"].value == "13700123458"


@pytest.mark.parametrize("words", ["最后两位说错了，是58不是56", "不对，尾数是3458"])
def test_a_known_number_is_put_right_by_its_last_figures(words: str) -> None:
    known = {"new_phone": Filled(value="13700123456")}
    assert hear(words, phones(known, asked=False)).values["new_phone"].value == "13700123458"


def test_of_two_values_the_one_behind_what_is_turned_down_counts() -> None:
    flow = read_demo_flows()["instalment-quote"]
    months = flow.slots["months"]
    shown = list_shown(months, {}, "zh-Hans")
    asked = Listening(AskSlot("months", months, "", "", shown), {"months": (months, shown)}, {}, NOW)
    assert hear("三期太辣，六期好喇", asked).values["months"].value == "6"


def test_who_asks_what_there_is_to_choose_is_told() -> None:
    months = read_demo_flows()["instalment-quote"].slots["months"]
    shown = list_shown(months, {}, "zh-Hans")
    asked = Listening(AskSlot("months", months, "", "", shown), {"months": (months, shown)}, {}, NOW)
    for words in ("都有几种可以选啊", "what are my choices?"):
        assert hear(words, asked).acts == {Act.REPEAT}, words


def test_a_place_that_is_forgotten_is_no_place() -> None:
    place = read_demo_flows()["machine-claim"].slots["place"]
    heard = hear(
        "哎呀哪个点儿记不清了，老头子带我去的",
        Listening(AskSlot("place", place, "", ""), {"place": (place, ())}, {}, NOW),
    )
    assert not heard.values
    assert heard.acts == {Act.DONT_KNOW}


def test_a_wait_in_another_answer_takes_back_no_consent() -> None:
    """no wait puts the card right, and does not say no to freezing it."""
    flow = read_demo_flows()["card-report-lost"]
    known = {"freeze": Filled(value="yes")}
    words = "the credit one. no wait, you've blocked that already, I mean the debit card 8063"
    heard = hear(
        words,
        Listening(
            AskSlot("lost_how", flow.slots["lost_how"], "", ""), {"freeze": (flow.slots["freeze"], ())}, known, NOW
        ),
    )
    assert "freeze" not in heard.values
