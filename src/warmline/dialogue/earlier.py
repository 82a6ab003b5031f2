"""What the same customer came for lately, read from the log: how often, what was promised, how they felt. Pure.

A contact is one time that somebody came: a conversation is left for hours and taken up again, which makes two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from warmline.conversation.events import (
    ActionTaken,
    CallbackScheduled,
    ConversationAccepted,
    ConversationHandedBack,
    ConversationReopened,
    ConversationStarted,
    Event,
    TurnDecided,
)
from warmline.dialogue.flows.run import Memory, Run

SITTING = timedelta(hours=4)
"""Who writes again after so long came anew."""
LATE = timedelta(minutes=10)
"""A call back that comes so late was kept all the same."""
CALLBACK = "callback"
PROMISES = ("answer_by", "contact_by", "result_by", "effective_at")
"""Fields of what an action answers that promise something."""
KEPT_BY_THEMSELVES = frozenset({"effective_at"})
_CALM = frozenset({"calm", "joy"})
_FELT_FROM = 0.25


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised for `due`.

    `broken`: it has gone by. Of a call back it is known whether anybody came; of an answer from the bank's own systems
    only that the customer had to come back after its day.
    """

    kind: str
    due: datetime
    reference: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """One earlier contact on one matter. `is_open`: it ended without what the customer came for, or with a promise.

    `feeling` is the strongest felt in it, empty for calm, and `distress` how strong, 0..1; `run`: its flow as left.
    """

    at: datetime
    matter: str = ""
    promises: tuple[Promise, ...] = ()
    feeling: str = ""
    distress: float = 0.0
    is_open: bool = True
    run: Run | None = None


Contacts = Mapping[str, tuple[Contact, ...]]
"""Earlier contacts by matter, a flow's or an article's id, oldest first."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What is said of earlier contacts: how many, on which days, and the promise that was not kept or still runs."""

    matter: str
    count: int
    days: tuple[datetime, ...]
    promise: Promise | None = None

    @property
    def name(self) -> str:
        """Names it among what was said, so that it is said once."""
        return f"earlier:{self.matter}:{self.count}"


def list_sittings(log: Sequence[Event], now: datetime | None = None) -> list[list[Event]]:
    """Cut a conversation's log into the times its customer came; with `now` the one that still goes on is left out."""
    sittings: list[list[Event]] = []
    for event in log:
        begins = isinstance(event.payload, ConversationStarted | ConversationReopened)
        back = isinstance(event.payload, TurnDecided) and event.at - sittings[-1][-1].at > SITTING if sittings else True
        if begins or back:
            sittings.append([])
        sittings[-1].append(event)
    going_on = bool(sittings) and now is not None and now - sittings[-1][-1].at <= SITTING
    return sittings[:-1] if going_on else sittings


def find_contacts(logs: Sequence[Sequence[Event]], now: datetime, *, feelings: bool = True) -> Contacts:
    """Return what the sittings in these logs were about; without `feelings` nobody's are looked at."""
    found: dict[str, list[Contact]] = {}
    for sitting in logs:
        turns = [event.payload for event in sitting if isinstance(event.payload, TurnDecided)]
        matters = dict.fromkeys(matter for turn in turns if (matter := turn.matter or turn.flow))
        for matter in matters:
            found.setdefault(matter, []).append(_contact(sitting, turns, matter, now, feelings=feelings))
    return {matter: tuple(sorted(each, key=lambda one: one.at)) for matter, each in found.items()}


def _contact(
    sitting: Sequence[Event], turns: Sequence[TurnDecided], matter: str, now: datetime, *, feelings: bool
) -> Contact:
    promises = tuple(list_promises(sitting, now))
    felt = [turn.feeling for turn in turns if feelings and turn.feeling and turn.feeling.emotion not in _CALM]
    worst = max(felt, key=lambda one: one.intensity, default=None)
    strong = worst is not None and worst.intensity >= _FELT_FROM
    last = turns[-1]
    settled = last.decision == "answer" or any(turn.flow == matter and turn.outcome for turn in turns)
    return Contact(
        at=sitting[0].at,
        matter=matter,
        promises=promises,
        feeling=worst.emotion if worst and strong else "",
        distress=worst.intensity if worst and strong else 0.0,
        is_open=bool(promises) or not settled,
        run=_find_run(turns, matter),
    )


def _find_run(turns: Sequence[TurnDecided], matter: str) -> Run | None:
    """Return the flow on a matter as it was left."""
    for turn in reversed(turns):
        memory = Memory.model_validate(turn.memory) if turn.memory else Memory()
        for run in (memory.ended, memory.run, memory.aside):
            if run is not None and run.flow_id == matter:
                return run
    return None


def list_on(contacts: Contacts, matter: str) -> tuple[Contact, ...]:
    """Return the contacts on a matter, on any where it is not known, oldest first."""
    if matter:
        return contacts.get(matter, ())
    return tuple(sorted((one for each in contacts.values() for one in each), key=lambda one: one.at))


def list_promises(events: Sequence[Event], now: datetime) -> Iterator[Promise]:
    """Yield what the customer was told would happen, and when: by the bank's systems, or as a call back."""
    for n, event in enumerate(events):
        match event.payload:
            case ActionTaken(status="ok", data=data) if data:
                for kind in PROMISES:
                    due = _moment(data.get(kind))
                    if due is not None:
                        broken = due < now and kind not in KEPT_BY_THEMSELVES
                        yield Promise(kind, due, str(data.get("reference", "-")), broken)
            case CallbackScheduled(due_at=due_at):
                later = events[n + 1 :]
                if not any(_takes_back(one, due_at) for one in later):
                    ends = due_at + LATE
                    kept = any(isinstance(one.payload, ConversationAccepted) and one.at <= ends for one in later)
                    yield Promise(CALLBACK, due_at, broken=not kept and ends < now)


def _takes_back(event: Event, due_at: datetime) -> bool:
    """Tell whether the customer chose another time, or went back to the assistant, before the call was due."""
    return event.at < due_at and isinstance(event.payload, CallbackScheduled | ConversationHandedBack)


def _moment(value: object) -> datetime | None:
    """Return when a promise is due; a day is over at its end."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if at is None or at.tzinfo is not None:
        return at
    return at.replace(tzinfo=UTC) + timedelta(days="T" not in str(value))


def recall(contacts: Contacts, matter: str, *, upset: bool) -> Recall | None:
    """Return what is to be said of earlier contacts; nothing to who had what they came for, and is calm."""
    each = contacts.get(matter, ())
    if not each or not (upset or any(one.is_open for one in each)):
        return None
    promises = [promise for one in each for promise in one.promises if promise.kind not in KEPT_BY_THEMSELVES]
    broken = [promise for promise in promises if promise.broken]
    newest = next(iter([*broken[-1:], *promises[-1:]]), None)
    return Recall(matter, len(each), tuple(one.at for one in each), newest)
