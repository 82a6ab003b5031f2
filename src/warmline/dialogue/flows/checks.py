"""What can be wrong in a flow beyond its form: names that lead nowhere, steps nobody reaches, circles without an exit.

What depends on how conversations go is for the proof; this reads the file alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from warmline.connectors.model import Action, Effect
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.expressions import (
    STYLES,
    ExpressionError,
    Hole,
    find_holes,
    find_stray,
    names_of,
    parse,
    paths_of,
)
from warmline.dialogue.flows.loader import Place, Source
from warmline.dialogue.flows.mistakes import Problem, near, note

CUSTOMER = {"known", "signed_in", "elder"}
SINGLE_EQUALS = re.compile(r"[^=!<>]=[^=]")


def check_flow(
    flow: f.Flow,
    source: Source,
    policy: f.IdentityPolicy,
    actions: Mapping[str, Action],
    articles: Collection[str] | None = None,
) -> list[Problem]:
    """Return what is wrong; `articles`: the ids there are, where that is known."""
    found = _Checker(flow, source, policy, actions)
    problems = [*found.names(), *found.templates(), *found.way_through(), *found.slots()]
    if articles is not None:
        problems += [
            source.problem(place, note("no_article", name=one), note("published_article"))
            for place, one in list_cited(flow)
            if one not in articles
        ]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def list_cited(flow: f.Flow) -> Iterator[tuple[Place, str]]:
    """Yield the articles a flow names, with their places."""
    yield from ((("starts", "articles", n), one) for n, one in enumerate(flow.starts.articles))
    for n, step in enumerate(flow.steps):
        if cited := getattr(step, "article", ""):
            yield ("steps", n, "article"), cited


class _Checker:
    def __init__(self, flow: f.Flow, source: Source, policy: f.IdentityPolicy, actions: Mapping[str, Action]) -> None:
        self.flow, self.source, self.policy, self.actions = flow, source, policy, actions
        self.ids = {step.id for step in flow.steps}
        self.calls = {step.id: step for step in flow.steps if isinstance(step, f.Call)}

    def names(self) -> Iterator[Problem]:
        """Check what steps point to: other steps, slots, actions, levels."""
        for number, step in enumerate(self.flow.steps):
            place: Place = ("steps", number)
            for key, target in _targets(step):
                if target not in self.ids:
                    yield self.source.problem((*place, *key), note("no_step", name=target), near(target, self.ids))
            match step:
                case f.Ask(ask=name) if name not in self.flow.slots:
                    yield self.source.problem((*place, "ask"), note("no_slot", name=name), near(name, self.flow.slots))
                case f.Call():
                    yield from self._call(step, place)
                case f.Identify(identify=level) if level not in self.policy.levels:
                    yield self.source.problem((*place, "identify"), note("no_level", name=level))

    def _call(self, step: f.Call, place: Place) -> Iterator[Problem]:
        action = self.actions.get(step.call)
        if action is None:
            yield self.source.problem(
                (*place, "call"), note("no_action", name=step.call), near(step.call, self.actions)
            )
            return
        for code, target in step.on.items():
            if isinstance(target, f.Retry) and target.ask not in self.flow.slots:
                yield self.source.problem(
                    (*place, "on", code, "ask"), note("no_slot", name=target.ask), near(target.ask, self.flow.slots)
                )
        parameters: Mapping[str, Any] = action.parameters.get("properties", step.args)  # all where none is known
        for name in step.args:
            if name not in parameters:
                told = note("takes_no", action=step.call, name=name)
                yield self.source.problem((*place, "with", name), told, near(name, parameters))
        for name in action.parameters.get("required", ()):
            if name not in step.args:
                told = note("action_needs", action=step.call, name=name)
                yield self.source.problem((*place, "call"), told, note("add_to_with", name=name))
        if action.effect is Effect.CHANGE and not self._agreed_before(step):
            yield self.source.problem((*place, "call"), note("not_agreed", action=step.call), note("confirm_before"))

    def _agreed_before(self, step: f.Call) -> bool:
        at = self.flow.index_of(step.id)
        return any(isinstance(one, f.Confirm) for one in self.flow.steps[:at])

    def templates(self) -> Iterator[Problem]:
        """Check what templates and conditions read."""
        for place, text in _texts(self.flow):
            if stray := find_stray(text):
                yield self.source.problem(place, note("no_place", text=stray), note("places"))
            for hole in find_holes(text):
                if hole.style and "=" not in hole.style and hole.style not in STYLES:
                    told, advice = note("no_style", name=hole.style), note("one_of", names=", ".join(STYLES))
                    yield self.source.problem(place, told, advice)
                yield from self._path(place, hole.path)
                yield from self._words(place, hole)
        for place, condition in _conditions(self.flow):
            try:
                parse(condition)
            except ExpressionError:
                advice = note("two_equals" if SINGLE_EQUALS.search(condition) else "like_this")
                yield self.source.problem(place, note("no_condition", text=condition), advice)
                continue
            for path in paths_of(condition):
                yield from self._path(place, path)
        for place, path in _lists(self.flow):
            yield from self._path(place, path)

    def _words(self, place: Place, hole: Hole) -> Iterator[Problem]:
        """Check that a value that is one of a few has a word for each of them."""
        if "=" in hole.style:
            missing = self._values(place, hole.path) - set(names_of(hole.style))
            if missing:
                one = min(missing)
                told = note("no_word_for", path=hole.path, value=one)
                yield self.source.problem(place, told, note("add_word", value=one))

    def _values(self, place: Place, path: str) -> set[str]:
        """Return the values there may be, where the flow or an action's schema says so."""
        name, *rest = path.split(".")
        if name in self.flow.slots and not rest:
            return set(self.flow.slots[name].options)
        listed = self._listed(place, path) or self._schema(path)
        return {str(one) for one in (listed or {}).get("enum", ())}

    def _listed(self, place: Place, path: str) -> Any:
        """Return the schema of a field of an item, where the place speaks of a list's items."""
        part = self.flow.slots.get(str(place[1])) if place[0] == "slots" else self.flow.steps[int(place[1])]
        path_of_list = getattr(part, "items", "") or getattr(part, "each", "")
        if path_of_list:
            return _field(_items(self._schema(path_of_list)), path.split("."))
        slot = self.flow.slots.get(path.split(".")[0])
        return _field(_items(self._schema(slot.items)), path.split(".")[1:]) if slot and slot.items else None

    def _schema(self, path: str) -> Any:
        """Return the schema of something in a result; None where it is not known."""
        name, *rest = path.split(".")
        action = self.actions.get(self.calls[name].call) if name in self.calls else None
        return _field(action.result, rest) if action else None

    def _path(self, place: Place, path: str) -> Iterator[Problem]:
        name, *rest = path.split(".")
        if name == "customer":
            if not rest or rest[0] not in CUSTOMER:
                yield self.source.problem(place, note("not_known", path=path), note("about_customer"))
        elif name in self.calls:
            yield from self._result_path(place, path, self.calls[name], rest)
        elif name in self.flow.slots:
            yield from self._item_path(place, path, rest)
        elif not self._is_field(place, path):
            known = {*self.flow.slots, *self.calls, "customer"}
            yield self.source.problem(place, note("not_known", path=name), near(name, known))

    def _result_path(self, place: Place, path: str, step: f.Call, rest: list[str]) -> Iterator[Problem]:
        action = self.actions.get(step.call)
        schema: Any = action.result if action else {}
        if not action or rest[:1] == ["code"] or rest[:1] in [[one] for one in step.tells]:
            return
        for part in rest:
            fields = schema.get("properties") if isinstance(schema, Mapping) else None
            if fields is None:
                return
            if part not in fields:
                told = note("gives_no", action=step.call, name=part, path=path)
                yield self.source.problem(place, told, near(part, fields))
                return
            schema = fields[part]

    def _item_path(self, place: Place, path: str, rest: list[str]) -> Iterator[Problem]:
        """Check the field of a chosen item."""
        slot = self.flow.slots[path.split(".")[0]]
        fields = (_items(self._schema(slot.items)) or {}).get("properties", {}) if slot.items else {}
        if rest and fields and rest[0] not in {*fields, "value"}:
            yield self.source.problem(place, note("not_known", path=path), near(rest[0], fields))

    def _is_field(self, place: Place, path: str) -> bool:
        """Tell whether this is a field of the items that the place speaks of; where no schema says so, it may be."""
        part = self.flow.slots.get(str(place[1])) if place[0] == "slots" else self.flow.steps[int(place[1])]
        of = getattr(part, "items", "") or getattr(part, "each", "")
        fields = (_items(self._schema(of)) or {}).get("properties") if of else {}
        return bool(of) and (path.split(".")[0] == "value" or not fields or path.split(".")[0] in fields)

    def way_through(self) -> Iterator[Problem]:
        """Check that every step is reached, that the flow comes to an end, and that no circle has no way out."""
        steps = self.flow.steps
        after = {n: set(self._next(n)) for n in range(len(steps))}
        reached = _reach({0}, after)
        for number in range(len(steps)):
            if number not in reached:
                yield self.source.problem(("steps", number), note("no_way_to", name=steps[number].id), note("reach_it"))
        ends = {n for n, step in enumerate(steps) if isinstance(step, f.End | f.HandOff)}
        before = {n: {m for m in after if n in after[m]} for n in after}
        finishing = _reach(ends, before)
        for number in sorted(reached - finishing):
            yield self.source.problem(("steps", number), note("no_way_out", name=steps[number].id), note("end_it"))
        for number in sorted(reached):
            if len(steps) in after[number]:
                yield self.source.problem(("steps", number), note("just_stops", name=steps[number].id), note("end_it"))
        yield from self._circles(after)

    def _circles(self, after: Mapping[int, set[int]]) -> Iterator[Problem]:
        """A way back to an earlier step is taken in one walk again and again: only a retry may go back."""
        for number, targets in after.items():
            for target in targets:
                if target <= number:
                    step, back = self.flow.steps[number], self.flow.steps[target]
                    told = note("circle", name=step.id, back=back.id)
                    yield self.source.problem(("steps", number), told, note("retry_instead"))

    def _next(self, number: int) -> Iterator[int]:
        step = self.flow.steps[number]
        for _, target in _targets(step):
            if target in self.ids:
                yield self.flow.index_of(target)
        if isinstance(step, f.End | f.HandOff | f.Go) and not step.when:
            return
        yield number + 1

    def slots(self) -> Iterator[Problem]:
        """Check that each slot can be filled: asked for, or, where the flow can do without it, read in passing."""
        asked = {step.ask for step in self.flow.steps if isinstance(step, f.Ask)}
        needed = {hole.path.split(".")[0] for place, text in self._needed() for hole in find_holes(text)}
        for name, slot in self.flow.slots.items():
            if name not in asked and (not slot.passing or name in needed):
                yield self.source.problem(("slots", name), note("never_asked", name=name), note("add_ask"))

    def _needed(self) -> Iterator[tuple[Place, str]]:
        """Yield the templates that cannot do without their values: all but arguments that may be left out."""
        for place, text in _texts(self.flow):
            step = self.flow.steps[int(place[1])] if place[0] == "steps" else None
            action = self.actions.get(step.call) if isinstance(step, f.Call) else None
            if place[2:3] != ("with",) or action is None or place[3] in action.parameters.get("required", ()):
                yield place, text


