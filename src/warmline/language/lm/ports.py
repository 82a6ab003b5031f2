"""What the house needs of a language model: a text for a filled prompt, in time, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from warmline.language.lm.prompts import Prompt


class Failure(StrEnum):
    """Why there is no text."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CUT_OFF = "cut_off"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    EMPTY = "empty"
    LIMITED = "limited"
    """It says that too much is asked of it (429)."""
    ERROR = "error"
    """Any other status that is no success."""
    NO_BUDGET = "no_budget"
    RESTING = "resting"
    """It failed too often lately and is left alone for a while."""
    CROWDED = "crowded"
    """As many calls as may run at once are running."""
    NO_TIME = "no_time"


@dataclass(frozen=True, slots=True)
class Reply:
    """A text, or why there is none; `tokens` is what the other side says it counted, 0 where it says nothing."""

    text: str = ""
    failure: Failure | None = None
    tokens: int = 0


class LanguageModel(Protocol):
    """Completes prompts; a call never raises for what the other side does."""

    async def complete(self, prompt: Prompt, values: Mapping[str, str], *, within: float, most_tokens: int) -> Reply:
        """Fill the prompt and return what the model makes of it; `within`: seconds, never exceeded."""

    async def aclose(self) -> None:
        """Close the connections."""
