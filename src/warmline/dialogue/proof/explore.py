"""Every state of a conversation that the real decision functions can reach, visited once."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from warmline.connectors.model import Action
from warmline.conversation import commands as c
from warmline.conversation.decide import decide
from warmline.conversation.events import Author, AuthorKind, ConversationStarted, Event, Owner, TurnDecided, Visibility
from warmline.conversation.model import Conversation, evolve
from warmline.dialogue import decisions as d
from warmline.dialogue.flows.run import Memory, Run
from warmline.dialogue.flows.turn import Flows, decide_result, listen, strip_secrets
from warmline.dialogue.model import DialogueState, Policy, decide_turn
from warmline.dialogue.proof.alphabet import PAIRS, SIDE_ARTICLES, Input, list_answers, list_inputs

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
CALLBACK_AT = NOW + timedelta(hours=16)
CUSTOMER = Author(kind=AuthorKind.CUSTOMER, id=UUID(int=1))
AGENT = Author(kind=AuthorKind.AGENT, id=UUID(int=2), name="an agent")
MOST_ACTS = 8
IDLE = "idle"


@dataclass(frozen=True, slots=True)
class State:
    """A conversation between two turns: who has it, and what the dialogue remembers."""

    owner: Conversation
    said_to: DialogueState

    def key(self) -> tuple[str, ...]:
        """Return what tells states apart, without times, numbers and names."""
        one, two = self.owner, self.said_to
        waits = f"{one.front}{one.queued_at is not None}{one.callback_due_at is not None}{one.human_requested}"
        offered = "".join(article for _, article in two.offered)
        memory = json.dumps(two.memory.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
        return (one.owner.value, waits, str(two.offered_human), str(two.misses), offered, memory, two.signed_in_ref)


@dataclass(frozen=True, slots=True)
class Move:
    """One transition: what happened, what was decided, and where it leads."""

    before: State
    label: str
    decision: d.Decision | None
    after: State
    asked_for_person: bool = False
    by: str = "customer"


@dataclass
class Explored:
    """All states by key, with the move that first led to each, and every move."""

    states: dict[tuple[str, ...], State] = field(default_factory=dict)
    came_by: dict[tuple[str, ...], Move | None] = field(default_factory=dict)
    transitions: int = 0
    faults: list[tuple[State, str, str]] = field(default_factory=list)
    steps: set[tuple[str, str]] = field(default_factory=set)
    """Steps of flows that were asked, called, said or ended at: (flow or way, step or slot)."""


def start_state(signed_in_ref: str = "") -> State:
    """Return a conversation that has just begun."""
    opened = Conversation(UUID(int=3), UUID(int=1), "web", "zh-Hans", False, NOW)
    begun = evolve(opened, _event(opened, CUSTOMER, ConversationStarted(channel="web", locale="zh-Hans", elder=False)))
    said_to = DialogueState("zh-Hans", signed_in_ref=signed_in_ref, key="proof", last_article_id=SIDE_ARTICLES[0])
    return State(begun, said_to)


class Explorer:
    """Walks the real `decide_turn`, `decide_result` and `decide` over the alphabet."""

    def __init__(self, flows: Flows, actions: Mapping[str, Action], policy: Policy) -> None:
        self._flows, self._actions, self._policy = flows, actions, replace(policy, flows=flows)

    def moves(self, state: State, found: Explored) -> Iterator[Move]:
        """Yield everything that can happen next."""
        if state.owner.owner is Owner.ASSISTANT:
            yield from self._turns(state, found)
        yield from self._owner_moves(state)

    def _turns(self, state: State, found: Explored) -> Iterator[Move]:
        memory = state.said_to.memory
        try:
            listening = listen(self._flows, memory, state.said_to.world(NOW)) if memory.run else None
        except Exception as error:
            found.faults.append((state, "is in a flow", f"{type(error).__name__}: {error}"))
            return
        for one in list_inputs(self._flows, listening, busy=memory.aside is not None):
            try:
                yield from self._turn(state, one)
            except Exception as error:
                found.faults.append((state, one.label, f"{type(error).__name__}: {error}"))

    def _turn(self, state: State, one: Input) -> Iterator[Move]:
        first = decide_turn(state.said_to, one.said, self._policy, NOW)
        for labels, decision in self._carry_out(first, state, ()):
            label = "; ".join([one.label, *labels])
            yield from self._apply(state, label, decision, asked="asks for a person" in one.label)

    def _carry_out(
        self, decision: d.Decision, state: State, labels: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], d.Decision]]:
        """Branch over everything the bank's systems can answer, as often as a turn acts."""
        if not isinstance(decision, d.Act):
            yield labels, decision
            return
        if len(labels) >= MOST_ACTS:
            yield labels, d.HandOff("assistant_busy", "policy", say="busy", memory=decision.memory)
            return
        run = decision.memory.run
        flow = self._flows.of(run) if run else None
        assert flow is not None
        action = self._actions.get(decision.call.action)
        for answer in list_answers(flow, self._flows.policy, action, decision.call):
            then = decide_result(self._flows, decision, answer, state.said_to.world(NOW))
            label = f"{decision.call.action} → {answer.code or answer.status.value}{_brief(answer.data)}"
            yield from self._carry_out(then, state, (*labels, label))

    def _apply(self, state: State, label: str, decision: d.Decision, *, asked: bool) -> Iterator[Move]:
        """Put the decision through the conversation's own decision; a handoff leads to the queue or to a date."""
        said_to = self._remember(state.said_to, decision)
        plans = (None,)
        if isinstance(decision, d.HandOff):
            plans = (c.HandoffPlan(), c.HandoffPlan(due_at=CALLBACK_AT))  # type: ignore[assignment]
        for plan in plans:
            posted = do(state.owner, c.PostMessage(CUSTOMER, f"{state.owner.last_seq}", "……"))
            handoff = None
            if plan is not None:
                handoff = c.RequestHandoff(CUSTOMER, "customer", "word", "asked", plan, (c.Say("……"),))
            decided = TurnDecided(reply_to=posted.last_customer_seq, decision=decision.name, reason=decision.reason)
            owner = do(posted, c.TakeTurn(posted.last_customer_seq, decided, (c.Say("……"),), handoff))
            where = "" if plan is None else " (a colleague is there)" if plan.due_at is None else " (nobody is there)"
            yield Move(state, label + where, decision, State(_settled(owner), said_to), asked)

    def _remember(self, before: DialogueState, decision: d.Decision) -> DialogueState:
        kept: Memory | None = getattr(decision, "memory", None)
        memory = before.memory.model_copy(update={"offered": "", "ended": None}) if kept is None else kept
        memory = strip_secrets(self._flows, memory)
        offered = ()
        if isinstance(decision, d.Clarify):
            offered = tuple((one, one) for one in decision.article_ids)  # type: ignore[assignment]
        if isinstance(decision, d.HandOff):
            return _returned(replace(before, memory=memory))
        misses = min(1, before.misses + 1 if isinstance(decision, d.OfferHuman) else before.misses)
        offers = isinstance(decision, d.Clarify | d.OfferHuman) or getattr(decision, "offer_human", False)
        in_flow = memory.run is not None
        return replace(
            before,
            memory=canonical(memory),
            offered=offered,
            offered_human=offers and not in_flow,
            misses=0 if in_flow or isinstance(decision, d.Answer) else misses,
        )

    def _owner_moves(self, state: State) -> Iterator[Move]:
        """Yield what happens around the assistant: a button, an agent who comes, vanishes, hands back; a date."""
        one = state.owner
        back = _returned(state.said_to)
        commands: list[tuple[str, str, c.Command]] = [
            ("presses the button for a person", "customer", self._button(None)),
            ("presses the button, nobody is there", "customer", self._button(CALLBACK_AT)),
        ]
        if one.owner in (Owner.QUEUE, Owner.CALLBACK):
            commands += [
                ("an agent accepts", "agent", c.Accept(AGENT)),
                ("the customer's own yes to the assistant", "customer", c.ReturnToAssistant(CUSTOMER)),
                ("writes while waiting", "customer", c.PostMessage(CUSTOMER, f"{one.last_seq}", "……")),
                ("picks a time", "customer", c.ScheduleCallback(CUSTOMER, CALLBACK_AT, "customer")),
            ]
        if one.owner is Owner.QUEUE:
            commands.append(("nobody came: a date", "system", c.ScheduleCallback(c.SYSTEM, CALLBACK_AT, "system")))
        if one.owner is Owner.AGENT:
            commands += [
                ("the agent vanishes", "system", c.ReportVanished(UUID(int=2))),
                ("the agent hands back", "agent", c.HandBack(AGENT)),
                ("the agent passes on", "agent", c.Transfer(AGENT, "another_group")),
                ("the assistant would speak", "assistant", _turn_of(one)),
                ("the agent ends it", "agent", c.Close(AGENT, "done")),
            ]
        if one.owner is not Owner.CLOSED:
            commands.append(("ends it", "customer", c.Close(CUSTOMER, "customer")))
        else:
            commands.append(("writes again", "customer", c.PostMessage(CUSTOMER, f"{one.last_seq}", "……")))
        for label, by, command in commands:
            yield self._owner_move(state, label, by, command, back, NOW)
        if one.owner is Owner.CALLBACK:
            yield self._owner_move(state, "the date has come", "system", c.RaiseCallback(), back, CALLBACK_AT)

    def _button(self, due_at: datetime | None) -> c.RequestHandoff:
        return c.RequestHandoff(CUSTOMER, "customer", "button", "customer_asked", c.HandoffPlan(due_at=due_at))

    def _owner_move(
        self, state: State, label: str, by: str, command: c.Command, back: DialogueState, now: datetime
    ) -> Move:
        owner = do(state.owner, command, now)
        left = owner.owner is not state.owner.owner and owner.owner is not Owner.CLOSED
        asked = isinstance(command, c.RequestHandoff)
        said_to = back if left else state.said_to
        return Move(state, label, None, State(_settled(owner), said_to), asked, by)


