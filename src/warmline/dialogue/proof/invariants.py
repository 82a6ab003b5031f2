"""What must hold in every turn, whatever the flow is called; each check cites what it guards.

A check sees one turn of the real decision: the state before, the words, what was done, the decision, what is
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from warmline.connectors.model import Action
from warmline.dialogue import decisions as d
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, FlowFaultError
from warmline.dialogue.flows.expressions import ExpressionError
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.model import DialogueState, decide_turn
from warmline.dialogue.proof.alphabet import NONSENSE, UPSET, Input
from warmline.dialogue.proof.coverage import Coverage, Violation
from warmline.dialogue.proof.deeds import Breach, asked_by, list_wrong_deeds
from warmline.dialogue.proof.explore import Explored
from warmline.dialogue.proof.stand_ins import SIDE
from warmline.dialogue.proof.states import MARK, NOW, UNTOUCHED
from warmline.dialogue.proof.turns import Setting, Turn
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
    "came_again": "who comes once too often with the same matter, and is upset, is brought to a person",
    "failure": "an action that failed is told, brings a person, and is never told as done; nor what was done as undone",
    "arguments": "no action is called without what it needs",
    "agreement": "nothing is changed without agreement to exactly that",
    "once": "nothing is done twice unless it is asked for anew",
    "secrets": "no secret is remembered",
    "tries": "wrong tries are not forgotten, whatever else is talked about",
}


@dataclass
class Checks:
    """Checks every turn of one flow's exploration, and in the end the whole of it."""

    setting: Setting
    actions: Mapping[str, Action]
    found: dict[str, Violation] = field(default_factory=dict)
    to_person: int = 0
    """Turns from the wish for a person to one, at most."""
    unread: int = 0
    """Turns of nothing but nonsense until a person comes, at most."""

    def __post_init__(self) -> None:
        self.flow = self.setting.flows.find(self.setting.flow_id)
        assert self.flow is not None
        self.policy = self.setting.flows.policy
        self.slots = {n: s for part in (*self.policy.ways.values(), self.flow) for n, s in part.slots.items()}
        self._twins = _twins({name: (slot.ask,) for name, slot in self.slots.items()})
        confirms = {step.id: (step.confirm,) for step in self.flow.steps if isinstance(step, f.Confirm)}
        self._twin_confirms = _twins(confirms)
        self._secrets = self.setting.values.secrets(self.slots)
        self.coverage = Coverage(self.setting)

    def finish(self, explored: Explored) -> None:
        """Check what only the whole exploration tells."""
        for one in self.coverage.finish(explored):
            self.found.setdefault(one.invariant, one)

    def fault(self, number: int, state: DialogueState, said: Input | None, error: Exception) -> None:
        """Note that a decision raised: at run time it fails open to a person, and is a fault all the same."""
        invariant = "ends" if isinstance(error, FlowFaultError) else "I10"
        half = "half a sentence: " if isinstance(error, ExpressionError) else ""
        self._add(invariant, f"{half}{type(error).__name__}: {error}", number, None, said)

    def check(self, number: int, turn: Turn) -> None:
        """Check one turn."""
        for invariant, what in self._breaches(turn):
            self._add(invariant, what, number, turn)
        self.coverage.note(number, turn)

    def _add(self, invariant: str, what: str, number: int, turn: Turn | None, said: Input | None = None) -> None:
        if invariant not in self.found:
            self.found[invariant] = Violation(invariant, what, number, turn, said)

    def _breaches(self, turn: Turn) -> Iterator[Breach]:
        decision, kinds = turn.decision, turn.input.said.kinds
        asks = asked_by(decision)
        if Marker.HUMAN in kinds:
            self.to_person = 1
            if not isinstance(decision, d.HandOff):
                yield "I4", "a person was asked for and none is brought"
        if kinds:
            yield from self._felt(turn)
        if turn.input.contacts and not isinstance(decision, d.HandOff) and self._is_once_too_often(turn.input):
            yield "came_again", "after contact upon contact on one matter no person is brought to who is upset"
        if asks is not None:
            yield from self._asks(turn, asks)
        yield from self._speaks(turn)
        put_aside = turn.before.memory.aside
        if put_aside is not None and put_aside is not UNTOUCHED and _ends_aside(decision):
            yield "ends", "the flow that was put aside is lost when the other is done"
        if turn.acts:
            yield from list_wrong_deeds(turn, self.setting, self.actions)
        if turn.input.label == NONSENSE:
            self.unread = max(self.unread, 1 if isinstance(decision, d.HandOff) else 2)
            if not isinstance(decision, d.HandOff):
                yield from self._reads_nothing(turn)
        if turn.before.memory.wrong:
            yield from self._tries(turn)
        if self._secrets and any(one.value in self._secrets for one in turn.input.said.heard.values.values()):
            kept = repr(turn.after.memory)
            if any(secret in kept for secret in self._secrets):
                yield "secrets", "a secret is still in what is remembered"

    def _is_once_too_often(self, one: Input) -> bool:
        policy = self.setting.policy
        return one.contacts + 1 >= policy.contacts_before_person and not policy.contacts_felt.isdisjoint(one.said.felt)

    def _felt(self, turn: Turn) -> Iterator[Breach]:
        decision, said = turn.decision, turn.input.said
        if Marker.DANGER in said.kinds and not isinstance(decision, d.HandOff):
            yield "distress", "someone in danger is not brought to a person"
        answered = (
            bool(said.heard.values) or said.heard.yes is not None or said.picked or said.release.value == "answer"
        )
        if Marker.DISTRESS in said.kinds and not answered and not isinstance(decision, d.HandOff):
            yield "distress", "someone in distress is neither answered nor brought to a person"
        if not said.kinds.isdisjoint(UPSET):
            offered = isinstance(decision, d.Close) and decision.memory.offered
            if getattr(decision, "offers", "") or offered:
                yield "no_selling", f"who is upset is offered {getattr(decision, 'offers', '') or offered}"

    def _asks(self, turn: Turn, asks: AskSlot | AskAgreement) -> Iterator[Breach]:
        memory = getattr(turn.decision, "memory", None) or turn.before.memory
        asked, heard = turn.listening.asked if turn.listening else None, turn.input.said.heard
        if isinstance(asks, AskSlot):
            known = _known(memory)
            if asks.name in known:
                yield "I8", f"`{asks.name}` is known and is asked for"
            for twin in self._twins.get(asks.name, ()):
                if twin in known:
                    yield "I8", f"`{asks.name}` is asked for with the question that `{twin}` has answered"
            if asks.way and self.coverage.is_identified(memory):
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

    def _keeps(self, turn: Turn, memory: Memory) -> Iterator[Breach]:
        """What passing words told is known from then on."""
        said = turn.input.said
        told = {**(said.told.get(memory.run.flow_id, {}) if memory.run else {}), **said.heard.values}
        known = _known(memory)
        for name, filled in told.items():
            if name in self.slots and (name not in known or known[name] != filled.value):
                yield "I8", f"`{name}` was told, is not kept, and would be asked for"

    def _speaks(self, turn: Turn) -> Iterator[Breach]:
        decision = turn.decision
        match decision:
            case d.Continue(say=say, lines=lines, asks=asks) | d.Close(say=say, lines=lines, asks=asks):
                if not say and not lines and asks is None and not decision.offers:
                    yield "I10", "nothing is said at all"
                if asks is not None and decision.offers:
                    yield "one_question", f"a flow is offered ({decision.offers}) and another question is put"
            case d.Answer(offers=offers, back=back) if offers and back is not None:
                yield "one_question", f"a flow is offered ({offers}) and another question is put"
            case d.Clarify(back=back) if back is not None:
                yield "one_question", "which reading is meant is asked, and another question is put"
            case d.Several(moves=moves, back=back):
                if back is not None and any(isinstance(move, d.Clarify) for move in moves):
                    yield "one_question", "which reading is meant is asked, and another question is put"

    def _reads_nothing(self, turn: Turn) -> Iterator[Breach]:
        policy = replace(self.setting.policy, flows=self.setting.flows)
        second = decide_turn(turn.after, turn.input.said, policy, NOW)
        if not isinstance(second, d.HandOff):
            yield "nonsense", "after two messages that nobody could read no person comes"

    def _tries(self, turn: Turn) -> Iterator[Breach]:
        before, after = turn.before.memory, turn.after.memory
        for way, count in before.wrong.items():
            shown = after.identity is not None and after.identity is not before.identity
            if after.wrong.get(way, 0) < count and way not in after.closed and not shown:
                yield "tries", f"the wrong tries of `{way}` are forgotten: it can be guessed at for ever"


def _known(memory: Memory) -> dict[str, str]:
    return {name: one.value for name, one in {**memory.facts, **(memory.run.slots if memory.run else {})}.items()}


def _twins(texts: Mapping[str, tuple[f.Text, ...]]) -> dict[str, set[str]]:
    """Return for each name the others with the same words in some language."""
    found: dict[str, set[str]] = {}
    for name, mine in texts.items():
        said = _sentences(mine)
        for other, theirs in texts.items():
            if other != name and said & _sentences(theirs):
                found.setdefault(name, set()).add(other)
    return found


def _ends_aside(decision: d.Decision) -> bool:
    """Tell whether the side flow is done and nothing is gone on with."""
    closes = isinstance(decision, d.Close) and bool(decision.step)
    return closes and decision.reason == f"done_{SIDE}" and asked_by(decision) is None


def _sentences(texts: Iterable[f.Text]) -> set[str]:
    """Return the texts in each language by itself."""
    return {one for text in texts for joined in text.each() for one in joined.split(MARK)}
