"""What the service answers: money is yuan as text with two digits, moments have a zone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from demo.core_banking.records import CardStatus
from demo.core_banking.times import ZONE

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two digits."""
    return amount.quantize(CENT, ROUND_HALF_UP)


Money = Annotated[
    Decimal,
    AfterValidator(to_cents),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "description": "yuan"}),
]
Moment = Annotated[datetime, AfterValidator(lambda at: at.astimezone(ZONE).replace(microsecond=0))]


class Answer(BaseModel):
    """A result; fields without a value are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CodeSent(Answer):
    """The same for whoever is not known here; `sent` is false where the phone on file takes no messages."""

    sent: bool
    masked_phone: str


class Checked(Answer):
    """`customer_ref` only when `ok`."""

    ok: bool
    attempts_left: int
    customer_ref: str | None = None


class CardView(Answer):
    card_id: str
    kind: Literal["debit", "credit"]
    name: str
    last4: str
    status: CardStatus
    frozen_at: Moment | None = None


class Cards(Answer):
    cards: list[CardView]


class Frozen(Answer):
    reference: str
    frozen_at: Moment
    status: Literal["frozen", "lost"]
    last4: str
    kind: Literal["debit", "credit"]


class CardDone(Answer):
    reference: str
    status: CardStatus


class AccountView(Answer):
    """Of a credit card `balance` is what is owed and `available` what can be spent."""

    account_id: str
    kind: Literal["demand", "fixed", "credit"]
    name: str
    last4: str
    balance: Money
    available: Money
    as_of: Moment


class Accounts(Answer):
    accounts: list[AccountView]


class TransactionView(Answer):
    transaction_id: str
    at: Moment
    amount: Money
    direction: Literal["in", "out"]
    counterparty: str
    status: Literal["done", "pending", "returned"]
    disputable: bool


class Transactions(Answer):
    transactions: list[TransactionView]


class SpentView(TransactionView):
    """A booking with the account it was made on."""

    kind: Literal["demand", "fixed", "credit"]
    name: str
    last4: str


class Spending(Answer):
    transactions: list[SpentView]


class TransferView(Answer):
    transfer_id: str
    at: Moment
    amount: Money
    counterparty: str
    bank: str
    status: Literal["arrived", "processing", "returned", "scheduled"]
    expected_at: Moment | None = None
    reason: Literal["name_mismatch", "account_closed"] | None = None


class Transfers(Answer):
    transfers: list[TransferView]


class AnswerPromised(Answer):
    reference: str
    answer_by: Moment


class DisputeOpened(Answer):
    reference: str
    contact_by: Moment
    result_by: Moment


class Limits(Answer):
    daily_limit: Money
    single_limit: Money
    highest_self_service: Money


class LimitChanged(Answer):
    reference: str
    daily_limit: Money
    effective_at: Moment


class InstalmentQuote(Answer):
    """`monthly` is with its fee, `first_payment` the day it is due, `apr` a year's rate in percent."""

    monthly: Money
    fee_each: Money
    fee_total: Money
    first_payment: date
    apr: str


class LoanView(Answer):
    loan_id: str
    kind: Literal["mortgage", "consumer", "car"]
    name: str
    outstanding: Money
    rate: str
    months_paid: int


class Loans(Answer):
    loans: list[LoanView]


class PrepaymentQuote(Answer):
    principal: Money
    interest: Money
    penalty: Money
    total: Money
    saved_interest: Money
    earliest_date: date


class BranchView(Answer):
    branch_id: str
    name: str
    address: str
    district: str


class Branches(Answer):
    branches: list[BranchView]


class VisitTimes(Answer):
    times: list[str]


class VisitBooked(Answer):
    reference: str
    keep_minutes: int


class VisitCancelled(Answer):
    status: Literal["cancelled"]


class PhoneChanged(Answer):
    reference: str
    effective_at: Moment
