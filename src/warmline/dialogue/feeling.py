"""First the feeling, then the problem: what a customer's words show of it, and the sentence owed to it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from warmline.dialogue.earlier import Recall
from warmline.language.service import Emotion, Feeling, Hint, Marker, Trajectory, Urgency, find_amounts

VARIANTS = 3
"""Sentences there are for each trouble and tone; what was said once is not said again in a conversation."""
TROUBLES = (
    Marker.FRAUD,
    Marker.CARD_STOLEN,
    Marker.MONEY_KEPT,
    Marker.CARD_KEPT,
    Marker.CARD_LOST,
    Marker.HARDSHIP,
)
EMOTIONS = (Emotion.ANGER, Emotion.ANXIETY, Emotion.DISAPPOINTMENT, Emotion.WORRY, Emotion.CONFUSION)
SPOKEN_TO = (*TROUBLES, *EMOTIONS, Marker.DISTRESS)
"""The most pressing first: one of them is spoken to, what happened before what is felt of it."""
TONES = (Marker.AGAIN, Marker.LOUD)


class Sign(StrEnum):
    """What the feelings so far call for, beside the feeling itself."""

    COMPLAINT = "complaint"
    URGENT = "urgent"
    """Fraud under way: a person at once, the first step meanwhile."""
    LASTING = "lasting"
    """Distress that has not gone for two turns: whatever is answered now will hardly content them."""
    HESITATES = "hesitates"
    """An elder who does not find the way."""


STIRRED = frozenset[str]({Marker.DISTRESS, Marker.FRAUD, *TONES, Emotion.ANGER, Sign.LASTING})
"""Whoever shows one of these is offered an experienced colleague along with the answer."""
CAME_BACK_UPSET = frozenset[str](
    {Marker.DISTRESS, *TONES, Emotion.ANGER, Emotion.DISAPPOINTMENT, Sign.LASTING, Sign.COMPLAINT}
)
"""Whoever comes once too often with the same matter and shows one of these is brought to a person."""
FELT = frozenset[str]({*TROUBLES, *TONES, Marker.DISTRESS})
"""Said in any one of several messages, these hold for all of them."""
SENSED = frozenset({Marker.DISTRESS, Marker.LOUD, Marker.HARDSHIP})
"""Read off the customer's words about themselves: not where the customer has refused it."""
NAMES = frozenset[str]({*FELT, *EMOTIONS, *Sign, Marker.DANGER})
"""All that a policy may have a rule for."""
LASTS = 2
"""So many turns in distress on end last."""
_PRESSING = {
    Urgency.FRAUD_IN_PROGRESS: Marker.FRAUD,
    Urgency.ELDER_SCAMMED: Marker.FRAUD,
    Urgency.CARD_STOLEN: Marker.CARD_STOLEN,
    Urgency.SELF_HARM: Marker.DANGER,
}
_TOLD = {Emotion.CONFUSION: 0.4, Emotion.WORRY: 0.4}
_TOLD_ELSE = 0.45
"""A feeling at least so intense is spoken to; by hand, on the authored lines of tests/language."""

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
    """What is said of the feeling before anything else: the names of the sentences, and what they answer.

    `recalls`: the earlier contacts that are spoken of with it.
    """

    say: tuple[str, ...]
    reason: str
    recalls: Recall | None = None


def find_felt(feeling: Feeling, mood: Trajectory, *, elder: bool) -> frozenset[str]:
    """Name what a policy may have a rule for; `mood`: the feelings so far, this one with them."""
    emotion = feeling.emotion
    found: set[str] = set()
    if emotion in EMOTIONS and feeling.intensity >= _TOLD.get(emotion, _TOLD_ELSE):
        found.add(emotion)
    if feeling.complaint:
        found.add(Sign.COMPLAINT)
    if feeling.urgency in (Urgency.FRAUD_IN_PROGRESS, Urgency.ELDER_SCAMMED):
        found.add(Sign.URGENT)
    if mood.in_a_row >= LASTS:
        found.add(Sign.LASTING)
    lost = emotion is Emotion.CONFUSION and emotion in found
    if (elder or Hint.ELDER in feeling.vulnerability) and (lost or Hint.DIGITAL in feeling.vulnerability):
        found.add(Sign.HESITATES)
    return frozenset(found)


def pressing(feeling: Feeling | None) -> frozenset[Marker]:
    """Return what cannot wait as a kind of thing said."""
    marker = _PRESSING.get(feeling.urgency) if feeling else None
    return frozenset({marker}) if marker else frozenset()


def acknowledge(felt: Collection[str], said_before: Collection[str]) -> Acknowledgement | None:
    """Choose the sentences of comfort, none for words that show no trouble.

    A trouble is spoken to once, and anew only when the customer is stirred again; whoever is in danger is told the
    helplines instead, every time.
    """
    if Marker.DANGER in felt:
        return None
    trouble = next((name for name in SPOKEN_TO if name in felt), None)
    stirred = not STIRRED.isdisjoint(felt)
    parts = [trouble] if trouble and (stirred or not _variants(trouble) & set(said_before)) else []
    parts += [marker for marker in TONES if marker in felt and (marker is Marker.AGAIN or not trouble)][:1]
    keys = [key for part in parts if (key := _fresh(part, said_before))]
    if not keys:
        return None
    return Acknowledgement(tuple(keys), "+".join(one.value for one in (*SPOKEN_TO, *TONES) if one in felt))


def without_again(comfort: Acknowledgement | None, recalls: Recall) -> Acknowledgement:
    """Return what is said with earlier contacts named: that names how often, and apologises for it."""
    say = tuple(key for key in comfort.say if not key.startswith(f"comfort_{Marker.AGAIN}_")) if comfort else ()
    return Acknowledgement(say, comfort.reason if comfort else "", recalls)


def find_amount(text: str) -> str | None:
    """Return the first sum of money named, as the customer put it."""
    found = _AMOUNT.search(unicodedata.normalize("NFKC", text[:AMOUNT_WITHIN]))
    return found.group() if found else None


def name_amount(text: str) -> str | None:
    """Return the sum to speak of as the customer put it; none where there are several, or it is told in notes."""
    said = find_amount(text)
    sums = {one.value for one in find_amounts(text)}
    return said if said and len(sums) == 1 and sums == {one.value for one in find_amounts(said)} else None


def _variants(name: str) -> set[str]:
    return {f"comfort_{name}_{number}" for number in range(1, VARIANTS + 1)}


def _fresh(name: str, said_before: Collection[str]) -> str | None:
    return next((key for key in sorted(_variants(name)) if key not in said_before), None)
