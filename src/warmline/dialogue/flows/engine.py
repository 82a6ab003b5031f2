"""One walk through a flow: from its first step to the first thing that is not settled yet. Pure.

There is no pointer to a current step. Slots that are known are not asked for, actions that answered to the same
arguments are not called again, what was agreed to is not confirmed again: so correcting a slot, or going back, is
nothing but a changed slot and a new walk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.expressions import argument, fill, find_holes, holds, look_up
from warmline.dialogue.flows.run import Filled, Identity, Memory, Run, fingerprint


class FlowFaultError(Exception):
    """A flow that cannot go on as it is written; the turn fails open to a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say: a flow's own words, with an article's opening words after them, or a sentence by its `key`.

    `said`: what the customer said, for a sentence that quotes it.
    """

    text: str
    article_id: str = ""
    key: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the values a customer may choose."""

    value: str
    label: str
    words: tuple[str, ...] = ()
    digits: str = ""
    item: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AskSlot:
    """A slot is not known. `again`: the question in other words; `way`: the way of identity it belongs to."""

    name: str
    slot: f.Slot
    text: str
    again: str
    shown: tuple[Shown, ...] = ()
    way: str = ""


@dataclass(frozen=True, slots=True)
class AskAgreement:
    """Something waits for the customer's yes; `mark` is what exactly they agree to, `words` what it is called."""

    name: str
    text: str
    mark: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoCall:
    """An action is to be carried out. `place`: its step, behind the way of identity it belongs to."""

    place: str
    action: str
    arguments: Mapping[str, Any]
    key: str
    asked: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    """The flow is over, at this step."""

    step: str
    outcome: str
    offer_person: bool = False
    then: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person goes on; `step`: the flow's own step that says so."""

    reason: str
    step: str = ""


Move = AskSlot | AskAgreement | DoCall | Over | Person


@dataclass(frozen=True, slots=True)
class World:
    """What a walk may know besides the memory; `signed_in_ref`: who the bank's page says this is."""

    locale: str
    now: datetime
    elder: bool = False
    signed_in_ref: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a walk ended: the move, what is said on the way, and the memory as it is now."""

    move: Move
    lines: tuple[Line, ...]
    memory: Memory


def walk(flow: f.Flow, policy: f.IdentityPolicy, memory: Memory, world: World) -> Walked:
    """Walk the run of `memory` through its flow. `FlowFaultError` where the flow goes in a circle or just stops."""
    assert memory.run is not None
    going = _Walk(policy, world, memory, memory.run)
    move = going.steps(flow)
    if move is None:
        raise FlowFaultError(f"{flow.flow} stops without an end")
    asking = move.name if isinstance(move, AskSlot | AskAgreement) else ""
    run, same = going.run, asking == going.run.asking
    if not same:
        run = run.model_copy(update={"asking": asking, "misses": 0, "asides": 0, "narrowed": ()})
    if run is not memory.run:
        memory = memory.model_copy(update={"run": run})
    return Walked(move, tuple(going.lines), memory)


def list_items(path: str, values: Mapping[str, Any], where: str = "") -> list[dict[str, Any]]:
    """Return the items of a list for which a condition holds; a plain value is one with the field `value`."""
    items = look_up(path, values)
    found = items if isinstance(items, list | tuple) else ()
    items = [dict(one) if isinstance(one, Mapping) else {"value": one} for one in found]
    return [one for one in items if holds(where, {**values, **one})]


def list_shown(slot: f.Slot, values: Mapping[str, Any], locale: str) -> tuple[Shown, ...]:
    """Return what there is to choose from, nothing for a slot that is no choice; a free text's value is its label."""
    if slot.items:
        items = list_items(slot.items, values, slot.where)
        return tuple(_shown_item(slot, one, values, locale) for one in items)
    labels = {value: one.label.say(locale) for value, one in slot.options.items()}
    free = slot.type in ("text", "place")
    return tuple(
        Shown(labels[value] if free else value, labels[value], _words(one)) for value, one in slot.options.items()
    )


def _words(option: f.Option) -> tuple[str, ...]:
    return (*option.label.each(), *option.words)


def value_of(slot: f.Slot, item: Mapping[str, Any]) -> str:
    """Return what an item of a list is known by."""
    return str(item.get(slot.value, ""))


def _apart(words: str) -> list[str]:
    """Return the words of a list without commas; English ones may have spaces and stay together."""
    return [words] if words.isascii() else words.split()


