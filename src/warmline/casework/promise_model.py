"""Pure rules of promises: found or made, confirmed, reminded of, kept or broken. Time is handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from warmline.casework.errors import PromiseChangedError, PromiseStepError
from warmline.casework.model import SERVICE, Actor, Entry, Owner, check_due, remind_at

CALLBACK_GRACE = timedelta(minutes=10)
"""Customers come to the front of the queue when the time of their callback comes; whoever calls so soon kept it."""


class PromiseStatus(StrEnum):
    """What became of a promise. `broken` stays so, also where it was made good later (`done_at`)."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class Promiser(StrEnum):
    """Who gave the word."""

    ASSISTANT = "assistant"
    AGENT = "agent"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Promise:
    """Who will do what for a customer by when. `words` reads as None once erased.

    `whole_day`: any moment of that day will do, and `due_at` is its end. `callback`: the dated callback of a
    conversation, which is kept once somebody takes the customer. `seq`: where in the conversation it was said.
    """

    id: UUID
    customer_id: UUID
    conversation_id: UUID
    seq: int | None
    case_id: UUID | None
    promiser: Promiser
    owner: Owner
    words: str | None
    due_at: datetime
    whole_day: bool
    callback: bool
    status: PromiseStatus
    made_at: datetime
    changed_at: datetime
    changed_by: Actor
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    done_at: datetime | None = None
    revision: int = 1

    @property
    def breaks_at(self) -> datetime:
        """From when on it is broken unless it was kept."""
        return self.due_at + (CALLBACK_GRACE if self.callback else timedelta(0))

    @property
    def is_open(self) -> bool:
        """Whether something is still owed: not kept yet, or broken and not made good."""
        return self.status in (PromiseStatus.PROPOSED, PromiseStatus.CONFIRMED) or (
            self.status is PromiseStatus.BROKEN and self.done_at is None
        )


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes, that was promised; with other words or another time where they were read wrongly."""

    words: str | None = None
    due_at: datetime | None = None
    whole_day: bool | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It is no promise (`dismissed`), or no longer one: the customer agreed to something else."""

    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    """What was promised is done."""


@dataclass(frozen=True, slots=True)
class RemindOfPromise:
    """Its time comes near."""


@dataclass(frozen=True, slots=True)
class Break:
    """Its time has gone by."""


PromiseCommand = Confirm | Withdraw | Keep | RemindOfPromise | Break
Moved = tuple[Promise, tuple[Entry, ...]]


def decide_promise(
    promise: Promise, command: PromiseCommand, by: Actor, now: datetime, expect: int | None = None
) -> Moved:
    """Return the promise afterwards and what to log; nothing to log is nothing changed.

    `expect`: the revision that was looked at. Raise `PromiseChangedError`, `PromiseStepError`, `DueTimeError`.
    """
    if expect is not None and expect != promise.revision:
        at = promise.changed_at.isoformat()
        raise PromiseChangedError(by=promise.changed_by.name or "", at=at, revision=promise.revision)
    match command:
        case Confirm():
            return _confirm(promise, command, by, now)
        case Withdraw(reason):
            return _withdraw(promise, reason, by, now)
        case Keep():
            return _keep(promise, by, now)
        case RemindOfPromise():
            return _remind(promise, now)
        case Break():
            return _break(promise, now)


def _confirm(promise: Promise, command: Confirm, by: Actor, now: datetime) -> Moved:
    """Confirm what was found, or change what was confirmed before its time came."""
    if promise.status not in (PromiseStatus.PROPOSED, PromiseStatus.CONFIRMED):
        raise PromiseStepError(status=promise.status.value)
    wanted: dict[str, Any] = {
        name: value
        for name in ("words", "due_at", "whole_day", "case_id")
        if (value := getattr(command, name)) is not None and value != getattr(promise, name)
    }
    if promise.status is PromiseStatus.CONFIRMED and not wanted:
        return promise, ()
    due_at = wanted.get("due_at", promise.due_at)
    if "due_at" in wanted:
        check_due(due_at, now)
    if due_at != promise.due_at or promise.remind_at is None:
        wanted |= {"remind_at": remind_at(due_at, now), "reminded_at": None}
    details = {"due_at": due_at.isoformat()}
    if "due_at" in wanted:
        details["was_due_at"] = promise.due_at.isoformat()
    kind = "promise.confirmed" if promise.status is PromiseStatus.PROPOSED else "promise.changed"
    changed = replace(_touched(promise, by, now), status=PromiseStatus.CONFIRMED, **wanted)
    return changed, (Entry(kind, by, details),)


def _withdraw(promise: Promise, reason: str, by: Actor, now: datetime) -> Moved:
    if promise.status is PromiseStatus.WITHDRAWN:
        return promise, ()
    if promise.status not in (PromiseStatus.PROPOSED, PromiseStatus.CONFIRMED):
        raise PromiseStepError(status=promise.status.value)
    gone = replace(_touched(promise, by, now), status=PromiseStatus.WITHDRAWN, done_at=now)
    return gone, (Entry("promise.withdrawn", by, {"reason": reason}),)


def _keep(promise: Promise, by: Actor, now: datetime) -> Moved:
    """Done in time it is kept; later it was broken, and is made good."""
    if promise.status is PromiseStatus.KEPT or (promise.status is PromiseStatus.BROKEN and promise.done_at):
        return promise, ()
    if promise.status is PromiseStatus.WITHDRAWN:
        raise PromiseStepError(status=promise.status.value)
    late = now > promise.breaks_at
    entries = []
    if late and promise.status is not PromiseStatus.BROKEN:
        entries.append(Entry("promise.broken", SERVICE, {"due_at": promise.due_at.isoformat()}))
    kind = "promise.made_good" if late else "promise.kept"
    entries.append(Entry(kind, by, {"due_at": promise.due_at.isoformat()}))
    status = PromiseStatus.BROKEN if late else PromiseStatus.KEPT
    return replace(_touched(promise, by, now), status=status, done_at=now), tuple(entries)


def _remind(promise: Promise, now: datetime) -> Moved:
    due = promise.remind_at is not None and not promise.reminded_at and promise.remind_at <= now
    if promise.status is not PromiseStatus.CONFIRMED or not due:
        return promise, ()
    entry = Entry("promise.reminded", SERVICE, {"due_at": promise.due_at.isoformat()})
    return replace(promise, reminded_at=now), (entry,)


def _break(promise: Promise, now: datetime) -> Moved:
    if promise.status is not PromiseStatus.CONFIRMED or now < promise.breaks_at:
        return promise, ()
    broken = replace(_touched(promise, SERVICE, now), status=PromiseStatus.BROKEN)
    return broken, (Entry("promise.broken", SERVICE, {"due_at": promise.due_at.isoformat()}),)


def _touched(promise: Promise, by: Actor, now: datetime) -> Promise:
    return replace(promise, revision=promise.revision + 1, changed_at=now, changed_by=by)
