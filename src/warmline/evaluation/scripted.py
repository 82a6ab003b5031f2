"""Scripted conversations: what a simulated customer says, and whether what came of it is what had to come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from statistics import mean
from typing import Any
from zlib import crc32

import yaml
from pydantic import BaseModel, ConfigDict, Field

TAKES_IT = {"zh-Hans": "好，帮我办吧", "zh-Hant": "好，幫我辦吧", "en": "yes please"}
"""What a customer says to the offer of what they came for."""
MOST_TURNS = 24
"""A conversation that goes on longer has failed."""


class Interrupt(BaseModel):
    """Said instead of the answer the first time a slot is asked for."""

    model_config = ConfigDict(extra="forbid")
    at: str
    says: str


class Unless(BaseModel):
    """Said only where a flow was not begun."""

    model_config = ConfigDict(extra="forbid")
    unless: str
    says: str


class Yields(BaseModel):
    """What must be true at the end; what is None does not matter."""

    model_config = ConfigDict(extra="forbid")
    flow: str | None = None
    outcome: str | None = None
    also: list[dict[str, Any]] = Field(default_factory=list)
    deeds: list[dict[str, Any]] | None = None
    may: list[dict[str, Any]] = Field(default_factory=list)
    slots: dict[str, str | int] = Field(default_factory=dict)
    person: bool | None = None
    person_reason: str = ""
    within: int | None = None
    since: str | None = None
    never_asked: list[str] = Field(default_factory=list)
    turns_at_most: int | None = None
    answers_about: str | list[str | None] | None = None
    tells: str | list[str] | None = None


class Script(BaseModel):
    """One conversation of `dialogues/*.yaml`; the format stands in tests/data/README.md."""

    model_config = ConfigDict(extra="forbid")
    id: str
    customer: str | None = None
    signed_in: bool = False
    locale: str = "zh-Hans"
    elder: bool = False
    closed: bool = False
    clock: datetime | None = None
    speech: str = ""
    mood: str = ""
    says: str
    answers: dict[str, str | list[str]] = Field(default_factory=dict)
    interrupts: list[Interrupt] = Field(default_factory=list)
    then: list[str | Unless] = Field(default_factory=list)
    yields: Yields
    note: str = ""

    @property
    def half(self) -> str:
        """Return `open` or `blind`, by the checksum of the id: half of them is opened once."""
        return ("open", "blind")[crc32(self.id.encode()) % 2]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done in the bank's systems, with everything that is known of it."""

    operation: str
    facts: Mapping[str, str]


@dataclass(slots=True)
class Played:
    """What happened: each turn's words, what was asked, decided and done."""

    customer: list[str] = field(default_factory=list)
    assistant: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    flows: list[tuple[str, str | None]] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    slots: dict[str, str] = field(default_factory=dict)
    person_at: int | None = None
    repeated: int = 0
    milliseconds: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    fault: str = ""


