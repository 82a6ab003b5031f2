"""Who has the conversation: every state its own rules can reach, with what each move must hold to.

The rules of ownership know nothing of what the assistant talks about, and the assistant is asked only while the
conversation is its own. So the two are explored one by one: together they reach each pair of their states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.decide import decide
from warmline.conversation.events import (
    AgentVanished,
    Author,
    AuthorKind,
    ConversationHandedBack,
    ConversationStarted,
    Event,
    MessagePosted,
    Owner,
    SlipWritten,
    TurnDecided,
    Visibility,
)
from warmline.conversation.model import SERVING_ORDER, WAITING, Conversation, evolve
from warmline.conversation.offers import OfferEnd
from warmline.dialogue.proof.states import NOW
from warmline.routing.model import plan_handoff

CUSTOMER = Author(kind=AuthorKind.CUSTOMER, id=UUID(int=1))
AGENT = Author(kind=AuthorKind.AGENT, id=UUID(int=2), name="an agent")
COLLEAGUE_ID = UUID(int=4)
COLLEAGUE = Author(kind=AuthorKind.AGENT, id=COLLEAGUE_ID, name="a colleague")
OFFER_ENDS: tuple[tuple[str, OfferEnd], ...] = (
    ("the colleague declines", "declined"),
    ("the offer runs out", "expired"),
    ("the offer is taken back", "withdrawn"),
)
QUEUED_AT = NOW - timedelta(hours=2)
DUE_AT = NOW + timedelta(hours=16)
Fold = Callable[[Conversation, Event], Conversation]
Rule = Callable[[c.Command, Conversation, datetime], tuple[c.Entry, ...]]


@dataclass(frozen=True, slots=True)
class OwnerMove:
    """One thing that happened: by whom, and the state before and after, as the conversation's own rules have it."""

    label: str
    by: str
    before: Conversation
    entries: tuple[c.Entry, ...]
    after: Conversation
    asks: bool = False


@dataclass
class Owners:
    """All states of ownership, with the moves that led to them. `rule` and `fold` are the conversation's own."""

    rule: Rule = decide
    fold: Fold = evolve
    came_by: dict[Conversation, OwnerMove | None] = field(default_factory=dict)
    moves: list[OwnerMove] = field(default_factory=list)

    def explore(self) -> None:
        """Visit every state."""
        opened = Conversation(UUID(int=3), UUID(int=1), "web", "zh-Hans", False, NOW)
        started = ConversationStarted(channel="web", locale="zh-Hans", elder=False)
        first = settle(self._fold(opened, (c.Entry(CUSTOMER, started),), NOW))
        self.came_by[first] = None
        open_ones = deque([first])
        while open_ones:
            for move in self._moves_of(open_ones.popleft()):
                self.moves.append(move)
                then = settle(move.after)
                if then not in self.came_by:
                    self.came_by[then] = move
                    open_ones.append(then)

    def path_to(self, state: Conversation) -> list[OwnerMove]:
        """Return how a state was first reached."""
        path: list[OwnerMove] = []
        while (move := self.came_by[settle(state)]) is not None:
            path.append(move)
            state = move.before
        return path[::-1]

    def _moves_of(self, state: Conversation) -> Iterator[OwnerMove]:
        for label, by, command in _list_commands(state):
            now = DUE_AT if isinstance(command, c.RaiseCallback) else NOW
            entries = self.rule(command, state, now)
            asks = by == "customer" and isinstance(command, c.RequestHandoff)
            yield OwnerMove(label, by, state, entries, self._fold(state, entries, now), asks)
        if state.owner in (Owner.ASSISTANT, *WAITING):
            yield from self._spoken(state)

    def _spoken(self, state: Conversation) -> Iterator[OwnerMove]:
        """The customer writes and has a word said to it, with a person brought or not."""
        entries = self.rule(_post(state), state, NOW)
        posted = self._fold(state, entries, NOW)
        yield OwnerMove("writes", "customer", state, entries, posted)
        reply_to = posted.last_customer_seq
        decided = TurnDecided(reply_to=reply_to, decision="continue", reason="a_reason")
        for label, handoff in (("is answered", None), *_wishes("with the word")):
            command: c.Command = c.Reassure(decided, (c.Say("……"),), handoff)
            if state.owner is Owner.ASSISTANT:
                command = c.TakeTurn(reply_to, decided, (c.Say("……"),), handoff)
            entries = self.rule(command, posted, NOW)
            yield OwnerMove(label, "customer", posted, entries, self._fold(posted, entries, NOW), handoff is not None)

    def _fold(self, state: Conversation, entries: tuple[c.Entry, ...], now: datetime) -> Conversation:
        for entry in entries:
            event = Event.model_construct(
                seq=state.last_seq + 1, at=now, author=entry.author, visibility=Visibility.ALL, payload=entry.payload
            )
            state = self.fold(state, event)
        return state


