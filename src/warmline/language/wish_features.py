"""What the recogniser of wishes for a person looks at in a stretch of a text: kinds of words, letters, sounds. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import yaml

from warmline.language.normalise import normalise
from warmline.language.spelling import english, mend
from warmline.language.tokens import sound, spoken

_UNIT_RE = re.compile(
    r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]|[a-z]+|[\u3105-\u312f\u02c7\u02ca\u02cb\u02d9]+|[0-9]+"
)
_BREAK_RE = re.compile(r"[,;!?。、…~\n]+|\.(?=\s|$)|(?<=[^\d])\.(?=[^\d])")
_DROPPED_RE = re.compile(r"(?<=[\u3400-\u9fff])[-.·*_+/|](?=[\u3400-\u9fff])|'")
_HAN_RE = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
_SHAPES = str.maketrans(
    {
        "亻": "人",
        "エ": "工",
        "ェ": "工",
        "搵": "找",
        "揾": "找",
        "畀": "给",
        "俾": "给",
        "哋": "们",
        "嘅": "的",
        "喺": "在",
    }
)
_VOWELS = frozenset("aeiou")
_LONGEST = 6
LONG, STEP = 24, 10
"""A stretch of more units than `LONG` is looked at in windows of so many, each `STEP` units on."""
SHORT = 16
"""Neighbours of no more units than this in all are looked at together: 按0，找人."""
MOST = 48
_NAMING = frozenset(
    {
        "STAFF",
        "STAFF~",
        "BOSS",
        "BOSS~",
        "CALL",
        "CALL~",
        "PERSON",
        "OTHERS",
        "MACHINE",
        "REAL",
        "TURN",
        "COME",
        "WHO",
        "ABLE",
        "STUCK",
    }
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Units (one Chinese character, one English word, one number) and whether a question mark follows."""

    units: tuple[str, ...]
    asked: bool = False


def stretches(folded: str) -> list[Stretch]:
    """Return the stretches of a normalised text that may ask for a person: those that name somebody who could come.

    They are its clauses, short neighbours together as well, long ones in windows; of many the last `MOST`.
    """
    parts = [found for found in _clauses(folded) if found.units]
    found = [window for part in parts for window in _windows(part)]
    for a, b in pairwise(parts):
        if len(a.units) + len(b.units) <= SHORT:
            found.append(Stretch((*a.units, "|", *b.units), b.asked))
    return [one for one in dict.fromkeys(found) if not _NAMING.isdisjoint(_kinds(one.units))][-MOST:]


def _clauses(folded: str) -> Iterator[Stretch]:
    text = _DROPPED_RE.sub("", folded.translate(_SHAPES))
    start = 0
    for found in [*_BREAK_RE.finditer(text), None]:
        end = found.start() if found else len(text)
        units = mend(_UNIT_RE.findall(text[start:end]))
        yield Stretch(tuple(part for unit in units for part in _syllables(unit)), bool(found and "?" in found.group()))
        start = found.end() if found else end


def _syllables(unit: str) -> Sequence[str]:
    """Return the sounds of several Chinese words run together in Latin letters, as one unit each."""
    spelt = spoken(unit) if len(unit) > 3 and unit.isascii() and unit.isalpha() and unit not in english() else ()
    return spelt if len(spelt) > 1 else (unit,)


def _windows(part: Stretch) -> Iterator[Stretch]:
    if len(part.units) <= LONG:
        yield part
        return
    for start in range(0, len(part.units) - LONG + STEP, STEP):
        end = start + LONG
        yield Stretch(part.units[start:end], part.asked and end >= len(part.units))


def features(stretch: Stretch) -> set[str]:
    """Return the names of what is there."""
    units = stretch.units
    found = {f"n {min(len(units), 12)}"}
    if stretch.asked:
        found |= {"?", f"n? {min(len(units), 12)}"}
    found.update(_grams("h", ("^", *units, "$"), 3))
    for unit in units:
        if unit.isascii() and unit.isalpha() and _VOWELS.isdisjoint(unit):
            found.update(_grams("l", ("^", *unit, "$"), 2))
    found.update(_grams("s", ("^", *(s for unit in units for s in _said(unit)), "$"), 3))
    kinds = _kinds(units)
    found.update(_grams("k", ("^", *kinds, "$"), 4))
    named = [kind for kind in kinds if kind != "_"]
    found.update(f"k {a}>{b}" for i, a in enumerate(named) for b in named[i + 1 : i + 6])
    found.add("k= " + " ".join(named[:7]))
    found.add("k== " + " ".join(kinds[:9]))
    return found


def _grams(mark: str, units: Sequence[str], longest: int) -> Iterator[str]:
    for n in range(1, longest + 1):
        for i in range(len(units) - n + 1):
            yield f"{mark}{n} {' '.join(units[i : i + n])}"


def _said(unit: str) -> Sequence[str]:
    if _HAN_RE.match(unit):
        return (sound(unit),)
    return (spoken(unit) if unit.isalpha() else ()) or (unit,)


@lru_cache(maxsize=256)
def _kinds(units: tuple[str, ...]) -> list[str]:
    """Return the kinds of the words in order, `_` for any others between them."""
    found: list[str] = []
    at = 0
    while at < len(units):
        kind, length = _kind(units[at : at + _LONGEST])
        if kind != "_" or not found or found[-1] != "_":
            found.append(kind)
        at += length
    return found


def _kind(units: Sequence[str]) -> tuple[str, int]:
    """Return the kind of the longest word that the units begin with, and its length."""
    words, sounds = _words()
    for n in range(len(units), 0, -1):
        word = "".join(units[:n])
        if word in words and (n <= 2 or _HAN_RE.match(word)):
            return words[word], n
        heard = sounds.get(tuple(s for unit in units[:n] for s in _said(unit))) if n < 4 else None
        if heard:
            return heard, n
    return "_", 1


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[tuple[str, ...], str]]:
    """Return kinds by word, and those of words for staff by their sound as well."""
    source = files("warmline.language").joinpath("data/wish/classes.yaml").read_text(encoding="utf-8")
    listed = [(word, kind) for kind, line in yaml.safe_load(source).items() for word in str(line).split()]
    words = {form: kind for word, kind in listed for form in (word, normalise(word))}
    heard = {
        tuple(sound(c) for c in word): f"{kind}~"
        for word, kind in words.items()
        if kind in {"STAFF", "BOSS", "CALL"} and 2 <= len(word) <= 3 and _HAN_RE.match(word)
    }
    return words, heard
