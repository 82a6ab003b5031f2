"""A conversation's state and how each event changes it. Pure: the same fold runs here, in tests and in clients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from warmline.conversation.beside import Beside, Mode, place, without
from warmline.conversation.events import (
    NO_GROUP,
    AuthorKind,
    CallbackScheduled,
    ColleagueCalled,
    ColleagueJoined,
    ColleagueLeft,
    ConversationAccepted,
    ConversationHandedBack,
    ConversationTakenOver,
    ConversationTransferred,
    Event,
    HandoffRequested,
    MessagePosted,
    MessagesRead,
    OfferEnded,
    OfferMade,
    Owner,
    PreferencesChanged,
    RecapAnswered,
    RecapProposed,
    TurnDecided,
    Urgency,
    WordsErased,
)

REPLY_WITHIN = timedelta(seconds=5)
"""I10: a message the assistant owns is answered or handed off within this time."""

SERVING_ORDER = (("owner", True), ("front", True), ("rank_at", False), ("id", False))
"""How those who wait are served: by these fields, one after another, True for descending.

The queue before callbacks ('queue' > 'callback'), who was promised somebody first (I6), then by rank: when they came,
less the head start of what presses. All waits age alike, so the order of two who wait never changes, and nobody who
comes later than the longest head start goes first. SQL and the index are made from it.
"""

WAITING = (Owner.QUEUE, Owner.CALLBACK)
STAFF_KINDS = frozenset({AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT})


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state after `last_seq` events.

    `unanswered_seq`: the first customer message that nobody answered yet, whoever has the conversation;
    `reply_due_at`: by when the assistant must, or has to say a word to who waits for a person; `recap_open`: a recap
    waits for the customer's word; `erased`: the customer's words are gone, and nothing more is said here;
    `urgency`, `rank_at`: what presses, and by when they would have come to stand where they stand without it;
    `offered_to`: the agent who is asked to take them, `offered_until` then; `passed_by`: who did not want to, or passed
    them on, since they came to the queue, the last of them `passed_at`;
    `comforted`: the sentences of comfort said; `beside`: colleagues there while an agent has it, `watch_told`: the
    customer knows that a colleague may look on; `feeling_refused`: no feeling is read from the customer's words.
    """

    id: UUID
    customer_id: UUID
    channel: str
    locale: str
    elder: bool
    opened_at: datetime
    feeling_refused: bool = False
    owner: Owner = Owner.ASSISTANT
    agent_id: UUID | None = None
    agent_name: str | None = None
    skill: str | None = None
    front: bool = False
    human_requested: bool = False
    human_requested_at: datetime | None = None
    queued_at: datetime | None = None
    urgency: Urgency = Urgency.NORMAL
    rank_at: datetime | None = None
    callback_due_at: datetime | None = None
    offered_to: UUID | None = None
    offered_until: datetime | None = None
    passed_by: tuple[UUID, ...] = ()
    passed_at: datetime | None = None
    last_seq: int = 0
    last_at: datetime | None = None
    last_customer_seq: int = 0
    last_staff_seq: int = 0
    last_staff_id: UUID | None = None
    unanswered_seq: int | None = None
    reply_due_at: datetime | None = None
    recap_open: bool = False
    customer_read_seq: int = 0
    staff_read_seq: int = 0
    outcome: str | None = None
    closed_at: datetime | None = None
    erased: bool = False
    comforted: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    watch_told: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """What the assistant owes by `due_at`: an answer, or a word to who waits for a person and wrote (I10)."""

    conversation_id: UUID
    due_at: datetime
    is_answer: bool


def evolve(state: Conversation, event: Event) -> Conversation:
    """Return the state after `event`; the fold that docs/protocol.md tells clients to use."""
    state = replace(state, last_seq=event.seq, last_at=event.at)
    match event.payload:
        case MessagePosted():
            state = _message(state, event)
        case TurnDecided(reply_to=reply_to, acknowledgement=comfort):
            said = comfort.say if comfort else []
            state = replace(_answered(state, reply_to), comforted=(*state.comforted, *said))
        case HandoffRequested(skill=skill):
            asked_at = state.human_requested_at or event.at
            group = None if skill == NO_GROUP else skill or state.skill
            state = replace(state, human_requested=True, human_requested_at=asked_at, skill=group)
        case CallbackScheduled(due_at=due_at):
            state = replace(state, human_requested=True, callback_due_at=due_at)
        case ConversationAccepted(agent_id=agent_id, agent_name=name):
            state = replace(state, agent_id=agent_id, agent_name=name)
        case OfferMade(agent_id=agent_id, expires_at=until):
            state = replace(state, offered_to=agent_id, offered_until=until)
        case OfferEnded(agent_id=agent_id, reason=reason):
            state = replace(state, offered_to=None, offered_until=None, front=state.front or reason == "expired")
            state = state if reason == "withdrawn" else _passed(state, agent_id, event.at)
        case ConversationTransferred(skill=skill, agent_id=agent_id, agent_name=name):
            state = _passed(state, event.author.id, event.at)
            state = replace(state, skill=skill or state.skill, agent_id=agent_id, agent_name=name)
        case ConversationTakenOver(agent_id=agent_id, agent_name=name):
            state = _taken_over(state, agent_id, name)
        case ColleagueCalled(agent_id=agent_id, agent_name=name):
            state = replace(state, beside=place(state.beside, Beside(agent_id, name, Mode.CALLED)))
        case ColleagueJoined(agent_id=agent_id, agent_name=name, mode=mode):
            beside = place(state.beside, Beside(agent_id, name, Mode(mode)))
            state = replace(state, beside=beside, watch_told=state.watch_told or mode == "watch")
        case ColleagueLeft(agent_id=agent_id):
            state = replace(state, beside=without(state.beside, agent_id))
        case ConversationHandedBack():
            state = replace(state, human_requested=False, human_requested_at=None)
        case RecapProposed():
            state = replace(state, recap_open=True)
        case RecapAnswered():
            state = replace(state, recap_open=False)
        case MessagesRead(by=by, up_to=up_to):
            customer = by == "customer"
            state = replace(state, customer_read_seq=up_to) if customer else replace(state, staff_read_seq=up_to)
        case PreferencesChanged(elder=elder, locale=locale, feeling_refused=refused):
            refused = state.feeling_refused if refused is None else refused
            state = replace(state, elder=elder, locale=locale, feeling_refused=refused)
        case WordsErased():
            state = replace(state, erased=True)
        case _:
            pass
    owner = getattr(event.payload, "owner", None)
    return state if owner is None else _ranked(_owned(state, owner, event), event)


