"""What an action is, and what calling it comes to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What an action does to the world; `PROTECT` only protects the customer, such as freezing a card."""

    READ = "read"
    PROTECT = "protect"
    CHANGE = "change"


class Status(StrEnum):
    """What is known after a call.

    REFUSED: the system said no, for a reason with a stable code; nothing happened. FAILED: surely nothing happened.
    UNKNOWN: it may have happened.
    """

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Action:
    """Something the assistant may do; the schemas are JSON Schema, empty until its system was reached once."""

    name: str
    effect: Effect
    parameters: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    compensate: str | None = None
    timeout_seconds: float = 2.0
    retries: int = 1


@dataclass(frozen=True, slots=True)
class ActionResult:
    """`data` holds only what the result's schema names, or what a refusal tells; it is data, never instruction."""

    status: Status
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    tries: int = 1
    milliseconds: int = 0


class Outcome(StrEnum):
    """What one try came to: DONE, REFUSED, NOT_DONE (surely), or UNCLEAR."""

    DONE = "done"
    REFUSED = "refused"
    NOT_DONE = "not_done"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `alive`: the system answered as one that works; `again`: another try may go better."""

    outcome: Outcome
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    alive: bool = True
    again: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a system is asked: `key` names the deed, `subject` for whom it is, empty where not known."""

    arguments: Mapping[str, Any]
    key: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """What a system says about one of its operations or tools.

    `honours_key`: done once however often it is called with one key.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    honours_key: bool = False


def conclude(effect: Effect, attempts: list[Attempt]) -> tuple[Status, Attempt]:
    """Return what is known after all tries: a definite answer counts, else the least certain one."""
    last = attempts[-1]
    if last.outcome is Outcome.DONE:
        return Status.OK, last
    if last.outcome is Outcome.REFUSED:
        return Status.REFUSED, last
    unclear = next((one for one in reversed(attempts) if one.outcome is Outcome.UNCLEAR), None)
    if effect is Effect.READ or unclear is None:
        return Status.FAILED, last
    return Status.UNKNOWN, unclear


def may_try_again(effect: Effect, attempt: Attempt, *, keyed: bool) -> bool:
    """Tell whether another try is safe and may help: reads always, deeds that surely did not happen or have a key."""
    return attempt.again and (effect is Effect.READ or keyed or attempt.outcome is Outcome.NOT_DONE)
