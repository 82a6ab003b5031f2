"""The bank in memory: what it does, what it refuses, and that its facts are those of `demo/bank.yaml`."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
import yaml

from demo.core_banking.bank import Bank
from demo.core_banking.ledger import Caller
from demo.core_banking.loans import INSTALMENTS, TERMS
from demo.core_banking.problems import Refusal
from demo.core_banking.records import SEED
from tests.fakes.clock import FakeClock

WANG, LI, CHEN, ZHOU, EMMA, ZHANG = (Caller(f"CH-100{n}", "key") for n in range(1, 7))
STRANGER = Caller()
DEMO = SEED.parents[1]


@pytest.fixture
def clock() -> FakeClock:
    """Saturday 28 November 2026, 10:00 in Shanghai."""
    clock = FakeClock()
    clock.move(days=5)
    return clock


@pytest.fixture
def bank(clock: FakeClock) -> Bank:
    """A bank whose codes are 000001, 000002 …"""
    numbers = count(1)
    return Bank(clock.now, lambda: f"{next(numbers):06}")


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=f"^{code}$")


def read(name: str) -> dict[str, object]:
    content: dict[str, object] = yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))
    return content


def test_its_customers_are_those_of_the_demo() -> None:
    known = {one["external_ref"]: one for one in read("customers.yaml")["customers"]}  # type: ignore[attr-defined]
    seed = yaml.safe_load(SEED.read_text(encoding="utf-8"))["customers"]
    assert {one["ref"]: one["name"] for one in seed} == {ref: one["name"] for ref, one in known.items()}
    for one in seed:
        assert one["birth_date"].year == known[one["ref"]]["birth_year"]
    phones = {one["ref"]: one["phone"] for one in seed}
    assert all(phones[ref] == one["phone"] for ref, one in known.items() if ref != "CH-1006")


def test_its_terms_are_those_of_the_bank() -> None:
    rates = read("bank.yaml")["cards"]["credit"]["instalment_rates"]  # type: ignore[index]
    assert {int(months[:-1]): said for months, said in rates.items()} == {
        months: f"每期 {rate * 100:.2f}%" for months, (rate, _) in INSTALMENTS.items()
    }
    loans = read("bank.yaml")["loans"]
    assert loans["mortgage"]["prepay_notice"] == f"提前 {TERMS['mortgage'].notice_days} 天预约"  # type: ignore[index]
    assert TERMS["mortgage"].least == 10_000


def test_a_card_is_frozen_once_and_freed_a_day_later(bank: Bank, clock: FakeClock) -> None:
    first = bank.cards.freeze_card(LI, "card-6615", "lost")
    clock.move(minutes=5)
    assert bank.cards.freeze_card(LI, "card-6615", "stolen") == first
    assert [deed.operation for deed in bank.ledger.deeds] == ["freeze_card"]
    with refused("cooling_off") as told:
        bank.cards.unblock_card(LI, "card-6615")
    assert told.value.fields == {"until": "2026-11-29T10:00:00+08:00"}
    clock.move(hours=24)
    assert bank.cards.unblock_card(LI, "card-6615").status == "active"
    with refused("not_frozen"):
        bank.cards.unblock_card(LI, "card-6615")


def test_a_card_still_in_hand_is_freed_at_once_and_one_given_up_in_writing_only_at_a_branch(bank: Bank) -> None:
    bank.cards.freeze_card(LI, "card-6615", "suspicious")
    assert bank.cards.unblock_card(LI, "card-6615").status == "active"
    bank.ledger.records.customers["CH-1002"].cards[0].status = "lost"
    with refused("branch_only"):
        bank.cards.unblock_card(LI, "card-6615")


def test_the_seed_tells_the_story_of_each_card(bank: Bank) -> None:
    assert bank.cards.unblock_card(CHEN, "card-2257").status == "active"
    assert bank.cards.activate_card(CHEN, "card-9046").status == "active"
    with refused("already_active"):
        bank.cards.activate_card(CHEN, "card-9046")
    with refused("cooling_off"):
        bank.cards.unblock_card(EMMA, "card-6629")
    with refused("unknown_card"):
        bank.cards.freeze_card(EMMA, "card-2257", "lost")


def test_a_credit_card_left_alone_for_half_a_year_is_void(bank: Bank, clock: FakeClock) -> None:
    clock.move(days=180)
    with refused("expired"):
        bank.cards.activate_card(CHEN, "card-9046")


def test_a_code_goes_to_the_phone_on_file(bank: Bank, clock: FakeClock) -> None:
    sent = bank.identity.send_code(LI)
    assert (sent.sent, sent.masked_phone) == (True, "138****1002")
    assert bank.identity.check_code(LI, "000001").customer_ref == "CH-1002"
    assert bank.identity.check_code(LI, "000001").ok, "the call may be repeated"
    clock.move(minutes=5)
    assert not bank.identity.check_code(LI, "000001").ok


def test_a_stranger_learns_nothing_about_who_is_a_customer(bank: Bank) -> None:
    known = bank.identity.send_code(STRANGER, card_last4="6615")
    unknown = bank.identity.send_code(STRANGER, card_last4="0000")
    assert known.model_dump().keys() == unknown.model_dump().keys()
    assert unknown.sent
    assert unknown == bank.identity.send_code(STRANGER, card_last4="0000"), "asked again, it is no other phone"
    assert [one["to"] for one in bank.ledger.outbox] == ["13800001002"]
    for card in ("6615", "0000"):
        left = [bank.identity.check_answers(STRANGER, card, id4, date(1990, 1, 1)) for id4 in ("0001", "0002")]
        assert [one.attempts_left for one in left] == [2, 1]
        with refused("locked"):
            bank.identity.check_answers(STRANGER, card, "0003", date(1990, 1, 1))


def test_three_wrong_codes_lock_for_a_quarter_of_an_hour(bank: Bank, clock: FakeClock) -> None:
    bank.identity.send_code(STRANGER, card_last4="6615")
    tried = [bank.identity.check_code(STRANGER, code, card_last4="6615") for code in ("9", "9", "8")]
    assert [one.attempts_left for one in tried] == [2, 2, 1], "the same wrong code is one attempt"
    with refused("locked"):
        bank.identity.check_code(STRANGER, "7", card_last4="6615")
    with refused("locked"):
        bank.identity.check_code(STRANGER, "000001", card_last4="6615")
    clock.move(minutes=15)
    bank.identity.send_code(STRANGER, card_last4="6615")
    assert bank.identity.check_code(STRANGER, "000002", card_last4="6615").ok


def test_a_landline_takes_no_code_and_its_owner_can_answer_questions(bank: Bank) -> None:
    assert not bank.identity.send_code(ZHANG).sent
    assert bank.ledger.outbox == []
    found = bank.identity.check_answers(STRANGER, "3391", "221x", date(1949, 10, 1))
    assert (found.ok, found.customer_ref) == (True, "CH-1006")
    assert not bank.identity.check_answers(LI, "3391", "221X", date(1949, 10, 1)).ok, "another one is signed in"


def test_a_new_phone_counts_from_tomorrow(bank: Bank, clock: FakeClock) -> None:
    for phone, code in (("13800001002", "same"), ("13800001001", "taken")):
        with refused(code):
            bank.identity.send_code_to(LI, phone)
    bank.identity.send_code_to(LI, "13900000037")
    with refused("wrong_code") as told:
        bank.identity.change_phone(LI, "13900000037", "999999")
    assert told.value.fields == {"attempts_left": 2}
    with refused("wrong_code"):
        bank.identity.change_phone(LI, "13900000038", "000001")
    changed = bank.identity.change_phone(LI, "13900000037", "000001")
    assert changed.effective_at == bank.ledger.now + timedelta(hours=24)
    assert bank.identity.send_code(LI).masked_phone == "138****1002"
    clock.move(hours=24)
    assert bank.identity.send_code(LI).masked_phone == "139****0037"


def test_lowering_a_limit_is_at_once_and_raising_it_tomorrow(bank: Bank, clock: FakeClock) -> None:
    assert bank.accounts.get_limits(ZHOU, "acc-5540").daily_limit == 5000
    lowered = bank.accounts.change_limit(ZHOU, "acc-5540", Decimal(1000))
    assert lowered.effective_at == bank.ledger.now
    raised = bank.accounts.change_limit(ZHOU, "acc-5540", Decimal(8000))
    assert raised.effective_at == bank.ledger.now + timedelta(hours=24)
    assert bank.accounts.get_limits(ZHOU, "acc-5540").daily_limit == 1000
    with refused("same"):
        bank.accounts.change_limit(ZHOU, "acc-5540", Decimal(8000))
    with refused("branch_only"):
        bank.accounts.change_limit(ZHOU, "acc-5540", Decimal("200000.01"))
    clock.move(hours=24)
    assert bank.accounts.get_limits(ZHOU, "acc-5540").daily_limit == 8000


def test_a_dispute_within_sixty_days(bank: Bank, clock: FakeClock) -> None:
    opened = bank.accounts.open_dispute(LI, "t-100213", "duplicate")
    assert opened.contact_by.isoformat() == "2026-12-04T17:00:00+08:00"
    assert opened.result_by.isoformat() == "2026-12-11T17:00:00+08:00"
    with refused("already_open") as told:
        bank.accounts.open_dispute(LI, "t-100213", "not_mine")
    assert told.value.fields == {"reference": opened.reference}
    clock.move(days=53)
    with refused("too_late"):
        bank.accounts.open_dispute(LI, "t-100212", "not_mine")


def test_bookings_newest_first(bank: Bank) -> None:
    listed = bank.accounts.list_transactions(LI, "acc-3308", limit=2).transactions
    assert [one.transaction_id for one in listed] == ["t-100214", "t-100213"]
    assert bank.accounts.list_transactions(LI, "acc-3308", days=1).transactions == []


def test_a_transfer_is_found_by_what_the_customer_knows(bank: Bank) -> None:
    assert [one.status for one in bank.accounts.find_transfers(LI, Decimal(25000)).transfers] == ["processing"]
    assert bank.accounts.find_transfers(LI, Decimal(25000), date(2026, 11, 26)).transfers == []
    returned = bank.accounts.find_transfers(EMMA, counterparty="smith").transfers
    assert [(one.status, one.reason) for one in returned] == [("returned", "name_mismatch")]
    traced = bank.accounts.trace_transfer(LI, "tr-100201")
    assert traced.answer_by.isoformat() == "2026-12-01T17:00:00+08:00"
    assert bank.accounts.trace_transfer(LI, "tr-100201") == traced


def test_what_a_machine_kept_is_claimed_once(bank: Bank) -> None:
    claim = ("withdrawal", Decimal(2000), date(2026, 11, 25), "人民路支行 2 号机")
    first = bank.accounts.open_machine_claim(LI, *claim)
    for by, card in ((LI, ""), (STRANGER, "6615")):
        with refused("already_open") as told:
            bank.accounts.open_machine_claim(by, *claim, card)
        assert told.value.fields["reference"] == first.reference
    with refused("card_needed"):
        bank.accounts.open_machine_claim(STRANGER, *claim)


def test_what_instalments_cost(bank: Bank) -> None:
    quoted = bank.loans.quote_instalment(STRANGER, Decimal(12000), 12)
    assert [quoted.fee_each, quoted.fee_total, quoted.monthly] == [66, 792, 1066]
    assert quoted.apr == "12.0"
    assert quoted.first_payment == date(2026, 12, 25)
    with refused("too_small"):
        bank.loans.quote_instalment(STRANGER, Decimal("499.99"), 3)
    with refused("too_large") as told:
        bank.loans.quote_instalment(ZHOU, Decimal(3000), 3)
    assert told.value.fields == {"most": "2880.00"}


def test_what_paying_back_early_costs(bank: Bank) -> None:
    quoted = bank.loans.quote_prepayment(LI, "loan-2001", date(2026, 12, 20), Decimal(100_000))
    assert [quoted.total, quoted.penalty] == [100_000, 0]
    assert quoted.earliest_date == date(2026, 12, 13)
    assert round(quoted.saved_interest) == 50_497, "414,072 of interest to come on 820,000"
    with refused("too_small"):
        bank.loans.quote_prepayment(LI, "loan-2001", date(2026, 12, 20), Decimal(9999))
    with refused("too_early"):
        bank.loans.quote_prepayment(LI, "loan-2001", date(2026, 12, 12), whole=True)
    with refused("too_large"):
        bank.loans.quote_prepayment(LI, "loan-2002", date(2026, 12, 20), Decimal(35_001))
    car = bank.loans.quote_prepayment(EMMA, "loan-5001", date(2026, 12, 2), whole=True)
    assert car.penalty == 640, "four of six months paid"
    assert car.total == car.principal + car.interest + car.penalty


def test_a_visit_is_kept_and_given_back(bank: Bank) -> None:
    monday = date(2026, 11, 30)
    assert bank.visits.list_visit_times("renmin", monday).times[:3] == ["09:00", "09:30", "10:30"]
    booked = bank.visits.book_visit(STRANGER, "renmin", monday, "09:30", "开户", "李明")
    assert "09:30" not in bank.visits.list_visit_times("renmin", monday).times
    with refused("taken"):
        bank.visits.book_visit(LI, "renmin", monday, "09:30", "换卡")
    for day, at in ((date(2026, 11, 29), "10:30"), (monday, "16:30"), (date(2026, 12, 6), "09:30")):
        with refused("closed"):
            bank.visits.book_visit(LI, "renmin", day, at, "换卡")
    assert bank.visits.cancel_visit(STRANGER, booked.reference) == bank.visits.cancel_visit(STRANGER, booked.reference)
    assert [deed.operation for deed in bank.ledger.deeds] == ["book_visit", "cancel_visit"]


def test_no_times_once_they_are_over(bank: Bank) -> None:
    assert bank.visits.list_visit_times("renmin", date(2026, 11, 28)).times[0] == "10:30"


def test_branches_are_found_by_place(bank: Bank) -> None:
    assert [one.name for one in bank.visits.list_branches("长宁").branches] == ["新华路支行", "中山公园支行"]
    assert len(bank.visits.list_branches().branches) == 8
