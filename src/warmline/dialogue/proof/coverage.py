"""What only a whole exploration tells: steps that nobody reaches, and flows without an end or a way in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from warmline.connectors.model import ActionResult, Effect, Status
from warmline.dialogue import decisions as d
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskSlot, Line, reaches
from warmline.dialogue.flows.run import Memory, Run
from warmline.dialogue.proof.alphabet import Input
from warmline.dialogue.proof.deeds import asked_by
from warmline.dialogue.proof.explore import Explored
from warmline.dialogue.proof.states import NOW
from warmline.dialogue.proof.turns import Setting, Turn


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
class Coverage:
    """Notes each turn of one flow's exploration, and tells in the end what no turn tells by itself."""

    setting: Setting
    shapes: dict[tuple[object, ...], tuple[int, Turn]] = field(default_factory=dict)
    """One turn of each kind, to be put into words."""
    _covered: set[tuple[str, str]] = field(default_factory=set)
    _ends: set[int] = field(default_factory=set)
    _proven: set[tuple[f.Level, str]] = field(default_factory=set)
    _unproven: dict[str, tuple[int, Turn]] = field(default_factory=dict)
    _undone: set[tuple[Line, ...]] = field(default_factory=set)
    _still_done: dict[tuple[Line, ...], tuple[int, Turn]] = field(default_factory=dict)
    _ended_at: dict[tuple[str, bool], dict[str, tuple[int, Turn]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        flow = self.setting.flows.find(self.setting.flow_id)
        assert flow is not None
        self.flow = flow
        levels = {step.identify for step in self.flow.steps if isinstance(step, f.Identify)}
        self._needs: f.Level | None = "strong" if "strong" in levels else "basic" if levels else None

    def is_identified(self, memory: Memory) -> bool:
        """Tell whether all is shown that the flow asks for."""
        known = memory.identity
        return bool(known and self._needs and known.until > NOW and reaches(known.level, self._needs))

    def note(self, number: int, turn: Turn) -> None:
        """Note what a turn covers."""
        decision, covered = turn.decision, self._covered
        asks = asked_by(decision)
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
            self._note_undone(number, turn, decision)
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

    def _note_undone(self, number: int, turn: Turn, decision: d.Close) -> None:
        """Note what is said where a flow ends without anything done, and where it ends again after it was."""
        before, ended = turn.before.memory, decision.memory.ended
        if turn.acts or decision.memory.run is not None or ended is None:
            return
        if not any(not one.code for one in ended.deeds):
            self._undone.add(decision.lines)
        elif before.run is None and before.ended is not None:
            self._still_done.setdefault(decision.lines, (number, turn))

    def _note_identity(self, number: int, turn: Turn) -> None:
        for act, _ in turn.acts:
            way = self.setting.flows.policy.ways.get(act.call.way)
            identity = turn.after.memory.identity
            if way is not None and identity is not None and not self.is_identified(turn.before.memory):
                self._proven.add((identity.level, way.kind))
        asks = asked_by(turn.decision)
        way = self.setting.flows.policy.ways.get(asks.way) if isinstance(asks, AskSlot) else None
        if way is not None and way.kind == "biometric":
            self._unproven.setdefault("biometric", (number, turn))
        elif isinstance(turn.decision, d.HandOff) and turn.decision.reason in ("not_identified", "identity_incomplete"):
            self._unproven.setdefault("person", (number, turn))

    def finish(self, explored: Explored) -> Iterator[Violation]:
        """Yield what is wrong with the whole."""
        yield from self._finish_identity()
        yield from self._finish_deeds()
        yield from self._finish_undone()
        yield from self._finish_ends(explored)
        yield from self._finish_steps()

    def _finish_identity(self) -> Iterator[Violation]:
        kinds = {kind for level, kind in self._proven if self._needs and reaches(level, self._needs)}
        if self._needs and not kinds - {"biometric", "signed_in"}:
            number, turn = self._unproven.get("biometric") or self._unproven.get("person") or (0, None)
            what = f"at the level `{self._needs}` nobody can show who they are without their face or voice"
            yield Violation("I9", what, number, turn)

    def _finish_deeds(self) -> Iterator[Violation]:
        for (place, fails), ends in self._ended_at.items():
            for step, (number, turn) in ends.items():
                if fails and step in self._ended_at.get((place, False), {}):
                    what = f"`{place}` did not work, and `{step}` tells the customer that it did"
                    yield Violation("failure", what, number, turn)

    def _finish_undone(self) -> Iterator[Violation]:
        for lines, (number, turn) in self._still_done.items():
            if lines in self._undone:
                yield Violation(
                    "failure", "it was done, and the customer is told what is said when nothing is", number, turn
                )

    def _finish_ends(self, explored: Explored) -> Iterator[Violation]:
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
            yield Violation("ends", "from here the flow comes to no end of its own", stuck[0])

    def _finish_steps(self) -> Iterator[Violation]:
        for step in self.flow.steps:
            place = _place_of(step)
            if place and place not in self._covered:
                yield Violation("steps", f"no conversation reaches the step `{step.id}`", 0)


def _place_of(step: f.Step) -> tuple[str, str] | None:
    match step:
        case f.Ask(ask=name):
            return "ask", name
        case f.Confirm(id=name):
            return "confirm", name
        case f.Call(id=name):
            return "call", name
        case f.End(id=name):
            return "end", name
        case f.HandOff(hand_off=name):
            return "hand_off", name
        case f.Say(id=name):
            return "say", name
    return None


def _shape(decision: d.Decision) -> tuple[object, ...]:
    """Return what decides with which sentences a decision is said."""
    comfort = getattr(decision, "acknowledgement", None)
    asks = asked_by(decision)
    return (
        decision.name, getattr(decision, "say", None), isinstance(asks, AskSlot), asks is None,
        bool(getattr(decision, "tried", 0)), bool(getattr(decision, "lines", ())),
        bool(getattr(decision, "offers", "")),
        getattr(decision, "again", None), getattr(decision, "senior", None), getattr(decision, "first_aid", None),
        comfort and comfort.say, len(getattr(decision, "moves", ())),
    )  # fmt: skip
