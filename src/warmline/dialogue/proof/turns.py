"""One turn of the real decision, with everything the bank's systems can answer on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from warmline.connectors.model import ActionResult, Effect
from warmline.dialogue import decisions as d
from warmline.dialogue.act import MOST_ACTS
from warmline.dialogue.earlier import Contact
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import asked_of, list_values
from warmline.dialogue.flows.hear import Listening
from warmline.dialogue.flows.keeping import remember
from warmline.dialogue.flows.run import Deed, Memory, Result, Run, come_back
from warmline.dialogue.flows.turn import Flows, decide_result, listen
from warmline.dialogue.look_back import look_back
from warmline.dialogue.model import DialogueState, Policy, decide_turn
from warmline.dialogue.proof.alphabet import Input
from warmline.dialogue.proof.answers import Answers
from warmline.dialogue.proof.stand_ins import SIDE
from warmline.dialogue.proof.states import AGAIN, NOW, Scheme
from warmline.dialogue.proof.values import Values
from warmline.dialogue.records import HELPED


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what was said in which state, what was done on the way, and what was decided in the end."""

    before: DialogueState
    listening: Listening | None
    input: Input
    acts: tuple[tuple[d.Act, ActionResult], ...]
    decision: d.Decision
    after: DialogueState
    """As the next turn finds it; not yet made canonical."""


class EveryMatter(dict[str, tuple[Contact, ...]]):
    """So many earlier contacts on any matter at all."""

    def __init__(self, count: int) -> None:
        self._each = tuple(Contact(NOW - timedelta(hours=n)) for n in range(count, 0, -1))

    def __bool__(self) -> bool:
        return True

    def get(self, matter: str, default: Any = None) -> Any:
        return self._each


@dataclass(frozen=True)
class Setting:
    """What is explored: one flow and a side flow, their values, what the bank's systems answer, and the policy."""

    flows: Flows
    flow_id: str
    values: Values
    answers: Answers
    policy: Policy
    scheme: Scheme


class Turns:
    """Takes turns: decides, branches over what is answered, and remembers, as the service does."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._policy = replace(setting.policy, flows=setting.flows)
        self.left: DialogueState | None = None
        self._left_from: tuple[DialogueState, tuple[object, ...]] | None = None

    def listen(self, state: DialogueState) -> Listening | None:
        """Return what the flow under way listens for."""
        return listen(self.setting.flows, state.memory, state.world(NOW))

    def take(self, state: DialogueState, one: Input, listening: Listening | None) -> Iterator[Turn]:
        """Yield the turns that come of these words: one for each way the bank's systems can answer."""
        if one.last and state.memory.run is not None:
            state = replace(state, memory=_say_last(state.memory, one.last))
        told = replace(state, contacts=EveryMatter(one.contacts)) if one.contacts else state
        first = decide_turn(told, one.said, self._policy, NOW, listening)
        for acts, decision in self._carry_out(first, state, ()):
            if acts and one.contacts:
                decision = look_back(decision, told, one.said, self._policy, acted=True)
            after = self._next(state, decision)
            if one.changes:
                ended = state.memory.ended if state.memory.run is None else None
                after = _reopened(after, len(ended.deeds)) if ended else after
                runs = {
                    name: self.forget(after.memory, run, deeds=ended is not None)
                    for name in ("run", "ended") if (run := getattr(after.memory, name)) is not None
                }  # fmt: skip
                after = replace(after, memory=after.memory.model_copy(update=runs))
            yield Turn(state, listening, one, acts, decision, after)

    def forget(self, memory: Memory, run: Run, *, deeds: bool) -> Run:
        """Leave out what was answered to something that has been changed since, a deed only where `deeds` says so.

        Should it be changed back, it is asked for anew here, while the assistant remembers it.
        """
        flow = self.setting.flows.of(run)
        if flow is None or not run.results:
            return run
        values = list_values(memory, run, DialogueState("zh-Hans").world(NOW))
        calls = {step.id: step for step in flow.steps if isinstance(step, f.Call)}

        def holds_still(place: str, result: Result) -> bool:
            deed = (
                not deeds and not result.code and self.setting.flows.effects.get(calls[place].call) is not Effect.READ
            )
            return deed or asked_of(calls[place], flow, values) == result.asked

        results = {place: one for place, one in run.results.items() if place not in calls or holds_still(place, one)}
        return run if len(results) == len(run.results) else run.model_copy(update={"results": results})

    def _carry_out(
        self, decision: d.Decision, state: DialogueState, acts: tuple[tuple[d.Act, ActionResult], ...]
    ) -> Iterator[tuple[tuple[tuple[d.Act, ActionResult], ...], d.Decision]]:
        """Branch over everything the bank's systems can answer, as often as a turn acts."""
        if not isinstance(decision, d.Act):
            yield acts, decision
            return
        if len(acts) >= MOST_ACTS:
            yield acts, d.HandOff("assistant_busy", "policy", say="busy", lines=decision.lines, memory=decision.memory)
            return
        assert decision.memory.run is not None
        for answer in self.setting.answers.of(decision.memory.run.flow_id, decision.call):
            then = decide_result(self.setting.flows, decision, answer, state.world(NOW))
            yield from self._carry_out(then, state, (*acts, (decision, answer)))

    def _next(self, before: DialogueState, decision: d.Decision) -> DialogueState:
        """Return what the next turn knows, as the log of this one will tell it."""
        memory = remember(self.setting.flows, getattr(decision, "memory", None), before.memory, before.locale)
        if isinstance(decision, d.HandOff):
            return self.leave(before, memory)
        if memory.ended is not None and memory.ended.flow_id == SIDE:
            memory = memory.model_copy(update={"ended": None})
        offered = tuple((one, one) for one in _offered(decision))
        if memory.run is not None:  # a flow under way counts by itself, and offers nobody
            if memory is before.memory and offered == before.offered:
                return before
            return replace(before, memory=memory, offered=offered, offered_human=False, misses=0)
        misses = before.misses + 1 if isinstance(decision, d.OfferHuman) else before.misses
        return replace(
            before,
            memory=memory,
            offered=offered,
            offered_human=_offers_person(decision),
            misses=0 if decision.name in HELPED else min(misses, self._policy.misses_before_human),
        )

    def leave(self, before: DialogueState, memory: Memory) -> DialogueState:
        """Return what is left once a person had the conversation; made once for a state whose turns leave it alike.

        What was returned last is in `left`.
        """
        known, last = (memory.facts, memory.identity, memory.wrong, memory.closed), self._left_from
        if self.left and last and last[0] is before and all(a is b for a, b in zip(last[1], known, strict=True)):
            return self.left
        self._left_from = before, known
        self.left = replace(before, memory=come_back(memory), offered=(), offered_human=False, misses=0)
        return self.left


