"""What events hold of a customer beside their words: what was said to a feeling, what was felt, earlier contacts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class Acknowledged(BaseModel):
    """The sentences of comfort said before a move, by name, and what in the customer's words they answer.

    `earlier`: so many contacts on the same matter were spoken of along with it.
    """

    say: list[str]
    reason: str
    earlier: int = 0


class Sensed(BaseModel):
    """The feeling read in a turn: a guess, `intensity` 0..1, with what the policy was told and the rules that told."""

    emotion: str
    intensity: float
    felt: list[str] = Field(default_factory=list)
    urgency: str = "none"
    vulnerability: list[str] = Field(default_factory=list)
    signs: list[str] = Field(default_factory=list)
    direction: str = "level"


class PromiseMade(BaseModel):
    """What a customer was told would happen, in words; `broken`: its time has gone by."""

    text: str
    broken: bool = False


class EarlierContact(BaseModel):
    """When the same customer came before, with what matter, what they told and were promised, and how they felt."""

    at: datetime
    about: str = ""
    known: dict[str, str] = Field(default_factory=dict)
    promised: list[PromiseMade] = Field(default_factory=list)
    feeling: str = ""