class Customer:
    """Says what the script has, whatever is asked."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._asked: dict[str, int] = {}
        self._interrupts = list(script.interrupts)
        self._then = list(script.then)
        self.repeated = 0

    def reply(self, asks: str | None, *, agreement: bool, begun: Iterable[str], offered: str = "") -> str | None:
        """Return what is said next; None when there is nothing left to say. Of an offer the wanted flow is taken."""
        if offered and offered == self._script.yields.flow and offered not in begun:
            return TAKES_IT[self._script.locale]
        if asks is None:
            return self._next(set(begun))
        name = "confirm" if agreement and asks not in self._script.answers else asks
        answer = self._script.answers.get(name)
        for one in self._interrupts:
            if one.at in (asks, name):
                self._interrupts.remove(one)
                return one.says
        if answer is None:
            return self._next(set(begun)) or "不知道"
        times = self._asked.get(name, 0)
        self._asked[name] = times + 1
        if isinstance(answer, str):
            self.repeated += times > 0
            return answer
        self.repeated += times >= len(answer)
        return answer[min(times, len(answer) - 1)]

    def _next(self, begun: set[str]) -> str | None:
        while self._then:
            one = self._then.pop(0)
            if isinstance(one, str):
                return one
            if one.unless not in begun:
                return one.says
        return None


def judge(script: Script, played: Played) -> list[str]:
    """Return what is wrong; nothing when the task was done."""
    wanted, wrong = script.yields, []
    if played.fault:
        wrong.append(f"fault: {played.fault}")
    ended = dict(played.flows)
    for flow, outcome in [
        (wanted.flow, wanted.outcome),
        *((one.get("flow"), one.get("outcome")) for one in wanted.also),
    ]:
        if flow and flow not in ended:
            wrong.append(f"flow {flow} was not begun")
        elif flow and outcome and (flow, outcome) not in played.flows:
            wrong.append(f"{flow} ended as {ended[flow]}, not {outcome}")
    if wanted.deeds is not None:
        wrong += _judge_deeds(wanted.deeds, wanted.may, played.deeds)
    wrong += [
        f"{name} is {played.slots.get(name)}, not {value}"
        for name, value in wanted.slots.items()
        if not _same(str(value), played.slots.get(name))
    ]
    if wanted.person is not None and wanted.person != (played.person_at is not None):
        wrong.append("no person was brought" if wanted.person else "a person was brought")
    since = next((n for n, said in enumerate(played.customer, 1) if (wanted.since or "") in said), None)
    took = played.person_at - since + 1 if played.person_at is not None and since is not None else 0
    if wanted.within is not None and took > wanted.within:
        wrong.append(f"the person came {took} turns after asking, not {wanted.within}")
    wrong += [f"{name} was asked for" for name in wanted.never_asked if name in played.asked]
    if wanted.turns_at_most and len(played.customer) > wanted.turns_at_most:
        wrong.append(f"{len(played.customer)} messages, not {wanted.turns_at_most} at most")
    return wrong


def _judge_deeds(
    wanted: Sequence[Mapping[str, Any]], may: Sequence[Mapping[str, Any]], done: Sequence[Deed]
) -> list[str]:
    left, wrong = list(done), []
    for one in wanted:
        found = next((deed for deed in left if _fits(one, deed)), None)
        if found is None:
            wrong.append(f"not done: {one}")
        else:
            left.remove(found)
    return wrong + [f"done: {deed.operation}" for deed in left if not any(_fits(one, deed) for one in may)]


def _fits(wanted: Mapping[str, Any], deed: Deed) -> bool:
    if wanted["operation"] != deed.operation:
        return False
    return all(_same(str(value), deed.facts.get(name)) for name, value in wanted.items() if name != "operation")


def _same(wanted: str, found: str | None) -> bool:
    if found is None:
        return False
    try:
        return Decimal(wanted) == Decimal(found)
    except InvalidOperation:
        return wanted == found or found.startswith(wanted) or found.endswith(wanted)


def read_scripts(paths: Iterable[Path], half: str = "") -> list[Script]:
    """Read conversations; `half` keeps the open or the blind ones. Raise `ValueError` for a file that is not right."""
    scripts = [Script.model_validate(one) for path in paths for one in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [one for one in scripts if not half or one.half == half]


def sum_up(results: Sequence[tuple[Script, Played, list[str]]]) -> dict[str, Any]:
    """Return the figures: task success, turns, repeated questions and turns to a person."""
    done = [not wrong for _, _, wrong in results]
    flows = [not wrong for script, _, wrong in results if script.yields.flow]
    waits = [played.person_at for script, played, _ in results if script.yields.person and played.person_at]
    times = sorted(one for _, played, _ in results for one in played.milliseconds)
    return {
        "task": "dialogues",
        "n": len(results),
        "ms_per_query": times[len(times) // 2] if times else 0,
        "task_success": sum(done) / len(done) if done else 0.0,
        "flow_success": sum(flows) / len(flows) if flows else 0.0,
        "turns": mean([len(played.customer) for _, played, _ in results]) if results else 0.0,
        "repeated_questions": sum(played.repeated for _, played, _ in results),
        "person_brought": len(waits),
        "turns_to_person": mean(waits) if waits else 0.0,
    }