def _offered(decision: d.Decision) -> tuple[str, ...]:
    """Return the readings that can be picked next."""
    match decision:
        case d.Clarify(article_ids=ids) | d.OfferHuman(say="not_known", article_ids=ids):
            return ids
        case d.Several(moves=moves):
            return tuple(one for move in moves if isinstance(move, d.Clarify) for one in move.article_ids)
    return ()


def _offers_person(decision: d.Decision) -> bool:
    """Tell whether a plain yes to this is a yes to a person: the last message offers one."""
    match decision:
        case d.Clarify() | d.OfferHuman():
            return True
        case d.Answer(again=again, senior=senior, offers=offers):
            return (again or senior) and not offers
        case d.Several(moves=moves):
            return any(isinstance(move, d.Clarify) or move.again for move in moves)
        case d.Continue(offer_human=offer):
            return offer
    return False


def _reopened(state: DialogueState, done: int) -> DialogueState:
    """Mark a flow that is taken up again after its end. Until it ends again nothing more is changed."""
    name = "run" if state.memory.run is not None else "ended"
    run = getattr(state.memory, name)
    if run is None:
        return state
    return replace(state, memory=state.memory.model_copy(update={name: take_up(run, done, under_way=name == "run")}))


def take_up(run: Run, done: int, *, under_way: bool) -> Run:
    """Return a run taken up after its end: of what was done before only that it was.

    Whatever is agreed to from then on is asked for anew; only words on what was done depend on it.
    """
    before = tuple(Deed(action=one.action, arguments={}, key="", code=one.code) for one in run.deeds[:done])
    return run.model_copy(update={"deeds": before + run.deeds[done:], "key": AGAIN if under_way else run.key})


def _say_last(memory: Memory, name: str) -> Memory:
    run = memory.run
    if run is None or name not in run.slots:
        return memory
    slots = {**{key: one for key, one in run.slots.items() if key != name}, name: run.slots[name]}
    return memory.model_copy(update={"run": run.model_copy(update={"slots": slots})})
