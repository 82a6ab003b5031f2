"""Branches, and appointments at them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from demo.core_banking.answers import Branches, BranchView, VisitBooked, VisitCancelled, VisitTimes
from demo.core_banking.ledger import Caller, Ledger
from demo.core_banking.problems import Refusal, not_found
from demo.core_banking.times import ZONE, visit_times

DAYS_AHEAD = 7
KEEP_MINUTES = 15
Slot = tuple[str, date, str]


class VisitDesk:
    """Who has been given which time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._booked: dict[Slot, str] = {}
        self._cancelled: set[str] = set()

    def list_branches(self, near: str = "") -> Branches:
        """List the branches whose name, address or district has `near` in it; all when it is empty."""
        known = self._ledger.records.branches.values()
        matching = [one for one in known if near.casefold() in f"{one.name} {one.address} {one.district}".casefold()]
        return Branches(
            branches=[
                BranchView(branch_id=one.id, name=one.name, address=one.address, district=one.district)
                for one in matching
            ]
        )

    def list_visit_times(self, branch_id: str, on: date) -> VisitTimes:
        """List the times still free, within seven days."""
        self._check_branch(branch_id)
        return VisitTimes(times=[at for at in self._open_times(on) if not self._is_taken((branch_id, on, at))])

    def book_visit(self, by: Caller, branch_id: str, on: date, at: str, matter: str, name: str = "") -> VisitBooked:
        """Keep a time for the customer, or for whoever says this name."""
        self._check_branch(branch_id)
        if at not in self._open_times(on):
            raise Refusal("closed")
        if self._is_taken((branch_id, on, at)):
            raise Refusal("taken")
        reference = self._ledger.note(by, "book_visit")
        self._booked[branch_id, on, at] = reference
        return VisitBooked(reference=reference, keep_minutes=KEEP_MINUTES)

    def cancel_visit(self, by: Caller, reference: str) -> VisitCancelled:
        """Give a time back; twice is once."""
        slot = next((slot for slot, known in self._booked.items() if known == reference), None)
        if slot is not None:
            del self._booked[slot]
            self._cancelled.add(reference)
            self._ledger.note(by, "cancel_visit")
        elif reference not in self._cancelled:
            raise not_found("visit")
        return VisitCancelled(status="cancelled")

    def _check_branch(self, branch_id: str) -> None:
        if branch_id not in self._ledger.records.branches:
            raise not_found("branch")

    def _open_times(self, on: date) -> list[str]:
        now = self._ledger.now
        if not now.date() <= on <= now.date() + timedelta(days=DAYS_AHEAD):
            return []
        return [at for at in visit_times(on) if datetime.combine(on, time.fromisoformat(at), ZONE) > now]

    def _is_taken(self, slot: Slot) -> bool:
        return slot in self._booked or slot[2] in self._ledger.records.busy_times
