"""The bank in memory: its desks around one ledger. Pure but for the clock and the codes handed in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from demo.core_banking.accounts import AccountDesk
from demo.core_banking.cards import CardDesk
from demo.core_banking.identity import IdentityDesk
from demo.core_banking.ledger import Ledger
from demo.core_banking.loans import LoanDesk
from demo.core_banking.visits import VisitDesk


def system_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def random_code() -> str:
    """Return six digits nobody can guess."""
    return f"{secrets.randbelow(1_000_000):06}"


class Bank:
    """Everything the bank does; a new one starts from `accounts.yaml`."""

    def __init__(self, clock: Callable[[], datetime] = system_clock, new_code: Callable[[], str] = random_code) -> None:
        self.ledger = Ledger(clock, new_code)
        self.identity = IdentityDesk(self.ledger)
        self.cards = CardDesk(self.ledger)
        self.accounts = AccountDesk(self.ledger)
        self.loans = LoanDesk(self.ledger)
        self.visits = VisitDesk(self.ledger)
