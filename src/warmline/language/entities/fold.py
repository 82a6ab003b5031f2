"""A text folded for reading, each of its characters knowing where in the typed text it stood."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from warmline.language.normalise import MAX_QUERY_CHARS, strip_hidden, to_simplified

Span = tuple[int, int]
"""Start and end in the text as typed."""
START, END = r"(?<![a-z\d])", r"(?![a-z\d])"
"""Edges of an English word in a folded text; Chinese characters may stand beside it."""

_SPACE_BY_HAN_RE = re.compile(r"(?<=[\u3007\u3400-\u9fff]) | (?=[\u3007\u3400-\u9fff])")
_HAN_AND_MORE_RE = re.compile(r"[\u3400-\u9fff]\w")
_HAN_RE = re.compile("[\u3400-\u9fff]{2}")
_SAME = str.maketrans({"○": "〇", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\t": " "})
_CLAUSE_RE = re.compile(r"(?:[^,，.;!?。、…~\n]|(?<=\d)[.,](?=\d))+[?]?")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is in Simplified, half-width and lower case; its character i stands at `at[i]` in `source`.

    `gaps`: where a space between Chinese characters was left out.
    """

    text: str
    at: tuple[int, ...]
    source: str
    gaps: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The place in the typed text of a stretch of the folded one (`start` < `end`)."""
        return self.at[start], self.at[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """The words of a stretch as they were typed."""
        first, last = self.span(start, end)
        return self.source[first:last]


@lru_cache(maxsize=512)
def fold(text: str) -> Folded:
    """Fold the first 2,000 characters: no spaces beside Chinese ones, one elsewhere; ， parts where , may group."""
    kept: list[tuple[str, int]] = []
    for place, typed in enumerate(text[:MAX_QUERY_CHARS]):
        typed = "，" if typed == "…" else typed
        parts = typed == "，" and not "０" <= text[place + 1 : place + 2] <= "９"
        for c in typed if parts else _fold_one(typed):
            if c != " " or (kept and kept[-1][0] != " "):
                kept.append((c, place))
    folded = "".join(c for c, _ in kept)
    drop = [found.start() for found in _SPACE_BY_HAN_RE.finditer(folded)]
    gaps = tuple(place - i for i, place in enumerate(drop))
    dropped = frozenset(drop)
    kept = [pair for i, pair in enumerate(kept) if i not in dropped]
    folded = "".join(c for c, _ in kept)
    simple = to_simplified(folded)
    if len(simple) != len(folded):
        simple = "".join(s if len(s) == 1 else c for c in folded for s in (to_simplified(c),))
    return Folded(simple, tuple(i for _, i in kept), text, gaps)


def _fold_one(typed: str) -> str:
    """One typed character in its plain form: ３ and ٣ are 3, any space is a space, hidden ones are nothing."""
    if typed.isascii() and typed.isprintable():
        return typed.lower()
    plain = unicodedata.normalize("NFKC", strip_hidden(typed)).casefold().translate(_SAME)
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isspace() and c != "\n" else c for c in plain
    )


def clauses(folded: Folded) -> list[str]:
    """What stands between commas, full stops and the spaces Chinese typists set; a question mark stays at the end."""
    text = folded.text
    cuts = [g for g in folded.gaps if _HAN_RE.fullmatch(text[max(0, g - 2) : g]) and _HAN_AND_MORE_RE.match(text, g)]
    text = "、".join(text[first:last] for first, last in pairwise([0, *cuts, len(text)]))
    return [c.strip() for c in _CLAUSE_RE.findall(text) if c.strip()]


@lru_cache(maxsize=8)
def load_words(name: str) -> dict[str, Any]:
    """A table of words that lies beside this package."""
    source = files("warmline.language.entities").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(source)
    return loaded


def any_of(words: list[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


def overlaps(start: int, end: int, taken: list[Span]) -> bool:
    """Whether a stretch shares a character with one of those taken."""
    return any(start < last and first < end for first, last in taken)
