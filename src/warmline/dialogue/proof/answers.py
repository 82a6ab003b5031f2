"""Everything the bank's systems can answer: each code, and each combination of the fields that conditions look at."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import DoCall
from warmline.dialogue.flows.expressions import find_holes, holds, paths_of
from warmline.dialogue.proof.values import A_DATE, MORE, NUMBER

MOST_VARIANTS = 32
"""Answers of one action that differ in what conditions look at; a flow that tells more apart is not proved."""
Path = tuple[str, ...]
UNNAMED = "some_other_reason"


class TooManyError(ValueError):
    """The abstraction would grow beyond what can be explored."""


@dataclass
class Answers:
    """What each call can be answered with; worked out once for each step. `numbers`: see `Values`."""

    flows: Mapping[str, f.Flow]
    policy: f.IdentityPolicy
    actions: Mapping[str, Action]
    numbers: Mapping[str, frozenset[int]]
    known: dict[tuple[str, str], tuple[ActionResult, ...]] = field(default_factory=dict)
    swaps: list[tuple[str, str]] = field(default_factory=list)
    """How the two items of a list are called that differ in nothing else: either stands for both (`states.key_of`)."""

    _tags: dict[tuple[int, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts: list[tuple[str, str, f.Flow | f.Way]] = [(name, "", flow) for name, flow in self.flows.items()]
        parts += [("", f"{name}/", way) for name, way in self.policy.ways.items()]
        for flow_id, before, part in parts:
            for step in part.steps:
                if isinstance(step, f.Call):
                    self.known[flow_id, f"{before}{step.id}"] = tuple(self._list(part, step))

    def of(self, flow_id: str, call: DoCall) -> tuple[ActionResult, ...]:
        """Return the answers to a call."""
        return self.known["" if call.way else flow_id, call.place]

    def _same(self, part: f.Flow | f.Way, where: str) -> tuple[str, str] | None:
        """Return field and value of an item that is shown because it equals a field of another slot's first item."""
        found = re.fullmatch(r"(\w+) == (\w+)\.\w+", where.strip())
        slot = part.slots.get(found[2]) if found else None
        tag = self._tags.get((id(part), slot.items.split(".")[0])) if slot else None
        return (found[1], f"{tag}1") if found and tag else None

    def _list(self, part: f.Flow | f.Way, step: f.Call) -> Iterator[ActionResult]:
        action = self.actions.get(step.call)
        schema = action.result if action else {}
        narrowed = {
            path: (part.slots[name].where, frozenset(one[1] for one in _paths(part) if one[0] == name and len(one) > 1))
            for name, path in _sources(part, step).items()
        }
        tag = f"{NUMBER}{len(self.known):02d}"
        self._tags[id(part), step.id] = tag
        same = {path: one for path, (where, _) in narrowed.items() if (one := self._same(part, where))}
        shape = _Shape(_looked_at(part, step), self.numbers, step.id, narrowed, tag, self.swaps, same)
        found = list(itertools.islice(shape.objects(schema, ()), MOST_VARIANTS + 1))
        if len(found) > MOST_VARIANTS:
            raise TooManyError(f"{step.id}: conditions tell more than {MOST_VARIANTS} answers apart")
        yield from (ActionResult(Status.OK, data) for data in found)
        least = shape.least(schema, found[0]) if found and _tells_optional(part, step, schema) else None
        if least is not None and least not in found:
            yield ActionResult(Status.OK, least)
        told = {**(found[0] if found else {}), **_told(part, step)}
        for code in step.on:
            if code not in ("failed", "unknown", "empty"):
                yield ActionResult(Status.REFUSED, told, code=code)
        yield ActionResult(Status.REFUSED, code=UNNAMED)
        yield ActionResult(Status.FAILED)
        if action is None or action.effect is not Effect.READ:
            yield ActionResult(Status.UNKNOWN)


def _texts(part: f.Flow | f.Way) -> Iterator[tuple[str, str]]:
    """Yield what is said and what goes to actions, with the list whose items it speaks of, if it does."""
    for slot in part.slots.values():
        for text in (slot.ask, slot.again):
            yield from ((one, "") for one in text.each()) if text else ()
        yield from ((one, slot.items) for one in slot.label.each()) if slot.label else ()
    for step in part.steps:
        for text in (getattr(step, "say", None), getattr(step, "confirm", None)):
            yield from ((one, getattr(step, "each", "")) for one in text.each()) if text else ()
        if isinstance(step, f.Call):
            yield from ((str(one), "") for one in step.args.values())
            retries = (then for then in step.on.values() if isinstance(then, f.Retry))
            yield from ((one, "") for then in retries for one in then.say.each())