def _passed(state: Conversation, agent_id: UUID | None, at: datetime) -> Conversation:
    """This agent is not asked again for now."""
    if agent_id is None or agent_id in state.passed_by:
        return replace(state, passed_at=at)
    return replace(state, passed_by=(*state.passed_by, agent_id), passed_at=at)


def _taken_over(state: Conversation, agent_id: UUID, name: str) -> Conversation:
    """Whoever had it stays beside it: what they know is still needed."""
    beside = state.beside
    if state.agent_id is not None and state.agent_id != agent_id:
        beside = place(beside, Beside(state.agent_id, state.agent_name or "", Mode.WATCH))
    return replace(state, agent_id=agent_id, agent_name=name, beside=beside)


def _message(state: Conversation, event: Event) -> Conversation:
    if event.author.kind in STAFF_KINDS:
        answered = replace(state, unanswered_seq=None, reply_due_at=None)
        return replace(answered, last_staff_seq=event.seq, last_staff_id=event.author.id)
    if event.author.kind not in (AuthorKind.CUSTOMER, AuthorKind.HELPER):
        return state
    state = replace(state, last_customer_seq=event.seq, unanswered_seq=state.unanswered_seq or event.seq)
    if state.owner in WAITING:
        return replace(state, reply_due_at=state.reply_due_at or event.at + REPLY_WITHIN)
    return _due(state, event.at)


def _due(state: Conversation, at: datetime) -> Conversation:
    """The assistant owes an answer within the time promised, counted from `at` unless it runs already (I10)."""
    if state.owner is not Owner.ASSISTANT or state.unanswered_seq is None:
        return replace(state, reply_due_at=None)
    return replace(state, reply_due_at=state.reply_due_at or at + REPLY_WITHIN)


def _answered(state: Conversation, reply_to: int) -> Conversation:
    """Everything up to `reply_to` has its answer; a later message is still owed one, no later than the first was.

    What is said to someone who waits for a person is none: their message is still that person's to answer.
    """
    if state.owner in WAITING:
        return state if reply_to < state.last_customer_seq else replace(state, reply_due_at=None)
    if state.unanswered_seq is None:
        return state
    if state.last_customer_seq <= reply_to:
        return replace(state, unanswered_seq=None, reply_due_at=None)
    return replace(state, unanswered_seq=reply_to + 1)


def _owned(state: Conversation, owner: Owner, event: Event) -> Conversation:
    """Set the owner and what belongs to being owned by it."""
    came_back = event.payload.type in ("agent.vanished", "callback.due", "conversation.transferred")
    if owner in WAITING:
        queued_at = state.queued_at or event.at
        front = owner is Owner.QUEUE and (came_back or (state.front and state.owner is Owner.QUEUE))
    elif owner is Owner.AGENT:
        queued_at, front = state.queued_at or event.at, False
    else:
        queued_at, front = None, False
    with_agent = owner is Owner.AGENT
    closed = owner is Owner.CLOSED
    asks_end = owner in (Owner.ASSISTANT, Owner.CLOSED)
    state = replace(
        state,
        owner=owner,
        queued_at=queued_at,
        front=front,
        agent_id=state.agent_id if with_agent else None,
        agent_name=state.agent_name if with_agent else None,
        beside=without(state.beside, state.agent_id) if with_agent else (),
        callback_due_at=state.callback_due_at if owner is Owner.CALLBACK else None,
        offered_to=None,
        offered_until=None,
        passed_by=state.passed_by if owner is Owner.QUEUE else (),
        passed_at=state.passed_at if owner is Owner.QUEUE else None,
        unanswered_seq=None if closed else state.unanswered_seq,
        human_requested=state.human_requested and not asks_end,
        human_requested_at=None if asks_end else state.human_requested_at,
        outcome=getattr(event.payload, "outcome", None) if closed else None,
        closed_at=event.at if closed else None,
    )
    return _due(state, event.at)


def _ranked(state: Conversation, event: Event) -> Conversation:
    """Keep the rank of who waits or is with a person; what presses more later brings them forward, never back."""
    if state.queued_at is None:
        return replace(state, urgency=Urgency.NORMAL, rank_at=None)
    known, payload = state.rank_at or state.queued_at, event.payload
    if isinstance(payload, HandoffRequested):
        start = state.queued_at - timedelta(seconds=payload.head_start)
        if state.rank_at is None or start < known:
            return replace(state, urgency=payload.urgency, rank_at=start)
    return replace(state, rank_at=known)


def fold(state: Conversation, events: list[Event]) -> Conversation:
    """Return the state after all of `events`, in order."""
    for event in events:
        state = evolve(state, event)
    return state
