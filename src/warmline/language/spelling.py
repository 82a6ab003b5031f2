"""English words as they were meant: what people shorten, run together and mistype around asking for a person."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml

_SHORTEST = 4


def mend(units: Sequence[str]) -> Iterator[str]:
    """Yield the units with English words mended; whatever else there is stays."""
    short, _ = _table()
    for i, unit in enumerate(units):
        joined = unit + units[i + 1] if unit.isascii() and i + 1 < len(units) and units[i + 1].isdigit() else ""
        if joined in short:
            yield from short[joined]
        elif i and units[i - 1] + unit in short and unit.isdigit():
            continue
        elif unit in short:
            yield from short[unit]
        else:
            yield _meant(unit) if unit.isascii() and unit.isalpha() else unit


@lru_cache(maxsize=4_096)
def _meant(word: str) -> str:
    """Return the one word of the table that `word` is a slip of; a word that exists is none."""
    _, known = _table()
    if len(word) < _SHORTEST or word in english():
        return word
    near = [one for one in known if _is_slip(word, one)]
    return min(near, key=lambda one: (abs(len(one) - len(word)), one)) if near else word


def _is_slip(typed: str, meant: str) -> bool:
    """Whether one slip (two in a long word) of a key leads from one to the other: left out, doubled, other, swapped."""
    allowed = 2 if len(meant) >= 8 else 1
    return abs(len(typed) - len(meant)) <= allowed and typed[0] == meant[0] and _slips(typed, meant) <= allowed


def _slips(a: str, b: str) -> int:
    """Return the optimal string alignment distance."""
    before, row = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, list[str]], tuple[str, ...]]:
    source = files("warmline.language").joinpath("data/wish/spelling.yaml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(source)
    return {str(k): str(v).split() for k, v in loaded["short"].items()}, tuple(loaded["often mistyped"].split())


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """Return the words of a large vocabulary: what stands in it was meant as it is."""
    source = files("warmline.language").joinpath("data/wordpiece-uncased.txt").read_text(encoding="utf-8")
    return frozenset(line for line in source.splitlines() if line.isalpha() and line.isascii()) - {"agen"}
