"""Events and their words: what is sealed, and what erased words read as."""

from __future__ import annotations

from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.support import NOW
from warmline.conversation import events as e
from warmline.conversation.sealing import join_words, split_words

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
    e.ActionTaken(
        action="freeze_card", effect="protect", status="ok", key="k", arguments={"a": SECRET}, data={"b": SECRET}
    ),
    e.HandoffRequested(by="customer", via="key", reason="customer_asked", skill="cards"),
    e.SlipWritten(reason="r", question=SECRET, tried=[SOURCE], known={"name": SECRET}, opening=SECRET),
    e.CallbackScheduled(reason="r", due_at=NOW, chosen_by="customer"),
    e.CallbackDue(),
    e.ConversationAccepted(**AGENT),  # type: ignore[arg-type]
    e.AgentVanished(**AGENT),  # type: ignore[arg-type]
    e.ConversationTransferred(owner=e.Owner.QUEUE, skill="loans"),
    e.ConversationHandedBack(reason="customer_yes"),
    e.ColleagueCalled(**AGENT),  # type: ignore[arg-type]
    e.ColleagueJoined(**AGENT, mode="speak"),  # type: ignore[arg-type]
    e.ColleagueLeft(**AGENT),  # type: ignore[arg-type]
    e.ConversationTakenOver(**AGENT),  # type: ignore[arg-type]
    e.WrapUpWritten(lines=[e.SummaryLine(section="request", text=SECRET, seqs=[2])], tell_bank=SECRET),
    e.OfferMade(expires_at=NOW, **AGENT),  # type: ignore[arg-type]
    e.OfferEnded(agent_id=AGENT["agent_id"], reason="declined"),  # type: ignore[arg-type]
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
    plain, words = split_words(payload)
    assert join_words(payload.type, plain, words) == payload  # type: ignore[attr-defined]


@each
def test_no_words_stay_in_the_readable_part(payload: e.Payload) -> None:
    plain, _ = split_words(payload)
    assert "6222" not in str(plain)


@each
def test_erased_words_read_as_null_and_the_rest_stays(payload: e.Payload) -> None:
    plain, words = split_words(payload)
    read = join_words(payload.type, plain, None if words else {})  # type: ignore[attr-defined]
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


@each
def test_what_a_newer_version_added_is_ignored(payload: e.Payload) -> None:
    plain, words = split_words(payload)
    read = join_words(payload.type, {**plain, "mood": {"x": 1}}, {**words, "tone": "y"})  # type: ignore[attr-defined]
    assert read == payload


@pytest.mark.parametrize(
    ("kind", "plain", "words", "expected"),
    [
        ("message.posted", {"client_id": "m", "format": "rich"}, {"text": "好"}, "好"),
        ("voice.joined", {"owner": "agent", "reason": "called"}, {}, ("agent", "called")),
        ("conversation.handed_back", {"owner": "assistant", "reason": "a_new_one"}, {}, ("assistant", "a_new_one")),
        ("message.posted", {"mood": SECRET}, {"text": SECRET}, (None, "")),
        ("voice.left", {"owner": "someone new"}, None, (None, "")),
    ],
)
def test_what_a_newer_version_changed_reads_as_well_as_it_can(
    kind: str, plain: dict[str, object], words: dict[str, object] | None, expected: str | tuple[e.Owner, str]
) -> None:
    read = join_words(kind, plain, words)
    if isinstance(expected, str):
        assert read == e.MessagePosted(client_id="m", text=expected)
    else:
        owner, reason = expected
        assert read == e.UnknownEvent(kind=kind, owner=owner, reason=reason)
    event = e.Event(seq=1, at=NOW, author=e.Author(kind=e.AuthorKind.SYSTEM), visibility=e.Visibility.ALL, payload=read)
    assert TypeAdapter(e.Event).validate_json(event.model_dump_json()) == event


def test_an_unknown_event_without_an_owner_changes_none_in_a_client() -> None:
    assert "owner" not in e.UnknownEvent(kind="voice.joined").model_dump(mode="json")
    assert e.UnknownEvent(kind="voice.joined", owner=e.Owner.AGENT).model_dump(mode="json")["owner"] == "agent"


def test_a_payload_that_does_not_fit_does_not_print_its_words() -> None:
    with pytest.raises(ValidationError) as caught:
        e.MessagePosted.model_validate({"text": SECRET, "choices": SECRET})
    assert "6222" not in str(caught.value)


def test_staff_alone_see_notes_slips_and_decisions() -> None:
    hidden = {name for name, cls in e.PAYLOADS.items() if cls.VISIBILITY is e.Visibility.STAFF}
    beside = {"colleague.called", "colleague.joined", "colleague.left", "offer.ended", "offer.made"}
    assert hidden == {"action.taken", "note.added", "slip.written", "turn.decided", "wrapup.written", *beside}
