"""What can be wrong in a flow beyond its form: names that lead nowhere, steps nobody reaches, circles without an exit.

What depends on how conversations go is for the proof; this reads the file alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from warmline.connectors.model import Action, Effect
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.expressions import STYLES, ExpressionError, find_holes, parse, paths_of
from warmline.dialogue.flows.loader import Place, Problem, Source

CUSTOMER = {"known", "signed_in", "elder"}


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
    cited: list[tuple[Place, str]] = [(("starts", "articles", n), one) for n, one in enumerate(flow.starts.articles)]
    cited += [
        (("steps", n, "article"), one) for n, step in enumerate(flow.steps) if (one := getattr(step, "article", ""))
    ]
    if articles is not None:
        problems += [
            source.problem(place, f"there is no article `{one}`", "name a published article")
            for place, one in cited if one not in articles
        ]  # fmt: skip
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


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
                    yield self.source.problem((*place, *key), f"there is no step `{target}`", _near(target, self.ids))
            match step:
                case f.Ask(ask=name) if name not in self.flow.slots:
                    yield self.source.problem(
                        (*place, "ask"), f"there is no slot `{name}`", _near(name, self.flow.slots)
                    )
                case f.Call():
                    yield from self._call(step, place)
                case f.Identify(identify=level) if level not in self.policy.levels:
                    yield self.source.problem((*place, "identify"), f"the identity file has no level `{level}`")

    def _call(self, step: f.Call, place: Place) -> Iterator[Problem]:
        action = self.actions.get(step.call)
        if action is None:
            yield self.source.problem(
                (*place, "call"), f"there is no action `{step.call}`", _near(step.call, self.actions)
            )
            return
        for code, target in step.on.items():
            if isinstance(target, f.Retry) and target.ask not in self.flow.slots:
                yield self.source.problem((*place, "on", code, "ask"), f"there is no slot `{target.ask}`")
        parameters = action.parameters.get("properties", {})
        for name in step.args:
            if name not in parameters:
                what = f"the action `{step.call}` takes no `{name}`"
                yield self.source.problem((*place, "with", name), what, _near(name, parameters))
        for name in action.parameters.get("required", ()):
            if name not in step.args:
                yield self.source.problem((*place, "call"), f"`{step.call}` needs `{name}`", f"add `{name}` to `with`")
        if action.effect is Effect.CHANGE and not self._agreed_before(step):
            what = f"`{step.call}` changes something that the customer has not agreed to"
            yield self.source.problem((*place, "call"), what, "put a `confirm` before it")

    def _agreed_before(self, step: f.Call) -> bool:
        at = self.flow.index_of(step.id)
        return any(isinstance(one, f.Confirm) for one in self.flow.steps[:at])

    def templates(self) -> Iterator[Problem]:
        """Check what templates and conditions read."""
        for place, text in _texts(self.flow):
            for hole in find_holes(text):
                if hole.style and hole.style not in STYLES:
                    yield self.source.problem(place, f"there is no style `{hole.style}`", f"one of {', '.join(STYLES)}")
                yield from self._path(place, hole.path)
        for number, step in enumerate(self.flow.steps):
            if step.when:
                try:
                    parse(step.when)
                except ExpressionError as error:
                    yield self.source.problem(("steps", number, "when"), str(error))
                    continue
                for path in paths_of(step.when):
                    yield from self._path(("steps", number, "when"), path)

    def _path(self, place: Place, path: str) -> Iterator[Problem]:
        name, *rest = path.split(".")
        if name == "customer":
            if not rest or rest[0] not in CUSTOMER:
                yield self.source.problem(
                    place, f"nothing is known as `{path}`", "customer.known, .signed_in or .elder"
                )
        elif name in self.calls:
            yield from self._result_path(place, path, self.calls[name], rest)
        elif name not in self.flow.slots and not (place[0] == "slots" and self._is_field(place, name)):
            known = {*self.flow.slots, *self.calls, "customer"}
            yield self.source.problem(place, f"nothing is known as `{name}`", _near(name, known))

    def _result_path(self, place: Place, path: str, step: f.Call, rest: list[str]) -> Iterator[Problem]:
        action = self.actions.get(step.call)
        schema: Any = action.result if action else {}
        if not action or rest[:1] == ["code"]:
            return
        for part in rest:
            fields = schema.get("properties") if isinstance(schema, Mapping) else None
            if fields is None:
                return
            if part not in fields:
                yield self.source.problem(place, f"`{step.call}` gives no `{part}` (in {path})", _near(part, fields))
                return
            schema = fields[part]

    def _is_field(self, place: Place, name: str) -> bool:
        """Tell whether a label of a choice may name this field of an item; what the schema does not say may be."""
        slot = self.flow.slots[str(place[1])]
        return bool(slot.items)

    def way_through(self) -> Iterator[Problem]:
        """Check that every step is reached, that the flow comes to an end, and that no circle has no way out."""
        steps = self.flow.steps
        after = {n: set(self._next(n)) for n in range(len(steps))}
        reached = _reach({0}, after)
        for number in range(len(steps)):
            if number not in reached:
                yield self.source.problem(("steps", number), f"no way leads to the step `{steps[number].id}`")
        ends = {n for n, step in enumerate(steps) if isinstance(step, f.End | f.HandOff)}
        before = {n: {m for m in after if n in after[m]} for n in after}
        finishing = _reach(ends, before)
        for number in sorted(reached - finishing):
            what = f"from the step `{steps[number].id}` no way leads to an end"
            yield self.source.problem(("steps", number), what, "end with `end` or `hand_off`")
        for number in sorted(reached):
            if len(steps) in after[number]:
                what = f"after `{steps[number].id}` the flow just stops"
                yield self.source.problem(("steps", number), what, "end with `end` or `hand_off`")
        yield from self._circles(after)

    def _circles(self, after: Mapping[int, set[int]]) -> Iterator[Problem]:
        """A way back to an earlier step is taken in one walk again and again: only a retry may go back."""
        for number, targets in after.items():
            for target in targets:
                if target <= number:
                    step, back = self.flow.steps[number], self.flow.steps[target]
                    what = f"`{step.id}` goes back to `{back.id}`: a circle with no exit"
                    yield self.source.problem(
                        ("steps", number), what, "to ask again use `{say: …, ask: a slot}` under `on`"
                    )

    def _next(self, number: int) -> Iterator[int]:
        step = self.flow.steps[number]
        for _, target in _targets(step):
            if target in self.ids:
                yield self.flow.index_of(target)
        if isinstance(step, f.End | f.HandOff | f.Go) and not step.when:
            return
        yield number + 1

    def slots(self) -> Iterator[Problem]:
        """Check that each slot can be filled: asked for, or read in passing."""
        asked = {step.ask for step in self.flow.steps if isinstance(step, f.Ask)}
        for name, slot in self.flow.slots.items():
            if name not in asked and not slot.passing:
                yield self.source.problem(
                    ("slots", name), f"nobody ever asks for `{name}`", "add a step `ask`, or leave it out"
                )


def _targets(step: Any) -> Iterator[tuple[Place, str]]:
    match step:
        case f.Go(go=target):
            yield ("go",), target
        case f.Confirm(no=target):
            yield ("no",), target
        case f.Identify(otherwise=target) if target:
            yield ("otherwise",), target
        case f.Call(on=on):
            yield from ((("on", code), then) for code, then in on.items() if isinstance(then, str))


def _texts(flow: f.Flow) -> Iterator[tuple[Place, str]]:
    def each(place: Place, text: f.Text | None) -> Iterator[tuple[Place, str]]:
        if text is not None:
            yield from (((*place, locale), text.say(locale)) for locale in f.LOCALES)

    for name, slot in flow.slots.items():
        for key in ("ask", "again", "label"):
            yield from each(("slots", name, key), getattr(slot, key))
    for number, step in enumerate(flow.steps):
        for key in ("say", "confirm"):
            yield from each(("steps", number, key), getattr(step, key, None))
        if isinstance(step, f.Call):
            yield from ((("steps", number, "with", name), text) for name, text in step.args.items())
            for code, target in step.on.items():
                if isinstance(target, f.Retry):
                    yield from each(("steps", number, "on", code, "say"), target.say)


def _reach(start: Collection[int], after: Mapping[int, set[int]]) -> set[int]:
    reached, open_ones = set(start), list(start)
    while open_ones:
        for one in after.get(open_ones.pop(), ()):
            if one not in reached and one in after:
                reached.add(one)
                open_ones.append(one)
    return reached


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    return f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(sorted(known)[:12])}" if known else ""
