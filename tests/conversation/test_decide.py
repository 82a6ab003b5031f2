"""Each command: when it is carried out, when it is refused, when it already holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from tests.support import CHENXI, CUSTOMER, LINYAO, NOW, Talk, ask_for_person, post, take_turn
from warmline.conversation import commands as c
from warmline.conversation import errors
from warmline.conversation.events import (
    Attachment,
    Author,
    AuthorKind,
    HandoffRequested,
    MessagePosted,
    Owner,
    SlipWritten,
    Visibility,
)
from warmline.kit.errors import WarmlineError

DUE = NOW + timedelta(hours=1)
CHENXI_ID, LINYAO_ID = UUID(int=1001), UUID(int=1002)
FILE = Attachment(id=UUID(int=3), name="a.png", media_type="image/png", size=1)


def in_state(owner: Owner) -> Talk:
    """Return a conversation that this owner has; an agent's is 陈曦's."""
    talk = Talk()
    if owner is Owner.CALLBACK:
        talk.do(ask_for_person(c.HandoffPlan(due_at=DUE)))
    elif owner in (Owner.QUEUE, Owner.AGENT):
        talk.do(ask_for_person())
    elif owner is Owner.CLOSED:
        talk.do(c.Close(CUSTOMER, "customer_left"))
    if owner is Owner.AGENT:
        talk.do(c.Accept(CHENXI))
    assert talk.state.owner is owner
    return talk


each_owner = pytest.mark.parametrize("owner", list(Owner))
not_with_agent = pytest.mark.parametrize("owner", [one for one in Owner if one is not Owner.AGENT])


@each_owner
def test_a_customer_can_always_write(owner: Owner) -> None:
    talk = in_state(owner)
    done = talk.do(post())
    assert done[-1] == "message.posted"
    assert (talk.state.owner is Owner.ASSISTANT) is (owner in (Owner.ASSISTANT, Owner.CLOSED))


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_a_message_needs_words_or_a_file(text: str) -> None:
    with pytest.raises(errors.MessageEmptyError):
        Talk().do(post(text))
    assert Talk().do(c.PostMessage(CUSTOMER, "m", text, (FILE,))) == ["message.posted"]


@pytest.mark.parametrize("kind", [AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT])
def test_only_the_agent_who_has_it_writes(kind: AuthorKind) -> None:
    talk = in_state(Owner.AGENT)
    talk.do(c.PostMessage(Author(kind=kind, id=CHENXI.id, name="陈曦"), "a1", "我来看看。"))
    with pytest.raises(errors.NotYoursError) as refused:
        talk.do(c.PostMessage(Author(kind=kind, id=LINYAO.id, name="林瑶"), "a2", "我也来看看。"))
    assert refused.value.fields == {"owner": "agent", "agent_name": "陈曦"}


def test_a_colleagues_parallel_reply_is_shown_before_one_s_own_is_sent() -> None:
    talk = in_state(Owner.AGENT)
    talk.do(post("您好", "a1", CHENXI))
    seen = talk.state.last_seq
    talk.do(c.Transfer(CHENXI, to=LINYAO))
    talk.do(post("我是林瑶", "b1", LINYAO))
    talk.do(c.Transfer(LINYAO, to=CHENXI))
    with pytest.raises(errors.ColleagueRepliedError):
        talk.do(c.PostMessage(CHENXI, "a2", "请稍等", expect_seq=seen))
    assert talk.do(c.PostMessage(CHENXI, "a2", "请稍等", expect_seq=talk.state.last_staff_seq)) == ["message.posted"]
    assert talk.do(c.PostMessage(CHENXI, "a3", "好了", expect_seq=seen)) == ["message.posted"]


def test_a_turn_says_decides_and_answers() -> None:
    talk = Talk()
    talk.do(post())
    assert talk.do(take_turn(2)) == ["message.posted", "turn.decided"]
    said = talk.events[-2].payload
    assert isinstance(said, MessagePosted)
    assert (said.text, said.reply_to) == ("先挂失。", 2)


def test_a_message_is_answered_once() -> None:
    talk = Talk()
    talk.do(post())
    talk.do(take_turn(2))
    assert talk.do(take_turn(2)) == []
    talk.do(post("还有呢", "m2"))
    assert talk.do(take_turn(2)) == []


@not_with_agent
def test_a_turn_that_comes_when_nothing_is_owed_says_nothing(owner: Owner) -> None:
    assert in_state(owner).do(take_turn(9)) == []


def test_the_assistant_does_not_speak_once_a_person_has_it() -> None:
    talk = Talk()
    talk.do(post())
    talk.do(ask_for_person())
    assert talk.do(take_turn(2)) == []
    talk.do(c.Accept(CHENXI))
    assert talk.do(take_turn(2)) == []


def test_a_turn_can_bring_a_person() -> None:
    talk = Talk()
    talk.do(post())
    done = talk.do(take_turn(2, "我叫同事来。", ask_for_person(say="好的，已经在叫了。")))
    assert done == ["message.posted", "turn.decided", "handoff.requested", "message.posted"]
    assert talk.state.owner is Owner.QUEUE
    client_ids = [event.payload.client_id for event in talk.events if isinstance(event.payload, MessagePosted)]
    assert len(set(client_ids)) == len(client_ids)


@each_owner
def test_a_person_or_a_date_is_one_command_away_from_every_state(owner: Owner) -> None:
    queued, dated = in_state(owner), in_state(owner)
    queued.do(ask_for_person())
    dated.do(ask_for_person(c.HandoffPlan(due_at=DUE)))
    assert queued.state.owner in (Owner.QUEUE, Owner.AGENT)
    assert dated.state.owner in (Owner.QUEUE, Owner.AGENT, Owner.CALLBACK)


@pytest.mark.parametrize("owner", [Owner.QUEUE, Owner.AGENT])
def test_asking_again_changes_nothing(owner: Owner) -> None:
    assert in_state(owner).do(ask_for_person(say="好的")) == []


def test_asking_again_while_a_callback_is_promised() -> None:
    talk = in_state(Owner.CALLBACK)
    assert talk.do(ask_for_person(c.HandoffPlan(due_at=DUE))) == []
    assert talk.do(ask_for_person()) == ["handoff.requested"]
    assert (talk.state.owner, talk.state.queued_at) == (Owner.QUEUE, NOW)


def test_the_slip_is_for_staff_and_the_plan_is_said() -> None:
    talk = Talk()
    slip = SlipWritten(reason="customer_asked", question="卡丢了")
    plan = c.HandoffPlan("cards", DUE, "outside_hours")
    said = (c.Say("明天九点"),)
    done = talk.do(c.RequestHandoff(CUSTOMER, "customer", "key", "customer_asked", plan, said, slip))
    assert done == ["handoff.requested", "slip.written", "callback.scheduled", "message.posted"]
    assert [event.visibility for event in talk.events[1:3]] == [Visibility.ALL, Visibility.STAFF]
    requested = talk.events[1].payload
    assert isinstance(requested, HandoffRequested)
    assert (requested.by, requested.via, requested.reason, requested.skill) == (
        "customer",
        "key",
        "customer_asked",
        "cards",
    )


@pytest.mark.parametrize("due", [NOW, NOW - timedelta(seconds=1)])
def test_a_callback_lies_ahead(due: object) -> None:
    with pytest.raises(errors.CallbackTimeError):
        Talk().do(c.ScheduleCallback(CUSTOMER, due, "customer"))  # type: ignore[arg-type]


@pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.QUEUE, Owner.CALLBACK])
def test_an_agent_promises_a_callback_to_their_own_customers_only(owner: Owner) -> None:
    """The line broke a moment ago, and the customer is back in the queue."""
    talk = in_state(owner)
    with pytest.raises(errors.NotYoursError):
        talk.do(c.ScheduleCallback(CHENXI, DUE, "agent"))


@each_owner
def test_choosing_a_callback_counts_as_asking_for_a_person(owner: Owner) -> None:
    talk = in_state(owner)
    author = CHENXI if owner is Owner.AGENT else CUSTOMER
    done = talk.do(c.ScheduleCallback(author, DUE, "agent" if owner is Owner.AGENT else "customer"))
    assert done[-1] == "callback.scheduled"
    assert ("handoff.requested" in done) is (owner in (Owner.ASSISTANT, Owner.CLOSED))
    assert (talk.state.owner, talk.state.callback_due_at, talk.state.human_requested) == (Owner.CALLBACK, DUE, True)


def test_a_customer_cannot_send_the_agent_away_with_a_callback() -> None:
    with pytest.raises(errors.NotYoursError):
        in_state(Owner.AGENT).do(c.ScheduleCallback(CUSTOMER, DUE, "customer"))


def test_a_callback_comes_due_once_and_not_before_its_time() -> None:
    talk = in_state(Owner.CALLBACK)
    assert talk.do(c.RaiseCallback()) == []
    talk.now = DUE
    assert talk.do(c.RaiseCallback()) == ["callback.due"]
    assert talk.do(c.RaiseCallback()) == []


@pytest.mark.parametrize("owner", [Owner.QUEUE, Owner.CALLBACK])
def test_whoever_waits_can_be_accepted(owner: Owner) -> None:
    talk = in_state(owner)
    assert talk.do(c.Accept(CHENXI, (c.Say("陈曦来了"),))) == ["conversation.accepted", "message.posted"]
    assert talk.do(c.Accept(CHENXI)) == []


def test_accepting_late_names_who_has_it() -> None:
    with pytest.raises(errors.AlreadyTakenError) as refused:
        in_state(Owner.AGENT).do(c.Accept(LINYAO))
    assert refused.value.fields == {"agent_name": "陈曦"}


@pytest.mark.parametrize("owner", [Owner.ASSISTANT, Owner.CLOSED])
def test_who_does_not_wait_cannot_be_accepted(owner: Owner) -> None:
    with pytest.raises(errors.NotWaitingError):
        in_state(owner).do(c.Accept(CHENXI))


def test_only_the_agent_who_has_it_can_vanish_and_only_once() -> None:
    talk = in_state(Owner.AGENT)
    assert talk.do(c.ReportVanished(LINYAO_ID)) == []
    assert talk.do(c.ReportVanished(CHENXI_ID, (c.Say("断线了"),))) == ["agent.vanished", "message.posted"]
    assert talk.do(c.ReportVanished(CHENXI_ID)) == []


def test_handing_back_with_a_note() -> None:
    talk = in_state(Owner.AGENT)
    done = talk.do(c.HandBack(CHENXI, "已重置密码", (c.Say("我继续陪您"),)))
    assert done == ["note.added", "conversation.handed_back", "message.posted"]
    assert in_state(Owner.AGENT).do(c.HandBack(CHENXI, "  ")) == ["conversation.handed_back"]


@pytest.mark.parametrize("owner", [Owner.QUEUE, Owner.CALLBACK])
def test_the_customers_own_yes_leads_back_to_the_assistant(owner: Owner) -> None:
    talk = in_state(owner)
    assert talk.do(c.ReturnToAssistant(CUSTOMER)) == ["conversation.handed_back"]
    assert (talk.state.owner, talk.state.human_requested) == (Owner.ASSISTANT, False)
    assert talk.do(c.ReturnToAssistant(CUSTOMER)) == []


def test_from_a_person_only_the_person_leads_back() -> None:
    with pytest.raises(errors.WithAPersonError):
        in_state(Owner.AGENT).do(c.ReturnToAssistant(CUSTOMER))


STAFF_COMMANDS: tuple[Callable[[Author], c.Command], ...] = (
    lambda agent: post("您好", "a1", agent),
    lambda agent: c.HandBack(agent),
    lambda agent: c.Transfer(agent, skill="loans"),
    lambda agent: c.ProposeRecap(agent, "已挂失", "solved"),
    lambda agent: c.Close(agent, "agent_closed", "solved"),
)


@pytest.mark.parametrize("make", STAFF_COMMANDS)
@each_owner
def test_only_the_agent_who_has_it_acts(make: Callable[[Author], c.Command], owner: Owner) -> None:
    talk, before = in_state(owner), in_state(owner).state
    if owner is Owner.CLOSED and isinstance(make(LINYAO), c.Close):
        assert talk.do(make(LINYAO)) == []
        return
    with pytest.raises((errors.NotYoursError, errors.ConversationClosedError)):
        talk.do(make(LINYAO))
    assert talk.state == before
    if owner is Owner.AGENT:
        assert talk.do(make(CHENXI)) != []


def test_a_transfer_to_a_group_and_to_a_person() -> None:
    talk = in_state(Owner.AGENT)
    assert talk.do(c.Transfer(CHENXI, to=LINYAO, note="客户很急")) == ["note.added", "conversation.transferred"]
    assert talk.do(c.Transfer(LINYAO, skill="loans")) == ["conversation.transferred"]
    assert (talk.state.owner, talk.state.skill, talk.state.front) == (Owner.QUEUE, "loans", True)


@each_owner
def test_a_note_can_be_added_at_any_time_and_not_empty(owner: Owner) -> None:
    assert in_state(owner).do(c.AddNote(LINYAO, "n1", "待核实")) == ["note.added"]
    with pytest.raises(errors.MessageEmptyError):
        in_state(owner).do(c.AddNote(LINYAO, "n1", " "))


def test_a_recap_is_proposed_and_answered() -> None:
    talk = in_state(Owner.AGENT)
    assert talk.do(c.ProposeRecap(CHENXI, "卡已挂失，新卡五天到。", "solved")) == ["recap.proposed"]
    assert talk.do(c.AnswerRecap(CUSTOMER, agreed=True)) == ["recap.answered"]


def test_a_recap_is_answered_once_and_only_if_it_was_proposed() -> None:
    talk = in_state(Owner.AGENT)
    with pytest.raises(errors.NoRecapError):
        talk.do(c.AnswerRecap(CUSTOMER, agreed=True))
    for _ in range(2):
        talk.do(c.ProposeRecap(CHENXI, "新卡五天到。", "solved"))
        assert talk.do(c.AnswerRecap(CUSTOMER, agreed=False)) == ["recap.answered"]
        with pytest.raises(errors.NoRecapError):
            talk.do(c.AnswerRecap(CUSTOMER, agreed=True))


def test_a_recap_may_be_answered_after_the_end() -> None:
    talk = in_state(Owner.AGENT)
    talk.do(c.ProposeRecap(CHENXI, "新卡五天到。", "solved"))
    talk.do(c.Close(CHENXI, "agent_closed", "solved"))
    assert talk.do(c.AnswerRecap(CUSTOMER, agreed=True)) == ["recap.answered"]


@pytest.mark.parametrize("seq", [0, -1, 2])
def test_feedback_is_on_something_that_was_said(seq: int) -> None:
    talk = Talk()
    with pytest.raises(errors.UnknownSeqError):
        talk.do(c.GiveFeedback(CUSTOMER, seq, "up"))
    assert talk.do(c.GiveFeedback(CUSTOMER, 1, "down")) == ["feedback.given"]


def test_only_the_agent_who_has_the_conversation_reads_it_for_staff() -> None:
    talk = Talk()
    talk.do(post())
    talk.do(ask_for_person())
    assert talk.do(c.MarkRead(CHENXI, "staff", 2)) == []
    talk.do(c.Accept(CHENXI))
    assert talk.do(c.MarkRead(LINYAO, "staff", 2)) == []
    assert talk.do(c.MarkRead(CHENXI, "staff", 2)) == ["messages.read"]
    talk.do(c.ReportVanished(CHENXI_ID))
    talk.do(post("还在吗", "m2"))
    assert talk.do(c.MarkRead(CHENXI, "staff", 99)) == []
    assert talk.state.staff_read_seq == 2


def test_the_slip_for_the_next_agent_comes_with_the_vanish() -> None:
    talk = Talk()
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    slip = SlipWritten(reason="agent_vanished")
    assert talk.do(c.ReportVanished(CHENXI_ID, slip=slip)) == ["agent.vanished", "slip.written"]


def test_a_receipt_goes_forward_only_and_not_beyond_the_end() -> None:
    talk = Talk()
    talk.do(post())
    assert talk.do(c.MarkRead(CUSTOMER, "customer", 99)) == ["messages.read"]
    assert talk.state.customer_read_seq == 2
    assert talk.do(c.MarkRead(CUSTOMER, "customer", 2)) == []
    assert talk.do(c.MarkRead(CUSTOMER, "customer", 1)) == []


def test_preferences_that_hold_already_are_not_written_again() -> None:
    talk = Talk()
    assert talk.do(c.SetPreferences(CUSTOMER, False, "zh-Hans")) == []
    assert talk.do(c.SetPreferences(CUSTOMER, True, "zh-Hans")) == ["preferences.changed"]


@each_owner
def test_a_customer_can_always_leave(owner: Owner) -> None:
    talk = in_state(owner)
    done = talk.do(c.Close(CUSTOMER, "customer_left"))
    assert done == ([] if owner is Owner.CLOSED else ["conversation.closed"])
    assert talk.state.owner is Owner.CLOSED


@pytest.mark.parametrize("owner", [Owner.QUEUE, Owner.CALLBACK, Owner.AGENT])
def test_nobody_but_the_customer_or_the_agent_ends_a_wait_for_a_person(owner: Owner) -> None:
    with pytest.raises(WarmlineError):
        in_state(owner).do(c.Close(c.SYSTEM, "timeout"))


def test_goodbye_is_said_before_the_end() -> None:
    talk = in_state(Owner.AGENT)
    done = talk.do(c.Close(CHENXI, "agent_closed", "solved", (c.Say("再见"),)))
    assert done == ["message.posted", "conversation.closed"]


def test_an_unheard_of_command_is_a_mistake_of_the_program() -> None:
    with pytest.raises(NotImplementedError):
        Talk().do(object())  # type: ignore[arg-type]
