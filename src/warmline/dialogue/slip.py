"""交接单: what an agent needs on arriving, read from the log. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from warmline.conversation.events import AuthorKind, Event, MessagePosted, SlipWritten, Source, TurnDecided
from warmline.conversation.noted import EarlierContact, PromiseMade
from warmline.dialogue.earlier import Contact, Promise, list_promises
from warmline.dialogue.feeling import find_amount
from warmline.dialogue.flows.expressions import STYLES
from warmline.dialogue.flows.hear import show_value
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.flows.turn import Flows
from warmline.kit.i18n import Words
from warmline.language.service import Direction, Emotion, Marker, Trajectory, find_markers

QUESTION_LIMIT = 200
LAST_QUESTIONS = 2
TRANSCRIPT_LIMIT = 1_500
QUOTED_LIMIT = 40
"""A longer question is not read back to the customer."""
OPENINGS = {
    "distress": "slip_distress",
    "customer_asked": "slip_asked",
    "customer_accepted_offer": "slip_asked",
    "readings_did_not_fit": "slip_unanswered",
    "unsure_on_money_or_law": "slip_unanswered",
    "complaint": "slip_complaint",
    "urgent": "slip_urgent",
    "elder_hesitates": "slip_hesitates",
    "asked_twice": "slip_twice",
    "likely_dissatisfied": "slip_distress",
    "agent_vanished": "slip_vanished",
    "assistant_fault": "slip_fault",
    "assistant_busy": "slip_busy",
}
RISES_BY = 0.15
"""So much more distress than at the first contact is a feeling that rises."""
FELT_FROM = 0.25
"""Distress from which the slip speaks of a feeling."""
MONEY = frozenset({Marker.MONEY_KEPT, Marker.FRAUD})


def write_slip(
    events: Sequence[Event],
    *,
    reason: str,
    locale: str,
    elder: bool,
    words: Words,
    flows: Flows | None = None,
    memory: Memory | None = None,
    contacts: Sequence[Contact] = (),
    now: datetime,
    zone: tzinfo,
) -> SlipWritten:
    """Gather the customer's question, what was tried, what is known and when they came with it before.

    `{customer_name}` and `{agent_name}` in the opening are filled in at the desk, by whoever may see them.
    """
    asked = [text for text in _customer_texts(events) if find_markers(text).only is None]
    recent = list(dict.fromkeys(asked[-LAST_QUESTIONS:]))
    question = "；".join(recent)[:QUESTION_LIMIT] or None
    known = {"language": locale, "elder": "yes" if elder else "no"}
    if amount := next((found for text in reversed(asked) if (found := _amount(text))), None):
        known["amount"] = amount
    memory = memory or Memory()
    known |= _list_slots(memory, flows, locale)
    kinds = frozenset[Marker]().union(*(find_markers(text).kinds for text in recent))
    quotes = question is not None and len(question) <= QUOTED_LIMIT
    keys = _choose_opening(reason, kinds, quotes=quotes, elder=elder, again=bool(contacts))
    values: dict[str, object] = {"customer": "{customer_name}", "agent": "{agent_name}", "question": question}
    values["count"] = len(contacts) + 1
    opening = (" " if locale == "en" else "").join(words.say(key, locale, **values) for key in keys)
    return SlipWritten(
        reason=reason,
        question=question,
        tried=_tried(events),
        known=known,
        done=_list_deeds(memory, flows, locale, words) or None,
        promised=list(dict.fromkeys(_say_promise(x, zone, locale, words) for x in list_promises(events, now))) or None,
        feeling=_name_feeling(memory.mood, contacts) or None,
        earlier=[_tell_earlier(one, flows, zone, locale, words) for one in reversed(contacts)] or None,
        opening=opening,
    )


def list_transcript(events: Sequence[Event]) -> list[str]:
    """Return what the customer said lately; answers to a flow's questions, such as codes, are not in it."""
    kept: list[str] = []
    for text in reversed(list(dict.fromkeys(_customer_texts(events)))):
        if sum(map(len, kept)) + len(text) > TRANSCRIPT_LIMIT:
            break
        kept.insert(0, text)
    return kept


def _list_slots(memory: Memory, flows: Flows | None, locale: str) -> dict[str, str]:
    """Return the flow under way and what it knows, by the names a colleague reads."""
    run = memory.run
    flow = flows.of(run) if flows and run else None
    if run is None or flow is None:
        return {}
    found = {"flow": flow.title.say(locale)}
    for name, filled in {**memory.facts, **run.slots}.items():
        slot = flow.slots.get(name)
        if slot is not None and not slot.secret and filled.value:
            found[slot.name.say(locale) if slot.name else name] = show_value(slot, filled, locale)
    return found


