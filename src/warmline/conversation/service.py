"""Use cases of the heart: start a conversation, carry out a command, read the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from warmline.conversation import lately, repository
from warmline.conversation.commands import AddNote, Command, Entry, GiveFeedback, NoteErasure, PostMessage
from warmline.conversation.decide import decide
from warmline.conversation.events import (
    AgentVanished,
    Author,
    AuthorKind,
    ConversationStarted,
    Event,
    MessagePosted,
    Owner,
    Visibility,
)
from warmline.conversation.feed import Feed
from warmline.conversation.model import Conversation, Owed, evolve
from warmline.conversation.ports import AgentFreed, CustomerCiphers, Left, note_nothing
from warmline.conversation.repository import MessageKey
from warmline.conversation.tables import conversation as conversation_table
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.kit.group_commit import GroupCommit
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: the state afterwards and the events it appended, none if it already held.

    `seq` and `at` are those of the message a `client_id` stands for, new or `duplicate`.
    """

    state: Conversation
    events: tuple[Event, ...]
    seq: int
    at: datetime
    duplicate: bool = False


Work = tuple[UUID, Command]
FEED_PAGE = 100
"""Events read at a time for a follower who is behind; each page goes out in one go."""


class ConversationService:
    """Everything that happens to conversations goes through `execute`, in groups that share a transaction."""

    def __init__(self, uow: UnitOfWork, clock: Clock, bus: Bus, ciphers: CustomerCiphers) -> None:
        self._uow, self._clock, self._ciphers = uow, clock, ciphers
        self.feed = Feed(bus, self._read_for_feed)
        self.on_owed: Callable[[Owed], None] = lambda _: None
        self.on_asked: Callable[[str], None] = lambda _: None
        """Told the words that the assistant is about to owe an answer to, before they are saved: to get ready."""
        self.on_freed: AgentFreed = note_nothing
        self._writer: GroupCommit[Work, Outcome] = GroupCommit(self._save_group, key=lambda work: work[0].int)

    async def start(
        self, customer_id: UUID, *, channel: str, locale: str, elder: bool, feeling_refused: bool = False
    ) -> Conversation:
        """Open a conversation for a customer; `NotFoundError` for who was erased."""
        async with self._uow.begin() as tx:
            await repository.lock_customer(tx.connection, customer_id)
            started = ConversationStarted(channel=channel, locale=locale, elder=elder, feeling_refused=feeling_refused)
            return await self._start(tx, customer_id, started)

    async def find_or_start(
        self, customer_id: UUID, *, also: Collection[UUID] = (), channel: str, locale: str, elder: bool,
        feeling_refused: bool = False,
    ) -> tuple[Conversation, bool]:  # fmt: skip
        """Return the customer's open conversation, or start one, and whether it is new. Asked twice at once: one.

        `also`: who the customer was before. Where several are open, one that a person has or is awaited in comes
        first (I7), then the newest.
        """
        async with self._uow.begin() as tx:
            await repository.lock_customer(tx.connection, customer_id)
            if found := await self._find_open(tx, {customer_id, *also}):
                return found, False
            started = ConversationStarted(channel=channel, locale=locale, elder=elder, feeling_refused=feeling_refused)
            return await self._start(tx, customer_id, started), True

    async def _start(self, tx: Transaction, customer_id: UUID, started: ConversationStarted) -> Conversation:
        # Asked under the lock that an erasure takes: with no key left, nothing that is said here could be kept (I1).
        if not await self._ciphers.is_kept(tx, customer_id):
            raise NotFoundError(what="customer", id=str(customer_id))
        now = self._clock.now()
        state = Conversation(
            id=new_id(), customer_id=customer_id, channel=started.channel, locale=started.locale,
            elder=started.elder, opened_at=now, feeling_refused=started.feeling_refused,
        )  # fmt: skip
        entry = Entry(Author(kind=AuthorKind.CUSTOMER, id=customer_id), started)
        state, events = append(state, [entry], now)
        await repository.save(tx.connection, [(state, events)], {}, new=True)
        tx.after_commit(lambda: self.feed.publish(state.id, events))
        return state

    async def execute(self, conversation_id: UUID, command: Command) -> Outcome:
        """Carry out a command durably; raise what `decide` refuses it with, or `NotFoundError`."""
        return await self._writer.submit((conversation_id, command))

    async def execute_in(self, tx: Transaction, work: Sequence[Work]) -> Sequence[Outcome | Exception]:
        """Carry out commands within `tx`, once in it, as it locks; followers are told when it commits."""
        return await self._carry_out(tx, work)

    async def give_feedback(self, conversation_id: UUID, command: GiveFeedback) -> None:
        """Record what the customer thinks of a message, unless it is what they said of it last."""
        async with self._uow.begin() as tx:
            last = await repository.find_feedback(tx.connection, conversation_id, command.seq)
        if last != command.value:
            await self.execute(conversation_id, command)

    async def get(self, conversation_id: UUID) -> Conversation:
        """Return the present state; raise `NotFoundError`."""
        async with self._uow.begin() as tx:
            return await repository.get(tx.connection, conversation_id)

    async def _find_open(self, tx: Transaction, customer_ids: Collection[UUID]) -> Conversation | None:
        table = conversation_table
        conditions = (table.c.customer_id.in_(customer_ids), table.c.owner != Owner.CLOSED.value)
        found = await repository.list_where(tx.connection, *conditions, limit=20, order=table.c.opened_at.desc())
        return min(found, key=lambda one: one.owner is Owner.ASSISTANT, default=None)

    async def list_of(self, customer_id: UUID, *, limit: int = 20) -> list[Conversation]:
        """Return a customer's conversations, newest first."""
        async with self._uow.begin() as tx:
            return await repository.list_where(
                tx.connection,
                conversation_table.c.customer_id == customer_id,
                limit=limit,
                order=conversation_table.c.opened_at.desc(),
            )

    async def list_decisions(
        self, tx: Transaction, customer_ids: Collection[UUID], since: datetime
    ) -> list[tuple[lately.Place, list[Event]]]:
        """Return what was decided, done and promised since in the conversations of these customers, oldest first.

        Among them are those in which a visitor nobody knew was shown to be one of these customers.
        """
        found = await lately.list_conversations(tx.connection, customer_ids, since)
        ciphers = await self._ciphers.load(tx, {one.customer_id for one in found}) if found else {}
        return await lately.read_decisions(tx.connection, found, since, ciphers)

    async def list_owed(self, due_before: datetime, *, limit: int = 1000) -> list[Owed]:
        """Return what was due before a moment, answers first, the soonest due first (I10)."""
        async with self._uow.begin() as tx:
            return await repository.list_owed(tx.connection, due_before, limit=limit)

    async def view(
        self, conversation_id: UUID, visibility: Visibility, *, limit: int = 1000
    ) -> tuple[Conversation, list[Event]]:
        """Return the state and its newest `limit` events, read in one snapshot."""
        async with self._uow.begin() as tx:
            state = await repository.get(tx.connection, conversation_id)
            events = await self._read(tx, state, visibility, after=0, limit=limit, newest=True)
        return state, [event for event in events if event.seq <= state.last_seq]

    async def events_after(
        self, conversation_id: UUID, after: int, visibility: Visibility, *, limit: int = 1000
    ) -> list[Event]:
        """Return the events after a seq, at most `limit`, oldest first."""
        async with self._uow.begin() as tx:
            state = await repository.get(tx.connection, conversation_id)
            return await self._read(tx, state, visibility, after=after, limit=limit)

    async def close(self) -> None:
        """Finish what was submitted."""
        await self._writer.close()

    async def _read_for_feed(self, conversation_id: UUID, after: int) -> list[Event]:
        return await self.events_after(conversation_id, after, Visibility.STAFF, limit=FEED_PAGE)

    async def _read(
        self,
        tx: Transaction,
        state: Conversation,
        visibility: Visibility,
        *,
        after: int,
        limit: int,
        newest: bool = False,
    ) -> list[Event]:
        ciphers = await self._ciphers.load(tx, {state.customer_id})
        return await repository.read_events(
            tx.connection,
            state.id,
            after=after,
            visibility=visibility,
            cipher=ciphers.get(state.customer_id),
            limit=limit,
            newest=newest,
        )

    async def note_erasure(self, tx: Transaction, customer_ids: Collection[UUID]) -> int:
        """Within `tx`, end the conversations of people being erased and record it; return how many there are.

        What clients called their messages goes too; the words and files are for `Erasure`.
        """
        for customer_id in sorted(customer_ids):
            await repository.lock_customer(tx.connection, customer_id)
        ids = await repository.list_ids(tx.connection, customer_ids)
        await self._carry_out(tx, [(identity, NoteErasure()) for identity in ids])
        await repository.forget_client_ids(tx.connection, ids)
        return len(ids)

    async def _save_group(self, group: Sequence[Work]) -> Sequence[Outcome | Exception]:
        async with self._uow.begin() as tx:
            return await self._carry_out(tx, group)

    async def _carry_out(self, tx: Transaction, group: Sequence[Work]) -> Sequence[Outcome | Exception]:
        now = self._clock.now()
        states = await repository.load_locked(tx.connection, {identity for identity, _ in group})
        keys = [key for identity, command in group if (key := message_key(identity, command))]
        known = await repository.known_client_ids(tx.connection, keys)
        before = dict(states)
        outcomes, changed = decide_group(group, states, known, now)
        if changed:
            if left := list_left(before, states, changed):
                await self.on_freed(tx, left)
            self._announce(changed, states)
            ciphers = await self._ciphers.load(tx, {states[identity].customer_id for identity in changed})
            changes = [(states[identity], events) for identity, events in changed.items()]
            await repository.save(tx.connection, changes, ciphers)
            tx.after_commit(lambda: self._publish(changed, states))
        return outcomes

    def _announce(self, changed: Mapping[UUID, Sequence[Event]], states: Mapping[UUID, Conversation]) -> None:
        for identity, events in changed.items():
            if states[identity].owner is Owner.ASSISTANT and states[identity].reply_due_at is not None:
                for event in events:
                    if isinstance(event.payload, MessagePosted) and event.payload.text:
                        self.on_asked(event.payload.text)

    def _publish(self, changed: Mapping[UUID, Sequence[Event]], states: Mapping[UUID, Conversation]) -> None:
        for identity, events in changed.items():
            self.feed.publish(identity, events)
            state = states[identity]
            if state.reply_due_at is not None:
                self.on_owed(Owed(identity, state.reply_due_at, state.owner is Owner.ASSISTANT))


