"""What an action is, and what came of one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What an action does: it reads, it only protects the customer, or it changes something."""

    READ = "read"
    PROTECT = "protect"
    CHANGE = "change"


class Status(StrEnum):
    """What came of an action. `REFUSED`: the system said no, for a reason with a stable code, and nothing happened;
    `FAILED`: surely nothing happened; `UNKNOWN`: it may have happened."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Action:
    """An action as configured; `parameters` and `result` are JSON schemas."""

    name: str
    effect: Effect
    parameters: Mapping[str, Any]
    result: Mapping[str, Any]
    compensate: str | None = None
    timeout_seconds: float = 1.5
    retries: int = 1


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of an action; `data` holds only what the result schema names, and is never an instruction."""

    status: Status
    data: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    tries: int = 1
    milliseconds: int = 0