def _list_deeds(memory: Memory, flows: Flows | None, locale: str, words: Words) -> list[str]:
    runs = [run for run in (memory.ended, memory.aside, memory.run) if run is not None]
    said = []
    for run in runs:
        flow = flows.of(run) if flows else None
        title = flow.title.say(locale) if flow else run.flow_id
        for deed in run.deeds:
            key = "slip_unsure" if deed.code else "slip_done"
            reference = deed.key[:8] if deed.code else str(deed.data.get("reference", "-"))
            said.append(words.say(key, locale, title=title, reference=reference))
    return said


def _say_promise(promise: Promise, zone: tzinfo, locale: str, words: Words) -> str:
    """Name what the customer was told would happen, and when, by the bank's time."""
    when = STYLES["moment"](promise.due.astimezone(zone).isoformat(), locale)
    return words.say(f"slip_{promise.kind}", locale, when=when, reference=promise.reference)


def _tell_earlier(contact: Contact, flows: Flows | None, zone: tzinfo, locale: str, words: Words) -> EarlierContact:
    """Return one earlier contact, with what was said to its flow, for a colleague not to ask again."""
    known = _list_slots(Memory(run=contact.run), flows, locale)
    flow = flows.find(contact.matter) if flows else None
    return EarlierContact(
        at=contact.at,
        about=known.pop("flow", "") or (flow.title.say(locale) if flow else ""),
        known=known,
        promised=[PromiseMade(text=_say_promise(x, zone, locale, words), broken=x.broken) for x in contact.promises],
        feeling=contact.feeling,
    )


def _name_feeling(mood: Trajectory, contacts: Sequence[Contact]) -> list[str]:
    """Name the strongest feeling so far and where it is going, over earlier contacts too; nothing for who was calm."""
    if mood.peak_emotion in (Emotion.CALM, Emotion.JOY) or mood.peak < FELT_FROM:
        return []
    rises = bool(contacts) and mood.peak >= contacts[0].distress + RISES_BY
    direction = Direction.RISING if rises else mood.direction
    return [mood.peak_emotion, *([direction] if direction is not Direction.LEVEL else [])]


def _choose_opening(reason: str, kinds: Collection[Marker], *, quotes: bool, elder: bool, again: bool) -> list[str]:
    """Name the sentences: a greeting, a word on what brought the customer here, and that nothing need be said again.

    Who may be in danger is not read back what they wrote.
    """
    if Marker.DANGER in kinds:
        return ["slip_greeting", "slip_danger"]
    unanswered = "slip_unanswered" if reason.startswith("not_known") else None
    why = OPENINGS.get(reason) or unanswered
    if why == "slip_asked" and Marker.DISTRESS in kinds:
        why = "slip_distress"
    if again and why in (None, "slip_distress", "slip_asked", "slip_complaint"):
        why = "slip_came_again"
    keys = ["slip_greeting", why, "slip_question" if quotes else "slip_seen", "slip_elder" if elder else None]
    return [key for key in keys if key]


def _amount(text: str) -> str | None:
    return find_amount(text) if not find_markers(text).kinds.isdisjoint(MONEY) else None


def _customer_texts(events: Sequence[Event]) -> list[str]:
    """Return what the customer said, but for answers to a flow's questions: its slots hold those."""
    answers = _list_answers(events)
    return [
        event.payload.text.strip()
        for event in events
        if isinstance(event.payload, MessagePosted)
        and event.author.kind is AuthorKind.CUSTOMER
        and event.payload.text
        and event.seq not in answers
    ]


def _list_answers(events: Sequence[Event]) -> set[int]:
    found: set[int] = set()
    before = 0
    for event in events:
        if isinstance(event.payload, TurnDecided):
            if event.payload.flow and event.payload.question is None:
                found.update(range(before + 1, event.payload.reply_to + 1))
            before = event.payload.reply_to
    return found


def _tried(events: Sequence[Event]) -> list[Source]:
    found: dict[str, Source] = {}
    for event in events:
        if isinstance(event.payload, MessagePosted) and event.payload.sources:
            found.update({source.article_id: source for source in event.payload.sources})
    return list(found.values())