def list_left(
    before: Mapping[UUID, Conversation], after: Mapping[UUID, Conversation], changed: Mapping[UUID, Sequence[Event]]
) -> list[Left]:
    """Return the conversations that are no longer with the agent who had them."""
    found = []
    for identity, events in changed.items():
        agent_id = before[identity].agent_id
        if agent_id is not None and after[identity].agent_id != agent_id:
            vanished = any(isinstance(event.payload, AgentVanished) for event in events)
            found.append(Left(agent_id, before[identity], vanished))
    return found


def message_key(conversation_id: UUID, command: Command) -> MessageKey | None:
    """Return what makes a message the same one when it comes again: who said it where, under which client id (I1).

    The customer's side is one speaker, also once an identity has given them another id.
    """
    match command:
        case PostMessage(author=author, client_id=client_id) | AddNote(agent=author, client_id=client_id):
            return conversation_id, client_id, None if author.kind is AuthorKind.CUSTOMER else author.id
    return None


def append(state: Conversation, entries: Collection[Entry], now: datetime) -> tuple[Conversation, tuple[Event, ...]]:
    """Number the entries after `state.last_seq` and fold them into it."""
    events: list[Event] = []
    for entry in entries:
        event = Event.model_construct(
            seq=state.last_seq + 1,
            at=now,
            author=entry.author,
            visibility=entry.payload.VISIBILITY,
            payload=entry.payload,
        )
        state = evolve(state, event)
        events.append(event)
    return state, tuple(events)


def decide_group(
    group: Sequence[Work],
    states: dict[UUID, Conversation],
    known: dict[MessageKey, tuple[int, datetime]],
    now: datetime,
) -> tuple[list[Outcome | Exception], dict[UUID, list[Event]]]:
    """Decide each piece of work on the state the previous one left; bring `states` up to date.

    Return an outcome or a refusal for each, and the new events of each conversation that has any.
    """
    outcomes: list[Outcome | Exception] = []
    changed: dict[UUID, list[Event]] = defaultdict(list)
    for identity, command in group:
        state = states.get(identity)
        if state is None:
            outcomes.append(NotFoundError(what="conversation", id=str(identity)))
            continue
        key = message_key(identity, command)
        if key and (found := known.get(key)):
            outcomes.append(Outcome(state, (), found[0], found[1], duplicate=True))
            continue
        try:
            state, events = append(state, decide(command, state, now), now)
        except Exception as error:  # a refusal belongs to this piece of work alone
            outcomes.append(error)
            continue
        states[identity] = state
        if events:
            changed[identity].extend(events)
        seq = events[-1].seq if events else state.last_seq
        if key:
            known[key] = (seq, now)
        outcomes.append(Outcome(state, events, seq, now))
    return outcomes, dict(changed)
