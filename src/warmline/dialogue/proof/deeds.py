"""What must hold whenever the assistant acts: agreed, complete, not done twice, and what fails is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.dialogue import decisions as d
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, list_values
from warmline.dialogue.flows.expressions import find_holes, look_up
from warmline.dialogue.flows.run import fingerprint
from warmline.dialogue.model import DialogueState
from warmline.dialogue.proof.states import NOW
from warmline.dialogue.proof.turns import Setting, Turn

Breach = tuple[str, str]
"""An invariant, and what is wrong with it."""


def asked_by(decision: d.Decision) -> AskSlot | AskAgreement | None:
    """Return the question that a decision puts, or comes back to."""
    asks: AskSlot | AskAgreement | None = getattr(decision, "asks", None) or getattr(decision, "back", None)
    return asks


def list_wrong_deeds(turn: Turn, setting: Setting, actions: Mapping[str, Action]) -> Iterator[Breach]:
    """Yield what is wrong with what was done in a turn."""
    for n, (act, answer) in enumerate(turn.acts):
        call, effect = act.call, setting.flows.effects.get(act.call.action, Effect.CHANGE)
        action = actions.get(call.action)
        lacks = [
            name for name in (action.parameters.get("required", ()) if action else ()) if name not in call.arguments
        ]
        if lacks:
            yield "arguments", f"{call.action} is called without {', '.join(lacks)}"
        if call.way:
            yield from _way_failed(turn, act, answer, last=n == len(turn.acts) - 1)
            continue
        if effect is Effect.CHANGE:
            yield from _unagreed(setting, act)
        if effect is not Effect.READ and not turn.input.said.heard.yes:
            yield from _again(act)
        yield from _failed(turn, setting, act, answer)


def _way_failed(turn: Turn, act: d.Act, answer: ActionResult, *, last: bool) -> Iterator[Breach]:
    decision = turn.decision
    asks = asked_by(decision)
    if last and answer.status is not Status.OK and not isinstance(decision, d.HandOff):
        same = isinstance(asks, AskSlot) and asks.way == act.call.way
        goes_on = asks is None and not getattr(decision, "lines", ())
        if goes_on or same:
            yield "failure", f"{act.call.action} did not work, and its way of identity is gone on with"


def _failed(turn: Turn, setting: Setting, act: d.Act, answer: ActionResult) -> Iterator[Breach]:
    code = {Status.OK: "", Status.FAILED: "failed", Status.UNKNOWN: "unknown"}.get(answer.status, answer.code)
    run = act.memory.run
    flow = setting.flows.of(run) if run else None
    if not code or flow is None:
        return
    step = flow.steps[flow.index_of(act.call.place)]
    decision = turn.decision
    if isinstance(step, f.Call) and code not in step.on:
        if not isinstance(decision, d.HandOff):
            yield "failure", f"{act.call.action} did not work ({code}), and no person is brought"
        elif not decision.say:
            yield "failure", f"{act.call.action} did not work ({code}), and that is not told"
    elif not getattr(decision, "lines", ()) and not getattr(decision, "say", ""):
        yield "failure", f"{act.call.action} did not work ({code}), and that is not told"


def _unagreed(setting: Setting, act: d.Act) -> Iterator[Breach]:
    """Some agreement given, and still to what holds now, names everything the call is made of."""
    memory, run = act.memory, act.memory.run
    flow = setting.flows.of(run) if run else None
    assert run is not None
    assert flow is not None
    call = flow.steps[flow.index_of(act.call.place)]
    assert isinstance(call, f.Call)
    wanted = _roots(flow, call.args.values(), set())
    values = list_values(memory, run, DialogueState("zh-Hans").world(NOW))
    for step in flow.steps:
        if isinstance(step, f.Confirm) and step.id in run.agreed:
            holes = find_holes(step.confirm.zh_Hans)
            mark = fingerprint({hole.path: look_up(hole.path, values) for hole in holes})
            named = _roots(flow, (f"{{{hole.path}}}" for hole in holes), set())
            secret = {name for name, slot in flow.slots.items() if slot.secret}
            if run.agreed[step.id] == mark and wanted <= named | secret:
                return
    yield "agreement", f"{call.call} is called without agreement to {', '.join(sorted(wanted)) or 'it'}"


def _again(act: d.Act) -> Iterator[Breach]:
    run = act.memory.run
    before = [one for one in run.deeds if one.action == act.call.action] if run else []
    if before and before[-1].arguments == dict(act.call.arguments):
        what = "was done" if not before[-1].code else "may have been done"
        yield "once", f"{act.call.action} {what} and is done again, with the same"


def _roots(flow: f.Flow, templates: Iterable[object], seen: set[str]) -> set[str]:
    """Return the slots that these templates are made of, through what was answered to calls made of slots."""
    found: set[str] = set()
    calls = {step.id: step for step in flow.steps if isinstance(step, f.Call)}
    for template in templates:
        for hole in find_holes(str(template)):
            root = hole.path.split(".")[0]
            if root in calls and root not in seen:
                seen.add(root)
                found |= _roots(flow, calls[root].args.values(), seen)
            elif root in flow.slots:
                found.add(root)
    return found
