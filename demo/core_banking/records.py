"""What the bank keeps about its customers, and how it is read from `accounts.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml

from demo.core_banking.times import read_moment

SEED = Path(__file__).with_name("accounts.yaml")
SINGLE_LIMIT = Decimal("50000.00")
HIGHEST_LIMIT = Decimal("200000.00")
"""A day's transfers without a digital certificate; more needs a branch."""


CardStatus = Literal["active", "inactive", "frozen", "lost", "expired"]


@dataclass(slots=True)
class Card:
    """A card; `reference` is that of the report it is frozen under, `before` its status until then."""

    id: str
    kind: Literal["debit", "credit"]
    name: str
    last4: str
    status: CardStatus
    frozen_at: datetime | None = None
    reason: str = ""
    reference: str = ""
    posted_at: datetime | None = None
    before: CardStatus = "active"


@dataclass(slots=True)
class Transaction:
    """A booking; `dispute` is the reference of an open dispute."""

    id: str
    at: datetime
    amount: Decimal
    direction: Literal["in", "out"]
    counterparty: str
    status: Literal["done", "pending", "returned"] = "done"
    dispute: str = ""


@dataclass(slots=True)
class Account:
    """Of a credit card, `balance` is what is owed; `next_limit` takes effect at `next_limit_at`."""

    id: str
    kind: Literal["demand", "fixed", "credit"]
    name: str
    last4: str
    balance: Decimal
    daily_limit: Decimal | None = None
    credit_limit: Decimal = Decimal(0)
    next_limit: Decimal | None = None
    next_limit_at: datetime | None = None
    transactions: list[Transaction] = field(default_factory=list)


@dataclass(slots=True)
class Transfer:
    """A transfer the customer sent; `reason` says why it came back."""

    id: str
    at: datetime
    amount: Decimal
    counterparty: str
    bank: str
    status: Literal["arrived", "processing", "returned", "scheduled"]
    expected_at: datetime | None = None
    reason: Literal["name_mismatch", "account_closed"] | None = None


@dataclass(slots=True)
class Loan:
    """A loan in equal monthly payments; `rate` is per year, in percent."""

    id: str
    kind: Literal["mortgage", "consumer", "car"]
    name: str
    outstanding: Decimal
    rate: Decimal
    months_paid: int
    months_left: int
    due_day: int


@dataclass(slots=True)
class Customer:
    """A customer; `next_phone` takes the place of `phone` at `next_phone_at`."""

    ref: str
    name: str
    birth_date: date
    id_last4: str
    phone: str
    cards: list[Card]
    accounts: list[Account]
    transfers: list[Transfer]
    loans: list[Loan]
    next_phone: str = ""
    next_phone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch."""

    id: str
    name: str
    address: str
    district: str


@dataclass(slots=True)
class Records:
    """Everything the bank starts with."""

    customers: dict[str, Customer]
    branches: dict[str, Branch]
    busy_times: frozenset[str]


def read_records(now: datetime, path: Path = SEED) -> Records:
    """Read the seed; moments counted back are counted from `now`."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    customers = [_customer(one, now) for one in raw["customers"]]
    branches = [Branch(**one) for one in raw["branches"]]
    return Records({one.ref: one for one in customers}, {one.id: one for one in branches}, frozenset(raw["busy_times"]))


def _customer(raw: dict[str, Any], now: datetime) -> Customer:
    many = {
        "cards": [Card(**_typed(one, now)) for one in raw["cards"]],
        "accounts": [_account(one, now) for one in raw["accounts"]],
        "transfers": [Transfer(**_typed(one, now)) for one in raw.get("transfers", ())],
        "loans": [Loan(**_typed(one, now)) for one in raw.get("loans", ())],
    }
    return Customer(**{**raw, **many})


def _account(raw: dict[str, Any], now: datetime) -> Account:
    booked = [Transaction(**_typed(one, now)) for one in raw.get("transactions", ())]
    return Account(**{**_typed(raw, now), "transactions": booked})


def _typed(raw: dict[str, Any], now: datetime) -> dict[str, Any]:
    amounts = {"amount", "balance", "daily_limit", "credit_limit", "outstanding", "rate"}
    moments = {"at", "frozen_at", "posted_at", "expected_at"}
    read = {name: Decimal(raw[name]) for name in amounts & raw.keys()}
    return {**raw, **read, **{name: read_moment(raw[name], now) for name in moments & raw.keys()}}
