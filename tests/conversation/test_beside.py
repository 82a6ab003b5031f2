"""Colleagues beside a conversation: who may come, who speaks, what the customer is told, and who is left with it."""

from __future__ import annotations

import pytest

from tests.support import CHENXI, LINYAO, Talk, ask_for_person, post
from warmline.conversation import commands as c
from warmline.conversation import errors
from warmline.conversation.beside import Mode
from warmline.conversation.events import MessagePosted, NoteAdded, Owner, WrapUpWritten

LOOKS = (c.Say("林瑶也在看"),)
COMES = (c.Say("林瑶也来了"),)


def with_chenxi() -> Talk:
    talk = Talk()
    talk.do(post())
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    return talk


def modes(talk: Talk) -> list[tuple[str, Mode]]:
    return [(one.name, one.mode) for one in talk.state.beside]


def test_a_colleague_is_asked_in_with_a_private_word_and_once() -> None:
    talk = with_chenxi()
    assert talk.do(c.CallColleague(CHENXI, LINYAO, "房贷的事你熟")) == ["note.added", "colleague.called"]
    note = talk.events[-2].payload
    assert isinstance(note, NoteAdded)
    assert note.whisper
    assert modes(talk) == [("林瑶", Mode.CALLED)]
    assert talk.do(c.CallColleague(CHENXI, LINYAO, "房贷的事你熟")) == []
    assert talk.do(c.CallColleague(CHENXI, CHENXI)) == []


def test_only_who_has_it_asks_a_colleague_in() -> None:
    talk = with_chenxi()
    with pytest.raises(errors.NotYoursError):
        talk.do(c.CallColleague(LINYAO, LINYAO))


def test_who_came_in_to_speak_speaks_and_who_looks_on_does_not() -> None:
    talk = with_chenxi()
    talk.do(c.JoinBeside(LINYAO, Mode.WATCH, LOOKS))
    with pytest.raises(errors.NotYoursError):
        talk.do(post("您好", "l1", LINYAO))
    assert talk.do(c.JoinBeside(LINYAO, Mode.SPEAK, COMES)) == ["colleague.joined", "message.posted"]
    assert talk.do(post("您好", "l1", LINYAO)) == ["message.posted"]
    assert talk.do(c.LeaveBeside(LINYAO, say=(c.Say("林瑶先走了"),))) == ["colleague.left", "message.posted"]
    with pytest.raises(errors.NotYoursError):
        talk.do(post("还有", "l2", LINYAO))


def test_the_customer_is_told_of_a_look_once() -> None:
    talk = with_chenxi()
    assert talk.do(c.JoinBeside(LINYAO, Mode.WATCH, LOOKS)) == ["colleague.joined", "message.posted"]
    said = talk.events[-1].payload
    assert isinstance(said, MessagePosted)
    assert said.text == "林瑶也在看"
    assert talk.do(c.LeaveBeside(LINYAO, say=LOOKS)) == ["colleague.left"]
    assert talk.do(c.JoinBeside(LINYAO, Mode.WATCH, LOOKS)) == ["colleague.joined"]


def test_who_would_not_come_is_no_longer_asked() -> None:
    talk = with_chenxi()
    talk.do(c.CallColleague(CHENXI, LINYAO))
    assert talk.do(c.LeaveBeside(LINYAO)) == ["colleague.left"]
    assert talk.events[-1].payload.reason == "declined"  # type: ignore[union-attr]
    assert modes(talk) == []
    assert talk.do(c.LeaveBeside(LINYAO)) == []


def test_nobody_comes_in_where_no_person_has_it() -> None:
    talk = Talk()
    talk.do(post())
    for command in (c.JoinBeside(LINYAO, Mode.SPEAK), c.JoinBeside(LINYAO, Mode.WATCH), c.TakeOver(LINYAO)):
        with pytest.raises(errors.NotBesideError):
            talk.do(command)


def test_a_warm_transfer_ends_with_the_colleague_alone() -> None:
    talk = with_chenxi()
    talk.do(c.CallColleague(CHENXI, LINYAO, "房贷的事你熟"))
    talk.do(c.JoinBeside(LINYAO, Mode.SPEAK, COMES))
    talk.do(c.Transfer(CHENXI, to=LINYAO, say=(c.Say("林瑶接着帮您"),)))
    assert (talk.state.agent_id, modes(talk)) == (LINYAO.id, [])
    with pytest.raises(errors.NotYoursError):
        talk.do(post("等等", "c2", CHENXI))


def test_whoever_it_was_taken_from_stays_beside_it_and_may_write_notes() -> None:
    talk = with_chenxi()
    assert talk.do(c.TakeOver(LINYAO, (c.Say("我来"),))) == ["conversation.taken_over", "message.posted"]
    assert (talk.state.agent_id, modes(talk)) == (LINYAO.id, [("陈曦", Mode.WATCH)])
    assert talk.do(c.AddNote(CHENXI, "n1", "他说过两遍了", whisper=True)) == ["note.added"]
    with pytest.raises(errors.NotYoursError):
        talk.do(post("打到一半的话", "c2", CHENXI))
    assert talk.do(c.TakeOver(LINYAO)) == []


@pytest.mark.parametrize("ends", ["vanish", "close", "back"])
def test_nobody_stays_beside_what_no_agent_has(ends: str) -> None:
    talk = with_chenxi()
    talk.do(c.JoinBeside(LINYAO, Mode.SPEAK, COMES))
    assert CHENXI.id
    commands: dict[str, c.Command] = {
        "vanish": c.ReportVanished(CHENXI.id),
        "close": c.Close(CHENXI, "agent_closed", "solved"),
        "back": c.HandBack(CHENXI),
    }
    talk.do(commands[ends])
    assert talk.state.owner is not Owner.AGENT
    assert modes(talk) == []


def test_what_is_left_behind_is_written_by_who_served_also_after_the_end() -> None:
    talk = with_chenxi()
    talk.do(post("已经挂失", "c1", CHENXI))
    talk.do(c.Close(CHENXI, "agent_closed", "solved"))
    wrap_up = WrapUpWritten(lines=[], category="cards")
    assert talk.do(c.WriteWrapUp(CHENXI, wrap_up)) == ["wrapup.written"]
    with pytest.raises(errors.NotYoursError):
        talk.do(c.WriteWrapUp(LINYAO, wrap_up))