def settle(state: Conversation) -> Conversation:
    """Leave out what only grows: numbers, receipts, and the moment at which the wait began."""
    return replace(
        state, last_seq=1, last_customer_seq=1, last_staff_seq=0, last_staff_id=None, outcome=None, skill=None,
        unanswered_seq=None if state.owner in (Owner.ASSISTANT, Owner.CLOSED) else state.unanswered_seq and 1,
        reply_due_at=None, last_at=None, closed_at=None, human_requested_at=None,
        queued_at=QUEUED_AT if state.queued_at else None, rank_at=QUEUED_AT if state.queued_at else None,
        offered_until=NOW if state.offered_to else None, passed_by=(), passed_at=None,
        callback_due_at=DUE_AT if state.callback_due_at else None,
    )  # fmt: skip


def _wishes(how: str) -> Iterator[tuple[str, c.RequestHandoff]]:
    """A person is asked for, in the bank's hours or outside, with colleagues there or not."""
    for is_open in (True, False):
        for agents in (1, 0):
            plan = plan_handoff(is_open=is_open, answer_at=DUE_AT, agents_online=agents)
            when = f"{'in' if is_open else 'outside'} the bank's hours, {'a colleague' if agents else 'nobody'} there"
            slip = SlipWritten(reason="customer_asked")
            command = c.RequestHandoff(CUSTOMER, "customer", "word", "customer_asked", plan, (c.Say("……"),), slip)
            yield f"asks for a person {how}, {when}", command


def _post(state: Conversation) -> c.PostMessage:
    return c.PostMessage(CUSTOMER, f"m{state.last_seq}", "……")


def _list_commands(state: Conversation) -> Iterator[tuple[str, str, c.Command]]:
    """Yield what can happen around the assistant."""
    for via in ("button", "key"):
        for label, wish in _wishes(f"with the {via}"):
            yield label, "customer", replace(wish, via=via)
    if state.owner in WAITING:
        yield "an agent accepts", "agent", c.Accept(AGENT)
        yield "a colleague is asked to take it", "system", c.MakeOffer(COLLEAGUE, DUE_AT)
        for label, reason in OFFER_ENDS:
            yield label, "system", c.EndOffer(c.SYSTEM, COLLEAGUE_ID, reason)
        yield "wants the assistant after all", "customer", c.ReturnToAssistant(CUSTOMER)
        yield "picks a time", "customer", c.ScheduleCallback(CUSTOMER, DUE_AT, "customer")
        yield "nobody came: a date instead", "system", c.ScheduleCallback(c.SYSTEM, DUE_AT, "system")
        yield "the time of a callback has come", "system", c.RaiseCallback()
    if state.owner is Owner.AGENT:
        assert state.agent_id is not None
        agent = AGENT if state.agent_id == AGENT.id else COLLEAGUE
        yield "the agent writes", "agent", c.PostMessage(agent, f"m{state.last_seq}", "……")
        yield "writes to the agent", "customer", _post(state)
        yield "the agent vanishes", "system", c.ReportVanished(state.agent_id)
        yield "the agent hands back", "agent", c.HandBack(agent)
        yield "the agent passes on to a group", "agent", c.Transfer(agent, "another_group")
        yield "the agent passes on to a colleague", "agent", c.Transfer(agent, None, COLLEAGUE)
        yield "the agent makes a date", "agent", c.ScheduleCallback(agent, DUE_AT, "agent")
        yield "the agent ends it", "agent", c.Close(agent, "done")
    if state.owner is not Owner.ASSISTANT:
        late = TurnDecided(reply_to=state.last_customer_seq, decision="answer", reason="late")
        yield "an answer of the assistant comes late", "assistant", c.TakeTurn(1, late, (c.Say("……"),))
    yield (
        "ends it" if state.owner is not Owner.CLOSED else "writes again",
        "customer",
        (c.Close(CUSTOMER, "customer") if state.owner is not Owner.CLOSED else _post(state)),
    )


