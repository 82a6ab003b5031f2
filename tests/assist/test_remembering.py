"""What worked before is found again by what was asked, in words as they stand now."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.assist.conftest import Bank
from tests.support import CHENXI, CUSTOMER, post
from warmline.assist.past import Told
from warmline.assist.remembering import WINDOW
from warmline.conversation import commands as c

ASKED, TOLD = "信用卡丢了，补一张要多少钱", "补卡十五元一张，寄到您预留的地址，五个工作日。"
AGAIN = "补办信用卡收费吗"
NOWHERE = UUID(int=0)


async def find(bank: Bank, asked: str = AGAIN, but: UUID = NOWHERE) -> list[Told]:
    """Return what is remembered for a question."""
    return await bank.past.find(asked, await bank.house.search.vector(asked), but=but)


async def test_what_solved_it_is_found_for_the_same_in_other_words(bank: Bank) -> None:
    state = await bank.serve(ASKED, "您好。" + TOLD)
    await bank.serve("怎么开通境外取款", "在手机银行里打开境外交易就行。")
    assert await find(bank) == []
    await bank.past.learn()
    (found, *_) = await find(bank)
    assert (found.question, found.reply) == (ASKED, TOLD)
    assert (found.answered.by, found.answered.conversation_id) == ("陈曦", state.id)
    assert await find(bank, but=state.id) == []
    assert await find(bank, "今天天气怎么样") == []


async def test_what_did_not_solve_it_is_not_offered(bank: Bank) -> None:
    await bank.serve(ASKED, TOLD, outcome="not_solved")
    state = await bank.serve(ASKED, TOLD, outcome=None)
    await bank.past.learn()
    assert await find(bank) == []
    await bank.heart.do(state, c.GiveFeedback(CUSTOMER, state.last_seq, "down"))
    await bank.heart.do(state, c.ProposeRecap(CHENXI, "补卡十五元", "solved"))
    await bank.heart.do(state, c.AnswerRecap(CUSTOMER, True))
    await bank.past.learn()
    assert [one.answered.conversation_id for one in await find(bank)] == [state.id]


async def test_a_thumb_up_is_enough(bank: Bank) -> None:
    state = await bank.serve(ASKED, TOLD, outcome=None)
    seq = (await bank.heart.service.get(state.id)).last_seq
    await bank.heart.do(state, c.GiveFeedback(CUSTOMER, seq, "up"))
    await bank.past.learn()
    assert [one.reply for one in await find(bank)] == [TOLD]


async def test_what_is_said_later_in_the_same_conversation_is_taken_in(bank: Bank) -> None:
    state = await bank.serve("怎么开通境外取款", "在手机银行里打开境外交易就行。", outcome=None)
    await bank.heart.do(state, c.ProposeRecap(CHENXI, "境外取款已开通", "solved"))
    await bank.heart.do(state, c.AnswerRecap(CUSTOMER, True))
    await bank.past.learn()
    await bank.heart.say(state, ASKED)
    await bank.heart.do(state, post(TOLD, "later", CHENXI))
    await bank.heart.do(state, c.Close(CHENXI, "agent_closed", "solved"))
    await bank.past.learn()
    assert TOLD in [one.reply for one in await find(bank)]


async def test_erased_words_are_gone_at_once_and_their_place_soon(bank: Bank) -> None:
    state = await bank.serve(ASKED, TOLD)
    await bank.past.learn()
    assert await find(bank)
    bank.heart.ciphers.destroy(state.customer_id)
    assert await find(bank) == []
    async with bank.heart.uow.begin() as tx:
        await bank.heart.service.note_erasure(tx, [state.customer_id])
    await bank.past.learn()
    assert bank.past.known == 0


async def test_what_is_long_past_is_not_read(bank: Bank) -> None:
    await bank.serve(ASKED, TOLD)
    bank.heart.clock.move(seconds=(WINDOW + timedelta(days=1)).total_seconds())
    await bank.past.learn()
    assert bank.past.known == 0


async def test_numbers_of_the_other_customer_are_never_shown(bank: Bank) -> None:
    await bank.serve("卡号6222021234567890丢了，补一张信用卡多少钱", TOLD + "寄到尾号 6222021234567890 那张卡的地址。")
    await bank.past.learn()
    (found,) = await find(bank)
    assert "6222021234567890" not in found.question + found.reply
    assert found.reply == TOLD
