"""The fold: what each event does to the state."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support import (
    CHENXI,
    CUSTOMER,
    LINYAO,
    NOW,
    Talk,
    ask_for_person,
    blank,
    in_serving_order,
    post,
    take_turn,
)
from warmline.conversation import commands as c
from warmline.conversation.events import Owner, TurnDecided
from warmline.conversation.model import REPLY_WITHIN, fold
from warmline.conversation.noted import Acknowledged

DUE = NOW + timedelta(hours=2)


def with_agent() -> Talk:
    talk = Talk()
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    return talk


def test_a_new_conversation_belongs_to_the_assistant_and_owes_nothing() -> None:
    state = Talk().state
    assert (state.owner, state.last_seq, state.reply_due_at) == (Owner.ASSISTANT, 1, None)


def test_a_message_to_the_assistant_is_owed_an_answer_within_five_seconds() -> None:
    talk = Talk()
    talk.do(post())
    assert talk.state.unanswered_seq == 2
    assert talk.state.reply_due_at == NOW + REPLY_WITHIN


def test_a_second_message_does_not_put_off_the_first_ones_answer() -> None:
    talk = Talk()
    talk.do(post())
    talk.move(seconds=3)
    talk.do(post("在吗", "m2"))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (2, NOW + REPLY_WITHIN)


def test_an_answer_to_everything_leaves_nothing_owed() -> None:
    talk = Talk()
    talk.do(post())
    talk.do(take_turn(2))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (None, None)


def test_what_was_written_during_a_turn_is_still_owed_within_five_seconds_of_it() -> None:
    talk = Talk()
    talk.do(post())
    talk.move(seconds=1)
    talk.do(post("还有转账限额呢", "m2"))
    talk.move(seconds=3)
    talk.do(take_turn(2))
    assert talk.state.unanswered_seq == 3
    assert talk.state.reply_due_at is not None
    assert talk.state.reply_due_at <= NOW + timedelta(seconds=1) + REPLY_WITHIN


def test_a_message_to_a_person_is_not_owed_by_the_assistant() -> None:
    talk = with_agent()
    talk.do(post())
    assert talk.state.reply_due_at is None


@pytest.mark.parametrize("due", [None, NOW + timedelta(hours=1)])
def test_who_waits_and_writes_is_owed_a_word_and_still_an_answer_after_it(due: datetime | None) -> None:
    talk = Talk()
    talk.do(ask_for_person(c.HandoffPlan(due_at=due)))
    talk.move(seconds=3)
    talk.do(post())
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (talk.state.last_seq, talk.now + REPLY_WITHIN)
    asked = talk.state.last_seq
    talk.do(c.Reassure(TurnDecided(reply_to=asked, decision="continue", reason="waits"), (c.Say("快了"),)))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (asked, None)
    talk.do(c.ReturnToAssistant(CUSTOMER))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (asked, talk.now + REPLY_WITHIN)


def test_what_nobody_answered_is_owed_when_the_customer_returns() -> None:
    talk = Talk()
    talk.do(post())
    talk.do(ask_for_person())
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (2, None)
    talk.move(minutes=3)
    talk.do(c.ReturnToAssistant(CUSTOMER))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (2, talk.now + REPLY_WITHIN)


def test_what_an_agent_answered_is_not_owed_after_the_handback() -> None:
    talk = with_agent()
    talk.do(post())
    talk.do(post("先挂失。", "a1", CHENXI))
    talk.do(c.HandBack(CHENXI))
    assert (talk.state.owner, talk.state.unanswered_seq, talk.state.reply_due_at) == (Owner.ASSISTANT, None, None)


def test_what_was_asked_while_an_agent_was_silent_is_owed_after_the_handback() -> None:
    talk = with_agent()
    talk.do(post("先挂失。", "a1", CHENXI))
    talk.do(post("那补卡呢", "m2"))
    asked = talk.state.last_seq
    talk.do(c.HandBack(CHENXI))
    assert (talk.state.unanswered_seq, talk.state.reply_due_at) == (asked, talk.now + REPLY_WITHIN)


def test_the_end_settles_what_was_owed() -> None:
    talk = with_agent()
    talk.do(post())
    talk.do(c.Close(CHENXI, "agent_closed", "solved"))
    assert talk.state.unanswered_seq is None


def test_asking_for_a_person_sets_the_wish_and_starts_the_waiting_time() -> None:
    talk = Talk()
    talk.do(post())
    talk.move(seconds=9)
    talk.do(ask_for_person(c.HandoffPlan("cards")))
    state = talk.state
    assert (state.owner, state.human_requested, state.queued_at) == (Owner.QUEUE, True, talk.now)
    assert (state.skill, state.reply_due_at) == ("cards", None)


def test_a_vanished_agent_brings_the_front_and_keeps_the_waiting_time() -> None:
    talk = with_agent()
    talk.move(minutes=9)
    assert talk.do(c.ReportVanished(CHENXI.id)) == ["agent.vanished"]  # type: ignore[arg-type]
    state = talk.state
    assert (state.owner, state.front, state.queued_at) == (Owner.QUEUE, True, NOW)
    assert (state.agent_id, state.agent_name) == (None, None)


def test_a_callback_keeps_the_place_and_comes_back_to_the_front() -> None:
    talk = Talk()
    talk.do(ask_for_person(c.HandoffPlan(due_at=DUE)))
    assert (talk.state.owner, talk.state.callback_due_at, talk.state.queued_at) == (Owner.CALLBACK, DUE, NOW)
    talk.move(hours=2)
    talk.do(c.RaiseCallback())
    state = talk.state
    assert (state.owner, state.front, state.queued_at, state.callback_due_at) == (Owner.QUEUE, True, NOW, None)


def test_handing_back_takes_the_wish_and_the_waiting_time_away() -> None:
    talk = with_agent()
    talk.do(c.HandBack(CHENXI))
    state = talk.state
    assert (state.owner, state.human_requested, state.queued_at) == (Owner.ASSISTANT, False, None)
    assert state.agent_id is None


def test_a_transfer_to_a_colleague_changes_the_agent_alone() -> None:
    talk = with_agent()
    talk.do(c.Transfer(CHENXI, to=LINYAO))
    state = talk.state
    assert (state.owner, state.agent_id, state.agent_name) == (Owner.AGENT, LINYAO.id, "林瑶")
    assert state.queued_at == NOW


def test_a_transfer_to_a_group_goes_to_the_front_of_its_queue() -> None:
    talk = with_agent()
    talk.move(minutes=5)
    talk.do(c.Transfer(CHENXI, skill="loans"))
    state = talk.state
    assert (state.owner, state.skill, state.front, state.queued_at) == (Owner.QUEUE, "loans", True, NOW)


def test_closing_and_writing_again() -> None:
    talk = with_agent()
    talk.do(c.Close(CHENXI, "agent_closed", "solved"))
    assert (talk.state.owner, talk.state.outcome, talk.state.closed_at) == (Owner.CLOSED, "solved", NOW)
    talk.move(days=1)
    assert talk.do(post()) == ["conversation.reopened", "message.posted"]
    state = talk.state
    assert (state.owner, state.outcome, state.closed_at) == (Owner.ASSISTANT, None, None)
    assert state.reply_due_at == talk.now + REPLY_WITHIN


def test_read_receipts_are_kept_by_side() -> None:
    talk = with_agent()
    talk.do(c.MarkRead(CUSTOMER, "customer", 2))
    talk.do(c.MarkRead(CHENXI, "staff", 3))
    assert (talk.state.customer_read_seq, talk.state.staff_read_seq) == (2, 3)


def test_preferences() -> None:
    talk = Talk()
    talk.do(c.SetPreferences(CUSTOMER, True, "en"))
    assert (talk.state.elder, talk.state.locale) == (True, "en")


def test_what_was_said_in_comfort_is_known_for_good() -> None:
    talk = Talk()
    for number, say in enumerate((["comfort_loud_1"], None, ["comfort_card_lost_1", "comfort_again_1"]), 2):
        talk.do(post(client_id=str(number)))
        comfort = Acknowledged(say=say, reason="loud") if say else None
        decided = TurnDecided(reply_to=talk.state.last_seq, decision="answer", reason="r", acknowledgement=comfort)
        talk.do(c.TakeTurn(talk.state.last_seq, decided, (c.Say("好"),)))
    assert talk.state.comforted == ("comfort_loud_1", "comfort_card_lost_1", "comfort_again_1")


def test_the_promised_go_first_then_what_presses_then_who_came_first_and_callbacks_after_them() -> None:
    early, late = NOW, NOW + timedelta(minutes=5)
    waiting = [
        blank(owner=Owner.CALLBACK, queued_at=early, rank_at=early - timedelta(hours=1), channel="callback"),
        blank(owner=Owner.QUEUE, queued_at=early, rank_at=early, channel="first come"),
        blank(owner=Owner.QUEUE, queued_at=late, rank_at=late - timedelta(hours=1), channel="urgent"),
        blank(owner=Owner.QUEUE, queued_at=late, rank_at=late, front=True, channel="promised"),
        blank(owner=Owner.QUEUE, queued_at=late, rank_at=late, channel="last come"),
    ]
    order = [one.channel for one in in_serving_order(waiting)]
    assert order == ["promised", "urgent", "first come", "last come", "callback"]


@pytest.mark.parametrize("cut", range(9))
def test_a_snapshot_and_the_events_after_it_give_the_state(cut: int) -> None:
    talk = with_agent()
    talk.do(post())
    talk.do(c.ReportVanished(CHENXI.id))  # type: ignore[arg-type]
    talk.do(c.Accept(LINYAO))
    talk.do(c.AddNote(LINYAO, "n1", "已核实"))
    talk.do(c.Close(LINYAO, "agent_closed"))
    snapshot = fold(blank(), talk.events[:cut])
    assert fold(snapshot, talk.events[cut:]) == talk.state
