"""What an action's answer does to the memory. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from warmline.connectors.model import ActionResult, Status
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import DoCall, Line, World, list_values, set_slot
from warmline.dialogue.flows.expressions import fill, holds, look_up
from warmline.dialogue.flows.run import Deed, Identity, Memory, Result, Run

CODES = {Status.OK: "", Status.FAILED: "failed", Status.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Taken:
    """The memory with an answer in it, and what there is to say of it."""

    memory: Memory
    lines: tuple[Line, ...] = ()


def take_result(
    flow: f.Flow, policy: f.IdentityPolicy, memory: Memory, call: DoCall, answer: ActionResult, world: World,
    *, has_effect: bool,
) -> Taken:  # fmt: skip
    """Keep what an action answered; a wrong answer to a question of identity is counted and can be given anew."""
    assert memory.run is not None
    code, step = CODES.get(answer.status, answer.code or "refused"), _step_of(flow, call)
    if step and step.empty and not code and not look_up(step.empty, {call.place: answer.data}):
        code = "empty"
    result = Result(asked=call.asked, code=code, data=dict(answer.data))
    run = memory.run.model_copy(update={"results": {**memory.run.results, call.place: result}})
    if has_effect and not call.way and code in ("", "unknown"):
        deed = Deed(action=call.action, arguments=_open(call, flow), key=call.key, code=code, data=result.data)
        run = run.model_copy(update={"deeds": (*run.deeds, deed)})
    memory = memory.model_copy(update={"run": run})
    if call.way:
        return _take_identity(policy, memory, call, result, world)
    target = step.on.get(code) if step else None
    if isinstance(target, f.Retry):
        return _retry(policy, flow, target, memory, run, call, world)
    return Taken(memory)


def _step_of(flow: f.Flow, call: DoCall) -> f.Call | None:
    """Return the flow's step that called; None for one of a way of identity."""
    return next((step for step in flow.steps if step.id == call.place and isinstance(step, f.Call)), None)


def _open(call: DoCall, flow: f.Flow) -> dict[str, Any]:
    """Return the arguments that are no secrets."""
    step = flow.steps[flow.index_of(call.place)]
    assert isinstance(step, f.Call)
    secret = {name for name, slot in flow.slots.items() if slot.secret}
    hidden = {name for name, template in step.args.items() if any(f"{{{one}" in str(template) for one in secret)}
    return {name: value for name, value in call.arguments.items() if name not in hidden}


def _retry(
    policy: f.IdentityPolicy, flow: f.Flow, target: f.Retry, memory: Memory, run: Run, call: DoCall, world: World
) -> Taken:
    """Forget what did not do, with the list it was chosen from, and say why.

    After so many times the refusal stands, and a person is brought.
    """
    tried = run.retries.get(call.place, 0) + 1
    line = Line(fill(target.say.say(world.locale), list_values(memory, run, world), world.locale))
    run = run.model_copy(update={"retries": {**run.retries, call.place: tried}})
    if tried < policy.tries:
        stale = {call.place, flow.slots[target.ask].items.split(".")[0]}
        results = {place: one for place, one in run.results.items() if place not in stale}
        run = set_slot(run.model_copy(update={"results": results, "words": ()}), target.ask, None)
        run = run.model_copy(update={"asking": target.ask})
    facts = {name: one for name, one in memory.facts.items() if name != target.ask}
    return Taken(memory.model_copy(update={"run": run, "facts": facts}), (line,))


def _take_identity(policy: f.IdentityPolicy, memory: Memory, call: DoCall, result: Result, world: World) -> Taken:
    way, run = policy.ways[call.way], memory.run
    assert run is not None
    is_last = call.place == f"{call.way}/{way.steps[-1].id}"
    values = list_values(memory, run, world)
    if not result.code and not is_last:
        return Taken(memory)
    if not result.code and holds(way.proven, values):
        level, minutes = _level_of(policy, call.way)
        until = world.now + timedelta(minutes=minutes)
        identity = Identity(ref=str(look_up(way.ref, values) or world.signed_in_ref), level=level, until=until)
        update: Mapping[str, Any] = {"identity": identity, "run": _without(run, call.way, way)}
        update = {**update, "wrong": {name: n for name, n in memory.wrong.items() if name != call.way}}
        return Taken(memory.model_copy(update=update))
    wrong = memory.wrong.get(call.way, 0) + 1
    used_up = bool(result.code) or wrong >= policy.tries
    closed = (*memory.closed, call.way) if used_up else memory.closed
    said = (Line(way.wrong.say(world.locale)),) if way.wrong and not result.code else ()
    run = _without(run, call.way, way)
    run = run.model_copy(update={"retries": {**run.retries, call.place: run.retries.get(call.place, 0) + 1}})
    update = {"wrong": {**memory.wrong, call.way: wrong}, "closed": closed, "run": run}
    return Taken(memory.model_copy(update=update), said)


def _level_of(policy: f.IdentityPolicy, way: str) -> tuple[f.Level, int]:
    """Return the highest level a way leads to, and for how many minutes it holds."""
    for level in ("strong", "basic"):
        ways = policy.levels.get(level)
        if ways and way in ways.ways:
            return level, ways.minutes
    raise KeyError(way)


def _without(run: Run, name: str, way: f.Way) -> Run:
    """Forget the answers given on a way of identity, but for what is kept."""
    slots = {key: one for key, one in run.slots.items() if key not in way.slots or way.slots[key].keep}
    results = {place: one for place, one in run.results.items() if not place.startswith(f"{name}/{way.steps[-1].id}")}
    return run.model_copy(update={"slots": slots, "results": results})
