"""Cases and promises on a real database: found in the log, swept by a moved clock, erased with the customer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row, Table, select

from tests.casework.conftest import Office, author
from tests.support import NOW
from warmline.casework.errors import CaseChangedError
from warmline.casework.model import CaseEdit, CaseStatus, MoveCase
from warmline.casework.promise_model import Confirm, Keep, Promiser, PromiseStatus
from warmline.casework.promises import NewPromise, PromiseFilter
from warmline.casework.service import CaseFilter
from warmline.casework.tables import case_event, case_file, promise
from warmline.conversation import commands as c
from warmline.conversation.events import SlipWritten, Source, TurnDecided
from warmline.kit.errors import NotFoundError
from warmline.staff.model import Role

TOMORROW_TEN = NOW + timedelta(days=1)


async def test_what_an_agent_says_is_proposed_once_however_often_the_log_is_read(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    await office.serve(state, chen)
    await office.say(state, chen, "我查到了。明天上午十点给您回电。")
    await asyncio.gather(*(office.work.promises.sweep() for _ in range(4)))
    await office.work.promises.sweep()
    (found,) = await office.promised(state, chen)
    one = found.promise
    assert (one.words, one.due_at, one.status) == ("明天上午十点给您回电", TOMORROW_TEN, PromiseStatus.PROPOSED)
    assert (one.promiser, one.owner.id, one.seq) == (Promiser.AGENT, chen.staff.id, 5)


async def test_customers_and_articles_promise_nothing(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    fresh = await office.heart.service.start(state.customer_id, channel="web", locale="zh-Hans", elder=False)
    await office.heart.say(fresh, "你们明天上午十点给我回电")
    said = c.Say("同事会在三个工作日内给您回电。", sources=(Source(article_id="a", question="多久", version=1),))
    turn = TurnDecided(reply_to=2, decision="answer", reason="released")
    await office.heart.do(fresh, c.TakeTurn(2, turn, (said,), None))
    await office.work.promises.sweep()
    assert await office.promised(state, chen) == []
    admin = await office.hire("周全", role=Role.ADMIN)
    assert await office.promised(fresh, admin) == []


async def test_a_confirmed_promise_is_reminded_of_then_broken_and_everyone_concerned_sees_it(office: Office) -> None:
    chen, zhao, state = await office.hire("陈曦"), await office.hire("赵宁", role=Role.SUPERVISOR), await office.visit()
    await office.serve(state, chen)
    await office.say(state, chen, "明天上午十点给您回电。")
    await office.work.sweep()
    (found,) = await office.promised(state, chen)
    await office.work.promises.change(chen, found.promise.id, Confirm(), expect=1)
    assert await office.work.promises.count_owed(chen) == (0, 0)
    office.clock.move(hours=22, minutes=1)
    await office.work.sweep()
    assert await office.work.promises.count_owed(chen) == (0, 1)
    office.clock.move(hours=2)
    assert await office.work.promises.count_owed(chen) == (1, 0), "late at once, before anything noted it"
    await office.work.sweep()
    for who in (chen, zhao):
        (late,) = await office.work.promises.list_promises(who, PromiseFilter(view="overdue"))
        assert late.promise.status is PromiseStatus.BROKEN
    other = await office.hire("林悦")
    assert await office.work.promises.count_owed(other) == (0, 0)
    assert await _log(office, found.promise.id) == [
        "promise.proposed", "promise.confirmed", "promise.reminded", "promise.broken",
    ]  # fmt: skip


async def test_after_a_standstill_nothing_is_lost_or_doubled_and_what_was_kept_meanwhile_is_kept(
    office: Office,
) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    await office.serve(state, chen)
    await office.say(state, chen, "我十分钟内给您回电。")
    await office.work.sweep()
    (found,) = await office.promised(state, chen)
    await office.work.promises.change(chen, found.promise.id, Confirm())
    await office.say(state, chen, "另外，退款今天下午三点前到您账上。")
    other = await office.visit()
    due_at = office.clock.now() + timedelta(minutes=5)
    await office.heart.do(other, c.ScheduleCallback(c.SYSTEM, due_at, "system", "outside_hours", ()))
    office.clock.move(minutes=5)
    await office.heart.do(other, c.RaiseCallback())
    await office.serve(other, chen)
    office.clock.move(minutes=6)
    await asyncio.gather(*(office.work.sweep() for _ in range(3)))
    late, refund = (one.promise for one in await office.promised(state, chen))
    assert (late.status, refund.status) == (PromiseStatus.BROKEN, PromiseStatus.PROPOSED)
    assert await _log(office, late.id) == ["promise.proposed", "promise.confirmed", "promise.broken"]
    (callback,) = await office.promised(other, chen)
    assert (callback.promise.status, callback.promise.done_at) == (PromiseStatus.KEPT, due_at)


async def test_a_clock_set_back_breaks_and_reminds_nothing_twice(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    await office.serve(state, chen)
    new = NewPromise(uuid4(), state.id, "回电", NOW + timedelta(hours=1))
    await office.work.promises.make(chen, new)
    await office.work.promises.make(chen, new)
    office.clock.move(hours=2)
    await office.work.sweep()
    office.clock.move(hours=-2)
    await office.work.sweep()
    office.clock.move(hours=3)
    await office.work.sweep()
    assert await _log(office, new.id) == ["promise.made", "promise.broken"]


async def test_a_dated_callback_is_the_banks_word_and_a_new_date_takes_its_place(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    first, second = NOW + timedelta(hours=3), NOW + timedelta(hours=5)
    say = (c.Say("同事会在今天 13:00 给您回电。"),)
    await office.heart.do(state, c.ScheduleCallback(c.SYSTEM, first, "system", "outside_hours", say))
    await office.work.sweep()
    (made,) = await office.promised(state, chen)
    assert (made.promise.status, made.promise.promiser) == (PromiseStatus.CONFIRMED, Promiser.BANK)
    await office.heart.do(state, c.ScheduleCallback(c.SYSTEM, second, "customer", "customer_choice", ()))
    await office.work.sweep()
    statuses = {one.promise.due_at: one.promise.status for one in await office.promised(state, chen)}
    assert statuses == {first: PromiseStatus.WITHDRAWN, second: PromiseStatus.CONFIRMED}
    office.clock.move(hours=5, minutes=11)
    await office.work.sweep()
    assert [one.promise.status for one in await office.promised(state, chen, settled=False)] == [PromiseStatus.BROKEN]
    await office.heart.do(state, c.RaiseCallback())
    await office.serve(state, chen)
    await office.work.sweep()
    assert await office.promised(state, chen, settled=False) == []


@pytest.mark.parametrize("read_between", [False, True])
async def test_a_call_that_is_promised_and_then_scheduled_is_one_promise(office: Office, read_between: bool) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    await office.serve(state, chen)
    await office.say(state, chen, "明天上午十点给您回电。")
    if read_between:
        await office.work.sweep()
    await office.heart.do(state, c.ScheduleCallback(author(chen), TOMORROW_TEN, "agent", "agent_choice", ()))
    await office.work.sweep()
    (one,) = await office.promised(state, chen, settled=False)
    assert (one.promise.promiser, one.promise.callback) == (Promiser.BANK, True)


async def test_cases_have_numbers_of_the_day_that_never_double(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    opened = await asyncio.gather(*(office.open(state, chen) for _ in range(5)))
    assert sorted(one.case.number for one in opened) == [f"20261123-000{n}" for n in range(1, 6)]
    assert opened[0].conversations == [state.id]
    listed = await office.work.cases.list_cases(chen, CaseFilter(conversation_id=state.id, number="0003"))
    assert [one.case.number for one in listed] == ["20261123-0003"]


async def test_two_who_change_a_case_at_once_do_not_overwrite_each_other(office: Office) -> None:
    chen, lin, state = await office.hire("陈曦"), await office.hire("林悦"), await office.visit()
    case = (await office.open(state, chen)).case
    tries = [office.work.cases.change(who, case.id, MoveCase(CaseStatus.IN_PROGRESS), expect=1) for who in (chen, lin)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    (refused,) = (one for one in outcomes if isinstance(one, BaseException))
    assert isinstance(refused, CaseChangedError)
    assert refused.fields["by"] in ("陈曦", "林悦")


async def test_a_case_of_another_group_does_not_exist_for_an_agent(office: Office) -> None:
    chen, lin = await office.hire("陈曦", "cards"), await office.hire("林悦", "loans")
    state = await office.visit("cards")
    case = (await office.open(state, chen)).case
    with pytest.raises(NotFoundError):
        await office.work.cases.read(lin, case.id)
    with pytest.raises(NotFoundError):
        await office.work.cases.change(lin, case.id, MoveCase(CaseStatus.DONE))
    with pytest.raises(NotFoundError):
        await office.open(state, lin)
    assert await office.work.cases.list_cases(lin, CaseFilter()) == []
    given: Any = {"owner_id": lin.staff.id, "skill": "cards", "assigns": True, "expect": 1}
    await office.work.cases.edit(chen, case.id, CaseEdit(), **given)
    assert (await office.work.cases.read(lin, case.id)).listed.case.owner.name == "林悦"


async def test_reads_are_in_the_audit_trail_once_for_a_session(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    case = (await office.open(state, chen)).case
    for _ in range(2):
        await office.work.cases.read(chen, case.id)
    assert (await office.audited()).count("case.read") == 1


async def test_a_late_case_is_noted_once_and_counts_for_its_owner_and_the_supervisor(office: Office) -> None:
    chen, zhao, state = await office.hire("陈曦"), await office.hire("赵宁", role=Role.SUPERVISOR), await office.visit()
    case = (await office.open(state, chen, NOW + timedelta(hours=4), owner_id=chen.staff.id)).case
    office.clock.move(hours=2, seconds=1)
    await office.work.sweep()
    office.clock.move(hours=3)
    for _ in range(2):
        await office.work.sweep()
    assert await _log(office, case.id) == ["case.opened", "case.reminded", "case.overdue"]
    assert [await office.work.cases.count_late(who) for who in (chen, zhao)] == [1, 1]
    (late,) = await office.work.cases.list_cases(zhao, CaseFilter(view="overdue"))
    assert late.case.id == case.id


async def test_a_comment_sent_twice_is_one(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    case = (await office.open(state, chen)).case
    for _ in range(2):
        opened = await office.work.cases.comment(chen, case.id, "one", "打过电话，没人接")
    assert [one.words for one in opened.log if one.type == "case.commented"] == ["打过电话，没人接"]


async def test_a_conversation_of_somebody_else_cannot_be_linked(office: Office) -> None:
    chen, state, other = await office.hire("陈曦"), await office.visit(), await office.visit()
    case = (await office.open(state, chen)).case
    with pytest.raises(NotFoundError):
        await office.work.cases.link(chen, case.id, other.id)
    again = await office.heart.service.start(state.customer_id, channel="web", locale="zh-Hans", elder=False)
    await office.heart.hand_to(again, author(chen))
    for _ in range(2):
        opened = await office.work.cases.link(chen, case.id, again.id)
    assert opened.listed.conversations == [state.id, again.id]
    assert [one.type for one in opened.log] == ["case.opened", "case.linked"]


async def test_the_form_arrives_filled_from_the_slip(office: Office) -> None:
    chen, state = await office.hire("陈曦", "cards"), await office.visit("cards")
    draft = await office.work.cases.draft(chen, state.id)
    assert (draft.title, draft.category, draft.skill) == ("你们机器吞了我两千块", "card", "cards")
    slip = SlipWritten(reason="x", question="转账没到账；转人工", known={"language": "zh-Hans", "金额": "2000 元"})
    author_ = c.RequestHandoff(c.SYSTEM, "system", "policy", "x", c.HandoffPlan(skill="cards"), (), slip)
    fresh = await office.heart.service.start(state.customer_id, channel="web", locale="zh-Hans", elder=False)
    await office.heart.do(fresh, author_)
    draft = await office.work.cases.draft(chen, fresh.id)
    assert (draft.title, draft.category) == ("转账没到账", "transfer")
    assert draft.description == "转账没到账\n金额：2000 元"


async def test_words_are_sealed_and_go_with_the_customer_and_nothing_is_owed_any_more(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    await office.serve(state, chen)
    await office.say(state, chen, "明天上午十点给您回电。")
    await office.work.sweep()
    case = (await office.open(state, chen)).case
    await office.work.cases.comment(chen, case.id, "one", "打过电话")
    for table in (case_file, case_event, promise):
        assert "电" not in "".join(map(str, await _rows(office, table)))
        assert any(row.sealed for row in await _rows(office, table))
    await office.erasure.erase(state.customer_id, actor="system")
    for table in (case_file, case_event, promise):
        assert all(row.sealed is None for row in await _rows(office, table))
    opened = await office.work.cases.read(chen, case.id)
    assert (opened.listed.case.title, opened.listed.case.status) == (None, CaseStatus.CANCELLED)
    assert [(one.type, one.words, one.erased) for one in opened.log] == [
        ("case.opened", None, False), ("case.commented", None, True),
    ]  # fmt: skip
    assert await office.work.promises.list_owed_to(state.customer_id) == []


async def test_a_promise_goes_with_its_case(office: Office) -> None:
    chen, state = await office.hire("陈曦"), await office.visit()
    case = (await office.open(state, chen)).case
    office.clock.move(minutes=1)
    made = await office.work.promises.make(
        chen, NewPromise(uuid4(), state.id, "退款到账", TOMORROW_TEN, case_id=case.id)
    )
    await office.work.promises.change(chen, made.id, Keep())
    opened = await office.work.cases.read(chen, case.id)
    assert [one.status for one in opened.promises] == [PromiseStatus.KEPT]
    assert [one.type for one in opened.log] == ["case.opened", "promise.made", "promise.kept"]


async def _rows(office: Office, table: Table) -> list[Row[Any]]:
    async with office.heart.uow.begin() as tx:
        return list((await tx.connection.execute(select(table))).all())


async def _log(office: Office, subject: object) -> list[str]:
    async with office.heart.uow.begin() as tx:
        query = select(case_event.c.type).where(case_event.c.subject_id == subject).order_by(case_event.c.seq)
        return list(await tx.connection.scalars(query))
