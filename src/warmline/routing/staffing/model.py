"""What staffing reckons with: a past contact, a shift, how a contact ended. Times in seconds from a first midnight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SLOT = 900.0
"""Arrivals are forecast, agents planned and waits summed up by quarters of an hour."""
DAY = 86_400.0
DAY_SLOTS = 96


class Contact(Protocol):
    """Somebody who asked for a person, as a log tells it.

    `waited`: until served or gone. `queued`: nobody was free when they came. `server` is None for whoever got no
    person, or one unknown. A `priority` is known only of who queued: others were served before it was asked.
    """

    @property
    def kind(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def at(self) -> float: ...
    @property
    def waited(self) -> float: ...
    @property
    def served(self) -> bool: ...
    @property
    def service(self) -> float: ...
    @property
    def server(self) -> str | None: ...
    @property
    def queued(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who will ask for a person. `priority` None: drawn as the log's queued ones of this kind have it."""

    at: float
    kind: str = ""
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One agent's place from `start` to `end`; `kinds` None: takes everybody."""

    start: float
    end: float
    agent: str = ""
    kinds: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: `waited` until served or gone, then `service` seconds with a person."""

    at: float
    kind: str
    waited: float
    served: bool
    service: float = 0.0


def wants_person(contact: Contact) -> bool:
    """Tell whether somebody came as far as an agent or the queue; others hung up in the menu or were put through."""
    return contact.queued or (contact.served and contact.server is not None)