def _targets(step: Any) -> Iterator[tuple[Place, str]]:
    match step:
        case f.Go(go=target):
            yield ("go",), target
        case f.Confirm(no=target):
            yield ("no",), target
        case f.Identify(otherwise=target) if target:
            yield ("otherwise",), target
        case f.Ask(none=target) if target:
            yield ("none",), target
        case f.Call(on=on):
            yield from ((("on", code), then) for code, then in on.items() if isinstance(then, str))


def _texts(flow: f.Flow) -> Iterator[tuple[Place, str]]:
    def each(place: Place, text: f.Text | None) -> Iterator[tuple[Place, str]]:
        if text is not None:
            yield from (((*place, locale), text.say(locale)) for locale in f.LOCALES)

    for name, slot in flow.slots.items():
        for key in ("ask", "again", "label"):
            yield from each(("slots", name, key), getattr(slot, key))
        if slot.items:
            yield from ((("slots", name, "words"), text) for text in slot.words)
        for value, option in slot.options.items():
            yield from each(("slots", name, "options", value, "label"), option.label)
    for number, step in enumerate(flow.steps):
        for key in ("say", "confirm"):
            yield from each(("steps", number, key), getattr(step, key, None))
        if isinstance(step, f.Call):
            yield from ((("steps", number, "with", name), str(text)) for name, text in step.args.items())
            for code, target in step.on.items():
                if isinstance(target, f.Retry):
                    yield from each(("steps", number, "on", code, "say"), target.say)