def _shown_item(slot: f.Slot, item: dict[str, Any], values: Mapping[str, Any], locale: str) -> Shown:
    assert slot.label is not None
    seen = {**values, **item}
    labels = {one: fill(slot.label.say(one), seen, one) for one in f.LOCALES}
    digits = str(item.get(slot.digits, "")) if slot.digits else ""
    words = (*labels.values(), *(word for one in slot.words for word in _apart(fill(one, seen, locale))))
    plain = item.keys() == {"value"}
    return Shown(value_of(slot, item), labels[locale], words, digits, None if plain else item)


def reaches(level: f.Level, wanted: f.Level) -> bool:
    """Tell whether an identity at `level` is enough where `wanted` is needed."""
    return level == wanted or level == "strong"


def holds_now(identity: Identity | None, now: datetime) -> bool:
    """Tell whether somebody was shown to be who they are, and it has not lapsed."""
    return identity is not None and identity.until > now


@dataclass(slots=True)
class _Walk:
    policy: f.IdentityPolicy
    world: World
    memory: Memory
    run: Run
    lines: list[Line] = field(default_factory=list)
    listed: tuple[Run, dict[str, Any]] | None = None
    passed: set[str] = field(default_factory=set)
    """Actions whose doing this walk came by."""

    def values(self) -> dict[str, Any]:
        """Return what conditions and templates can name."""
        if self.listed is None or self.listed[0] is not self.run:
            self.listed = self.run, list_values(self.memory, self.run, self.world)
        return self.listed[1]

    def steps(self, part: f.Flow | f.Way, way: str = "") -> Move | None:
        """Walk the steps of the flow, or of a way of identity; None when they are through."""
        at, seen = 0, set[int]()
        while at < len(part.steps):
            if at in seen:
                raise FlowFaultError(f"{way or self.run.flow_id} goes in a circle at {part.steps[at].id}")
            seen.add(at)
            step = part.steps[at]
            at += 1
            if step.when and not holds(step.when, self.values()):
                continue
            settled = self.step(step, part, way)
            if isinstance(settled, str):
                at = part.index_of(settled)
            elif settled is not None:
                return settled
        return None

    def step(self, step: f.Step, part: f.Flow | f.Way, way: str) -> Move | str | None:
        """Settle one step: None goes on with the next, a text with that step, a move ends the walk."""
        match step:
            case f.Ask():
                return self.ask(step, part, way)
            case f.Identify():
                return self.identify(step)
            case f.Call():
                return self.call(step, part, way)
            case f.Confirm():
                return self.confirm(step)
            case f.Go(go=target):
                return target
            case f.Say(id=step_id, say=text, article=article, each=path):
                self.say(step_id, text, article, path)
                return None
            case f.End():
                return self.end(step)
            case f.HandOff(hand_off=reason, say=said):
                if said is not None:
                    self.lines.append(Line(self.fill(said)))
                return Person(reason, step.id)

    def ask(self, step: f.Ask, part: f.Flow | f.Way, way: str) -> Move | str | None:
        name, slot = step.ask, part.slots[step.ask]
        known = self.run.slots.get(name) or self.memory.facts.get(name)
        if known is not None:
            items = list_items(slot.items, self.values(), slot.where) if slot.items else []
            if (
                not slot.items
                or known.value == slot.unknown
                or any(value_of(slot, one) == known.value for one in items)
            ):
                return None
            self.run = set_slot(self.run, name, None)
        shown = list_shown(slot, self.values(), self.world.locale)
        if slot.items and not shown and step.none:
            return step.none
        if slot.items and len(shown) == 1:
            self.run = set_slot(self.run, name, Filled(value=shown[0].value, item=shown[0].item))
            return None
        if name == self.run.asking and self.run.narrowed:
            shown = tuple(one for one in shown if one.value in self.run.narrowed) or shown
        text, again = (self.fill(one) for one in (slot.ask, slot.again or slot.ask))
        return AskSlot(name, slot, text, again, shown, way)

    def identify(self, step: f.Identify) -> Move | str | None:
        known = self.memory.identity
        if known and holds_now(known, self.world.now) and reaches(known.level, step.identify):
            self.run = leave_ways(self.run)
            return None
        for name in self.policy.levels[step.identify].ways:
            way = self.policy.ways[name]
            if way.kind == "signed_in":
                if self.world.signed_in_ref:
                    return None
            elif name not in self.memory.closed and not (way.cannot and holds(way.cannot, self.values())):
                return self.steps(way, name) or Person("identity_incomplete")
        return step.otherwise or Person("not_identified")

    def call(self, step: f.Call, part: f.Flow | f.Way, way: str) -> Move | str | None:
        values = self.values()
        place, asked = f"{way}/{step.id}" if way else step.id, asked_of(step, part, values)
        result = self.run.results.get(place)
        if result is None or result.asked != asked:
            tried, arguments = self.run.retries.get(place, 0), arguments_of(step, values)
            # The same once more, after something else was done, is a deed of its own: 5,000, no 8,000, no 5,000.
            deed = f"{self.run.key}:{place}:{asked}:{tried}:{len(self.run.deeds)}"
            key = hashlib.sha256(deed.encode()).hexdigest()[:32]
            return DoCall(place, step.call, arguments, key, asked, way)
        if not result.code:
            self.passed.add(step.call)
            return None
        target = step.on.get(result.code)
        return target if isinstance(target, str) else Person(f"action_{result.code}")

    def confirm(self, step: f.Confirm) -> Move | str | None:
        text = step.confirm.say(self.world.locale)
        mark = self.mark(text)
        if self.run.agreed.get(step.id) == mark:
            return None
        if self.run.refused.get(step.id) == mark:
            return step.no
        if step.id in self.run.agreed or step.id in self.run.refused:  # a word on something else is void
            words = {"agreed": self.run.agreed, "refused": self.run.refused}
            update = {name: {key: one for key, one in marks.items() if key != step.id} for name, marks in words.items()}
            self.run = self.run.model_copy(update=update)
        return AskAgreement(step.id, self.fill(step.confirm), mark, step.words)

    def end(self, step: f.End) -> Over:
        """End the flow; what was done and is not on the way here is told to stay done."""
        done = {one.action for one in self.run.deeds if not one.code}
        if done and done.isdisjoint(self.passed):
            self.lines.append(Line("", key="flow_cancelled_done"))
            return Over(step.id, "cancelled", offer_person=True)
        self.lines.append(Line(self.fill(step.say), step.article))
        return Over(step.id, step.end, step.offer_person, step.then)

    def fill(self, text: f.Text) -> str:
        """Return a text with its values put in."""
        return fill(text.say(self.world.locale), self.values(), self.world.locale)

    def say(self, step_id: str, text: f.Text, article: str = "", each: str = "") -> None:
        """Say it once: again only when what it tells of has changed."""
        template, values = text.say(self.world.locale), self.values()
        mark = f"{step_id}:{fingerprint(look_up(each, values)) if each else self.mark(template)}"
        if mark not in self.run.said:
            rows = [{**values, **one} for one in list_items(each, values)] if each else [values]
            told = "\n".join(fill(template, row, self.world.locale) for row in rows)
            self.lines.append(Line(told, article))
            self.run = self.run.model_copy(update={"said": (*self.run.said, mark)})

    def mark(self, template: str) -> str:
        """Return what a template tells of, whatever the language."""
        values = self.values()
        return fingerprint({hole.path: look_up(hole.path, values) for hole in find_holes(template)})


