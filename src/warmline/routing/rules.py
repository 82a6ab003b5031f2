"""The routing file: what the operator sets of who takes whom. What it leaves out stays as built in."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warmline.conversation.events import Urgency
from warmline.kit.strict_yaml import read_sheet


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Minutes = Annotated[int, Field(ge=0, le=1440)]
HEAD_STARTS: Mapping[Urgency, int] = {
    Urgency.URGENT: 120,
    Urgency.VULNERABLE: 60,
    Urgency.ELDER: 20,
    Urgency.COMPLAINT: 10,
    Urgency.NORMAL: 0,
}


class RoutingRules(Strict):
    """Who goes before whom. `head_starts`: minutes by urgency; none is longer than that of what presses more."""

    head_starts: dict[Urgency, Minutes] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_head_starts(self) -> RoutingRules:
        order = [(one, self.head_start_minutes(one)) for one in Urgency]
        for (more, first), (less, second) in pairwise(order):
            if second > first:
                raise ValueError(
                    f"`{less}` would go before `{more}`, which presses more; give `{less}` at most {first} minutes,"
                    f" or `{more}` at least {second}"
                )
        return self

    def head_start_minutes(self, urgency: Urgency) -> int:
        """Return the head start of an urgency, as set or as built in."""
        return self.head_starts.get(urgency, HEAD_STARTS[urgency])

    def head_start(self, urgency: Urgency) -> int:
        """Return the head start in seconds."""
        return self.head_start_minutes(urgency) * 60


def read_rules(path: Path, text: str | None = None) -> RoutingRules:
    """Read a routing file; `FileMistakeError`."""
    return read_sheet(path, RoutingRules, text=text).content
