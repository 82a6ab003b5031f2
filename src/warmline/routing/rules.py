"""The routing file: what the operator sets of who takes whom. What it leaves out stays as built in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from warmline.conversation.events import Urgency
from warmline.kit.calendar import BusinessCalendar, parse_hours
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


FULL = 60
"""All of an agent's attention; divisible by every number of conversations at once that may be set."""
AtOnce = Annotated[int, Field(ge=1, le=6)]
AT_ONCE: Mapping[str, int] = {"call": 1, "web": 3}
Group = Annotated[str, Field(min_length=1, max_length=40)]

BreakId = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
BREAKS: dict[str, dict[str, str]] = {
    "lunch": {"zh-Hans": "吃饭", "zh-Hant": "用餐", "en": "Meal"},
    "rest": {"zh-Hans": "休息一下", "zh-Hant": "休息一下", "en": "Short rest"},
    "training": {"zh-Hans": "培训", "zh-Hant": "培訓", "en": "Training"},
    "meeting": {"zh-Hans": "开会", "zh-Hant": "開會", "en": "Meeting"},
    "after_heavy": {"zh-Hans": "缓一缓", "zh-Hant": "緩一緩", "en": "A moment after a hard one"},
}


class Overflow(Strict):
    """Where those who have waited for a group for `after` seconds may be taken, too."""

    to: Group
    after: Annotated[int, Field(ge=0, le=86_400)] = 120


class GroupHours(Strict):
    """A group's hours, of spans such as `08:30-12:00, 20:00-02:00`; `makeup`: weekend days worked instead (调休)."""

    weekdays: str = ""
    weekends: str = ""
    holidays: str = ""
    makeup: str | None = None

    @model_validator(mode="after")
    def _check_open(self) -> GroupHours:
        if not any(parse_hours(text) for text in (self.weekdays, self.weekends, self.holidays, self.makeup or "")):
            raise ValueError("these hours never open; write `weekdays: 08:30-21:00`, or leave `hours` out")
        return self

    def calendar(self, zone: str) -> BusinessCalendar:
        """Return when the group's people are there."""
        plain = BusinessCalendar.from_hours(self.weekdays, self.weekends, self.holidays, zone)
        return plain if self.makeup is None else replace(plain, makeup=parse_hours(self.makeup))


class Target(Strict):
    """The service level: this share of customers is with a person within so many seconds."""

    share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    seconds: Annotated[int, Field(ge=1, le=3600)] = 60


class GroupRules(Strict):
    """What is set of one skill group; without `hours` it has the bank's."""

    hours: GroupHours | None = None
    overflow: Overflow | None = None
    target: Target = Target()


class RoutingRules(Strict):
    """Who goes before whom, and to whom. `head_starts`: minutes by urgency, none longer than that of what presses more.

    `at_once`: of how many conversations of a channel an agent has as many as they can; `previous_agent_days`: so long
    somebody goes to the agent of before, if free; `wrap_up_seconds`: so long after a conversation its agent is offered
    nobody; `heavy_minutes`: so long with somebody upset is heavy; `breaks`: kinds beside those built in, with names.
    """

    head_starts: dict[Urgency, Minutes] = Field(default_factory=dict)
    at_once: dict[str, AtOnce] = Field(default_factory=dict)
    previous_agent_days: Annotated[int, Field(ge=0, le=365)] = 30
    groups: dict[Group, GroupRules] = Field(default_factory=dict)
    wrap_up_seconds: Annotated[int, Field(ge=0, le=3600)] = 30
    breaks: dict[BreakId, Annotated[dict[Literal["zh-Hans", "zh-Hant", "en"], str], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    heavy_minutes: Annotated[int, Field(ge=1, le=240)] = 15

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

    @model_validator(mode="after")
    def _check_overflow(self) -> RoutingRules:
        for start in self.groups:
            passed, at = [start], self.groups[start].overflow
            while at is not None:
                if at.to in passed:
                    loop = " → ".join([*passed[passed.index(at.to) :], at.to])
                    raise ValueError(f"{loop} overflows in a loop; take `overflow` out of one of them")
                passed.append(at.to)
                at = rules.overflow if (rules := self.groups.get(at.to)) else None
        return self

    @property
    def named_groups(self) -> list[str]:
        """Return the groups that are spoken of, each once."""
        targets = (rules.overflow.to for rules in self.groups.values() if rules.overflow)
        return list(dict.fromkeys([*self.groups, *targets]))

    @property
    def all_breaks(self) -> dict[str, dict[str, str]]:
        """Return the kinds of break with their names by locale, those built in first."""
        return {**BREAKS, **self.breaks}  # type: ignore[dict-item]

    def head_start_minutes(self, urgency: Urgency) -> int:
        """Return the head start of an urgency, as set or as built in."""
        return self.head_starts.get(urgency, HEAD_STARTS[urgency])

    def head_start(self, urgency: Urgency) -> int:
        """Return the head start in seconds."""
        return self.head_start_minutes(urgency) * 60

    def weight(self, channel: str, chats: int | None = None) -> int:
        """Return what a conversation takes of `FULL`; `chats`: as many as this agent has at once, calls apart."""
        limit = self.at_once.get(channel, AT_ONCE.get(channel, AT_ONCE["web"]))
        return FULL // (limit if limit == 1 or chats is None else chats)

    def reach(self, group: str | None, waited: float) -> tuple[str | None, ...]:
        """Return the groups whose people may take somebody after so many seconds, their own first."""
        reached: list[str | None] = [group]
        while group and (rules := self.groups.get(group)) and rules.overflow and waited >= rules.overflow.after:
            waited -= rules.overflow.after
            group = rules.overflow.to
            reached.append(group)
        return tuple(reached)

    def feeders(self, group: str) -> list[tuple[str, int]]:
        """Return whom people of this group may take: those who wait for it, and by overflow after so many seconds."""
        found = [(group, 0)]
        for start in self.groups:
            waited, at = 0, start
            while at != group and (rules := self.groups.get(at)) and rules.overflow:
                waited, at = waited + rules.overflow.after, rules.overflow.to
            found += [(start, waited)] if at == group and start != group else []
        return found


def read_rules(path: Path, text: str | None = None) -> RoutingRules:
    """Read a routing file; `FileMistakeError`."""
    return read_sheet(path, RoutingRules, text=text).content
