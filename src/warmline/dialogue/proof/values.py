"""The values that stand for all others: two of each slot, on either side of every number that is compared with one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import Shown
from warmline.dialogue.flows.expressions import paths_of
from warmline.dialogue.flows.run import Filled

NUMBER, MORE = 5000, 50_000
"""What an action answers with where a number is wanted; the second where a condition looks at it."""
A_DATE = "2027-03-01T10:00:00+08:00"
SIZES = ("100.00", f"{NUMBER}.00", "20000.00", "1000000.00")
"""Sums below, at, between and above what an action answers, for a slot whose size a condition looks at."""


@dataclass(frozen=True)
class Values:
    """The values of the slots of one flow and of the ways of identity.

    `looked_at`: slots that a condition reads; `numbers`: those that conditions name, by the path compared with them.
    Of any other slot nobody but the bank ever looks at the value. So a second value differs from the first in its
    name alone, and a state in which only the second occurs is the state in which only the first does (`renames`);
    likewise two options of a choice stand for all that no condition names.
    """

    pairs: Mapping[str, tuple[str, ...]]
    looked_at: frozenset[str]
    numbers: Mapping[str, frozenset[int]]
    renames: tuple[tuple[str, str], ...]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Texts that conditions name, by the slot they are about."""
    customer: frozenset[str] = frozenset()
    """What conditions ask of the customer: known, signed_in, elder."""

    def of(self, name: str, slot: f.Slot, shown: Sequence[Shown]) -> Iterator[Filled]:
        """Yield the values to try for a slot."""
        named = self.named.get(name, frozenset())
        if slot.items:
            yield from (Filled(value=one.value, item=one.item) for one in shown)
        elif slot.type == "option":
            others = [one for one in shown if one.value not in named]
            told_apart = [one for one in shown if one.value in named]
            yield from (Filled(value=one.value) for one in (*told_apart, *others[: 1 if told_apart else 2]))
        else:
            yield from (Filled(value=value) for value in self.pairs[name])
            yield from (Filled(value=one.value) for one in shown if one.value in named)

    def secrets(self, slots: Mapping[str, f.Slot]) -> tuple[str, ...]:
        """Return the values that must never be kept."""
        return tuple(value for name, slot in slots.items() if slot.secret for value in self.pairs.get(name, ()))


def choose_values(slots: Mapping[str, f.Slot], conditions: Sequence[str]) -> Values:
    """Choose the values of these slots under these conditions."""
    paths = {path for condition in conditions if condition for path in paths_of(condition)}
    looked_at = frozenset(path.split(".")[0] for path in paths)
    pairs = {
        name: _pair(slot, n, looked_at=name in looked_at)
        for n, (name, slot) in enumerate(slots.items())
        if slot.type != "option"
    }
    renames = tuple(
        (pair[0], pair[1])
        for name, pair in pairs.items()
        if name not in looked_at and slots[name].type not in ("yes_no", "months")
    )
    customer = frozenset(path.split(".")[1] for path in paths if path.startswith("customer."))
    return Values(pairs, looked_at, _numbers(conditions), renames, _named(conditions), customer)


def _pair(slot: f.Slot, n: int, *, looked_at: bool) -> tuple[str, ...]:
    match slot.type:
        case "yes_no":
            return ("yes", "no")
        case "months":
            return ("3", "12")
        case "amount":
            return SIZES if looked_at else (f"1{n:02d}.11", f"9{n:02d}.22")
        case "date":
            return (f"2026-11-{n % 15 * 2 + 1:02d}", f"2026-11-{n % 15 * 2 + 2:02d}")
        case "time":
            return (f"09:{n % 30 * 2:02d}", f"09:{n % 30 * 2 + 1:02d}")
        case "phone" | "mobile":
            return (f"138{n:02d}111111", f"139{n:02d}222222")
        case "digits":
            return (f"8{n:02d}111", f"9{n:02d}222")
        case _:
            return (f"甲{n}方", f"乙{n}方")


def _named(conditions: Sequence[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for condition in conditions:
        texts = {one for pair in re.findall(r"'([^']*)'|\"([^\"]*)\"", condition) for one in pair if one}
        for path in paths_of(condition) if condition else ():
            found.setdefault(path, set()).update(texts)
    return {path: frozenset(texts) for path, texts in found.items()}


def _numbers(conditions: Sequence[str]) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for condition in conditions:
        named = {int(one) for one in re.findall(r"(?<![\w.'])\d+(?![\w'])", condition)}
        for path in paths_of(condition) if condition and named else ():
            found.setdefault(path, set()).update(named)
    return {path: frozenset(numbers) for path, numbers in found.items()}