def find_breach(move: OwnerMove) -> tuple[str, str] | None:
    """Return the invariant that a move breaks, and what is wrong."""
    for invariant, wrong in _breaches(move):
        return invariant, wrong
    return None


def _breaches(move: OwnerMove) -> Iterator[tuple[str, str]]:
    before, after = move.before, move.after
    changes = [entry.payload for entry in move.entries if getattr(entry.payload, "owner", None) is not None]
    if before.owner is not after.owner and not changes:
        yield "I2", "the owner changed and no event says so"
    if any(not getattr(one, "reason", "") for one in changes):
        yield "I2", "the owner changed without a reason"
    returns = any(isinstance(entry.payload, ConversationHandedBack) for entry in move.entries)
    wanted = before.owner in (Owner.QUEUE, Owner.CALLBACK, Owner.AGENT)
    if wanted and after.owner is Owner.ASSISTANT and not (returns and move.by in ("customer", "agent")):
        yield "I3", "who asked for a person is back with the assistant, without a word of theirs or of an agent"
    if move.asks and after.owner not in (Owner.QUEUE, Owner.CALLBACK, Owner.AGENT):
        yield "I4", "a person was asked for and nobody comes"
    speaks = [e for e in move.entries if isinstance(e.payload, MessagePosted) and e.author.kind is AuthorKind.ASSISTANT]
    if speaks and before.owner is Owner.AGENT:
        yield "I5", "the assistant speaks while an agent has the conversation"
    if any(isinstance(entry.payload, AgentVanished) for entry in move.entries):
        if after.owner is not Owner.QUEUE or not _is_ahead(after):
            yield "I6", "whose agent vanished is not at the front of the queue"
        if after.queued_at != before.queued_at:
            yield "I6", "the time waited is lost when the agent vanishes"
    yield from _waiting_breaches(move)


def _waiting_breaches(move: OwnerMove) -> Iterator[tuple[str, str]]:
    before, after = move.before, move.after
    if after.owner in WAITING and after.queued_at is None:
        yield "I7", "whoever waits has no place"
    if before.owner in (*WAITING, Owner.AGENT) and after.owner in WAITING and after.queued_at != before.queued_at:
        yield "I7", "the place in the queue is lost"
    if after.owner is Owner.CALLBACK and (after.callback_due_at is None or after.callback_due_at < NOW):
        yield "I7", "a callback has no date to come"
    due = isinstance(move.before.callback_due_at, datetime) and move.label == "the time of a callback has come"
    if due and before.owner is Owner.CALLBACK and not (after.owner is Owner.QUEUE and _is_ahead(after)):
        yield "I7", "a callback that came due does not keep its place: it is not at the front of the queue"


def _is_ahead(state: Conversation) -> bool:
    """Tell whether this conversation is served before one that came to the queue earlier than anybody."""
    long_ago = NOW - timedelta(days=9)
    other = replace(state, front=False, queued_at=long_ago, rank_at=long_ago, id=UUID(int=0))

    def rank(one: Conversation) -> tuple[float, ...]:
        values = {"owner": one.owner is Owner.QUEUE, "front": one.front, "rank_at": (one.rank_at or NOW).timestamp()}
        return tuple(-values[name] if down else values[name] for name, down in SERVING_ORDER if name in values)

    return rank(state) < rank(other)