def _told(part: f.Flow | f.Way, step: f.Call) -> dict[str, Any]:
    """Return what a refusal tells besides its code: whatever the flow says of it, by how it is written."""
    found: dict[str, Any] = dict.fromkeys(step.tells, str(NUMBER))
    for text, _ in _texts(part):
        for hole in find_holes(text):
            root, *rest = hole.path.split(".")
            if root == step.id and len(rest) == 1:
                found[rest[0]] = A_DATE if hole.style in ("day", "date", "moment") else str(NUMBER)
    return found


def _paths(part: f.Flow | f.Way) -> set[Path]:
    conditions = [step.when for step in part.steps if step.when]
    conditions += [one for one in (part.proven, part.cannot) if one] if isinstance(part, f.Way) else []
    return {tuple(path.split(".")) for condition in conditions for path in paths_of(condition)}


def _sources(part: f.Flow | f.Way, step: f.Call) -> dict[str, Path]:
    """Return the slots chosen from what a call answers, with the path of the list below the answer."""
    chosen = {name: tuple(slot.items.split(".")) for name, slot in part.slots.items() if slot.items}
    return {name: source[1:] for name, source in chosen.items() if source[0] == step.id}


def _looked_at(part: f.Flow | f.Way, step: f.Call) -> set[Path]:
    """Return the paths below an answer that conditions look at, through the slots chosen from it as well."""
    paths, chosen = _paths(part), _sources(part, step)
    below = {path[1:] for path in paths if path[0] == step.id}
    for name, source in chosen.items():
        below.add(source)
        below |= {(*source, "*", *path[1:]) for path in paths if path[0] == name and len(path) > 1}
        where = part.slots[name].where
        below |= {(*source, "*", *path.split(".")) for path in (paths_of(where) if where else ())}
    lists = [step.empty, *(one.each for one in part.steps if isinstance(one, f.Say))]
    below |= {tuple(path.split(".")[1:]) for path in lists if path.split(".")[0] == step.id}
    return below


def _tells_optional(part: f.Flow | f.Way, step: f.Call, schema: Mapping[str, Any]) -> bool:
    """Tell whether a sentence or an argument names a field that the answer may lack."""
    chosen = _sources(part, step)
    for text, of in _texts(part):
        spoken = tuple(of.split(".")) if of else ()
        for hole in find_holes(text):
            root, *rest = hole.path.split(".")
            path: Path = tuple(rest) if root == step.id else ()
            if root in chosen and rest:
                path = (*chosen[root], "*", *rest)
            elif spoken[:1] == (step.id,):
                path = (*spoken[1:], "*", root, *rest)
            if path and _may_lack(schema, path):
                return True
    return False


def _may_lack(schema: Mapping[str, Any], path: Path) -> bool:
    for name in path:
        if name == "*":
            schema = schema.get("items", {})
        elif name not in schema.get("properties", {}):
            return False
        elif name not in schema.get("required", schema["properties"]):
            return True
        else:
            schema = schema["properties"][name]
    return False


