"""The bank says one thing: figures in its articles and flows are those its core banking works by."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from demo.core_banking import accounts, cards, identity, loans, times, visits
from demo.core_banking.bank import Bank
from demo.core_banking.ledger import Caller
from demo.core_banking.records import HIGHEST_LIMIT, SEED, SINGLE_LIMIT
from tests.fakes.clock import FakeClock

DEMO = SEED.parents[1]
HOURS = (r"(\d+) 小[时時]", r"(\d+) hours|(\d+)-hour")
WORKING_DAYS = (r"(\d+) [个個]工作[日天]", r"(\d+) working days")
DAYS = (r"(?<![\d-])(\d+) 天", r"(?<![\d-])(\d+) days")


def hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


MORTGAGE, CAR, CONSUMER = (loans.TERMS[kind] for kind in ("mortgage", "car", "consumer"))
SAID = [
    ("transfer-raise-limit", HOURS, {hours(accounts.RAISE_AFTER)}),
    ("transfer-lower-limit", HOURS, {hours(accounts.RAISE_AFTER)}),
    ("card-online-pay-limit", HOURS, {hours(accounts.RAISE_AFTER)}),
    ("limit-change", HOURS, {hours(accounts.RAISE_AFTER)}),
    ("card-found-after-lost", HOURS, {hours(cards.COOLING_OFF)}),
    ("card-loss-oral-written", HOURS, {hours(cards.COOLING_OFF)}),
    ("card-lost-credit", HOURS, {hours(cards.COOLING_OFF)}),
    ("fraud-freeze-vs-loss", HOURS, {hours(cards.COOLING_OFF)}),
    ("fraud-unfreeze", HOURS, {hours(cards.COOLING_OFF)}),
    ("card-report-lost", HOURS, {hours(cards.COOLING_OFF)}),
    ("card-unblock", HOURS, {hours(cards.COOLING_OFF)}),
    ("fee-credit-not-activated", DAYS, {cards.UNUSED_FOR.days}),
    ("card-activate", DAYS, {cards.UNUSED_FOR.days}),
    ("account-phone-change", HOURS, {hours(identity.COOLING_OFF)}),
    ("app-old-number-cannot-login", HOURS, {hours(identity.COOLING_OFF)}),
    ("card-bind-mismatch", HOURS, {hours(identity.COOLING_OFF)}),
    ("phone-update", HOURS, {hours(identity.COOLING_OFF)}),
    ("transfer-not-arrived", WORKING_DAYS, {accounts.TRACE_WORKING_DAYS}),
    ("transfer-failed-deducted", WORKING_DAYS, {accounts.TRACE_WORKING_DAYS}),
    ("transfer-trace", WORKING_DAYS, {accounts.TRACE_WORKING_DAYS}),
    ("card-bill-unknown", WORKING_DAYS, {accounts.CONTACT_WORKING_DAYS}),
    ("card-bill-unknown", DAYS, {accounts.DISPUTE_DAYS, accounts.RESULT_DAYS}),
    ("fraud-unauthorised-debit", WORKING_DAYS, {accounts.CONTACT_WORKING_DAYS}),
    ("fraud-unauthorised-debit", DAYS, {accounts.DISPUTE_DAYS, accounts.RESULT_DAYS}),
    ("card-lost-charged", WORKING_DAYS, {accounts.CONTACT_WORKING_DAYS}),
    ("card-lost-charged", DAYS, {accounts.RESULT_DAYS}),
    ("transfer-qr-overpaid", DAYS, {accounts.RESULT_DAYS}),
    ("dispute-open", (r"(\d\d) 天", r"(\d\d) days"), {accounts.DISPUTE_DAYS}),
    ("card-bill-duplicate", WORKING_DAYS, {accounts.DUPLICATE_WORKING_DAYS}),
    ("card-atm-debited-no-cash", WORKING_DAYS, {accounts.CLAIM_WORKING_DAYS["withdrawal"]}),
    ("card-atm-deposit-stuck", WORKING_DAYS, {accounts.CLAIM_WORKING_DAYS["deposit"]}),
    ("loan-mortgage-prepay-how", DAYS, {MORTGAGE.notice_days}),
    ("fee-mortgage-prepay", DAYS, {MORTGAGE.notice_days}),
    ("loan-car-prepay", DAYS, {CAR.notice_days}),
    ("loan-car-prepay", (r"还满 (\d+) 期", r"paid (\d+) instalments"), {CAR.free_after}),
    ("loan-econsumer-prepay", (r"最少 (\d+) 元", r"from CNY (\d+)"), {int(CONSUMER.least)}),
    ("prepayment-quote", DAYS, {MORTGAGE.notice_days, CAR.notice_days}),
    ("branch-book-number", (r"(\d+) 分钟内", r"for (\d+) minutes"), {visits.KEEP_MINUTES}),
    ("branch-book-number", (r"每段 (\d+) 分钟", r"(\d+)-minute"), {times.SLOT_MINUTES}),
    ("branch-visit", DAYS, {visits.DAYS_AHEAD}),
]


@pytest.mark.parametrize(("where", "patterns", "figures"), SAID, ids=lambda one: one if isinstance(one, str) else "")
def test_every_such_figure_is_the_one_core_banking_works_by(
    where: str, patterns: tuple[str, str], figures: set[int]
) -> None:
    for words, pattern in zip(words_of(where), patterns, strict=True):
        found = {int("".join(groups)) for groups in (match.groups("") for match in re.finditer(pattern, words))}
        assert found == figures, words


def words_of(where: str) -> tuple[str, str]:
    """Return what an article answers, or what a flow says, in Chinese and in English."""
    flow = DEMO / "flows" / f"{where}.yaml"
    if flow.exists():
        lines = re.split(r"\nexamples:", flow.read_text(encoding="utf-8"))[0].splitlines()
        told = [line for line in lines if "words:" not in line]
        return "\n".join(one for one in told if not one.isascii()), "\n".join(one for one in told if _english(one))
    (chinese,), (english,) = (list(DEMO.glob(f"articles/*/{where}{tail}.md")) for tail in ("", ".en"))
    return _answer(chinese.read_text(encoding="utf-8")), _answer(english.read_text(encoding="utf-8"))


def _answer(article: str) -> str:
    return article.split("\n---\n", 1)[1]


def _english(line: str) -> bool:
    return not re.search(r"[\u3400-\u9fff]", line)


@pytest.mark.parametrize("months", loans.INSTALMENTS)
def test_what_an_instalment_costs_is_what_the_article_says(months: int) -> None:
    numbers = count(1)
    bank = Bank(FakeClock().now, lambda: f"{next(numbers):06}")
    quote = bank.loans.quote_instalment(Caller(), Decimal(12_000), months)
    rate = f"{loans.INSTALMENTS[months][0] * 100:.2f}%"
    for words in words_of("card-instalment-cost"):
        assert rate in words
        assert re.search(rf"{_plain(quote.fee_each)}\D.*\D{_plain(quote.fee_total)}\D", words)
    for words in words_of("card-instalment-apr"):
        assert re.search(rf"\b{months}\b.*{quote.apr}%", words)


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def test_the_least_and_the_most_are_what_the_articles_say() -> None:
    for words in words_of("card-instalment-bill"):
        assert f"{loans.LEAST_INSTALMENT:.0f}" in words
        assert f"{loans.MOST_OF_BILL:.0%}" in words
    for where, least in (("loan-mortgage-prepay-how", MORTGAGE.least), ("loan-car-prepay", CAR.least)):
        chinese, english = words_of(where)
        assert f"{least:,.0f}" in english
        assert f"{least:,.0f} 元" in chinese or f"{least / 10_000:.0f} 万元" in chinese
    for where in ("transfer-raise-limit", "transfer-limit-app"):
        chinese, english = words_of(where)
        for most in (SINGLE_LIMIT, HIGHEST_LIMIT):
            assert f"{most / 10_000:.0f} 万元" in chinese
            assert f"{most:,.0f}" in english


def test_a_penalty_is_part_of_what_is_paid_early() -> None:
    """Of the whole rest only where the whole rest is paid."""
    for where in ("fee-mortgage-prepay", "loan-car-prepay"):
        chinese, english = words_of(where)
        assert f"收提前还的那部分本金的 {loans.PENALTY:.0%}" in chinese
        assert f"{loans.PENALTY:.0%} of the principal you repay early" in english