def _conditions(flow: f.Flow) -> Iterator[tuple[Place, str]]:
    yield from ((("steps", number, "when"), step.when) for number, step in enumerate(flow.steps) if step.when)
    yield from ((("slots", name, "where"), slot.where) for name, slot in flow.slots.items() if slot.where)


def _lists(flow: f.Flow) -> Iterator[tuple[Place, str]]:
    """Yield the lists that are chosen from, said, or must not be empty."""
    yield from ((("slots", name, "items"), slot.items) for name, slot in flow.slots.items() if slot.items)
    for number, step in enumerate(flow.steps):
        for key in ("each", "empty"):
            if path := getattr(step, key, ""):
                yield ("steps", number, key), path


def _field(schema: Any, path: list[str]) -> Any:
    """Return the schema of a field within a schema; None where it is not known."""
    for part in path:
        fields = schema.get("properties") if isinstance(schema, Mapping) else None
        schema = fields.get(part) if isinstance(fields, Mapping) else None
    return schema


def _items(schema: Any) -> Any:
    return schema.get("items") if isinstance(schema, Mapping) else None


def _reach(start: Collection[int], after: Mapping[int, set[int]]) -> set[int]:
    reached, open_ones = set(start), list(start)
    while open_ones:
        for one in after.get(open_ones.pop(), ()):
            if one not in reached and one in after:
                reached.add(one)
                open_ones.append(one)
    return reached
