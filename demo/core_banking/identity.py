"""Who is asking: codes by message, questions about oneself, and the phone on file. Nobody is enumerated."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from demo.core_banking.answers import Checked, CodeSent, PhoneChanged
from demo.core_banking.ledger import Caller, Ledger
from demo.core_banking.problems import Refusal
from demo.core_banking.records import Customer

ATTEMPTS = 3
LOCKED_FOR = timedelta(minutes=15)
CODE_LIVES = timedelta(minutes=5)
SAME_CODE_FOR = timedelta(seconds=30)
"""Asked again so soon, no second message goes out."""
COOLING_OFF = timedelta(hours=24)


@dataclass(slots=True)
class Guesses:
    """What was tried; the same wrong answer again, as a retry sends it, is no further attempt."""

    wrong: set[str] = field(default_factory=set)
    locked_until: datetime | None = None

    @property
    def left(self) -> int:
        return ATTEMPTS - len(self.wrong)

    def check_open(self, now: datetime) -> None:
        """Refuse while locked; start anew afterwards."""
        if self.locked_until and now < self.locked_until:
            raise Refusal("locked", 423, until=self.locked_until.isoformat(timespec="seconds"))
        if self.locked_until:
            self.wrong, self.locked_until = set(), None

    def miss(self, tried: str, now: datetime) -> None:
        """Count a wrong answer; refuse with the last of them."""
        self.wrong.add(tried)
        if not self.left:
            self.locked_until = now + LOCKED_FOR
            self.check_open(now)


@dataclass(slots=True)
class Code:
    """A code under way to a phone."""

    digits: str
    phone: str
    sent_at: datetime
    customer: str = ""


class IdentityDesk:
    """Codes and questions, with a lock after three wrong ones."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._codes: dict[str, Code] = {}
        self._guesses: dict[str, Guesses] = {}
        self._salt = secrets.token_bytes(16)

    def send_code(self, by: Caller, card_last4: str = "", phone_last4: str = "") -> CodeSent:
        """Send a code to the phone on file of the customer, or of whoever owns that card or phone."""
        place = _place(by, card_last4, phone_last4)
        customer = self._find(by, card_last4, phone_last4)
        if customer is None:
            return CodeSent(sent=True, masked_phone=self._invent(card_last4, phone_last4))
        phone = self._phone(customer)
        if not _takes_messages(phone):
            return CodeSent(sent=False, masked_phone=_mask(phone))
        self._send(place, phone, customer.ref)
        return CodeSent(sent=True, masked_phone=_mask(phone))

    def check_code(self, by: Caller, code: str, card_last4: str = "", phone_last4: str = "") -> Checked:
        """Tell whether it is the code that was sent; the right one stays right while it lives: calls are repeated."""
        return self._check_code(_place(by, card_last4, phone_last4), code)

    def check_answers(self, by: Caller, card_last4: str, id_last4: str, birth_date: date) -> Checked:
        """Tell whether both answers are those of whoever has that card."""
        now, guesses = self._ledger.now, self._guesses_at(f"answers {card_last4}")
        guesses.check_open(now)
        found = self._ledger.find_card(card_last4)
        if found and found[0].ref == (by.customer or found[0].ref):
            customer = found[0]
            if (customer.id_last4, customer.birth_date) == (id_last4.upper(), birth_date):
                guesses.wrong.clear()
                return Checked(ok=True, customer_ref=customer.ref, attempts_left=ATTEMPTS)
        guesses.miss(f"{id_last4} {birth_date}", now)
        return Checked(ok=False, attempts_left=guesses.left)

    def send_code_to(self, by: Caller, phone: str) -> CodeSent:
        """Send a code to a new phone of the customer's, to show that it is theirs."""
        customer = self._ledger.customer_of(by)
        self._check_new(customer, phone)
        self._send(f"new {customer.ref}", phone, customer.ref)
        return CodeSent(sent=True, masked_phone=_mask(phone))

    def change_phone(self, by: Caller, new_phone: str, code: str) -> PhoneChanged:
        """Put another phone on file, a day from now."""
        customer = self._ledger.customer_of(by)
        self._check_new(customer, new_phone)
        place = f"new {customer.ref}"
        sent = self._codes.get(place)
        checked = self._check_code(place, code)
        if not checked.ok or sent is None or sent.phone != new_phone:
            raise Refusal("wrong_code", 403, attempts_left=checked.attempts_left)
        del self._codes[place]
        customer.next_phone, customer.next_phone_at = new_phone, self._ledger.now + COOLING_OFF
        reference = self._ledger.note(by, "change_phone")
        return PhoneChanged(reference=reference, effective_at=customer.next_phone_at)

    def _check_code(self, place: str, code: str) -> Checked:
        now, guesses = self._ledger.now, self._guesses_at(place)
        guesses.check_open(now)
        sent = self._codes.get(place)
        if sent and now < sent.sent_at + CODE_LIVES and secrets.compare_digest(sent.digits, code):
            guesses.wrong.clear()
            return Checked(ok=True, customer_ref=sent.customer, attempts_left=ATTEMPTS)
        guesses.miss(code, now)
        return Checked(ok=False, attempts_left=guesses.left)

    def _send(self, place: str, phone: str, customer: str) -> None:
        now, last = self._ledger.now, self._codes.get(place)
        self._guesses_at(place).check_open(now)
        if last and last.phone == phone and now < last.sent_at + SAME_CODE_FOR:
            return
        code = Code(self._ledger.new_code(), phone, now, customer)
        self._codes[place] = code
        self._ledger.send(phone, code.digits)

    def _guesses_at(self, place: str) -> Guesses:
        return self._guesses.setdefault(place, Guesses())

    def _find(self, by: Caller, card_last4: str, phone_last4: str) -> Customer | None:
        if by.customer:
            return self._ledger.customer_of(by)
        found = self._ledger.find_card(card_last4)
        people = [found[0]] if found else [] if card_last4 else list(self._ledger.records.customers.values())
        matching = [one for one in people if self._phone(one).endswith(phone_last4)]
        return matching[0] if len(matching) == 1 else None

    def _phone(self, customer: Customer) -> str:
        """Return the phone on file, which a change replaces once its time has come."""
        if customer.next_phone_at and self._ledger.now >= customer.next_phone_at:
            customer.phone, customer.next_phone_at = customer.next_phone, None
        return customer.phone

    def _check_new(self, customer: Customer, phone: str) -> None:
        if phone == self._phone(customer):
            raise Refusal("same")
        if any(phone == self._phone(one) for one in self._ledger.records.customers.values()):
            raise Refusal("taken")

    def _invent(self, card_last4: str, phone_last4: str) -> str:
        """Return a masked phone for nobody, always the same one for the same question."""
        digest = hashlib.blake2b(f"{card_last4} {phone_last4}".encode(), key=self._salt, digest_size=4).digest()
        end = phone_last4 or f"{int.from_bytes(digest) % 10_000:04}"
        return f"13{digest[0] % 10}****{end}"


def _place(by: Caller, card_last4: str, phone_last4: str) -> str:
    """Name what codes and guesses are kept under: the customer, or what a stranger says of themselves."""
    if not (by.customer or card_last4 or phone_last4):
        raise Refusal("no_customer", 403)
    return f"customer {by.customer}" if by.customer else f"stranger {card_last4} {phone_last4}"


def _takes_messages(phone: str) -> bool:
    return len(phone) == 11 and phone.startswith("1")


def _mask(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"
