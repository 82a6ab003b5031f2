"""Commands that find another state than they were made for, and words to who waits or is gone."""

from __future__ import annotations

import pytest

from tests.conversation.test_decide import DUE, each_owner, in_state
from tests.support import CHENXI, CUSTOMER, Talk, ask_for_person, post
from warmline.conversation import commands as c
from warmline.conversation import errors
from warmline.conversation.events import Owner, TurnDecided


def waited(talk: Talk, *, bring: bool = False) -> c.Reassure:
    """Return a word to who waits, about everything they have written."""
    decided = TurnDecided(reply_to=talk.state.last_customer_seq, decision="continue", reason="waits_for_a_person")
    return c.Reassure(decided, (c.Say("同事 11:00 来"),), ask_for_person(say="在叫了") if bring else None)


@each_owner
def test_a_word_is_said_to_who_waits_and_writes_and_to_nobody_else(owner: Owner) -> None:
    talk = in_state(owner)
    talk.do(post())
    word = waited(talk)
    waits = owner in (Owner.QUEUE, Owner.CALLBACK)
    assert talk.do(word) == (["message.posted", "turn.decided"] if waits else [])
    assert talk.do(word) == []


def test_a_word_gives_way_to_what_the_customer_wrote_meanwhile() -> None:
    talk = in_state(Owner.CALLBACK)
    talk.do(post())
    word = waited(talk)
    talk.do(post("还在吗", "m2"))
    assert talk.do(word) == []
    assert talk.state.reply_due_at is not None


def test_a_word_that_finds_somebody_there_leads_to_the_queue() -> None:
    talk = in_state(Owner.CALLBACK)
    talk.do(post("转人工"))
    done = talk.do(waited(talk, bring=True))
    assert done == ["message.posted", "turn.decided", "handoff.requested", "message.posted"]
    assert (talk.state.owner, talk.state.reply_due_at) == (Owner.QUEUE, None)


@each_owner
def test_a_sweep_that_comes_late_overrides_nobodys_decision(owner: Owner) -> None:
    talk = in_state(owner)
    sweep = c.ScheduleCallback(c.SYSTEM, DUE, "system", "no_agent_online", (c.Say("我们会在 11:00 回复您"),))
    waits = owner is Owner.QUEUE
    assert talk.do(sweep) == (["callback.scheduled", "message.posted"] if waits else [])
    assert talk.do(sweep) == []
    assert talk.state.owner is (Owner.CALLBACK if waits else owner)


@each_owner
def test_an_erased_customer_waits_for_nobody_and_nothing_more_is_said_to_them(owner: Owner) -> None:
    talk = in_state(owner)
    done = talk.do(c.NoteErasure())
    assert done == ["words.erased"] if owner is Owner.CLOSED else ["conversation.closed", "words.erased"]
    assert talk.do(c.NoteErasure()) == []
    said = (post(), post(author=CHENXI), c.AddNote(CHENXI, "n1", "还在吗"), c.HandBack(CHENXI, "好"))
    for command in (*said, ask_for_person(), c.ScheduleCallback(CUSTOMER, DUE, "customer")):
        with pytest.raises(errors.ConversationClosedError):
            talk.do(command)
    assert talk.state.owner is Owner.CLOSED