def explore(explorer: Explorer, starts: list[State], check: object, limit: int) -> Explored:
    """Visit every state from `starts`; `check(move)` is called with each move. Stops at `limit` states."""
    found = Explored()
    open_ones: deque[State] = deque()
    for state in starts:
        found.states[state.key()] = state
        found.came_by[state.key()] = None
        open_ones.append(state)
    while open_ones:
        state = open_ones.popleft()
        for move in explorer.moves(state, found):
            found.transitions += 1
            check(move)  # type: ignore[operator]
            key = move.after.key()
            if key not in found.states:
                found.states[key], found.came_by[key] = move.after, move
                open_ones.append(move.after)
        if len(found.states) > limit:
            raise OverflowError(f"more than {limit} states")
    return found


def do(state: Conversation, command: c.Command, now: datetime = NOW) -> Conversation:
    """Carry out a command of a conversation, by its own decision and fold."""
    for entry in decide(command, state, now):
        shown, payload = entry.payload.VISIBILITY, entry.payload
        event = Event.model_construct(
            seq=state.last_seq + 1, at=now, author=entry.author, visibility=shown, payload=payload
        )
        state = evolve(state, event)
    return state


def _turn_of(state: Conversation) -> c.TakeTurn:
    reply_to = state.last_customer_seq
    return c.TakeTurn(reply_to, TurnDecided(reply_to=reply_to, decision="answer", reason="late"), (c.Say("……"),))


