"""The rules of cases and promises, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW
from warmline.casework.errors import (
    CaseChangedError,
    CaseStepError,
    DueTimeError,
    PromiseChangedError,
    PromiseStepError,
)
from warmline.casework.model import (
    RUNNING,
    STEPS,
    Actor,
    Case,
    CaseCategory,
    CaseEdit,
    CaseStatus,
    CommentCase,
    MoveCase,
    NoteOverdue,
    Owner,
    RemindOfCase,
    Viewer,
    decide_case,
    guess_category,
    remind_at,
    spell_number,
)
from warmline.casework.promise_model import (
    Break,
    Confirm,
    Keep,
    Promise,
    PromiseCommand,
    Promiser,
    PromiseStatus,
    RemindOfPromise,
    Withdraw,
    decide_promise,
)

CHEN, LIN = Actor(UUID(int=1001), "陈曦"), Actor(UUID(int=1002), "林瑶")
HOUR = timedelta(hours=1)


def case(**more: object) -> Case:
    made = Case(
        id=UUID(int=9), number="20261123-0001", kind="case", customer_id=UUID(int=1), category=CaseCategory.CARD,
        title="吞钱", description="", owner=Owner(CHEN.id, CHEN.name), status=CaseStatus.OPEN, due_at=NOW + 4 * HOUR,
        opened_at=NOW, opened_by=CHEN, changed_at=NOW, changed_by=CHEN, remind_at=NOW + 2 * HOUR,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def promise(**more: object) -> Promise:
    made = Promise(
        id=UUID(int=8), customer_id=UUID(int=1), conversation_id=UUID(int=7), seq=4, case_id=None,
        promiser=Promiser.AGENT, owner=Owner(CHEN.id, CHEN.name), words="回电", due_at=NOW + 4 * HOUR,
        whole_day=False, callback=False, status=PromiseStatus.PROPOSED, made_at=NOW, changed_at=NOW, changed_by=CHEN,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_the_number_of_a_case_can_be_said_aloud() -> None:
    assert spell_number(date(2026, 11, 28), 42) == "20261128-0042"


@pytest.mark.parametrize("start", CaseStatus)
@pytest.mark.parametrize("to", CaseStatus)
def test_a_case_goes_only_where_the_steps_lead(start: CaseStatus, to: CaseStatus) -> None:
    if to is start:
        assert decide_case(case(status=start), MoveCase(to), LIN, NOW)[1] == ()
    elif to in STEPS[start]:
        moved, entries = decide_case(case(status=start), MoveCase(to), LIN, NOW)
        assert (moved.status, moved.revision, moved.changed_by) == (to, 2, LIN)
        assert entries[0].details == {"from": start.value, "to": to.value}
        assert (moved.settled_at is None) == (to in RUNNING)
    else:
        with pytest.raises(CaseStepError):
            decide_case(case(status=start), MoveCase(to), LIN, NOW)


def test_whoever_looked_at_an_older_case_is_told_who_was_faster() -> None:
    newer, _ = decide_case(case(), MoveCase(CaseStatus.IN_PROGRESS), LIN, NOW, expect=1)
    with pytest.raises(CaseChangedError) as refused:
        decide_case(newer, MoveCase(CaseStatus.DONE), CHEN, NOW, expect=1)
    assert refused.value.fields == {"by": "林瑶", "at": NOW.isoformat(), "revision": 2}


def test_a_comment_changes_nothing_else_and_is_refused_to_nobody() -> None:
    same, entries = decide_case(case(revision=7), CommentCase("打过电话"), LIN, NOW)
    assert same == case(revision=7)
    assert [(one.type, one.words) for one in entries] == [("case.commented", "打过电话")]


def test_an_edit_logs_what_it_changes_without_the_words() -> None:
    edit = CaseEdit(title="吞了两千", owner=Owner(LIN.id, LIN.name), due_at=NOW + 9 * HOUR)
    changed, entries = decide_case(case(reminded_at=NOW, overdue_at=NOW), edit, CHEN, NOW)
    assert [one.type for one in entries] == ["case.assigned", "case.due_changed", "case.edited"]
    assert "吞" not in str([one.details for one in entries])
    assert (changed.reminded_at, changed.overdue_at, changed.remind_at) == (None, None, NOW + 7 * HOUR)
    assert decide_case(changed, edit, CHEN, NOW)[1] == ()


def test_a_case_can_be_due_at_no_time_but_not_in_the_past_or_in_years() -> None:
    assert decide_case(case(), CaseEdit(no_due=True), CHEN, NOW)[0].due_at is None
    for due_at in (NOW, NOW - HOUR, NOW + timedelta(days=400)):
        with pytest.raises(DueTimeError):
            decide_case(case(), CaseEdit(due_at=due_at), CHEN, NOW)


def test_a_case_is_reminded_of_once_and_late_once_and_after_a_standstill_only_late() -> None:
    early = decide_case(case(), RemindOfCase(), CHEN, NOW + HOUR)
    assert early == (case(), ())
    reminded, entries = decide_case(case(), RemindOfCase(), CHEN, NOW + 2 * HOUR)
    assert [one.type for one in entries] == ["case.reminded"]
    assert decide_case(reminded, RemindOfCase(), CHEN, NOW + 3 * HOUR)[1] == ()
    late, entries = decide_case(case(), NoteOverdue(), CHEN, NOW + 5 * HOUR)
    assert [one.type for one in entries] == ["case.overdue"]
    assert decide_case(late, NoteOverdue(), CHEN, NOW + 6 * HOUR)[1] == ()
    assert decide_case(late, RemindOfCase(), CHEN, NOW + 6 * HOUR)[1] == ()
    done = case(status=CaseStatus.DONE)
    assert decide_case(done, NoteOverdue(), CHEN, NOW + 5 * HOUR) == (done, ())


def test_reminders_come_before_and_not_before_half_the_time_is_up() -> None:
    assert remind_at(NOW + 10 * HOUR, NOW) == NOW + 8 * HOUR
    assert remind_at(NOW + HOUR, NOW) == NOW + HOUR / 2


def test_work_of_another_group_is_nobodys_business_but_the_owners_and_the_supervisors() -> None:
    cards, loans = Viewer(UUID(int=1), frozenset({"cards"}), False), Viewer(UUID(int=2), frozenset({"loans"}), False)
    owner = Owner(None, None, "cards")
    assert cards.sees(owner)
    assert not loans.sees(owner)
    assert loans.sees(replace(owner, id=loans.id))
    assert loans.sees(owner, opened_by=loans.id)
    assert Viewer(UUID(int=3), frozenset(), True).sees(owner)
    assert loans.sees(Owner())


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("你们的机器又把我两千块钱吞了", CaseCategory.CARD), ("手續費怎麼扣了兩次", CaseCategory.FEE),
        ("I think this is fraud", CaseCategory.FRAUD), ("转账三天了没到账", CaseCategory.TRANSFER),
        ("你好", CaseCategory.OTHER),
    ],
)  # fmt: skip
def test_a_form_arrives_with_a_guess(text: str, category: CaseCategory) -> None:
    assert guess_category(text) is category


def test_a_promise_that_was_found_is_confirmed_and_kept_in_time() -> None:
    confirmed, entries = decide_promise(promise(), Confirm(), LIN, NOW, expect=1)
    assert (confirmed.status, confirmed.remind_at) == (PromiseStatus.CONFIRMED, NOW + 2 * HOUR)
    assert [one.type for one in entries] == ["promise.confirmed"]
    kept, entries = decide_promise(confirmed, Keep(), CHEN, NOW + 3 * HOUR)
    assert (kept.status, kept.is_open) == (PromiseStatus.KEPT, False)
    assert decide_promise(kept, Break(), CHEN, NOW + 9 * HOUR) == (kept, ())


def test_a_promise_kept_late_was_broken_and_is_made_good() -> None:
    made_good, entries = decide_promise(promise(status=PromiseStatus.CONFIRMED), Keep(), CHEN, NOW + 5 * HOUR)
    assert [one.type for one in entries] == ["promise.broken", "promise.made_good"]
    assert (made_good.status, made_good.is_open) == (PromiseStatus.BROKEN, False)


def test_a_broken_promise_is_owed_until_it_is_made_good() -> None:
    broken, entries = decide_promise(promise(status=PromiseStatus.CONFIRMED), Break(), CHEN, NOW + 4 * HOUR)
    assert [one.type for one in entries] == ["promise.broken"]
    assert broken.is_open
    assert decide_promise(broken, Break(), CHEN, NOW + 5 * HOUR)[1] == ()
    with pytest.raises(PromiseStepError):
        decide_promise(broken, Withdraw("customer_agreed"), CHEN, NOW + 5 * HOUR)
    made_good, entries = decide_promise(broken, Keep(), CHEN, NOW + 6 * HOUR)
    assert [one.type for one in entries] == ["promise.made_good"]
    assert not made_good.is_open


def test_a_callback_may_come_some_minutes_after_its_time() -> None:
    callback = promise(status=PromiseStatus.CONFIRMED, callback=True)
    assert decide_promise(callback, Break(), CHEN, callback.due_at + timedelta(minutes=9))[1] == ()
    assert (
        decide_promise(callback, Keep(), CHEN, callback.due_at + timedelta(minutes=9))[0].status is PromiseStatus.KEPT
    )
    assert decide_promise(callback, Break(), CHEN, callback.due_at + timedelta(minutes=10))[1] != ()


def test_what_is_only_proposed_is_neither_reminded_of_nor_broken() -> None:
    late = NOW + 9 * HOUR
    assert decide_promise(promise(), Break(), CHEN, late) == (promise(), ())
    assert decide_promise(promise(remind_at=NOW), RemindOfPromise(), CHEN, late)[1] == ()


def test_whoever_looked_at_an_older_promise_is_told() -> None:
    with pytest.raises(PromiseChangedError):
        decide_promise(promise(revision=3), Confirm(), LIN, NOW, expect=2)


COMMANDS: list[PromiseCommand] = [Confirm(), Withdraw("mistaken"), Keep(), RemindOfPromise(), Break()]


@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 120)), max_size=12))
def test_a_promise_breaks_once_at_most_and_what_is_settled_stays_so(steps: list[tuple[PromiseCommand, int]]) -> None:
    state, now, log = promise(), NOW, []
    for command, minutes in steps:
        now += timedelta(minutes=minutes)
        before = state
        try:
            state, entries = decide_promise(state, command, CHEN, now)
        except PromiseStepError:
            continue
        log += [one.type for one in entries]
        if before.status in (PromiseStatus.KEPT, PromiseStatus.WITHDRAWN):
            assert state == before
        if state.status is PromiseStatus.KEPT:
            assert state.done_at
            assert state.done_at <= state.breaks_at
    assert log.count("promise.broken") <= 1
    assert log.count("promise.reminded") <= 1
    assert ("promise.broken" in log) == (state.status is PromiseStatus.BROKEN)
