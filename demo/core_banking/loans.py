"""What borrowing costs: instalments of a card's bill, and paying a loan back early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from demo.core_banking.answers import InstalmentQuote, Loans, LoanView, PrepaymentQuote, to_cents
from demo.core_banking.ledger import Caller, Ledger
from demo.core_banking.problems import Refusal, not_found
from demo.core_banking.records import Loan

INSTALMENTS = {
    3: (Decimal("0.0060"), "10.8"),
    6: (Decimal("0.0058"), "11.8"),
    12: (Decimal("0.0055"), "12.0"),
    24: (Decimal("0.0055"), "12.2"),
}
"""Fee of each instalment as a part of the amount, and the year's rate that comes to, in percent."""
LEAST_INSTALMENT = Decimal("500.00")
MOST_OF_BILL = Decimal("0.90")
DUE_DAY = 25
PENALTY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Terms:
    """What paying back early needs: the least amount, days of notice, months paid until it costs nothing."""

    least: Decimal
    notice_days: int
    free_after: int


TERMS = {
    "mortgage": Terms(Decimal("10000.00"), 15, 12),
    "consumer": Terms(Decimal("100.00"), 0, 0),
    "car": Terms(Decimal("5000.00"), 3, 6),
}


class LoanDesk:
    """Quotes; nothing here has an effect."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def quote_instalment(self, by: Caller, amount: Decimal, months: int) -> InstalmentQuote:
        """Say what it costs to pay an amount of a card's bill in instalments."""
        if amount < LEAST_INSTALMENT:
            raise Refusal("too_small", 422, least=str(LEAST_INSTALMENT))
        most = self._most(by)
        if most is not None and amount > most:
            raise Refusal("too_large", 422, most=str(most))
        rate, apr = INSTALMENTS[months]
        fee = to_cents(amount * rate)
        return InstalmentQuote(
            monthly=to_cents(amount / months) + fee,
            fee_each=fee,
            fee_total=fee * months,
            first_payment=_next_due(self._ledger.now.date()),
            apr=apr,
        )

    def list_loans(self, by: Caller) -> Loans:
        """List the customer's loans."""
        return Loans(loans=[_view(one) for one in self._ledger.customer_of(by).loans])

    def quote_prepayment(
        self, by: Caller, loan_id: str, on: date, amount: Decimal | None = None, whole: bool = False
    ) -> PrepaymentQuote:
        """Say what paying back early costs and saves; of the whole loan when `whole`."""
        loan = next((one for one in self._ledger.customer_of(by).loans if one.id == loan_id), None)
        if loan is None:
            raise not_found("loan")
        if whole == (amount is not None):
            raise Refusal("amount_or_all", 422)
        principal = loan.outstanding if amount is None else amount
        earliest = self._check(loan, principal, on)
        interest = to_cents(principal * _yearly(loan) / 360 * _days_since_payment(loan, on))
        penalty = to_cents(principal * PENALTY) if loan.months_paid < TERMS[loan.kind].free_after else Decimal(0)
        return PrepaymentQuote(
            principal=principal,
            interest=interest,
            penalty=penalty,
            total=principal + interest + penalty,
            saved_interest=to_cents(principal * _interest_to_come(loan)),
            earliest_date=earliest,
        )

    def _check(self, loan: Loan, principal: Decimal, on: date) -> date:
        """Return the earliest day; refuse an amount or a day that does not do."""
        terms = TERMS[loan.kind]
        if principal > loan.outstanding:
            raise Refusal("too_large", 422, most=str(loan.outstanding))
        if principal < min(terms.least, loan.outstanding):
            raise Refusal("too_small", 422, least=str(terms.least))
        earliest = self._ledger.now.date() + timedelta(days=terms.notice_days)
        if on < earliest:
            raise Refusal("too_early", 422, earliest_date=earliest.isoformat())
        return earliest

    def _most(self, by: Caller) -> Decimal | None:
        """Return what may be paid in instalments of the bill, if it is known whose."""
        if not by.customer:
            return None
        bills = [one.balance for one in self._ledger.customer_of(by).accounts if one.kind == "credit"]
        return to_cents(max(bills) * MOST_OF_BILL) if bills else None


def _view(one: Loan) -> LoanView:
    shown = {name: getattr(one, name) for name in ("kind", "name", "outstanding", "months_paid")}
    return LoanView(loan_id=one.id, rate=str(one.rate), **shown)


def _yearly(loan: Loan) -> Decimal:
    return loan.rate / 100


def _interest_to_come(loan: Loan) -> Decimal:
    """Return the interest until the end on each yuan owed, in equal monthly payments: n·r / (1 − (1 + r)⁻ⁿ) − 1."""
    rate = _yearly(loan) / 12
    return loan.months_left * rate / (1 - (1 + rate) ** -loan.months_left) - 1


def _days_since_payment(loan: Loan, on: date) -> int:
    last = on.replace(day=loan.due_day)
    if last > on:
        last = (on.replace(day=1) - timedelta(days=1)).replace(day=loan.due_day)
    return (on - last).days


def _next_due(today: date) -> date:
    """Return when the first instalment is due: with the next bill."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=DUE_DAY)
