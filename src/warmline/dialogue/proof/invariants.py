"""What must hold in every turn, whatever the flow is called; each check cites what it guards.

A check sees one turn of the real decision: the state before, the words, what was done, the decision, what is
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.dialogue import decisions as d
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, FlowFaultError, list_values, reaches
from warmline.dialogue.flows.expressions import ExpressionError, find_holes, look_up
from warmline.dialogue.flows.run import Memory, Run, fingerprint
from warmline.dialogue.model import DialogueState, decide_turn
from warmline.dialogue.proof.alphabet import NONSENSE, UPSET, Input
from warmline.dialogue.proof.explore import SIDE, Explored, Setting, Turn
from warmline.dialogue.proof.states import NOW, UNTOUCHED
from warmline.language.service import Marker

INVARIANTS: Mapping[str, str] = {
    "I2": "exactly one owner; every change of owner is an event with a reason",
    "I3": "who asked for a person goes back to the assistant only by their own yes or an agent's handback",
    "I4": "a person or a dated callback is one turn away from every state: by the word, the button and the 0 key",
    "I5": "the assistant is silent while an agent has the conversation",
    "I6": "whose agent vanishes is at the front of the queue, the time waited kept",
    "I7": "whoever waits keeps their place; whenever nobody is there, a callback falls into the bank's hours",
    "I8": "nothing known is asked again, and no question is put again after an answer that was read",
    "I9": "no level of identity has a biometric as its only way",
    "I10": "every message is met with a sentence, in all three languages, or with a person",
    "ends": "from every state of a flow its end can be reached",
    "steps": "every step of a flow is reached",
    "one_question": "at most one question is put in a turn",
    "no_selling": "nothing is offered to who is upset",
    "nonsense": "two messages nobody can read bring a person",
    "distress": "distress brings a person, unless the words are answered",
    "failure": "an action that failed is told, brings a person, and is never told as done",
    "arguments": "no action is called without what it needs",
    "agreement": "nothing is changed without agreement to exactly that",
    "once": "nothing is done twice unless it is asked for anew",
    "secrets": "no secret is remembered",
    "tries": "wrong tries are not forgotten, whatever else is talked about",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, in which state, in which turn."""

    invariant: str
    what: str
    state: int
    turn: Turn | None = None
    said: Input | None = None
    """The words in answer to which the decision itself broke."""