def list_values(memory: Memory, run: Run, world: World) -> dict[str, Any]:
    """Return what conditions and templates can name: slots, results by their step, and the customer."""
    values: dict[str, Any] = {name: one.shown() for name, one in (memory.facts | run.slots).items()}
    values |= {place.split("/")[-1]: {**one.data, "code": one.code} for place, one in run.results.items()}
    known = holds_now(memory.identity, world.now) or bool(world.signed_in_ref)
    values["customer"] = {"known": known, "signed_in": bool(world.signed_in_ref), "elder": world.elder}
    return values


def set_slot(run: Run, name: str, filled: Filled | None) -> Run:
    """Set or forget a slot. What was secret and is spent has to be given anew: it was given for something else."""
    slots = {key: one for key, one in run.slots.items() if key != name and not one.spent}
    return run.model_copy(update={"slots": slots if filled is None else {**slots, name: filled}})


def arguments_of(step: f.Call, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an action is called with; what is not known is left out."""
    found = {name: argument(template, values) for name, template in step.args.items()}
    return {name: value for name, value in found.items() if value is not None}


def asked_of(step: f.Call, part: f.Flow | f.Way, values: Mapping[str, Any]) -> str:
    """Return what tells one call of a step from another: its arguments, but for those that are secret."""
    arguments = arguments_of(step, values)
    return fingerprint({name: value for name, value in arguments.items() if not _is_secret(step.args[name], part)})


def leave_ways(run: Run) -> Run:
    """Forget how far the ways of identity were gone: should the identity lapse, one is gone anew, with a new code."""
    results = {place: one for place, one in run.results.items() if "/" not in place}
    return run if len(results) == len(run.results) else run.model_copy(update={"results": results})


def _is_secret(template: str | int | bool, part: f.Flow | f.Way) -> bool:
    names = {hole.path.split(".")[0] for hole in find_holes(str(template))}
    return any(part.slots[name].secret for name in names if name in part.slots)
