"""What is wrong in a flow file, in words that somebody who writes no programs understands, in three languages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from warmline.kit.i18n import Words

LISTED = 12
"""Names that are told where none is near to what was written."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of `mistakes.yaml` by its key, with what it is about."""

    key: str
    fields: dict[str, Any] = field(default_factory=dict)

    def say(self, locale: str) -> str:
        """Return it in a language."""
        return _words().say(self.key, locale, **self.fields)


def note(key: str, /, **fields: Any) -> Note:
    """Return a sentence by its key."""
    return Note(key, fields)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, where, and what to write instead. `line` and `column` count from 1."""

    line: int
    column: int
    told: Note
    advice: Note | None = None

    def say(self, locale: str) -> str:
        """Return what is wrong."""
        return self.told.say(locale)

    def advise(self, locale: str) -> str:
        """Return what to write instead; empty where nothing can be said."""
        return self.advice.say(locale) if self.advice else ""

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.say("en")

    @property
    def instead(self) -> str:
        """What to write instead, in English."""
        return self.advise("en")

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what}" + (f"; {self.instead}" if self.instead else "")


def near(name: str, known: Collection[str]) -> Note | None:
    """Advise the known name that is nearest, else tell the names there are."""
    found = get_close_matches(name, list(known), 1)
    if found:
        return note("did_you_mean", name=found[0])
    return note("there_are", names=", ".join(sorted(known)[:LISTED])) if known else None


def has_words(key: str) -> bool:
    """Tell whether there is a sentence for this key."""
    return key in _words().sentences


@cache
def _words() -> Words:
    return Words.load(Path(__file__).with_name("mistakes.yaml"))