@dataclass(frozen=True, slots=True)
class _Shape:
    """Builds values by JSON schema: all of a field that is looked at, one of any other."""

    looked_at: set[Path]
    numbers: Mapping[str, frozenset[int]]
    step: str
    narrowed: Mapping[Path, tuple[str, frozenset[str]]]
    """Lists to choose from: the condition for an item to be shown, and the fields that other conditions read."""
    tag: str
    swaps: list[tuple[str, str]]
    same: Mapping[Path, tuple[str, str]]
    """Lists of which those items are shown that have this value in this field."""

    def objects(self, schema: Mapping[str, Any], at: Path) -> Iterator[dict[str, Any]]:
        """Yield an object for each combination of what its fields can be."""
        fields = schema.get("properties", {})
        choices = [[(name, value) for value in self.values(one, (*at, name))] for name, one in fields.items()]
        for combination in itertools.product(*choices):
            yield dict(combination)

    def least(self, schema: Mapping[str, Any], full: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer without anything it may lack."""
        needed = schema.get("required", full)
        kept: dict[str, Any] = {}
        for name, value in full.items():
            if name in needed:
                inner = schema["properties"][name]
                if isinstance(value, dict):
                    value = self.least(inner, value)
                elif isinstance(value, list):
                    items = inner.get("items", {})
                    value = [self.least(items, one) if isinstance(one, dict) else one for one in value]
                kept[name] = value
        return kept

    def values(self, schema: Mapping[str, Any], at: Path) -> list[Any]:
        """Return the values a field can have, as many as make a difference."""
        matters = at in self.looked_at
        kind = schema.get("type")
        kinds = kind if isinstance(kind, list) else [kind] if kind else []
        options = [one for one in schema.get("anyOf", schema.get("oneOf", ())) if one.get("type") != "null"]
        if options:
            nullable = len(options) < len(schema.get("anyOf", schema.get("oneOf", ())))
            found = [value for one in options for value in self.values(one, at)]
            return [*found, None] if nullable and matters else found[: None if matters else 1]
        if "enum" in schema:
            return list(schema["enum"])[: None if matters else 1]
        if "const" in schema:
            return [schema["const"]]
        if "array" in kinds:
            return self._lists(schema.get("items", {}), at, matters=matters)
        if "object" in kinds or "properties" in schema:
            return list(itertools.islice(self.objects(schema, at), MOST_VARIANTS + 1))
        if "boolean" in kinds:
            return [True, False] if matters else [True]
        near = sorted({n + d for n in self.numbers.get(".".join((self.step, *at)), ()) for d in (-1, 0, 1)})
        if "integer" in kinds or "number" in kinds:
            return [NUMBER, MORE, *near] if matters else [NUMBER]
        found = _text(schema, at[-1])
        return [*found, *map(str, [MORE, *near])] if matters and found == [str(NUMBER)] else found

    def _lists(self, item: Mapping[str, Any], at: Path, *, matters: bool) -> list[Any]:
        """Return no item, each kind of item alone, and two that differ."""
        kinds = self.values(item, (*at, "*"))
        if not matters:
            return [[_number(kinds[0], f"{self.tag}1")]]
        name, value = self.same.get(at, ("", ""))
        kinds = [*kinds, *({**one, name: value} for one in kinds[:1] if name)]
        kinds, chosen = self._tell_apart(kinds, at)
        pairs = [(chosen[0], chosen[0])] if chosen else []
        pairs += [(chosen[0], chosen[-1])] if len(chosen) > 1 else []
        if len(chosen) == 1 and at not in self.same:
            self.swaps.append((f"{self.tag}1", f"{self.tag}2"))
        singles = ([_number(one, f"{self.tag}1")] for one in kinds)
        return [[], *singles, *([_number(a, f"{self.tag}1"), _number(b, f"{self.tag}2")] for a, b in pairs)]

    def _tell_apart(self, kinds: list[Any], at: Path) -> tuple[list[Any], list[Any]]:
        """Return one item of each kind that is met differently, and those of them that a choice shows."""
        where, read = self.narrowed.get(at, ("", frozenset()))
        inside = all(path.split(".")[0] in kinds[0] for path in paths_of(where)) if where and kinds else False
        told: dict[str, Any] = {}
        for one in kinds:
            shown = holds(where, one) if inside else one.get(self.same[at][0]) if at in self.same else None
            fields = [one.get(name) for name in sorted(read)] if at in self.narrowed and isinstance(one, dict) else one
            told.setdefault(repr((shown, fields)), one)
        found = list(told.values())
        if at in self.same:
            name, value = self.same[at]
            return found, [one for one in found if one.get(name) == value]
        return found, [one for one in found if not inside or holds(where, one)]


def _text(schema: Mapping[str, Any], name: str) -> list[str]:
    form = schema.get("format", "")
    dated = form in ("date", "date-time") or name in ("at", "date", "until") or name.endswith(("_at", "_by", "_date"))
    return [A_DATE if dated else str(NUMBER)]


def _number(item: Any, name: str) -> Any:
    """Make items tell apart: their texts are their name."""
    if not isinstance(item, dict):
        return name if isinstance(item, str) else item
    return {key: name if value == str(NUMBER) else value for key, value in item.items()}


def brief(answer: ActionResult) -> str:
    """Say an answer in a few words."""
    data: dict[str, object] = {}
    for name, value in answer.data.items():
        if isinstance(value, bool):
            data[name] = value
        elif isinstance(value, list):
            data[name] = len(value)
    shown = json.dumps(data) if data and answer.status is Status.OK else ""
    return f"{answer.code or answer.status.value} {shown}".strip()


def list_conditions(parts: Sequence[f.Flow | f.Way]) -> Iterator[str]:
    """Yield the conditions of flows and ways of identity."""
    for part in parts:
        yield from (step.when for step in part.steps if step.when)
        yield from (slot.where for slot in part.slots.values() if slot.where)
        if isinstance(part, f.Way):
            yield from (one for one in (part.proven, part.cannot) if one)
