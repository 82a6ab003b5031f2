"""What presses and what calls for regard: complaint, urgency and vulnerability, by rules alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from warmline.language.feeling.lexicon import both, fold, join, load
from warmline.language.feeling.model import Hint, Urgency
from warmline.language.markers import Marker, find_markers


@dataclass(frozen=True, slots=True)
class Risks:
    """What was found; `signs` as in `Feeling`."""

    complaint: bool = False
    urgency: Urgency = Urgency.NONE
    vulnerability: frozenset[Hint] = frozenset()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rules:
    complaint: re.Pattern[str]
    no_complaint: re.Pattern[str]
    broken_promise: re.Pattern[str]
    spared: re.Pattern[str]
    self_harm: re.Pattern[str]
    no_self_harm: re.Pattern[str]
    fraud: re.Pattern[str]
    elder_who: re.Pattern[str]
    elder_what: re.Pattern[str]
    hypothetical: re.Pattern[str]
    hints: tuple[tuple[Hint, re.Pattern[str]], ...]


@lru_cache(maxsize=2_048)
def find_risks(text: str) -> Risks:
    """Read a text as typed; pure."""
    folded, rules = fold(text), _rules()
    broken = bool(rules.broken_promise.search(rules.spared.sub("|", folded)))
    complaint = broken or bool(rules.complaint.search(rules.no_complaint.sub("|", folded)))
    urgency = _urgency(folded, rules.hypothetical.sub("|", folded), rules)
    hints = frozenset(hint for hint, pattern in rules.hints if pattern.search(folded))
    signs = [
        *(["complaint"] if complaint else []),
        *(["broken_promise"] if broken else []),
        *([f"urgency.{urgency}"] if urgency is not Urgency.NONE else []),
        *sorted(f"vulnerability.{hint}" for hint in hints),
    ]
    return Risks(complaint, urgency, hints, tuple(signs))


def _urgency(folded: str, happened: str, rules: _Rules) -> Urgency:
    """`happened`: the text without what is only feared, asked about or guarded against."""
    if rules.self_harm.search(rules.no_self_harm.sub("|", folded)):
        return Urgency.SELF_HARM
    if rules.elder_who.search(folded) and rules.elder_what.search(happened):
        return Urgency.ELDER_SCAMMED
    kinds = find_markers(happened).kinds
    if Marker.FRAUD in kinds or rules.fraud.search(happened):
        return Urgency.FRAUD_IN_PROGRESS
    return Urgency.CARD_STOLEN if Marker.CARD_STOLEN in kinds else Urgency.NONE


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = load()
    complaint, urgency = data["complaint"], data["urgency"]
    elder = urgency["elder"]
    return _Rules(
        both(complaint),
        join(complaint["not"]),
        both(complaint["broken_promise"]),
        join(complaint["spared"]),
        both(urgency["self_harm"]),
        join(urgency["self_harm"]["not"]),
        both(urgency["fraud"]),
        both(elder["who"]),
        both(elder["what"]),
        both(urgency["hypothetical"]),
        tuple((Hint(name), both(rule)) for name, rule in data["vulnerability"].items()),
    )
