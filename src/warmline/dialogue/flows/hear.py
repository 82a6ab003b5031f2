"""What a customer's words say to a flow: the slot asked for, others in passing, a correction, a yes or a no. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, Shown, list_shown
from warmline.dialogue.flows.expressions import STYLES, fill
from warmline.dialogue.flows.run import Filled
from warmline.language import service as lang

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
TEXT_LIMIT = 100
"""So much of a slot of free text is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`values`: slots by name; `corrects` those that were known; `several`: values that fit the question equally."""

    values: Mapping[str, Filled] = field(default_factory=dict)
    corrects: bool = False
    yes: bool | None = None
    acts: frozenset[lang.Act] = frozenset()
    several: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Listening:
    """What a flow listens for: the question asked, the slots there are with their choices, and those known."""

    asked: AskSlot | AskAgreement | None
    slots: Mapping[str, tuple[f.Slot, tuple[Shown, ...]]]
    known: Mapping[str, Filled]
    now: datetime


def hear(text: str, listening: Listening) -> Heard:
    """Read what was said; the answer to the question asked goes before everything else."""
    acts = lang.read_acts(text)
    asked = listening.asked
    corrected = _read_correction(text, listening, acts)
    if corrected:
        return Heard(corrected, corrects=True, acts=acts)
    puts_right = lang.Act.CORRECT in acts or lang.split_correction(text) is not None
    yes = lang.read_yes_no(text, asked.words) if isinstance(asked, AskAgreement) and not puts_right else None
    values: dict[str, Filled] = {}
    if isinstance(asked, AskSlot) and not (puts_right and asked.slot.type == "yes_no"):
        found = read_slot(text, asked.slot, asked.shown, listening.now, asked=True)
        if len(found) > 1:
            return Heard(acts=acts, several=found)
        if found:
            values[asked.name] = _fill(found[0])
        elif asked.slot.type == "text" and _is_plain(text, acts):
            values[asked.name] = Filled(value=text.strip()[:TEXT_LIMIT])
    values |= _read_passing(text, listening, values)
    return Heard(values, yes=yes, acts=acts)


def hear_opening(text: str, flow: f.Flow, policy: f.IdentityPolicy, now: datetime) -> dict[str, Filled]:
    """Return the slots that the words which begin a flow already tell; lists to choose from are not known yet."""
    identifies = any(isinstance(step, f.Identify) for step in flow.steps)
    parts: list[f.Flow | f.Way] = [*(policy.ways.values() if identifies else ()), flow]
    slots = {name: (slot, list_shown(slot, {}, f.LOCALES[0])) for part in parts for name, slot in part.slots.items()}
    return _read_passing(text, Listening(None, slots, {}, now), {})


def show_value(slot: f.Slot, filled: Filled, locale: str) -> str:
    """Return a slot's value as a person reads it."""
    if filled.item is not None and slot.label is not None:
        return fill(slot.label.say(locale), filled.item, locale)
    if slot.options:
        option = slot.options.get(filled.value)
        return option.label.say(locale) if option else filled.value
    style = {"amount": "money", "date": "date"}.get(slot.type, "text")
    return STYLES[style](filled.value, locale)


def read_slot(
    text: str, slot: f.Slot, shown: tuple[Shown, ...], now: datetime, *, asked: bool = False
) -> tuple[Shown, ...]:
    """Return the values these words may mean; one where it is clear. `asked`: it is what was asked for."""
    if slot.type == "option":
        options = [_option(one) for one in shown]
        return tuple(shown[index] for index in lang.choose(text, options, now))
    return tuple(Shown(value, value) for value in dict.fromkeys(_read_values(text, slot, now, asked=asked)))


def _read_values(text: str, slot: f.Slot, now: datetime, *, asked: bool) -> Iterable[str]:
    match slot.type:
        case "yes_no":
            yes = lang.read_yes_no(text, slot.words) if asked else None
            return () if yes is None else ("yes" if yes else "no",)
        case "amount":
            sums = lang.find_amounts(text)
            return [f"{one.value:.2f}" for one in sums if asked or (one.sure and not one.approximate)]
        case "date":
            future = None if slot.past is None else not slot.past
            found = lang.find_dates(text, now, future=future)
            return [one.date.isoformat() for one in found if one.date and one.precision is lang.Precision.DAY]
        case "time":
            return [f"{one.time:%H:%M}" for one in lang.find_times(text) if one.time == one.last]
        case "digits":
            return [one.digits for one in lang.find_digits(text, slot.length)] if asked or slot.length else ()
        case "phone":
            return [one.digits for one in lang.find_phones(text)]
        case "months":
            return [str(one.months) for one in lang.find_months(text)] or (_bare_months(text) if asked else ())
        case _:
            return ()


def _option(shown: Shown) -> lang.Option:
    item = shown.item or {}
    amount, at = item.get("amount"), item.get("at")
    return lang.Option(
        labels=(shown.label, *shown.words),
        digits=(shown.digits,) if shown.digits else (),
        amount=Decimal(str(amount)) if amount is not None and _NUMBER.fullmatch(str(amount)) else None,
        at=datetime.fromisoformat(str(at)) if at and _MOMENT.match(str(at)) else None,
    )


def _bare_months(text: str) -> list[str]:
    """A number alone, where a number of months was asked for."""
    return [one.digits.lstrip("0") for one in lang.find_digits(text) if 0 < len(one.digits) <= 2]


def _read_passing(text: str, listening: Listening, taken: Mapping[str, Filled]) -> dict[str, Filled]:
    """Read slots nobody asked for yet. What could be the value of two of them is left to be asked."""
    asked = listening.asked.name if isinstance(listening.asked, AskSlot) else None
    spoken_for = {one.value for one in taken.values()}
    found: dict[str, Filled] = {}
    for name, (slot, shown) in listening.slots.items():
        if name == asked or name in listening.known or not slot.passing or slot.secret:
            continue
        read = read_slot(text, slot, shown, listening.now)
        if len(read) == 1 and read[0].value not in spoken_for:
            found[name] = _fill(read[0])
    values = [one.value for one in found.values()]
    return {name: one for name, one in found.items() if values.count(one.value) == 1}


def _read_correction(text: str, listening: Listening, acts: frozenset[lang.Act]) -> dict[str, Filled]:
    """Return known slots that these words change; where they say what was wrong, the slot that was so."""
    split = lang.split_correction(text)
    if split is None and lang.Act.CORRECT not in acts:
        return {}
    rejected, meant = split or ("", text)
    changed: dict[str, Filled] = {}
    for name, known in listening.known.items():
        if name not in listening.slots:
            continue
        slot, shown = listening.slots[name]
        read = read_slot(meant or text, slot, shown, listening.now, asked=True)
        if len(read) == 1 and read[0].value != known.value:
            changed[name] = _fill(read[0])
    if rejected and len(changed) > 1:
        was = {
            name for name in changed
            if known_as(read_slot(rejected, *listening.slots[name], listening.now, asked=True), listening.known[name])
        }  # fmt: skip
        changed = {name: one for name, one in changed.items() if name in was} or changed
    return changed


def known_as(read: tuple[Shown, ...], known: Filled) -> bool:
    """Tell whether one of the values read is the one that is known."""
    return any(one.value == known.value for one in read)


def _fill(shown: Shown) -> Filled:
    return Filled(value=shown.value, item=shown.item)


def _is_plain(text: str, acts: frozenset[lang.Act]) -> bool:
    """Free text is taken as it is, unless it says that the customer wants something else."""
    return bool(text.strip()) and not acts and lang.find_markers(text).only is None
