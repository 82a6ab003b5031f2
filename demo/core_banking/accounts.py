"""The customer's money: accounts, bookings, transfers, limits, disputes and what a machine kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from demo.core_banking import answers as a
from demo.core_banking.ledger import Caller, Ledger
from demo.core_banking.problems import Refusal, not_found
from demo.core_banking.records import HIGHEST_LIMIT, SINGLE_LIMIT, Account, Transaction, Transfer
from demo.core_banking.times import after_working_days, at_end_of

DISPUTE_DAYS = 60
CONTACT_WORKING_DAYS, RESULT_DAYS, DUPLICATE_WORKING_DAYS = 5, 30, 10
TRACE_WORKING_DAYS = 2
CLAIM_WORKING_DAYS = {"withdrawal": 5, "deposit": 3}
RAISE_AFTER = timedelta(hours=24)


class AccountDesk:
    """Accounts of the customer who asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._traces: dict[str, a.AnswerPromised] = {}
        self._claims: dict[tuple[str, Decimal, date], a.AnswerPromised] = {}

    def list_accounts(self, by: Caller) -> a.Accounts:
        """List them all, with their balances."""
        return a.Accounts(accounts=[self._view(one) for one in self._ledger.customer_of(by).accounts])

    def list_transactions(self, by: Caller, account_id: str, days: int = 30, limit: int = 5) -> a.Transactions:
        """List an account's latest bookings, newest first."""
        since = self._ledger.now - timedelta(days=days)
        booked = [one for one in self._account(by, account_id).transactions if one.at >= since]
        newest = sorted(booked, key=lambda one: one.at, reverse=True)[:limit]
        return a.Transactions(transactions=[self._booking(one) for one in newest])

    def list_spending(self, by: Caller, days: int = 30, limit: int = 20) -> a.Spending:
        """List what was spent on any account of the customer's, newest first."""
        since = self._ledger.now - timedelta(days=days)
        spent = [
            (one, account)
            for account in self._ledger.customer_of(by).accounts
            for one in account.transactions
            if one.at >= since and one.direction == "out"
        ]
        newest = sorted(spent, key=lambda pair: pair[0].at, reverse=True)[:limit]
        return a.Spending(
            transactions=[
                a.SpentView(
                    **self._booking(one).model_dump(), kind=account.kind, name=account.name, last4=account.last4
                )
                for one, account in newest
            ]
        )

    def find_transfers(
        self, by: Caller, amount: Decimal | None = None, on: date | None = None, counterparty: str = ""
    ) -> a.Transfers:
        """Find transfers the customer sent by what they know of them, newest first."""
        sent = sorted(self._ledger.customer_of(by).transfers, key=lambda one: one.at, reverse=True)
        return a.Transfers(
            transfers=[
                _transfer(one)
                for one in sent
                if amount in (None, one.amount)
                and on in (None, one.at.date())
                and counterparty.casefold() in one.counterparty.casefold()
            ]
        )

    def trace_transfer(self, by: Caller, transfer_id: str) -> a.AnswerPromised:
        """Have a transfer searched for; asked again, the first search holds."""
        found = next((one for one in self._ledger.customer_of(by).transfers if one.id == transfer_id), None)
        if found is None:
            raise not_found("transfer")
        if found.id not in self._traces:
            answer_by = after_working_days(self._ledger.now, TRACE_WORKING_DAYS)
            reference = self._ledger.note(by, "trace_transfer")
            self._traces[found.id] = a.AnswerPromised(reference=reference, answer_by=answer_by)
        return self._traces[found.id]

    def open_dispute(self, by: Caller, transaction_id: str, reason: str) -> a.DisputeOpened:
        """Dispute a booking within 60 days."""
        booked = [one for account in self._ledger.customer_of(by).accounts for one in account.transactions]
        found = next((one for one in booked if one.id == transaction_id), None)
        if found is None:
            raise not_found("transaction")
        if found.dispute:
            raise Refusal("already_open", reference=found.dispute)
        if self._too_late(found):
            raise Refusal("too_late", days=DISPUTE_DAYS)
        if not self._disputable(found):
            raise Refusal("not_disputable")
        found.dispute = self._ledger.note(by, "open_dispute")
        now = self._ledger.now
        month = at_end_of((now + timedelta(days=RESULT_DAYS)).date())
        result_by = after_working_days(now, DUPLICATE_WORKING_DAYS) if reason == "duplicate" else month
        contact_by = after_working_days(now, CONTACT_WORKING_DAYS)
        return a.DisputeOpened(reference=found.dispute, contact_by=contact_by, result_by=result_by)

    def get_limits(self, by: Caller, account_id: str) -> a.Limits:
        """Return what may be sent by phone from an account."""
        _, daily = self._limited(by, account_id)
        single = min(SINGLE_LIMIT, daily)
        return a.Limits(daily_limit=daily, single_limit=single, highest_self_service=HIGHEST_LIMIT)

    def change_limit(self, by: Caller, account_id: str, daily_limit: Decimal) -> a.LimitChanged:
        """Lower the limit at once, or raise it from tomorrow on."""
        account, daily = self._limited(by, account_id)
        if daily_limit == (account.next_limit if account.next_limit is not None else daily):
            raise Refusal("same")
        if daily_limit > HIGHEST_LIMIT:
            raise Refusal("branch_only", highest_self_service=str(HIGHEST_LIMIT))
        now = self._ledger.now
        if daily_limit <= daily:
            account.daily_limit, account.next_limit, account.next_limit_at = daily_limit, None, None
            effective_at = now
        else:
            account.next_limit, account.next_limit_at = daily_limit, now + RAISE_AFTER
            effective_at = now + RAISE_AFTER
        reference = self._ledger.note(by, "change_limit")
        return a.LimitChanged(reference=reference, daily_limit=daily_limit, effective_at=effective_at)

    def open_machine_claim(
        self, by: Caller, kind: str, amount: Decimal, on: date, place: str, card_last4: str = ""
    ) -> a.AnswerPromised:
        """Take down that a machine kept money; the same amount on the same day is the same claim."""
        if not by.customer and not card_last4:
            raise Refusal("card_needed", 422)
        owner = self._ledger.find_card(card_last4) if not by.customer else (self._ledger.customer_of(by), None)
        whose = owner[0].ref if owner else card_last4
        known = self._claims.get((whose, amount, on))
        if known is not None:
            shown = known.model_dump(mode="json")
            raise Refusal("already_open", reference=shown["reference"], answer_by=shown["answer_by"])
        promised = a.AnswerPromised(
            reference=self._ledger.note(by, "open_machine_claim"),
            answer_by=after_working_days(self._ledger.now, CLAIM_WORKING_DAYS[kind]),
        )
        self._claims[whose, amount, on] = promised
        return promised

    def _account(self, by: Caller, account_id: str) -> Account:
        for one in self._ledger.customer_of(by).accounts:
            if one.id == account_id:
                return one
        raise not_found("account")

    def _limited(self, by: Caller, account_id: str) -> tuple[Account, Decimal]:
        account = self._account(by, account_id)
        if account.next_limit_at and self._ledger.now >= account.next_limit_at:
            account.daily_limit, account.next_limit, account.next_limit_at = account.next_limit, None, None
        if account.daily_limit is None:
            raise Refusal("no_limit")
        return account, account.daily_limit

    def _view(self, account: Account) -> a.AccountView:
        credit = account.kind == "credit"
        return a.AccountView(
            account_id=account.id,
            kind=account.kind,
            name=account.name,
            last4=account.last4,
            balance=account.balance,
            available=account.credit_limit - account.balance if credit else account.balance,
            as_of=self._ledger.now,
        )

    def _booking(self, one: Transaction) -> a.TransactionView:
        shown = {name: getattr(one, name) for name in ("at", "amount", "direction", "counterparty", "status")}
        return a.TransactionView(transaction_id=one.id, disputable=self._disputable(one), **shown)

    def _too_late(self, one: Transaction) -> bool:
        return self._ledger.now - one.at > timedelta(days=DISPUTE_DAYS)

    def _disputable(self, one: Transaction) -> bool:
        open_to_it = one.direction == "out" and one.status == "done" and not one.dispute
        return open_to_it and not self._too_late(one)


def _transfer(one: Transfer) -> a.TransferView:
    shown = {name: getattr(one, name) for name in ("at", "amount", "counterparty", "bank", "status", "expected_at")}
    return a.TransferView(transfer_id=one.id, reason=one.reason, **shown)
