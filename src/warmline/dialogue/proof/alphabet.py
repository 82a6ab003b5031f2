"""What may happen next: everything a customer can say, and everything the bank's systems can answer, by kind.

This is the abstraction that the proof declares. A customer's words are stood for by what they are understood to be;
sums, dates and the like by a low and a high value; an action's answer by each code, and by each combination of the
fields that conditions look at.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, DoCall
from warmline.dialogue.flows.expressions import paths_of
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.turn import Flows
from warmline.dialogue.model import Understanding
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Act, Marker

SIDE_ARTICLES = ("an_article", "another_article")
"""Articles that begin no flow. The first counts as answered just before, in every state."""
VALUES: Mapping[str, tuple[str, ...]] = {
    "amount": ("100.00", "1000000.00"),
    "date": ("2026-12-01", "2026-12-24"),
    "time": ("09:30", "15:37"),
    "digits": ("0000", "9999"),
    "phone": ("13800000000", "13900000000"),
    "months": ("3", "12"),
    "text": ("this text", "that text"),
    "yes_no": ("yes", "no"),
}
"""A low and a high value of each type, on either side of every number that an action answers with."""
PAIRS = tuple(pair for name, pair in VALUES.items() if name in ("date", "time", "digits", "phone", "text"))
"""Values whose size no condition looks at: which of the two it is makes no difference."""
NUMBER = 5000
MOST_VARIANTS = 24
"""Answers of one action; more combinations than this are an error of the abstraction, not of the flow."""
FEELINGS: Mapping[str, frozenset[Marker]] = {
    "calm": frozenset(),
    "upset": frozenset({Marker.LOUD}),
    "again": frozenset({Marker.AGAIN}),
    "distressed": frozenset({Marker.DISTRESS}),
}


@dataclass(frozen=True, slots=True)
class Input:
    """Something that happens; `label` is how a counter-example tells it."""

    label: str
    said: Understanding


def _said(text: str, **more: Any) -> Understanding:
    return Understanding(text, **more)


PLAIN: tuple[Input, ...] = (
    Input("asks for a person", _said("人工", kinds=frozenset({Marker.HUMAN}), only=Marker.HUMAN)),
    Input("is in danger", _said("……", kinds=frozenset({Marker.DANGER}))),
    Input("says something nobody can read", _said("……")),
    Input(
        "asks something the articles answer",
        _said("……", release=ReleaseKind.ANSWER, article_ids=SIDE_ARTICLES[:1], confidence=0.95),
    ),
    Input(
        "asks something else the articles answer",
        _said("……", release=ReleaseKind.ANSWER, article_ids=SIDE_ARTICLES[1:], confidence=0.95),
    ),
    Input(
        "asks something two articles may answer",
        _said("……", release=ReleaseKind.CLARIFY, article_ids=SIDE_ARTICLES, confidence=0.6),
    ),
    Input("picks a reading", _said("……", picked=SIDE_ARTICLES[0])),
    *(
        Input(f"says nothing but {kind.value}", _said("……", kinds=frozenset({kind}), only=kind))
        for kind in (
            Marker.GREETING, Marker.THANKS, Marker.GOODBYE, Marker.ROBOT, Marker.ABOUT, Marker.EMPTY, Marker.EMOJI,
            Marker.DIGITS, Marker.AFFIRM, Marker.DENY, Marker.ABUSE,
        )
    ),
    Input("sends a file and no words", _said("", has_attachment=True)),
    Input("writes in a language nobody here reads", _said("……", understood_language=False)),
    Input("tries to give orders", _said("……", kinds=frozenset({Marker.INJECTION}))),
    Input("writes far too much", _said("……", kinds=frozenset({Marker.TOO_LONG}))),
)  # fmt: skip


def list_inputs(flows: Flows, listening: Listening | None, *, busy: bool) -> Iterator[Input]:
    """Yield what the customer can say now. `busy`: one flow is put aside already, and no third is begun."""
    yield from PLAIN
    for feeling, kinds in FEELINGS.items():
        if kinds:
            yield Input(f"is {feeling} and says nothing else", _said("……", kinds=kinds))
    if not busy:
        for article, flow_id in flows.starters.items():
            said = _said("……", release=ReleaseKind.ANSWER, article_ids=(article,), confidence=0.95)
            yield Input(f"asks for {flow_id}", said)
    if listening is not None:
        yield from _flow_inputs(listening)


def _flow_inputs(listening: Listening) -> Iterator[Input]:
    asked = listening.asked
    for act in Act:
        yield Input(f"act: {act.value}", _said("……", heard=Heard(acts=frozenset({act}))))
    if isinstance(asked, AskAgreement):
        for yes, word in ((True, Marker.AFFIRM), (False, Marker.DENY)):
            for feeling, kinds in FEELINGS.items():
                said = _said("……", kinds=kinds | {word}, only=word if not kinds else None, heard=Heard(yes=yes))
                yield Input(f"says {'yes' if yes else 'no'}, {feeling}", said)
    for name, (slot, shown) in listening.slots.items():
        for filled in fillings(slot, [Filled(value=one.value, item=one.item) for one in shown]):
            known = listening.known.get(name)
            if known is not None and (known.value == filled.value or known.spent):
                continue
            is_asked = isinstance(asked, AskSlot) and asked.name == name
            if not is_asked and known is None and (not slot.passing or slot.items or slot.secret):
                continue
            heard = Heard({name: filled}, corrects=known is not None)
            does = "answers" if is_asked else "corrects" if known else "tells"
            yield Input(f"{does} {name}={filled.value}", _said("……", heard=heard))
            if is_asked:
                upset = _said("……", kinds=FEELINGS["distressed"], heard=heard)
                yield Input(f"answers {name}={filled.value}, distressed", upset)
    if isinstance(asked, AskSlot) and len(asked.shown) > 1:
        yield Input("names several of the choices", _said("……", heard=Heard(several=asked.shown[:2])))


def fillings(slot: f.Slot, shown: Sequence[Filled]) -> Iterator[Filled]:
    """Yield the values that stand for all a slot can have."""
    if slot.type == "option":
        yield from shown
    else:
        yield from (Filled(value=value) for value in VALUES[slot.type])


def list_answers(flow: f.Flow, policy: f.IdentityPolicy, action: Action | None, call: DoCall) -> Iterator[ActionResult]:
    """Yield what an action can answer: every shape of success that matters, every refusal, and every failure."""
    part: f.Flow | f.Way = policy.ways[call.way] if call.way else flow
    step_id = call.place.split("/")[-1]
    step = part.steps[part.index_of(step_id)]
    assert isinstance(step, f.Call)
    looked_at = _looked_at(part, step_id)
    for data in itertools.islice(_objects(action.result if action else {}, looked_at), MOST_VARIANTS):
        yield ActionResult(Status.OK, data)
    full = next(_objects(action.result if action else {}, set()), {})
    for code in step.on:
        if code not in ("failed", "unknown", "empty"):
            yield ActionResult(Status.REFUSED, full, code=code)
    yield ActionResult(Status.REFUSED, code="some_other_reason")
    yield ActionResult(Status.FAILED)
    if action is None or action.effect is not Effect.READ:
        yield ActionResult(Status.UNKNOWN)


def _looked_at(part: f.Flow | f.Way, step_id: str) -> set[tuple[str, ...]]:
    """Return the paths below a result that conditions look at, through the slots chosen from it as well."""
    conditions = [step.when for step in part.steps if step.when]
    conditions += [part.proven] if isinstance(part, f.Way) and part.proven else []
    paths = {tuple(path.split(".")) for condition in conditions for path in paths_of(condition)}
    below = {path[1:] for path in paths if path[0] == step_id}
    for name, slot in part.slots.items():
        source = tuple(slot.items.split(".")) if slot.items else ()
        if source[:1] == (step_id,):
            below.add(source[1:])
            below |= {(*source[1:], "*", *path[1:]) for path in paths if path[0] == name and len(path) > 1}
    for step in part.steps:
        if isinstance(step, f.Call) and step.id == step_id and step.empty:
            below.add(tuple(step.empty.split(".")[1:]))
    return below


def _objects(schema: Mapping[str, Any], looked_at: set[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    fields = schema.get("properties", {})
    choices = [
        [(name, value) for value in _values(one, {path[1:] for path in looked_at if path[:1] == (name,)}, name)]
        for name, one in fields.items()
    ]
    for combination in itertools.product(*choices):
        yield dict(combination)


def _values(schema: Mapping[str, Any], looked_at: set[tuple[str, ...]], name: str) -> list[Any]:
    """Return the values a field can have, as many as make a difference."""
    matters = () in looked_at
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind] if kind else []
    if "enum" in schema:
        found = list(schema["enum"])
        return found if matters else found[:1]
    if "const" in schema:
        return [schema["const"]]
    if "array" in kinds:
        return _lists(schema.get("items", {}), {path[1:] for path in looked_at if path[:1] == ("*",)}, matters=matters)
    if "object" in kinds or "properties" in schema:
        return list(_objects(schema, looked_at))[:MOST_VARIANTS]
    if "boolean" in kinds:
        return [True, False] if matters else [True]
    if "integer" in kinds or "number" in kinds:
        return [NUMBER]
    return _texts(schema, name, matters=matters)


def _texts(schema: Mapping[str, Any], name: str, *, matters: bool) -> list[Any]:
    options = schema.get("anyOf", schema.get("oneOf"))
    if options:
        found = [
            value
            for one in options
            if one.get("type") != "null"
            for value in _values(one, {()} if matters else set(), name)
        ]
        nullable = any(one.get("type") == "null" for one in options)
        return [*found, *([None] if nullable and matters else [])] or [None]
    form = schema.get("format", "")
    if form in ("date", "date-time") or name.endswith(("_at", "_by", "until", "date")):
        return ["2026-12-01T10:00:00+08:00"]
    return [str(NUMBER)]


def _lists(item: Mapping[str, Any], looked_at: set[tuple[str, ...]], *, matters: bool) -> list[Any]:
    """Return no item, each kind of item alone, and two that differ."""
    kinds = _values(item, looked_at, "item")
    numbered = [_number(one, n) for n, one in enumerate([*kinds, *kinds][: max(2, len(kinds))], 1)]
    if not matters:
        return [numbered[:1]]
    return [[], *([one] for one in numbered[: len(kinds)]), numbered[:2]]


def _number(item: Any, n: int) -> Any:
    """Make items tell apart: their texts end with their number."""
    if not isinstance(item, dict):
        return f"{item}{n}"
    return {
        name: f"{value}{n}" if isinstance(value, str) and value == str(NUMBER) else value
        for name, value in item.items()
    }
