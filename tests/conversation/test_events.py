"""Events and their words: what is sealed, and what erased words read as."""

from __future__ import annotations

from uuid import UUID

import pytest
from pydantic import TypeAdapter

from tests.support import NOW
from warmline.conversation import events as e
from warmline.kit.errors import InvalidError

SECRET = "我的卡号是6222"
SOURCE = e.Source(article_id="lost", question=SECRET, version=2)
FILE = e.Attachment(id=UUID(int=3), name=f"{SECRET}.png", media_type="image/png", size=9)
AGENT = {"agent_id": UUID(int=4), "agent_name": "陈曦"}
EXAMPLES: tuple[e.Payload, ...] = (
    e.ConversationStarted(channel="web", locale="en", elder=True),
    e.MessagePosted(
        client_id="m", text=SECRET, attachments=[FILE], choices=[e.Choice(text=SECRET)], sources=[SOURCE], reply_to=2
    ),
    e.TurnDecided(reply_to=2, decision="answer", reason="released", confidence=0.9, question=SECRET),
    e.HandoffRequested(by="customer", via="key", reason="customer_asked", skill="cards"),
    e.SlipWritten(reason="r", question=SECRET, tried=[SOURCE], known={"name": SECRET}, opening=SECRET),
    e.CallbackScheduled(reason="r", due_at=NOW, chosen_by="customer"),
    e.CallbackDue(),
    e.ConversationAccepted(**AGENT),  # type: ignore[arg-type]
    e.AgentVanished(**AGENT),  # type: ignore[arg-type]
    e.ConversationTransferred(owner=e.Owner.QUEUE, skill="loans"),
    e.ConversationHandedBack(reason="customer_yes"),
    e.NoteAdded(client_id="n", text=SECRET),
    e.RecapProposed(text=SECRET, outcome="solved"),
    e.RecapAnswered(agreed=True),
    e.FeedbackGiven(seq=3, value="up"),
    e.MessagesRead(by="staff", up_to=3),
    e.PreferencesChanged(elder=True, locale="zh-Hant"),
    e.ConversationClosed(reason="customer_left"),
    e.ConversationReopened(),
    e.WordsErased(),
)
each = pytest.mark.parametrize("payload", EXAMPLES, ids=lambda one: one.type)


def test_every_type_has_an_example() -> None:
    assert {one.type for one in EXAMPLES} == set(e.PAYLOADS)  # type: ignore[attr-defined]


@each
def test_what_was_split_joins_again(payload: e.Payload) -> None:
    plain, words = e.split_words(payload)
    assert e.join_words(payload.type, plain, words) == payload  # type: ignore[attr-defined]


@each
def test_no_words_stay_in_the_readable_part(payload: e.Payload) -> None:
    plain, _ = e.split_words(payload)
    assert "6222" not in str(plain)


@each
def test_erased_words_read_as_null_and_the_rest_stays(payload: e.Payload) -> None:
    plain, words = e.split_words(payload)
    read = e.join_words(payload.type, plain, None if words else {})  # type: ignore[attr-defined]
    assert read.erased is bool(words)
    assert all(getattr(read, name) is None for name in words)
    assert {name: value for name, value in read if name not in {*words, "erased"}} == {
        name: value for name, value in payload if name not in {*words, "erased"}
    }


@each
def test_every_event_survives_json(payload: e.Payload) -> None:
    event = e.Event(
        seq=1,
        at=NOW,
        author=e.Author(kind=e.AuthorKind.SYSTEM),
        visibility=payload.VISIBILITY,
        payload=payload,  # type: ignore[arg-type]
    )
    assert TypeAdapter(e.Event).validate_json(event.model_dump_json()) == event


def test_every_owner_change_can_carry_a_reason() -> None:
    changing = [cls for cls in e.PAYLOADS.values() if "owner" in cls.model_fields]
    assert [cls.__name__ for cls in changing if "reason" not in cls.model_fields] == []


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(InvalidError):
        e.join_words("message.unheard_of", {}, {})


def test_staff_alone_see_notes_slips_and_decisions() -> None:
    hidden = {name for name, cls in e.PAYLOADS.items() if cls.VISIBILITY is e.Visibility.STAFF}
    assert hidden == {"note.added", "slip.written", "turn.decided"}
