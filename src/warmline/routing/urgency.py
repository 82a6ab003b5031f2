"""What presses in a wait for a person, from why they were asked for and what was told and felt. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from warmline.conversation.events import Urgency
from warmline.language.service import Hint, Marker

URGENT = frozenset[str]({Marker.DANGER, Marker.FRAUD, Marker.CARD_STOLEN, "urgent", "fraud_in_progress"})
"""Every minute may cost the customer: danger, fraud, a stolen card."""
VULNERABLE = frozenset[str](
    {
        Marker.DISTRESS, Marker.HARDSHIP, Hint.HARDSHIP, Hint.DISABILITY, Hint.BEREAVEMENT, Hint.ILLNESS, Hint.MINOR,
        Hint.COERCION,
    }
)  # fmt: skip
COMPLAINS = frozenset[str]({"complaint", "anger", "lasting", Marker.LOUD, Marker.AGAIN})
DISTRESSED = frozenset({Urgency.URGENT, Urgency.VULNERABLE, Urgency.COMPLAINT})
"""Whose wait goes to the most experienced who is free."""


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of who asks: `signs` by name (markers, feelings, hints at vulnerability), `elder` by mode or age.

    What a customer is worth to the bank is not among it.
    """

    signs: frozenset[str] = frozenset()
    elder: bool = False


def choose_urgency(reason: str, need: Need) -> Urgency:
    """Return what presses most: urgent before vulnerable, then elders, complaints, and everybody else."""
    signs: Set[str] = need.signs | {reason}
    if not signs.isdisjoint(URGENT):
        return Urgency.URGENT
    if not signs.isdisjoint(VULNERABLE):
        return Urgency.VULNERABLE
    if need.elder or Hint.ELDER in signs:
        return Urgency.ELDER
    return Urgency.COMPLAINT if not signs.isdisjoint(COMPLAINS | {"likely_dissatisfied"}) else Urgency.NORMAL
