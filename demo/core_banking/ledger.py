"""What all desks of the bank share: who asks, the records, references, and a journal of what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.core_banking.problems import Refusal, not_found
from demo.core_banking.records import Card, Customer, read_records
from demo.core_banking.times import ZONE

PREFIXES = {
    "freeze_card": "GS",
    "unblock_card": "JG",
    "activate_card": "JH",
    "trace_transfer": "ZC",
    "open_dispute": "ZY",
    "change_limit": "XE",
    "open_machine_claim": "CZ",
    "book_visit": "YY",
    "cancel_visit": "QX",
    "change_phone": "SJ",
}
"""The letters a reference begins with, by operation."""


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom something is asked: the bank's reference, empty when not known yet; `key` names the deed."""

    customer: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was really done, once."""

    at: datetime
    operation: str
    customer: str
    reference: str
    key: str


class Ledger:
    """The books. `clock` returns an aware moment, `new_code` six digits."""

    def __init__(self, clock: Callable[[], datetime], new_code: Callable[[], str]) -> None:
        self._clock, self.new_code = clock, new_code
        self.records = read_records(self.now)
        self.deeds: list[Deed] = []
        self.outbox: list[dict[str, Any]] = []

    @property
    def now(self) -> datetime:
        """The present moment, in the bank's zone."""
        return self._clock().astimezone(ZONE)

    def customer_of(self, by: Caller) -> Customer:
        """Return whom it is for; refuse when nobody is named."""
        if not by.customer:
            raise Refusal("no_customer", 403)
        if by.customer not in self.records.customers:
            raise not_found("customer")
        return self.records.customers[by.customer]

    def find_card(self, last4: str) -> tuple[Customer, Card] | None:
        """Return whose card ends so."""
        everyone = ((one, card) for one in self.records.customers.values() for card in one.cards)
        return next(((one, card) for one, card in everyone if card.last4 == last4), None)

    def note(self, by: Caller, operation: str) -> str:
        """Write a deed into the journal and return its reference."""
        reference = f"{PREFIXES[operation]}{self.now:%y%m%d}{len(self.deeds) + 1:04}"
        self.deeds.append(Deed(self.now, operation, by.customer, reference, by.key))
        return reference

    def send(self, phone: str, code: str) -> None:
        """Put a message with a code into the outbox, which is all that ever happens to it."""
        self.outbox.append({"at": self.now, "to": phone, "code": code})
