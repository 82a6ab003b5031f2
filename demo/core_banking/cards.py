"""The customer's cards: listed, frozen, freed, activated."""

from __future__ import annotations

from datetime import timedelta

from demo.core_banking.answers import CardDone, Cards, CardView, Frozen
from demo.core_banking.ledger import Caller, Ledger
from demo.core_banking.problems import Refusal, not_found
from demo.core_banking.records import Card

COOLING_OFF = timedelta(hours=24)
UNUSED_FOR = timedelta(days=180)
"""A credit card not activated so long is void."""


class CardDesk:
    """Cards of the customer who asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def list_cards(self, by: Caller) -> Cards:
        """List them all."""
        return Cards(cards=[_view(self._aged(card)) for card in self._ledger.customer_of(by).cards])

    def freeze_card(self, by: Caller, card_id: str, reason: str) -> Frozen:
        """Stop a card; of a stopped one the first report holds."""
        card = self._find(by, card_id)
        if card.status not in ("frozen", "lost"):
            card.before, card.status = card.status, "frozen"
            card.reason, card.frozen_at = reason, self._ledger.now
            card.reference = self._ledger.note(by, "freeze_card")
        return Frozen(
            reference=card.reference,
            frozen_at=card.frozen_at or self._ledger.now,
            status="lost" if card.status == "lost" else "frozen",
            last4=card.last4,
            kind=card.kind,
        )

    def unblock_card(self, by: Caller, card_id: str) -> CardDone:
        """Free a stopped card; one reported lost or stolen a day later at the earliest."""
        card = self._find(by, card_id)
        if card.status == "lost":
            raise Refusal("branch_only")
        if card.status != "frozen" or card.frozen_at is None:
            raise Refusal("not_frozen")
        until = card.frozen_at + COOLING_OFF
        if card.reason in ("lost", "stolen") and self._ledger.now < until:
            raise Refusal("cooling_off", until=until.isoformat(timespec="seconds"))
        card.status, card.frozen_at, card.reason, card.reference = card.before, None, "", ""
        return CardDone(reference=self._ledger.note(by, "unblock_card"), status=card.before)

    def activate_card(self, by: Caller, card_id: str) -> CardDone:
        """Bring a new card to life."""
        card = self._find(by, card_id)
        if card.status == "expired":
            raise Refusal("expired")
        if card.status in ("frozen", "lost"):
            raise Refusal("frozen")
        if card.status == "active":
            raise Refusal("already_active")
        card.status = "active"
        return CardDone(reference=self._ledger.note(by, "activate_card"), status="active")

    def _find(self, by: Caller, card_id: str) -> Card:
        for card in self._ledger.customer_of(by).cards:
            if card.id == card_id:
                return self._aged(card)
        raise not_found("card")

    def _aged(self, card: Card) -> Card:
        if card.status == "inactive" and card.posted_at and self._ledger.now > card.posted_at + UNUSED_FOR:
            card.status = "expired"
        return card


def _view(card: Card) -> CardView:
    shown = {name: getattr(card, name) for name in ("kind", "name", "last4", "status", "frozen_at")}
    return CardView(card_id=card.id, **shown)
