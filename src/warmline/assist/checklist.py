"""What an agent heeds in a matter: who the customer has to be shown to be, what has to be said, what is never asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from warmline.assist.speakers import PEOPLE
from warmline.conversation.events import Event, MessagePosted
from warmline.dialogue.flows.schema import Level, Strict, Text
from warmline.kit.strict_yaml import read_sheet
from warmline.language.service import to_simplified

Never = Literal["pin", "code", "cvv", "card_number"]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class MustSay(Strict):
    """Something the customer has to be told. `heard`: words that show it was; `words`: a way to say it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: Text
    heard: tuple[Word, ...] = Field(min_length=1)
    words: Text | None = None


class Checklist(Strict):
    """What is heeded where a flow fits or an article of a category does."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    flows: tuple[Word, ...] = ()
    categories: tuple[Word, ...] = ()
    identity: Level | None = None
    say: tuple[MustSay, ...] = ()
    never: tuple[Never, ...] = ()

    @model_validator(mode="after")
    def _check_matter(self) -> Checklist:
        if not self.flows and not self.categories:
            raise ValueError("it holds nowhere; name its `flows` or the `categories` of articles")
        return self


class Checklists(Strict):
    """The whole file; the first that fits holds, flows before categories."""

    checklists: tuple[Checklist, ...] = ()

    @model_validator(mode="after")
    def _check_ids(self) -> Checklists:
        seen: set[str] = set()
        for one in self.checklists:
            if one.id in seen:
                raise ValueError(f"there are two checklists `{one.id}`")
            seen.add(one.id)
        return self

    def find(self, flow_id: str, category: str) -> Checklist | None:
        """Return what is heeded in this matter."""
        by_flow = (one for one in self.checklists if flow_id in one.flows)
        by_category = (one for one in self.checklists if category in one.categories)
        return next(by_flow, next(by_category, None))


@dataclass(frozen=True, slots=True)
class Check:
    """A line of it: ticked where the log shows it. `words`: a way to say it in the customer's language."""

    id: str
    text: str
    done: bool
    words: str | None = None


def read_checklists(path: Path | None) -> Checklists:
    """Read the file; `FileMistakeError`. Nothing is heeded where there is none."""
    return read_sheet(path, Checklists).content if path else Checklists()


def tick(checklist: Checklist, events: Sequence[Event], *, locale: str, reader: str) -> tuple[Check, ...]:
    """Return what has to be said, with a tick where a colleague's words show it. `reader`: the agent's language."""
    said = "\n".join(_fold(text) for text in _list_said(events))
    return tuple(
        Check(
            one.id,
            one.text.say(reader),
            any(_fold(word) in said for word in one.heard),
            one.words.say(locale) if one.words else None,
        )
        for one in checklist.say
    )


def _list_said(events: Sequence[Event]) -> list[str]:
    return [
        one.payload.text
        for one in events
        if one.author.kind in PEOPLE and isinstance(one.payload, MessagePosted) and one.payload.text
    ]


def _fold(text: str) -> str:
    return to_simplified(text).casefold()
