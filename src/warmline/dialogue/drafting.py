"""What people answered where the assistant could not, made into a draft for the knowledge editor. Pure.

A colleague's messages between two of the customer's are one piece. Of the pieces up to the end of the conversation,
those about the question are taken: a conversation goes on to other matters, where the longest words may be. Where
none can be told to be about it, the first: whoever takes over has the question before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

import yaml

from warmline.conversation.events import AuthorKind
from warmline.language.service import Marker, find_markers, normalise

LEAST_LETTERS = 5
"""Letters of a piece; fewer are a yes or a no that means nothing elsewhere."""
LONGEST = 4_000
_MANNERS = frozenset({Marker.GREETING, Marker.THANKS, Marker.GOODBYE, Marker.EMOJI, Marker.EMPTY})
_SENTENCE = re.compile(r"(?<=[。！？!?])(?![”」』\"'])|(?<=[.;；])\s+")
_CLAUSE = re.compile(r"(?<=[，；])|(?<=,)(?!\d)")
_ASKS = re.compile(r"[?？]\W*$|(?:吗|嗎|呢)\W*$")
_TITLE = "女士|先生|小姐|太太|阿姨|叔叔|大爷|大爺|大妈|大媽|奶奶|爷爷|爺爺|老师|老師"
_ADDRESSED = re.compile(
    rf"^\s*(?:[\u4e00-\u9fff]{{1,3}}(?:{_TITLE})[，,、：:！!]*\s*|(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w'’-]+,\s*)"
)
_MARKS = " ，,；;、：:。.！!？?~～…"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log after the question; `text` is empty for all but a person's words."""

    type: str
    author: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What a colleague said in one go, without what is said to anybody."""

    text: str
    by: str
    at: datetime


def find_pieces(entries: Sequence[Entry]) -> list[Piece]:
    """Return what people said until the conversation left them, in its order."""
    pieces: list[list[Piece]] = [[]]
    for entry in entries:
        if entry.type != "message.posted":
            break
        if entry.author == AuthorKind.CUSTOMER:
            pieces.append([])
        elif entry.author == AuthorKind.AGENT and (told := keep_telling(entry.text)):
            pieces[-1].append(Piece(told, entry.by, entry.at))
    joined = [Piece("\n\n".join(one.text for one in run), run[0].by, run[0].at) for run in pieces if run]
    return [one for one in joined if len(re.findall(r"\w", one.text)) >= LEAST_LETTERS]


def choose_pieces(pieces: Sequence[Piece], about: Sequence[bool]) -> Piece | None:
    """Return the pieces about the question as one, else the first, None where there is none."""
    chosen = [piece for piece, is_about in zip(pieces, about, strict=True) if is_about] or list(pieces[:1])
    if not chosen:
        return None
    return Piece("\n\n".join(one.text for one in chosen)[:LONGEST], chosen[0].by, chosen[0].at)


def keep_telling(text: str) -> str:
    """Return a colleague's words without greetings, thanks, waiting, questions back and whom they are said to."""
    lines = (_join(kept) for line in text.splitlines() if (kept := _tell(line)))
    return "\n".join(lines).strip()


def _tell(line: str) -> list[str]:
    return [told for one in _SENTENCE.split(_ADDRESSED.sub("", line)) if (told := _trim(one))]


def _trim(sentence: str) -> str:
    """Return a sentence without what leads in and trails off; nothing where it asks or only that is there."""
    if _ASKS.search(sentence):
        return ""
    clauses = [one for one in _CLAUSE.split(_ADDRESSED.sub("", sentence)) if one.strip()]
    first = 0
    while first < len(clauses) and _is_talk(clauses[first]):
        first += 1
    last = len(clauses)
    while last > first and _is_talk(clauses[last - 1]):
        last -= 1
    kept = "".join(clauses[first:last]).strip()
    if last < len(clauses):
        kept = kept.rstrip("，,；; ") + ("." if kept.isascii() else "。") if kept else ""
    return kept[:1].upper() + kept[1:]


def _is_talk(clause: str) -> bool:
    folded = normalise(clause).strip(_MARKS)
    return not folded or bool(_talk().search(folded)) or find_markers(folded).only in _MANNERS


def _join(sentences: list[str]) -> str:
    return "".join(one if one[-1] > "\u2000" else one + " " for one in sentences).strip()


@lru_cache(maxsize=1)
def _talk() -> re.Pattern[str]:
    source = files("warmline.dialogue").joinpath("talk.yaml").read_text(encoding="utf-8")
    patterns: list[str] = yaml.safe_load(source)
    return re.compile("|".join(f"(?:{one})" for one in patterns))