def _event(state: Conversation, author: Author, payload: ConversationStarted) -> Event:
    return Event(seq=1, at=NOW, author=author, visibility=Visibility.ALL, payload=payload)


def _settled(owner: Conversation) -> Conversation:
    """Leave out what only grows: numbers, receipts and what is still owed an answer by the next turn."""
    return replace(
        owner, last_seq=1, last_customer_seq=1, last_staff_seq=0, last_staff_id=None, unanswered_seq=None,
        reply_due_at=None, comforted=(), skill=None, outcome=None,
    )  # fmt: skip


def _returned(said_to: DialogueState) -> DialogueState:
    """Return what is left once a person has had the conversation: a return starts the dialogue anew."""
    memory = said_to.memory.model_copy(update={"run": None, "aside": None, "ended": None, "offered": ""})
    return replace(said_to, memory=canonical(memory), offered=(), offered_human=False, misses=0)


def canonical(memory: Memory) -> Memory:
    """Leave out what makes no difference any more, and call equal what differs in nothing but a name.

    A way of identity that is closed is not gone again; the second value of a type stands for the first once that one
    is nowhere to be seen.
    """

    def plain(run: Run | None) -> Run | None:
        if run is None:
            return None
        deeds = {(one.action, one.code): one.model_copy(update={"key": ""}) for one in run.deeds}
        open_ones = {place: one for place, one in run.results.items() if place.split("/")[0] not in memory.closed}
        retries = {place: one for place, one in run.retries.items() if place.split("/")[0] not in memory.closed}
        update = {"key": "k", "words": (), "deeds": tuple(deeds.values()), "results": open_ones, "retries": retries}
        return run.model_copy(update=update)

    wrong = {way: count for way, count in memory.wrong.items() if way not in memory.closed}
    closed = tuple(sorted(set(memory.closed)))
    runs = {name: plain(getattr(memory, name)) for name in ("run", "aside", "ended")}
    update = {**runs, "runs": 0, "wrong": wrong, "closed": closed}
    slimmed = memory.model_copy(update=update)
    text = slimmed.model_dump_json(exclude_defaults=True)
    renamed = text
    for first, second in PAIRS:
        if second in renamed and first not in renamed:
            renamed = renamed.replace(second, first)
    return slimmed if renamed == text else Memory.model_validate_json(renamed)


def _brief(data: Mapping[str, object]) -> str:
    shown: dict[str, object] = {name: value for name, value in data.items() if isinstance(value, bool)}
    shown |= {name: len(value) for name, value in data.items() if isinstance(value, list)}
    return " " + json.dumps(shown) if shown else ""
