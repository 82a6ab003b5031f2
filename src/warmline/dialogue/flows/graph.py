"""A flow as a drawing: what it asks, does and says, and what leads where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.in_words import condition_in_words, name_of, say_code
from warmline.dialogue.flows.loader import Source

START = "start"
_HOLE = re.compile(r"\{([a-z0-9_.]+)[^}]*\}")


class NodeKind(StrEnum):
    """What happens at a place of the drawing."""

    START = "start"
    ASK = "ask"
    IDENTIFY = "identify"
    CALL = "call"
    CONFIRM = "confirm"
    SAY = "say"
    BRANCH = "branch"
    END = "end"
    PERSON = "person"


class EdgeKind(StrEnum):
    """Why it goes on there: simply next, after a yes or no, after a refusal's code, or to ask once more."""

    NEXT = "next"
    YES = "yes"
    NO = "no"
    OTHERWISE = "otherwise"
    NONE = "none"
    CODE = "code"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Node:
    """`text`: what it is about; `detail`: the words said there; `person`: a person comes where it cannot be done."""

    id: str
    kind: NodeKind
    text: str
    detail: str
    line: int
    person: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from a node to another; `text` names a refusal."""

    source: str
    target: str
    kind: EdgeKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """The drawing of one flow, in one language."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def draw(flow: f.Flow, source: Source, locale: str) -> Graph:
    """Return the drawing. A way to a step there is not is left out: that is told as a mistake."""
    drawn = _Drawing(flow, source, locale)
    begin = Node(START, NodeKind.START, flow.title.say(locale), "", 1)
    edges = dict.fromkeys([*drawn.to(START, EdgeKind.NEXT, 0), *drawn.edges()])
    return Graph((begin, *drawn.nodes()), tuple(edges))


class _Drawing:
    def __init__(self, flow: f.Flow, source: Source, locale: str) -> None:
        self.flow, self.source, self.locale = flow, source, locale
        self.at = {step.id: number for number, step in enumerate(flow.steps)}

    def nodes(self) -> Iterator[Node]:
        for number, step in enumerate(self.flow.steps):
            if step.when:
                line = self.source.mark(("steps", number, "when"))[0]
                text = condition_in_words(step.when, self.flow, self.locale)
                yield Node(_branch(step), NodeKind.BRANCH, text, "", line)
            if not isinstance(step, f.Go):
                line = self.source.mark(("steps", number))[0]
                yield Node(step.id, *self._about(step), line, _brings_person(step))

    def _about(self, step: f.Step) -> tuple[NodeKind, str, str]:
        """Return what a step is, what it is about, and what is said."""
        match step:
            case f.Ask(ask=name):
                slot = self.flow.slots.get(name)
                return NodeKind.ASK, name_of(name, self.flow, self.locale), self._say(slot.ask if slot else None)
            case f.Identify(identify=level):
                return NodeKind.IDENTIFY, level, ""
            case f.Call(call=action):
                return NodeKind.CALL, action, ""
            case f.Confirm(confirm=text):
                return NodeKind.CONFIRM, "", self._say(text)
            case f.End(end=outcome, say=text):
                return NodeKind.END, outcome, self._say(text)
            case f.HandOff(hand_off=reason, say=said):
                return NodeKind.PERSON, reason, self._say(said)
            case _:
                return NodeKind.SAY, "", self._say(getattr(step, "say", None))

    def _say(self, text: f.Text | None) -> str:
        """Return the words with the names of the values that are put in."""
        said = text.say(self.locale) if text else ""
        return _HOLE.sub(lambda hole: f"‹{name_of(hole[1], self.flow, self.locale)}›", said).strip()

    def edges(self) -> Iterator[Edge]:
        for number, step in enumerate(self.flow.steps):
            if step.when:
                yes = EdgeKind.YES
                if isinstance(step, f.Go):
                    yield from self.to(_branch(step), yes, self.at.get(step.go))
                else:
                    yield Edge(_branch(step), step.id, yes)
                yield from self.to(_branch(step), EdgeKind.NO, number + 1)
            yield from self._leading_on(step, number + 1)

    def _leading_on(self, step: f.Step, after: int) -> Iterator[Edge]:
        match step:
            case f.Go() | f.End() | f.HandOff():
                return
            case f.Confirm(no=target):
                yield from self.to(step.id, EdgeKind.YES, after)
                yield from self.to(step.id, EdgeKind.NO, self.at.get(target))
                return
            case f.Ask(none=target) if target:
                yield from self.to(step.id, EdgeKind.NONE, self.at.get(target))
            case f.Identify(otherwise=target) if target:
                yield from self.to(step.id, EdgeKind.OTHERWISE, self.at.get(target))
            case f.Call(on=on):
                for code, then in on.items():
                    told = say_code(code, self.locale)
                    if isinstance(then, str):
                        yield from self.to(step.id, EdgeKind.CODE, self.at.get(then), told)
                    else:
                        yield from self.to(step.id, EdgeKind.RETRY, self._asking(then.ask), told)
        yield from self.to(step.id, EdgeKind.NEXT, after)

    def _asking(self, slot: str) -> int | None:
        return next((n for n, one in enumerate(self.flow.steps) if isinstance(one, f.Ask) and one.ask == slot), None)

    def to(self, source: str, kind: EdgeKind, number: int | None, text: str = "") -> Iterator[Edge]:
        """Yield the way to a step: where that only sends on, to where it sends."""
        passed: set[int] = set()
        while number is not None and number < len(self.flow.steps) and number not in passed:
            passed.add(number)
            step = self.flow.steps[number]
            if not isinstance(step, f.Go) or step.when:
                yield Edge(source, _branch(step) if step.when else step.id, kind, text)
                return
            number = self.at.get(step.go)


def _branch(step: f.Step) -> str:
    return f"{step.id}?"


def _brings_person(step: f.Step) -> bool:
    """Tell whether a person comes where this step cannot be carried out."""
    return isinstance(step, f.Call) or (isinstance(step, f.Identify) and not step.otherwise)