@dataclass
class Checks:
    """Checks every turn of one flow's exploration, and in the end the whole of it."""

    setting: Setting
    actions: Mapping[str, Action]
    found: dict[str, Violation] = field(default_factory=dict)
    covered: set[tuple[str, str]] = field(default_factory=set)
    shapes: dict[tuple[object, ...], tuple[int, Turn]] = field(default_factory=dict)
    """One turn of each kind, to be put into words."""
    _ends: set[int] = field(default_factory=set)
    _proven: set[tuple[f.Level, str]] = field(default_factory=set)
    _unproven: dict[str, tuple[int, Turn]] = field(default_factory=dict)
    _ended_at: dict[tuple[str, bool], dict[str, tuple[int, Turn]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.flow = self.setting.flows.find(self.setting.flow_id)
        assert self.flow is not None
        self.policy = self.setting.flows.policy
        self.slots = {n: s for part in (*self.policy.ways.values(), self.flow) for n, s in part.slots.items()}
        self._twins = _twins({name: (slot.ask,) for name, slot in self.slots.items()})
        confirms = {step.id: (step.confirm,) for step in self.flow.steps if isinstance(step, f.Confirm)}
        self._twin_confirms = _twins(confirms)
        self._secrets = self.setting.values.secrets(self.slots)
        levels = {step.identify for step in self.flow.steps if isinstance(step, f.Identify)}
        self._needs: f.Level | None = "strong" if "strong" in levels else "basic" if levels else None

    def fault(self, number: int, state: DialogueState, said: Input | None, error: Exception) -> None:
        """Note that a decision raised: at run time it fails open to a person, and is a fault all the same."""
        invariant = "ends" if isinstance(error, FlowFaultError) else "I10"
        half = "half a sentence: " if isinstance(error, ExpressionError) else ""
        self._add(invariant, f"{half}{type(error).__name__}: {error}", number, None, said)

    def check(self, number: int, turn: Turn) -> None:
        """Check one turn."""
        for invariant, what in self._breaches(turn):
            self._add(invariant, what, number, turn)
        self._cover(number, turn)

    def _add(self, invariant: str, what: str, number: int, turn: Turn | None, said: Input | None = None) -> None:
        if invariant not in self.found:
            self.found[invariant] = Violation(invariant, what, number, turn, said)

    def _breaches(self, turn: Turn) -> Iterator[tuple[str, str]]:
        decision, kinds = turn.decision, turn.input.said.kinds
        asks = _asked_by(decision)
        if Marker.HUMAN in kinds and not isinstance(decision, d.HandOff):
            yield "I4", "a person was asked for and none is brought"
        if kinds:
            yield from self._felt(turn)
        if asks is not None:
            yield from self._asks(turn, asks)
        yield from self._speaks(turn)
        put_aside = turn.before.memory.aside
        if put_aside is not None and put_aside is not UNTOUCHED and isinstance(decision, d.Close) and decision.step:
            if decision.asks is None and decision.reason == f"done_{SIDE}":
                yield "ends", "the flow that was put aside is lost when the other is done"
        if turn.acts:
            yield from self._acts(turn)
        if turn.input.label == NONSENSE and not isinstance(decision, d.HandOff):
            yield from self._reads_nothing(turn)
        if turn.before.memory.wrong:
            yield from self._tries(turn)
        if self._secrets and any(one.value in self._secrets for one in turn.input.said.heard.values.values()):
            kept = repr(turn.after.memory)
            if any(secret in kept for secret in self._secrets):
                yield "secrets", "a secret is still in what is remembered"

    def _felt(self, turn: Turn) -> Iterator[tuple[str, str]]:
        decision, said = turn.decision, turn.input.said
        if Marker.DANGER in said.kinds and not isinstance(decision, d.HandOff):
            yield "distress", "someone in danger is not brought to a person"
        answered = bool(said.heard.values) or said.heard.yes is not None or said.picked or said.release.value == "answer"
        if Marker.DISTRESS in said.kinds and not answered and not isinstance(decision, d.HandOff):
            yield "distress", "someone in distress is neither answered nor brought to a person"
        if not said.kinds.isdisjoint(UPSET):
            offered = isinstance(decision, d.Close) and decision.memory.offered
            if getattr(decision, "offers", "") or offered:
                yield "no_selling", f"who is upset is offered {getattr(decision, 'offers', '') or offered}"

    def _asks(self, turn: Turn, asks: AskSlot | AskAgreement) -> Iterator[tuple[str, str]]:
        memory = getattr(turn.decision, "memory", None) or turn.before.memory
        asked, heard = turn.listening.asked if turn.listening else None, turn.input.said.heard
        if isinstance(asks, AskSlot):
            known = _known(memory)
            if asks.name in known:
                yield "I8", f"`{asks.name}` is known and is asked for"
            for twin in self._twins.get(asks.name, ()):
                if twin in known:
                    yield "I8", f"`{asks.name}` is asked for with the question that `{twin}` has answered"
            if asks.way and self._is_identified(memory):
                yield "I8", f"`{asks.name}` is asked for although it was shown who this is"
            same = isinstance(asked, AskSlot) and asked.name == asks.name and asked.name in heard.values
            if same and not getattr(turn.decision, "lines", ()):
                yield "I8", f"`{asks.name}` was answered and is asked for again, without a word why"
        else:
            agreed = memory.run.agreed if memory.run else {}
            for twin in self._twin_confirms.get(asks.name, ()):
                if twin in agreed:
                    yield "I8", f"`{asks.name}` asks for the agreement that was given at `{twin}`"
            if isinstance(asked, AskAgreement) and asked == asks and heard.yes is not None:
                yield "I8", f"`{asks.name}` was answered and is asked again"
        if not turn.acts and isinstance(turn.decision, d.Continue):
            yield from self._keeps(turn, memory)

    def _keeps(self, turn: Turn, memory: Memory) -> Iterator[tuple[str, str]]:
        """What passing words told is known from then on."""
        said = turn.input.said
        told = {**(said.told.get(memory.run.flow_id, {}) if memory.run else {}), **said.heard.values}
        known = _known(memory)
        for name, filled in told.items():
            if name in self.slots and (name not in known or known[name] != filled.value):
                yield "I8", f"`{name}` was told, is not kept, and would be asked for"

    def _is_identified(self, memory: Memory) -> bool:
        known = memory.identity
        return bool(known and self._needs and known.until > NOW and reaches(known.level, self._needs))

    def _speaks(self, turn: Turn) -> Iterator[tuple[str, str]]:
        decision = turn.decision
        match decision:
            case d.Continue(say=say, lines=lines, asks=asks) | d.Close(say=say, lines=lines, asks=asks):
                if not say and not lines and asks is None:
                    yield "I10", "nothing is said at all"
                after = decision.memory.offered if isinstance(decision, d.Close) else ""
                if asks is not None and after:
                    yield "one_question", f"a flow is offered ({after}) and another question is put"
            case d.Answer(offers=offers, back=back) if offers and back is not None:
                yield "one_question", f"a flow is offered ({offers}) and another question is put"
            case d.Clarify(back=back) if back is not None:
                yield "one_question", "which reading is meant is asked, and another question is put"
            case d.Several(moves=moves, back=back):
                if back is not None and any(isinstance(move, d.Clarify) for move in moves):
                    yield "one_question", "which reading is meant is asked, and another question is put"

    def _acts(self, turn: Turn) -> Iterator[tuple[str, str]]:
        for n, (act, answer) in enumerate(turn.acts):
            call, effect = act.call, self.setting.flows.effects.get(act.call.action, Effect.CHANGE)
            action = self.actions.get(call.action)
            lacks = [name for name in (action.parameters.get("required", ()) if action else ()) if name not in call.arguments]
            if lacks:
                yield "arguments", f"{call.action} is called without {', '.join(lacks)}"
            if call.way:
                yield from self._way_failed(turn, act, answer, last=n == len(turn.acts) - 1)
                continue
            if effect is Effect.CHANGE:
                yield from self._unagreed(act)
            if effect is not Effect.READ and not turn.input.said.heard.yes:
                yield from self._again(act)
            yield from self._failed(turn, act, answer)

    def _way_failed(self, turn: Turn, act: d.Act, answer: ActionResult, *, last: bool) -> Iterator[tuple[str, str]]:
        decision = turn.decision
        asks = _asked_by(decision)
        if last and answer.status is not Status.OK and not isinstance(decision, d.HandOff):
            same = isinstance(asks, AskSlot) and asks.way == act.call.way
            goes_on = asks is None and not getattr(decision, "lines", ())
            if goes_on or same:
                yield "failure", f"{act.call.action} did not work, and its way of identity is gone on with"

    def _failed(self, turn: Turn, act: d.Act, answer: ActionResult) -> Iterator[tuple[str, str]]:
        code = {Status.OK: "", Status.FAILED: "failed", Status.UNKNOWN: "unknown"}.get(answer.status, answer.code)
        run = act.memory.run
        flow = self.setting.flows.of(run) if run else None
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

    def _unagreed(self, act: d.Act) -> Iterator[tuple[str, str]]:
        """Some agreement given, and still to what holds now, names everything the call is made of."""
        memory, run = act.memory, act.memory.run
        flow = self.setting.flows.of(run) if run else None
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

    def _again(self, act: d.Act) -> Iterator[tuple[str, str]]:
        run = act.memory.run
        before = [one for one in run.deeds if one.action == act.call.action] if run else []
        if before and before[-1].arguments == dict(act.call.arguments):
            what = "was done" if not before[-1].code else "may have been done"
            yield "once", f"{act.call.action} {what} and is done again, with the same"

    def _reads_nothing(self, turn: Turn) -> Iterator[tuple[str, str]]:
        policy = replace(self.setting.policy, flows=self.setting.flows)
        second = decide_turn(turn.after, turn.input.said, policy, NOW)
        if not isinstance(second, d.HandOff):
            yield "nonsense", "after two messages that nobody could read no person comes"

    def _tries(self, turn: Turn) -> Iterator[tuple[str, str]]:
        before, after = turn.before.memory, turn.after.memory
        for way, count in before.wrong.items():
            shown = after.identity is not None and after.identity is not before.identity
            if after.wrong.get(way, 0) < count and way not in after.closed and not shown:
                yield "tries", f"the wrong tries of `{way}` are forgotten: it can be guessed at for ever"

    def _cover(self, number: int, turn: Turn) -> None:
        decision, covered = turn.decision, self.covered
        asks = _asked_by(decision)
        if asks is not None:
            covered.add(("ask" if isinstance(asks, AskSlot) else "confirm", asks.name))
        for act, answer in turn.acts:
            covered.add(("call", act.call.place))
            run = act.memory.run
            if not act.call.way and run is not None and run.flow_id == self.setting.flow_id:
                self._note_end(number, turn, act, answer)
        memory = getattr(decision, "memory", None)
        if isinstance(decision, d.Close) and decision.step and decision.reason == f"done_{self.setting.flow_id}":
            covered.add(("end", decision.step))
            self._ends.add(number)
        if isinstance(decision, d.HandOff):
            covered.add(("hand_off", decision.reason))
            if decision.lines or decision.reason in ("not_identified",):
                self._ends.add(number)
        for run in (memory.run, memory.ended) if memory is not None else ():
            if isinstance(run, Run) and run.said:
                covered.update(("say", mark.split(":")[0]) for mark in run.said)
        self._note_identity(number, turn)
        shape = _shape(decision)
        if shape not in self.shapes:
            self.shapes[shape] = (number, turn)

    def _note_end(self, number: int, turn: Turn, act: d.Act, answer: ActionResult) -> None:
        """Note at which step a flow ends after a deed, by whether the deed was done."""
        decision = turn.decision
        effect = self.setting.flows.effects.get(act.call.action, Effect.CHANGE)
        fails = answer.status in (Status.FAILED, Status.UNKNOWN)
        if effect is not Effect.READ and isinstance(decision, d.Close) and (fails or answer.status is Status.OK):
            self._ended_at.setdefault((act.call.place, fails), {}).setdefault(decision.step, (number, turn))

    def _note_identity(self, number: int, turn: Turn) -> None:
        for act, _ in turn.acts:
            way = self.policy.ways.get(act.call.way)
            identity = turn.after.memory.identity
            if way is not None and identity is not None and not self._is_identified(turn.before.memory):
                self._proven.add((identity.level, way.kind))
        asks = _asked_by(turn.decision)
        way = self.policy.ways.get(asks.way) if isinstance(asks, AskSlot) else None
        if way is not None and way.kind == "biometric":
            self._unproven.setdefault("biometric", (number, turn))
        elif isinstance(turn.decision, d.HandOff) and turn.decision.reason in ("not_identified", "identity_incomplete"):
            self._unproven.setdefault("person", (number, turn))

    def finish(self, explored: Explored) -> None:
        """Check what only the whole exploration tells."""
        self._finish_identity()
        self._finish_deeds()
        self._finish_ends(explored)
        self._finish_steps()

    def _finish_identity(self) -> None:
        kinds = {kind for level, kind in self._proven if self._needs and reaches(level, self._needs)}
        if self._needs and not kinds - {"biometric", "signed_in"}:
            number, turn = self._unproven.get("biometric") or self._unproven.get("person") or (0, None)
            what = f"at the level `{self._needs}` nobody can show who they are without their face or voice"
            self._add("I9", what, number, turn)

    def _finish_deeds(self) -> None:
        for (place, fails), ends in self._ended_at.items():
            for step, (number, turn) in ends.items():
                if fails and step in self._ended_at.get((place, False), {}):
                    self._add("failure", f"`{place}` did not work, and `{step}` tells the customer that it did", number, turn)

    def _finish_ends(self, explored: Explored) -> None:
        """From each state of the flow, by turns within it alone, some end is reached."""
        mine = {
            n for n, state in enumerate(explored.states)
            if state.memory.run is not None and state.memory.run.flow_id == self.setting.flow_id
        }  # fmt: skip
        before: dict[int, set[int]] = {}
        for number, nexts in explored.after.items():
            for one in nexts:
                if number in mine and one in mine:
                    before.setdefault(one, set()).add(number)
        finishing, open_ones = set(self._ends), list(self._ends)
        while open_ones:
            for one in before.get(open_ones.pop(), ()):
                if one not in finishing:
                    finishing.add(one)
                    open_ones.append(one)
        stuck = sorted(mine - finishing)
        if stuck:
            self._add("ends", "from here the flow comes to no end of its own", stuck[0], None)

    def _finish_steps(self) -> None:
        assert self.flow is not None
        for step in self.flow.steps:
            match step:
                case f.Ask(ask=name):
                    place = ("ask", name)
                case f.Confirm(id=name):
                    place = ("confirm", name)
                case f.Call(id=name):
                    place = ("call", name)
                case f.End(id=name):
                    place = ("end", name)
                case f.HandOff(hand_off=name):
                    place = ("hand_off", name)
                case f.Say(id=name):
                    place = ("say", name)
                case _:
                    continue
            if place not in self.covered:
                self._add("steps", f"no conversation reaches the step `{step.id}`", 0, None)


def _asked_by(decision: d.Decision) -> AskSlot | AskAgreement | None:
    asks: AskSlot | AskAgreement | None = getattr(decision, "asks", None) or getattr(decision, "back", None)
    return asks


def _known(memory: Memory) -> dict[str, str]:
    return {name: one.value for name, one in {**memory.facts, **(memory.run.slots if memory.run else {})}.items()}


def _twins(texts: Mapping[str, tuple[f.Text, ...]]) -> dict[str, set[str]]:
    """Return for each name the others with the same words in some language."""
    found: dict[str, set[str]] = {}
    for name, mine in texts.items():
        said = {one for text in mine for one in text.each()}
        for other, theirs in texts.items():
            if other != name and said & {one for text in theirs for one in text.each()}:
                found.setdefault(name, set()).add(other)
    return found


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


def _shape(decision: d.Decision) -> tuple[object, ...]:
    """Return what decides with which sentences a decision is said."""
    comfort = getattr(decision, "acknowledgement", None)
    asks = _asked_by(decision)
    return (
        decision.name, getattr(decision, "say", None), isinstance(asks, AskSlot), asks is None,
        bool(getattr(decision, "tried", 0)), bool(getattr(decision, "lines", ())), bool(getattr(decision, "offers", "")),
        getattr(decision, "again", None), getattr(decision, "senior", None), getattr(decision, "first_aid", None),
        comfort and comfort.say, len(getattr(decision, "moves", ())),
    )  # fmt: skip
