"""Every state of a conversation that the real decision functions can reach, visited once."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from warmline.dialogue.flows.run import Memory, Run
from warmline.dialogue.model import DialogueState
from warmline.dialogue.proof.alphabet import (
    ASIDES,
    BRIEF_BEGINS,
    ENDED,
    MISSES,
    OFFER,
    PLAIN,
    READINGS,
    Input,
    list_begins,
    list_heard,
)
from warmline.dialogue.proof.stand_ins import SIDE
from warmline.dialogue.proof.starts import identified
from warmline.dialogue.proof.states import (
    AGAIN,
    NOW,
    UNTOUCHED,
    TouchedError,
    canonical,
    guess_left,
    key_of,
)
from warmline.dialogue.proof.turns import Setting, Turn, Turns
from warmline.language.service import Marker

MOST_STATES = 60_000
LAPSES = "half an hour goes by: the identity lapses"
ALIKE = frozenset({Marker.LOUD, Marker.AFFIRM, Marker.DENY})
"""Of the feelings, one stands for all in the words that lead back from a digression: they all say and offer alike."""
RETURNS = "had a person, and comes back"


@dataclass(frozen=True, slots=True)
class Step:
    """How a state was reached: from which, by which turn, or by what else happened."""

    before: int
    turn: Turn | None
    label: str = ""
    through: int = -1
    """The last state of the digression gone through on the way, and its first in `since`."""
    since: int = -1


@dataclass
class Explored:
    """The states found, with how each was first reached."""

    states: list[DialogueState] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    came_by: list[Step | None] = field(default_factory=list)
    after: dict[int, set[int]] = field(default_factory=dict)
    transitions: int = 0


Check = Callable[[int, Turn], None]
Fault = Callable[[int, DialogueState, Input | None, Exception], None]


class Explorer:
    """Walks `decide_turn` and `decide_result`; hands each turn to `check`, and what they raise to `fault`."""

    def __init__(self, setting: Setting, check: Check, fault: Fault) -> None:
        self.setting, self._check, self._fault = setting, check, fault
        self.turns = Turns(setting)
        self.found = Explored()
        self._open: deque[int] = deque()
        self._touching: dict[int, list[Input]] = {}
        """States of digressions, with the words that lead from there to the flow put aside."""
        self._exits: dict[int, list[tuple[int, Input]]] = {}
        starters = {flow_id: article for article, flow_id in setting.flows.starters.items()}
        self._begins = {
            flow_id: tuple(list_begins(article, flow, setting.values))
            for flow_id, article in starters.items() if (flow := setting.flows.find(flow_id))
        }  # fmt: skip
        self._last_reached: tuple[DialogueState, int] | None = None
        self._lapsed: set[tuple[object, ...]] = set()
        self._resumed: set[tuple[int, int, str]] = set()

    def explore(self, starts: Sequence[DialogueState]) -> Explored:
        """Visit every state from `starts`."""
        for start in starts:
            self._reach(start, None)
        self._visit_all()
        return self.found

    def _visit_all(self) -> None:
        while self._open:
            number = self._open.popleft()
            self._visit(number)
            if len(self.found.states) > MOST_STATES:
                raise OverflowError(f"more than {MOST_STATES} states")

    def _visit(self, number: int) -> None:
        state = self.found.states[number]
        for turn in self._turns(number, state, list(self._inputs(state))):
            self._follow(number, turn)
        self._go_by(number, state)

    def _follow(self, number: int, turn: Turn) -> None:
        """Go where a turn leads; into a digression and out of it again where one begins."""
        memory = turn.after.memory
        aside = memory.aside
        if aside is not None and aside is not UNTOUCHED and memory.run is not None and memory.run.flow_id == SIDE:
            self._digress(number, turn)
        else:
            self._reach(turn.after, Step(number, turn))

    def _reach(self, state: DialogueState, step: Step | None) -> int:
        """Reach a state; one with several things that only certain words make use of, once with each of them."""
        run = state.memory.run
        if run is not None and (run.misses > 0) + (run.asides > 0) + bool(state.offered) > 1:
            first, *_ = [self._reach(one, step) for one in _split(state, run)]
            return first
        self.found.transitions += step is not None and step.turn is not None
        if step is not None and state is self.found.states[step.before]:
            return step.before
        if self._last_reached is not None and self._last_reached[0] is state:
            return self._last_reached[1]
        key = key_of(state, self.setting.scheme)
        number = self.found.numbers.setdefault(key, len(self.found.states))
        if number == len(self.found.states):
            self.found.states.append(canonical(state, self.setting.scheme))
            self.found.came_by.append(step)
            self._open.append(number)
        if step is not None:
            self.found.after.setdefault(step.before, set()).add(number)
        if self.turns.left is state:
            self._last_reached = state, number
        return number

    def _digress(self, number: int, turn: Turn) -> None:
        """Go through the side flow once for all flows it can interrupt, and come back to this one."""
        aside = turn.after.memory.aside
        assert aside is not None
        hidden = replace(turn.after, memory=turn.after.memory.model_copy(update={"aside": UNTOUCHED}))
        first = self._reach(hidden, Step(number, turn))
        for inner, one in self._exits_of(first):
            if (number, inner, one.label) in self._resumed:
                continue
            self._resumed.add((number, inner, one.label))
            for memory in self._resumed_from(self.found.states[inner].memory, aside):
                resumed = replace(self.found.states[inner], memory=memory)
                for back in self._turns(number, resumed, [one]):
                    self._reach(back.after, Step(number, back, through=inner, since=first))

    def _resumed_from(self, memory: Memory, aside: Run) -> Iterator[Memory]:
        """Yield what is known at the end of a digression: what was, or also who it is, as it was asked there."""
        memory = memory.model_copy(update={"aside": aside})
        yield memory
        needs = self.setting.scheme.needs
        if needs and memory.identity is None:
            yield memory.model_copy(update={"identity": identified(needs)})

    def _exits_of(self, first: int) -> list[tuple[int, Input]]:
        """Return the states and words that lead out of a digression, which is gone through where it was not yet."""
        if first not in self._exits:
            waiting, self._open = self._open, deque()
            self._open.extend(one for one in waiting if self._is_inner(one))
            waiting = deque(one for one in waiting if not self._is_inner(one))
            while self._open:
                inner = self._open.popleft()
                if self._is_inner(inner):
                    self._touching[inner] = list(self._visit_inner(inner))
                else:
                    waiting.append(inner)
            self._open = waiting
            within = reach(first, self.found.after, self._is_inner)
            # The same words end the digression with the same sentence: the first state in which they do is enough.
            ways_out = {one.label: (inner, one) for inner in reversed(within) for one in self._touching[inner]}
            self._exits[first] = list(ways_out.values())
        return self._exits[first]

    def _is_inner(self, number: int) -> bool:
        return self.found.states[number].memory.aside is UNTOUCHED

    def _visit_inner(self, number: int) -> Iterator[Input]:
        """Visit a state of a digression; yield what of the words lead to the flow put aside."""
        state = self.found.states[number]
        for one in self._inputs(state):
            try:
                turns = list(self.turns.take(state, one, self.turns.listen(state)))
            except TouchedError:
                if one.said.kinds <= ALIKE:
                    yield one
                continue
            except Exception as error:
                self._fault(number, state, one, error)
                continue
            for turn in turns:
                self._check(number, turn)
                self._follow(number, turn)
        self._leave(number, state)

    def enter(self, number: int, first: int) -> Iterator[Turn]:
        """Yield the turn by which a digression begins in this state; for telling, once everything is explored."""
        state = self.found.states[number]
        for one in self._all_inputs(state):
            for turn in self.turns.take(state, one, self.turns.listen(state)):
                memory = turn.after.memory
                if memory.run is not None and memory.run.flow_id == SIDE and memory.aside is not None:
                    hidden = replace(turn.after, memory=memory.model_copy(update={"aside": UNTOUCHED}))
                    if self.found.numbers.get(key_of(hidden, self.setting.scheme)) == first:
                        yield turn
                        return

    def turns_within(self, number: int) -> Iterator[Turn]:
        """Yield the turns from a state of a digression that stay in it."""
        state = self.found.states[number]
        for one in self._inputs(state):
            with contextlib.suppress(TouchedError):
                yield from list(self.turns.take(state, one, self.turns.listen(state)))

    def _inputs(self, state: DialogueState) -> Iterator[Input]:
        """Yield what can be said. Of a state with something that only certain words make use of, only those.

        All other words lead from it where they lead without; that state is visited too.
        """
        memory = state.memory
        run = memory.run
        left = {
            READINGS: bool(state.offered),
            OFFER: bool(memory.offered),
            ENDED: self._has_ended(memory),
            MISSES: run is not None and run.misses > 0,
            ASIDES: run is not None and run.asides > 0,
        }
        reads = frozenset(name for name, there in left.items() if there)
        for one in self._all_inputs(state):
            if not reads or not reads.isdisjoint(one.reads):
                yield one

    @staticmethod
    def _has_ended(memory: Memory) -> bool:
        """Tell whether a correction takes up a flow again; the side flow's own turns are those of any other flow."""
        return memory.run is None and memory.ended is not None and memory.ended.flow_id != SIDE

    def _all_inputs(self, state: DialogueState) -> Iterator[Input]:
        yield from PLAIN
        memory = state.memory
        for flow_id, begins in self._begins.items():
            idle_side = flow_id == SIDE and memory.run is None
            busy = memory.aside is not None or (memory.run is not None and memory.run.flow_id == SIDE)
            if not busy and not idle_side:
                yield from begins if memory.run is None else begins[:BRIEF_BEGINS]
        listening = self.turns.listen(state)
        if listening is not None:
            again = memory.run is not None and memory.run.key == AGAIN
            heard = list_heard(listening, self.setting.values)
            yield from (one for one in heard if not (again and one.changes))

    def _turns(self, number: int, state: DialogueState, inputs: Sequence[Input]) -> Iterator[Turn]:
        listening = self.turns.listen(state)
        for one in inputs:
            try:
                turns = list(self.turns.take(state, one, listening))
            except TouchedError:
                raise
            except Exception as error:
                self._fault(number, state, one, error)
                continue
            for turn in turns:
                self._check(number, turn)
                yield turn

    def _go_by(self, number: int, state: DialogueState) -> None:
        """Let happen what is no turn: time passes, a person has the conversation, what was left lapses."""
        memory = state.memory
        self._leave(number, state)
        run = memory.run
        if state.offered or memory.offered or self._has_ended(memory) or (run and (run.misses or run.asides)):
            calm = run.model_copy(update={"misses": 0, "asides": 0}) if run is not None else None
            plain = memory.model_copy(update={"offered": "", "ended": None, "run": calm})
            self._reach(replace(state, memory=plain, offered=()), Step(number, None, "says anything else"))
            return
        if memory.identity is not None and memory.identity.until > NOW:
            self._lapse(number, state)

    def _lapse(self, number: int, state: DialogueState) -> None:
        """The identity holds no more; with it what was left out of how it was shown comes back, whatever it was.

        The ways of identity look at nothing of the flow but what conditions read: one state stands for all that differ
        in other values alone.
        """
        memory, scheme = state.memory, self.setting.scheme
        shape = self._shape_of(state)
        if shape in self._lapsed:
            return
        self._lapsed.add(shape)
        guessed = guess_left(self.setting.flows.policy) if scheme.is_enough(state) else [(memory.wrong, memory.closed)]
        for wrong, closed in guessed:
            later = memory.model_copy(update={"identity": None, "wrong": wrong, "closed": closed})
            self._reach(replace(state, memory=later), Step(number, None, LAPSES))

    def _shape_of(self, state: DialogueState) -> tuple[object, ...]:
        run, read = state.memory.run, self.setting.values.looked_at
        if run is None:
            return (key_of(state, self.setting.scheme),)
        slots = sorted((name, one.value if name in read else "") for name, one in run.slots.items())
        results = sorted((place, one.code) for place, one in run.results.items())
        said = sorted(mark.split(":")[0] for mark in run.said)
        known = (sorted(state.memory.facts), state.memory.closed, state.signed_in_ref, state.elder)
        return (run.flow_id, run.asking, str(slots), str(results), str(said), str(known), str(sorted(run.agreed)))

    def _leave(self, number: int, state: DialogueState) -> None:
        self._reach(self.turns.leave(state, state.memory), Step(number, None, RETURNS))


def _split(state: DialogueState, run: Run) -> Iterator[DialogueState]:
    """Yield the state with each alone of: readings offered, unreadable answers, questions answered aside."""
    for misses, asides, offered in ((0, 0, state.offered), (run.misses, 0, ()), (0, run.asides, ())):
        if misses or asides or offered:
            only = run.model_copy(update={"misses": misses, "asides": asides})
            yield replace(state, memory=state.memory.model_copy(update={"run": only}), offered=offered)


def reach(first: int, after: Mapping[int, set[int]], within: Callable[[int], bool]) -> list[int]:
    """Return what can be reached from a state without leaving `within`, in a fixed order."""
    found, open_ones = [first], deque([first])
    seen = {first}
    while open_ones:
        for one in sorted(after.get(open_ones.popleft(), ())):
            if one not in seen and within(one):
                seen.add(one)
                found.append(one)
                open_ones.append(one)
    return found
