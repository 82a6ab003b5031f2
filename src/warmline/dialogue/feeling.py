"""First the feeling, then the problem: what a customer's words show of it, and the sentence owed to it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from warmline.language.service import Marker

VARIANTS = 3
"""Sentences there are for each trouble and tone; what was said once is not said again in a conversation."""
TROUBLES = (
    Marker.FRAUD,
    Marker.CARD_STOLEN,
    Marker.MONEY_KEPT,
    Marker.CARD_KEPT,
    Marker.CARD_LOST,
    Marker.HARDSHIP,
    Marker.DISTRESS,
)
"""The most pressing first: one of them is spoken to."""
TONES = (Marker.AGAIN, Marker.LOUD)
STIRRED = frozenset({Marker.DISTRESS, Marker.FRAUD, *TONES})
"""Whoever shows one of these is offered an experienced colleague along with the answer."""

_DIGITS = "一二两兩三四五六七八九十百千万萬零几幾"
_NUMBER = r"(?<!\d)(?<!\d[,.])\d[\d,.]{0,15}"
"""Bounded and begun only where a number begins: a message of nothing but digits takes no longer than another."""
_AMOUNT = re.compile(
    rf"[¥$]\s?\d[\d,.]{{0,15}}(?<=\d)|(?:{_NUMBER}[千万萬]?|(?<![{_DIGITS}])[{_DIGITS}]{{1,15}})多?(?:块钱?|塊錢?|元钱?|元錢?)|"
    rf"{_NUMBER}\s?(?:yuan|rmb|dollars?)\b",
    re.IGNORECASE,
)
AMOUNT_WITHIN = 2_000
"""A sum is looked for in so many characters, as everything else that is read of a message."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What is said of the feeling before anything else: the names of the sentences, and what they answer."""

    say: tuple[str, ...]
    reason: str


def acknowledge(kinds: Collection[Marker], said_before: Collection[str]) -> Acknowledgement | None:
    """Choose the sentences of comfort, none for words that show no trouble.

    A trouble is spoken to once, and anew only when the customer is stirred again; whoever is in danger is told the
    helplines instead, every time.
    """
    if not kinds or Marker.DANGER in kinds:
        return None
    trouble = next((marker for marker in TROUBLES if marker in kinds), None)
    stirred = not STIRRED.isdisjoint(kinds)
    parts = [trouble] if trouble and (stirred or not _variants(trouble) & set(said_before)) else []
    parts += [marker for marker in TONES if marker in kinds and (marker is Marker.AGAIN or not trouble)][:1]
    keys = [key for part in parts if (key := _fresh(part, said_before))]
    if not keys:
        return None
    return Acknowledgement(tuple(keys), "+".join(one.value for one in (*TROUBLES, *TONES) if one in kinds))


def find_amount(text: str) -> str | None:
    """Return the first sum of money named, as the customer put it."""
    found = _AMOUNT.search(unicodedata.normalize("NFKC", text[:AMOUNT_WITHIN]))
    return found.group() if found else None


def _variants(marker: Marker) -> set[str]:
    return {f"comfort_{marker.value}_{number}" for number in range(1, VARIANTS + 1)}


def _fresh(marker: Marker, said_before: Collection[str]) -> str | None:
    return next((key for key in sorted(_variants(marker)) if key not in said_before), None)
