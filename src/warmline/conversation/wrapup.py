"""What an agent leaves behind at the end: a summary in fixed sections, each line with where in the log it is from."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from warmline.conversation.payload import Payload, Visibility

Section = Literal["request", "facts", "done", "promised", "feeling", "next"]


class SummaryLine(BaseModel):
    """One line of a summary; `seqs` are the entries of the log it was taken from, none for the agent's own words."""

    section: Section
    text: str
    seqs: list[int] = Field(default_factory=list)


class WrapUpWritten(Payload):
    """The newest one counts. `tell_bank`: what the bank should mend, in the agent's words."""

    VISIBILITY: ClassVar[Visibility] = Visibility.STAFF
    WORDS: ClassVar[frozenset[str]] = frozenset({"lines", "tell_bank"})
    type: Literal["wrapup.written"] = "wrapup.written"
    lines: list[SummaryLine] | None = None
    category: str | None = None
    tags: list[str] = Field(default_factory=list)
    tell_bank: str | None = None
