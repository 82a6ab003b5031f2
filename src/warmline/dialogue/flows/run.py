"""Where a conversation stands in its flows: what is kept from turn to turn, in the log, under the customer's key."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from warmline.dialogue.flows.schema import Level
from warmline.language.service import Feeling, Trajectory


class Kept(BaseModel):
    """A part of the memory. What a newer version added is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Filled(Kept):
    """A slot's value: as it goes to an action, and the chosen item where it was chosen from a list.

    `spent`: it was secret, was used, and is no longer here.
    """

    value: str
    item: dict[str, Any] | None = None
    spent: bool = False

    def shown(self) -> Any:
        """Return what templates and conditions see."""
        return {**self.item, "value": self.value} if self.item is not None else self.value


class Result(Kept):
    """What an action answered to these arguments; `code` is empty where it did what was asked."""

    asked: str
    code: str = ""
    data: dict[str, Any] = Field(default_factory=dict)


class Deed(Kept):
    """Something with an effect that was done, or may have been (`code` is `unknown`)."""

    action: str
    arguments: dict[str, Any]
    key: str
    code: str = ""
    data: dict[str, Any] = Field(default_factory=dict)


class Run(Kept):
    """One time through a flow.

    `key` makes its deeds one of a kind; `words`: what the customer said that no question asked for, for choices not
    known yet; `asking` is the slot or the step that waits for the customer, `misses` how many answers to it nobody
    could read, `asides` how many other questions were answered meanwhile; `narrowed`: the values of the choice that fit
    what was said; `retries` how often a step was gone through anew.
    """

    flow_id: str
    version: int
    key: str
    slots: dict[str, Filled] = Field(default_factory=dict)
    results: dict[str, Result] = Field(default_factory=dict)
    agreed: dict[str, str] = Field(default_factory=dict)
    refused: dict[str, str] = Field(default_factory=dict)
    said: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()
    words: tuple[str, ...] = ()
    asking: str = ""
    misses: int = 0
    asides: int = 0
    narrowed: tuple[str, ...] = ()
    retries: dict[str, int] = Field(default_factory=dict)


class Identity(Kept):
    """Who this was shown to be: the bank's reference, at which level, until when."""

    ref: str
    level: Level
    until: datetime


class Memory(Kept):
    """What the next turn needs besides the words: the flow under way, one put aside, and who this is.

    `ended`: the flow that the last turn ended, which a correction takes up again;
    `facts`: slots kept for the whole conversation; `wrong`: wrong tries by way of identity; `closed`: ways that the
    customer cannot go or has used up; `offered`: the flow offered last; `locale`: the language the flow is gone
    through in; `also`: another flow that the same words asked for, with those words; `mood`: how the customer has
    felt so far.
    """

    run: Run | None = None
    aside: Run | None = None
    ended: Run | None = None
    facts: dict[str, Filled] = Field(default_factory=dict)
    identity: Identity | None = None
    wrong: dict[str, int] = Field(default_factory=dict)
    closed: tuple[str, ...] = ()
    offered: str = ""
    also: tuple[str, str] | None = None
    runs: int = 0
    locale: str = ""
    mood: Trajectory = Trajectory()


def come_back(memory: Memory) -> Memory:
    """Return what holds after a person had the conversation, or it was over: no flow outlives that, nor an offer."""
    return memory.model_copy(update={"run": None, "aside": None, "ended": None, "offered": "", "also": None})


def feel_on(memory: Memory, feeling: Feeling | None) -> Memory:
    """Return the memory after a turn with this feeling; where none is read, none is kept."""
    mood = memory.mood.then(feeling) if feeling is not None else Trajectory()
    return memory if mood == memory.mood else memory.model_copy(update={"mood": mood})


def fingerprint(value: Any) -> str:
    """Return a text that is equal for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
