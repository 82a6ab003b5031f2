"""A turn in a flow: what was heard moves it on; everything else is repair, the same for every flow. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from warmline.connectors.model import ActionResult, Effect
from warmline.dialogue.decisions import Act, Answer, Close, Continue, Decision, HandOff
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import (
    AskAgreement,
    AskSlot,
    DoCall,
    Line,
    Over,
    Person,
    Shown,
    Walked,
    World,
    holds_now,
    list_shown,
    list_values,
    set_slot,
    walk,
)
from warmline.dialogue.flows.hear import Heard, Listening, names_choice
from warmline.dialogue.flows.results import take_result
from warmline.dialogue.flows.run import Filled, Memory, Run
from warmline.dialogue.flows.starts import FlowStarts
from warmline.dialogue.flows.values import read_slot
from warmline.language.service import Act as Said
from warmline.language.service import names_any

ASIDES_BEFORE_PERSON = 3
"""Other questions answered while one of the flow's stays open: then a person comes."""
WORDS_LIMIT, MOST_WORDS = 300, 4
"""So much of what was said is kept, in characters, and of so many messages."""
MISSES_BEFORE_PERSON = 2
"""Answers nobody could read, to one question: then a person comes."""


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows there are: each version by (id, version), the live version by id, and by the articles that start one.

    `effects`: what each action does.
    """

    policy: f.IdentityPolicy
    versions: Mapping[tuple[str, int], f.Flow] = field(default_factory=dict)
    live: Mapping[str, int] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    starters: Mapping[str, str] = field(default_factory=dict)
    """Article id to the live flow that carries it out."""
    starts: FlowStarts | None = field(default=None, compare=False)
    """Tells which flow words ask for; None until that is learnt."""

    def of(self, run: Run) -> f.Flow | None:
        """Return the flow of a run, in the version it was begun with."""
        return self.versions.get((run.flow_id, run.version))

    def find(self, flow_id: str) -> f.Flow | None:
        """Return the live version of a flow."""
        version = self.live.get(flow_id)
        return None if version is None else self.versions.get((flow_id, version))


def make_flows(
    policy: f.IdentityPolicy,
    flows: Mapping[tuple[str, int], f.Flow],
    effects: Mapping[str, Effect],
    live: Mapping[str, int | None],
) -> Flows:
    """Put flows together; `live` says which version of each is."""
    alive = {flow_id: number for flow_id, number in live.items() if number is not None and (flow_id, number) in flows}
    starters = {
        article: flow_id for flow_id, number in alive.items() for article in flows[flow_id, number].starts.articles
    }
    return Flows(policy, flows, alive, effects, starters)


def listen(flows: Flows, memory: Memory, world: World) -> Listening | None:
    """Return what the flow under way listens for, or the one that has just ended; None when there is neither."""
    if memory.run is None and memory.ended is not None:
        memory = memory.model_copy(update={"run": memory.ended})
    run = memory.run
    flow = flows.of(run) if run else None
    if run is None or flow is None:
        return None
    move = walk(flow, flows.policy, memory, world).move
    asked = move if isinstance(move, AskSlot | AskAgreement) else None
    values = list_values(memory, run, world)
    identifies = any(isinstance(step, f.Identify) for step in flow.steps) and not holds_now(memory.identity, world.now)
    ways = [way for name, way in flows.policy.ways.items() if identifies and name not in memory.closed]
    parts: list[f.Flow | f.Way] = [*ways, flow]
    slots = {
        name: (slot, list_shown(slot, values, world.locale)) for part in parts for name, slot in part.slots.items()
    }
    return Listening(asked, slots, {**memory.facts, **run.slots}, world.now)


def begin(
    flows: Flows, flow_id: str, memory: Memory, told: Mapping[str, Filled], world: World, key: str, words: str = ""
) -> Decision:
    """Begin a flow with what is told already; one that is under way is put aside."""
    return proceed(flows, set_out(flows, flow_id, memory, told, key, words), world, f"begin_{flow_id}")


def set_out(
    flows: Flows, flow_id: str, memory: Memory, told: Mapping[str, Filled], key: str, words: str = ""
) -> Memory:
    """Return the memory with a flow begun and nothing asked yet: what a person who goes on with it finds filled in."""
    flow = flows.find(flow_id)
    assert flow is not None
    run = Run(flow_id=flow_id, version=flows.live[flow_id], key=f"{key}:{memory.runs}", words=_keep((), words))
    facts = {name: one for name, one in memory.facts.items() if not names_choice(flow.slots.get(name), words)}
    update = {"run": run, "aside": memory.run, "ended": None, "runs": memory.runs + 1, "offered": "", "facts": facts}
    return _fill(flow, flows.policy, memory.model_copy(update=update), told)


def proceed(flows: Flows, memory: Memory, world: World, reason: str, lines: tuple[Line, ...] = ()) -> Decision:
    """Walk on from what is known, and make the move a decision."""
    run = memory.run
    flow = flows.of(run) if run else None
    if run is None or flow is None:
        return HandOff("flow_gone", "policy", say="fault", memory=memory.model_copy(update={"run": None}))
    walked = _walk(flow, flows, memory, world)
    said = (*lines, *walked.lines)
    match walked.move:
        case AskSlot() | AskAgreement() as asks:
            return Continue(reason, lines=said, asks=asks, memory=walked.memory)
        case DoCall() as call:
            return Act(f"act_{call.action}", call, walked.memory, said)
        case Person(reason=why, step=step):
            brought = HandOff(why, "policy", say=_why(why), lines=said, skill=flow.skill, memory=walked.memory)
            return replace(brought, outcome=step)
        case Over() as over:
            return _close(flows, walked.memory, over, said, world)


def _walk(flow: f.Flow, flows: Flows, memory: Memory, world: World) -> Walked:
    """Walk on; a choice that only now is known may have been told when the flow began."""
    walked = walk(flow, flows.policy, memory, world)
    run, move = walked.memory.run, walked.move
    if run is None or not run.words or not isinstance(move, AskSlot) or not move.slot.items:
        return walked
    told = next((one for one in _told(run.words, move, world) if 0 < len(one) < len(move.shown)), ())
    if len(told) > 1:
        return replace(walked, move=replace(move, shown=told), memory=_narrow(walked.memory, told))
    if not told:
        return walked
    filled = _fill(flow, flows.policy, walked.memory, {move.name: Filled(value=told[0].value, item=told[0].item)})
    again = _walk(flow, flows, filled, world)
    return replace(again, lines=(*walked.lines, *again.lines))


def _told(words: tuple[str, ...], asks: AskSlot, world: World) -> Iterator[tuple[Shown, ...]]:
    """Yield which choices were told: in later words by their names alone, in those that began the flow in any way."""
    for text in reversed(words[1:]):
        yield tuple(one for one in asks.shown if names_any(text, one.words))
    for text in words[:1]:
        yield read_slot(text, asks.slot, asks.shown, world.now)


def _why(reason: str) -> str | None:
    """Name the honest word on what failed; a flow that hands over by its own step has said its own."""
    known = {
        "action_failed": "action_failed",
        "action_unknown": "action_unknown",
        "not_identified": "not_identified",
        "identity_incomplete": "not_identified",
    }
    return known.get(reason, "action_refused" if reason.startswith("action_") else None)


def _close(flows: Flows, memory: Memory, over: Over, lines: tuple[Line, ...], world: World) -> Decision:
    """End a flow; one that was put aside goes on, else the one named by `then` is offered."""
    ended = memory.model_copy(update={"run": memory.aside, "aside": None, "ended": memory.run, "offered": ""})
    reason = f"done_{memory.run.flow_id}" if memory.run else "done"
    closed = Close(reason, over.outcome, lines, ended, offer_human=over.offer_person, step=over.step)
    if ended.run is None:
        also = ended.also[0] if ended.also and memory.run and ended.also[0] != memory.run.flow_id else ""
        return _offer(flows, closed, also or over.then, world, also=bool(also)) if also or over.then else closed
    back = proceed(flows, ended, world, "back_to_flow")
    if isinstance(back, Continue) and back.memory is not None:
        return replace(closed, say="back_to_flow", asks=back.asks, memory=back.memory)
    assert isinstance(back, Act | Close | HandOff)
    return replace(back, lines=(*lines, *back.lines))


def _offer(flows: Flows, closed: Close, flow_id: str, world: World, *, also: bool = False) -> Close:
    """Offer what follows, or `also` what else was asked for, by its name."""
    flow = flows.find(flow_id)
    if flow is None:
        return closed
    if also:
        memory = closed.memory.model_copy(update={"offered": flow_id})
        return replace(closed, offers=flow_id, also=flow.title.say(world.locale), memory=memory)
    offer = flow.offer.say(world.locale) if flow.offer else ""
    return replace(closed, offers=flow_id, offer=offer, memory=closed.memory.model_copy(update={"offered": flow_id}))


def withhold(decision: Decision) -> Decision:
    """Return the decision without offering a flow."""
    if isinstance(decision, Act):
        return replace(decision, withholds=True)
    if not isinstance(decision, Answer | Close) or not decision.offers or decision.memory is None:
        return decision
    if isinstance(decision, Close) and decision.also:  # it was asked for
        return decision
    return replace(decision, offers="", offer="", memory=decision.memory.model_copy(update={"offered": ""}))


def decide_result(flows: Flows, act: Act, answer: ActionResult, world: World) -> Decision:
    """Go on with what an action answered; what was said before it is said with what follows."""
    run = act.memory.run
    flow = flows.of(run) if run else None
    assert flow is not None
    effect = flows.effects.get(act.call.action, Effect.CHANGE)
    taken = take_result(flow, flows.policy, act.memory, act.call, answer, world, has_effect=effect is not Effect.READ)
    lines = (*act.lines, *taken.lines)
    decision = proceed(flows, taken.memory, world, f"after_{act.call.action}", lines)
    assert isinstance(decision, Continue | Act | Close | HandOff)
    told = replace(decision, acknowledgement=act.acknowledgement) if act.acknowledgement else decision
    return withhold(told) if act.withholds else told


def decide_in_flow(
    flows: Flows, memory: Memory, heard: Heard, asked: AskSlot | AskAgreement | None, world: World
) -> Decision | None:
    """Return what the flow makes of these words; None when they are not meant for it."""
    if heard.corrects and not _changes(memory, heard.values):
        return None if memory.run is None else proceed(flows, memory, world, "nothing_to_correct")
    if memory.run is None and memory.ended is not None and heard.corrects:
        # What was agreed to has been done: what is done after a correction needs a word of its own.
        again = memory.ended.model_copy(update={"retries": {}, "agreed": {}, "refused": {}})
        memory = memory.model_copy(update={"run": again, "ended": None})
    run = memory.run
    flow = flows.of(run) if run else None
    if run is None or flow is None:
        return None
    if isinstance(asked, AskAgreement) and Said.CANCEL in heard.acts and heard.yes is None:
        heard = replace(heard, yes=False)
    if Said.CANCEL in heard.acts and not _is_no(heard, asked):
        return _cancel(memory)
    late = (Line("", key="flow_first_counts", said=heard.late),) if heard.late else ()
    if heard.values:
        reason = "corrected" if heard.corrects else "answered"
        told = _with_run(memory, run.model_copy(update={"words": _keep(run.words, heard.said)}))
        return proceed(flows, _fill(flow, flows.policy, told, heard.values), world, reason, late)
    if isinstance(asked, AskAgreement) and heard.yes is not None:
        marks = {**(run.agreed if heard.yes else run.refused), asked.name: asked.mark}
        word = "agreed" if heard.yes else "refused"
        return proceed(flows, _with_run(memory, run.model_copy(update={word: marks})), world, word, late)
    if heard.several and isinstance(asked, AskSlot):
        if tuple(one.value for one in heard.several) == run.narrowed:
            return missed(memory, replace(asked, shown=heard.several), flow.skill, "", narrowed=run.narrowed)
        asks = replace(asked, shown=heard.several)
        return Continue("several_fit", say="flow_several", asks=asks, memory=_narrow(memory, heard.several))
    return _repair(flows, flow, memory, heard, asked, world)


def _changes(memory: Memory, values: Mapping[str, Filled]) -> bool:
    """Tell whether a correction says anything else than what is known."""
    run = memory.run or memory.ended
    known = {**memory.facts, **(run.slots if run else {})}
    return any(name not in known or known[name].value != one.value for name, one in values.items())


def _is_no(heard: Heard, asked: AskSlot | AskAgreement | None) -> bool:
    """Tell whether what sounds like calling all off answers the question: 先别冻 to whether to freeze."""
    if isinstance(asked, AskAgreement):
        return heard.yes is not None
    return asked is not None and asked.slot.type == "yes_no" and asked.name in heard.values


def _repair(
    flows: Flows, flow: f.Flow, memory: Memory, heard: Heard, asked: AskSlot | AskAgreement | None, world: World
) -> Decision | None:
    acts = heard.acts
    if Said.WAIT in acts:
        counted = turned_aside(memory, repeats=False)
        if counted is None:
            return HandOff("going_in_circles", "policy", say="give_up", skill=flow.skill, memory=memory)
        return Continue("takes_time", say="flow_wait", memory=counted)
    if Said.BACK in acts and (earlier := _go_back(flow, memory)) is not None:
        return proceed(flows, earlier, world, "went_back")
    if acts & {Said.REPEAT, Said.RESUME} and asked is not None:
        counted = turned_aside(memory, repeats=False)
        if counted is None:
            return HandOff("going_in_circles", "policy", say="give_up", skill=flow.skill, memory=memory)
        return Continue("repeated", asks=asked, tried=1, memory=counted)
    if acts & {Said.UNAVAILABLE, Said.DONT_KNOW} and isinstance(asked, AskSlot):
        return _cannot_tell(flows, flow, memory, asked, world)
    return None


def _cannot_tell(flows: Flows, flow: f.Flow, memory: Memory, asked: AskSlot, world: World) -> Decision:
    """The customer has not got what was asked for: another way of identity, the step for it, or a person."""
    run = memory.run
    assert run is not None
    if asked.way:
        lost = [name for name, way in flows.policy.ways.items() if asked.name in way.slots]
        closed = memory.model_copy(update={"closed": tuple(dict.fromkeys((*memory.closed, asked.way, *lost)))})
        return proceed(flows, closed, world, "other_way")
    if asked.slot.unknown:
        return proceed(
            flows,
            _with_run(memory, set_slot(run, asked.name, Filled(value=asked.slot.unknown))),
            world,
            "unknown_to_customer",
        )
    return HandOff("customer_cannot_tell", "policy", say="flow_person", skill=flow.skill, memory=memory)


def missed(
    memory: Memory, asked: AskSlot | AskAgreement | None, skill: str, words: str, most: int = MISSES_BEFORE_PERSON, *,
    narrowed: tuple[str, ...] = (),
) -> Decision:  # fmt: skip
    """Nobody could read the answer: asked again in other words once, then a person."""
    run = memory.run
    assert run is not None
    misses = run.misses + 1
    update = {"misses": misses, "words": _keep(run.words, words), "narrowed": narrowed}
    counted = _with_run(memory, run.model_copy(update=update))
    if misses >= most:
        return HandOff(f"not_understood_{misses}_times", "policy", say="give_up", skill=skill, memory=counted)
    return Continue("not_understood", say="flow_again", asks=asked, tried=misses, offer_human=True, memory=counted)


def turned_aside(memory: Memory, *, repeats: bool) -> Memory | None:
    """Count a question answered in the middle of a flow; None when that goes in circles and a person is due."""
    run = memory.run
    assert run is not None
    asides = run.asides + 1
    return (
        None
        if repeats or asides > ASIDES_BEFORE_PERSON
        else _with_run(memory, run.model_copy(update={"asides": asides}))
    )


def _keep(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    if not text.strip():
        return words
    return (*words[:1], *(*words[1:], text[:WORDS_LIMIT])[-MOST_WORDS + 1 :])


def _cancel(memory: Memory) -> Decision:
    run = memory.run
    assert run is not None
    done = [one for one in run.deeds if not one.code]
    say = "flow_cancelled_done" if done else "flow_cancelled"
    left = memory.model_copy(update={"run": None, "aside": None})
    return Close("cancelled", "cancelled", (), left, say=say)


def _go_back(flow: f.Flow, memory: Memory) -> Memory | None:
    """Forget the slot that was given last, and what was agreed to since."""
    run = memory.run
    assert run is not None
    given = [name for name in run.slots if name in flow.slots]
    if not given:
        return None
    earlier = set_slot(run, given[-1], None)
    return _with_run(memory, earlier.model_copy(update={"agreed": {}, "refused": {}}))


def _fill(flow: f.Flow, policy: f.IdentityPolicy, memory: Memory, values: Mapping[str, Filled]) -> Memory:
    run, facts = memory.run, dict(memory.facts)
    assert run is not None
    schemas = {name: slot for part in (*policy.ways.values(), flow) for name, slot in part.slots.items()}
    for name, filled in values.items():
        slot = schemas.get(name)
        if slot is not None and slot.keep:
            facts[name] = filled
        else:
            facts.pop(name, None)
            run = set_slot(run, name, filled)
    return memory.model_copy(update={"run": run.model_copy(update={"misses": 0}), "facts": facts})


def _narrow(memory: Memory, shown: tuple[Shown, ...]) -> Memory:
    """Remember which values fit, so that the first of them is the first of what is shown."""
    assert memory.run is not None
    return _with_run(memory, memory.run.model_copy(update={"narrowed": tuple(one.value for one in shown)}))


def _with_run(memory: Memory, run: Run) -> Memory:
    return memory.model_copy(update={"run": run})
