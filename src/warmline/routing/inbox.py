"""The desk's list: which conversations a member of staff sees, and what each line shows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_, select, text, true

from warmline.conversation import repository as conversations_sql
from warmline.conversation.events import PAYLOADS, Owner
from warmline.conversation.follow import LogFollower, LogRow
from warmline.conversation.model import Conversation
from warmline.conversation.ports import CustomerCiphers
from warmline.conversation.schemas import Offer, State, show_offer, show_state
from warmline.conversation.tables import HELD, SERVING_SQL, WAITING
from warmline.conversation.tables import conversation as table
from warmline.customer.service import CustomerService
from warmline.kit.bus import Bus
from warmline.kit.errors import UnavailableError
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.routing.lookout import Lookout, Risk
from warmline.routing.viewer import CAN_BE_TAKEN, Place, Takes, Viewer

logger = logging.getLogger(__name__)

PREVIEW_LIMIT = 80
INBOX_LIMIT = 500
UNREAD_WITHIN = 500
"""Unread messages are counted among so many of the newest events."""
FELT_WITHIN = 200
"""A feeling is looked for among so many of the newest events."""
PLACES_PAGE = 500
PUSH_SECONDS = 0.25
SHOWN = (Owner.QUEUE.value, Owner.CALLBACK.value, Owner.AGENT.value)
BRINGING = frozenset(
    kind
    for kind, payload in PAYLOADS.items()
    if (owner := payload.model_fields.get("owner")) and owner.default not in (Owner.ASSISTANT, Owner.CLOSED)
)
"""Events that bring a conversation into somebody's list, or keep it there."""
PAGE = 25
"""Lines made, or pushed to every desk, without a break: hundreds in a row would hold up the event loop."""

# Each walks an index backwards or forwards from where it begins: their cost does not grow with the history.
_LAST_MESSAGES = text(
    "SELECT c.id, e.seq, e.author FROM unnest(CAST(:ids AS uuid[]), CAST(:up_to AS int[])) AS c(id, up_to)"
    " CROSS JOIN LATERAL (SELECT seq, author FROM conversation_event WHERE conversation_id = c.id"
    " AND seq <= c.up_to AND type = 'message.posted' AND author <> 'system' ORDER BY seq DESC LIMIT 1) e"
)
_REASONS = text(
    "SELECT c.id, e.payload ->> 'reason' FROM unnest(CAST(:ids AS uuid[])) AS c(id) CROSS JOIN LATERAL"
    " (SELECT payload FROM conversation_event WHERE conversation_id = c.id"
    " AND type IN ('handoff.requested', 'agent.vanished', 'conversation.transferred', 'callback.due')"
    " ORDER BY seq DESC LIMIT 1) e"
)
FEELINGS = text(
    "SELECT c.id, e.feeling FROM unnest(CAST(:ids AS uuid[]), CAST(:after AS int[])) AS c(id, after) CROSS JOIN LATERAL"
    " (SELECT payload -> 'acknowledgement' ->> 'reason' AS feeling FROM conversation_event WHERE conversation_id = c.id"
    " AND seq > c.after AND type = 'turn.decided' AND payload -> 'acknowledgement' ->> 'reason' <> ''"
    " ORDER BY seq DESC LIMIT 1) e"
)
_UNREAD = text(
    "SELECT c.id, count(*) FROM unnest(CAST(:ids AS uuid[]), CAST(:after AS int[])) AS c(id, after) CROSS JOIN LATERAL"
    " (SELECT type, author FROM conversation_event WHERE conversation_id = c.id AND seq > c.after"
    " ORDER BY seq LIMIT 500) e WHERE type = 'message.posted' AND author IN ('customer', 'helper') GROUP BY c.id"
)


class InboxItem(BaseModel):
    """One line of the desk's list. `unread`: the customer's messages since staff last read, in the last 500 events.

    `feelings`: what the assistant last heard in the customer's words and spoke to, by name (`dialogue.feeling`).
    `offer`: to whom it is offered now; `risk`: why a callback that is due soon may not be kept, as last seen.
    """

    conversation: State
    preview: str | None
    preview_author: str | None
    waiting_since: datetime | None
    unread: int
    reason: str | None
    feelings: list[str]
    risk: Risk | None
    offer: Offer | None = None


class Inbox:
    """Reads lines of the list."""

    def __init__(self, uow: UnitOfWork, customers: CustomerService, ciphers: CustomerCiphers, lookout: Lookout) -> None:
        self._uow, self._customers, self._ciphers, self.lookout = uow, customers, ciphers, lookout

    async def list_items(self, viewer: Viewer) -> list[InboxItem]:
        """Return what the viewer sees: those who wait, in serving order, then their own; `INBOX_LIMIT` of each."""
        may_take = _may_take(viewer.takes)
        may_see = true() if viewer.sees_all else _has(viewer.staff_id)
        own_first = text("agent_id = :me DESC, queued_at").bindparams(me=viewer.staff_id)
        read = partial(conversations_sql.list_where, limit=INBOX_LIMIT)
        async with self._uow.begin() as tx:
            first = await read(tx.connection, text(WAITING), may_take, order=text(SERVING_SQL))
            last = await read(tx.connection, text(HELD), may_see, order=own_first)
            return await self._items(tx, [*first, *last])

    async def list_last(self, takes: Takes, count: int) -> list[InboxItem]:
        """Return the last `count` of the first `INBOX_LIMIT` who wait, of those who can be taken."""
        count = min(count, INBOX_LIMIT)
        waiting = select(table).where(text(WAITING), _may_take(takes)).order_by(text(SERVING_SQL))
        query = waiting.offset(INBOX_LIMIT - count).limit(count)
        async with self._uow.begin() as tx:
            return await self._items(tx, await conversations_sql.list_query(tx.connection, query))

    async def get_items(self, ids: Collection[UUID], *, left: Collection[UUID] = ()) -> list[InboxItem]:
        """Return those of these conversations that are in anyone's list, and those of `left` whoever owns them now."""
        wanted = or_(table.c.owner.in_(SHOWN), table.c.id.in_(left))
        async with self._uow.begin() as tx:
            states = await conversations_sql.list_where(
                tx.connection, table.c.id.in_(ids), wanted, limit=len(ids), order=table.c.queued_at
            )
            return await self._items(tx, states)

    async def list_places(self) -> dict[UUID, Place]:
        """Return what decides who sees each of the conversations that are in anyone's list."""
        columns = (table.c.id, table.c.owner, table.c.agent_id, table.c.skill, table.c.beside)
        query = select(*columns).where(table.c.owner.in_(SHOWN))
        places: dict[UUID, Place] = {}
        async with self._uow.begin() as tx:
            result = await tx.connection.stream(query, execution_options={"yield_per": PLACES_PAGE})
            async for rows in result.partitions(PLACES_PAGE):
                places |= {row.id: Place.read(row) for row in rows}
        return places

    async def _items(self, tx: Transaction, states: Sequence[Conversation]) -> list[InboxItem]:
        items: list[InboxItem] = []
        for start in range(0, len(states), PAGE):
            items += await self._page(tx, states[start : start + PAGE])
        return items

    async def _page(self, tx: Transaction, states: Sequence[Conversation]) -> list[InboxItem]:
        shown = [state for state in states if state.owner.value in SHOWN]
        ids = [state.id for state in shown]
        after = [max(state.staff_read_seq, state.last_seq - UNREAD_WITHIN) for state in shown]
        reasons = dict(tuple(row) for row in (await tx.connection.execute(_REASONS, {"ids": ids})).all())
        unread = dict(tuple(row) for row in (await tx.connection.execute(_UNREAD, {"ids": ids, "after": after})).all())
        recent = [max(0, state.last_seq - FELT_WITHIN) for state in shown]
        felt = dict(tuple(row) for row in (await tx.connection.execute(FEELINGS, {"ids": ids, "after": recent})).all())
        previews = await self._previews(tx, shown)
        names = await self._customers.get_many(tx, {state.customer_id for state in states})
        items = []
        for state in states:
            customer = names.get(state.customer_id)
            preview, author = previews.get(state.id, (None, None))
            items.append(
                InboxItem(
                    conversation=show_state(state, customer.name if customer else None),
                    preview=preview,
                    preview_author=author,
                    waiting_since=state.queued_at,
                    unread=unread.get(state.id, 0),
                    reason=reasons.get(state.id),
                    feelings=felt[state.id].split("+") if state.id in felt else [],
                    risk=self.lookout.risk_of(state.id) if state.owner is Owner.CALLBACK else None,
                    offer=show_offer(state),
                )
            )
        return items

    async def _previews(self, tx: Transaction, states: Sequence[Conversation]) -> dict[UUID, tuple[str | None, str]]:
        parameters = {"ids": [state.id for state in states], "up_to": [_shown_up_to(state) for state in states]}
        rows = (await tx.connection.execute(_LAST_MESSAGES, parameters)).all()
        customers = {state.id: state.customer_id for state in states}
        ciphers = await self._ciphers.load(tx, set(customers.values()))
        places = [(row.id, row.seq) for row in rows]
        words = await conversations_sql.read_words(tx.connection, places, ciphers, customers)
        texts = {place[0]: found.get("text") or "" for place, found in words.items()}
        return {row.id: (texts.get(row.id, "")[:PREVIEW_LIMIT] or None, row.author) for row in rows}


def _has(staff_id: UUID) -> ColumnElement[bool]:
    """Whoever has it, or is beside it."""
    return or_(table.c.agent_id == staff_id, table.c.beside.contains([{"id": str(staff_id)}]))


def _may_take(takes: Takes) -> ColumnElement[bool]:
    if takes.skills is None:
        return true()
    return or_(table.c.skill.is_(None), table.c.skill.in_(takes.skills))


def _shown_up_to(state: Conversation) -> int:
    """Up to where to look for the message shown: of who waits the customer's own last, if they wrote any."""
    waits = state.owner is not Owner.AGENT
    return (waits and state.last_customer_seq) or state.last_seq


Push = Callable[[InboxItem, bool], None]
"""Takes a changed line, and whether it left the desk's list."""


@dataclass(eq=False, slots=True)
class _Desk:
    """An open desk. `viewers`: as whom it was shown lines so far, as skills and roles may change meanwhile."""

    viewer: Callable[[], Viewer]
    push: Push
    viewers: set[Viewer] = field(default_factory=set)

    def offer(self, item: InboxItem, before: Place | None) -> None:
        """Push a line that may be seen here; one that was seen before and no longer may be goes as removed."""
        viewer = self.viewer()
        self.viewers.add(viewer)
        if viewer.sees(Place.of(item.conversation)):
            self.push(item, False)
        elif before is not None and any(one.sees(before) for one in self.viewers):
            self.push(item, True)


class InboxFeed:
    """Pushes changed lines to the desks open on this node, following the log of all conversations."""

    def __init__(self, inbox: Inbox, uow: UnitOfWork, bus: Bus) -> None:
        self._inbox = inbox
        self._desks: set[_Desk] = set()
        self._shown: dict[UUID, Place] = {}
        self._placed = False
        self._placing = asyncio.Lock()
        self._dirty: set[UUID] = set()
        self._came: set[UUID] = set()
        self._wake = asyncio.Event()
        self._follower = LogFollower(uow, bus, self._on_rows)
        self._task: asyncio.Task[None] | None = None

    async def listen(self, viewer: Callable[[], Viewer], push: Push) -> Callable[[], None]:
        """Push the lines that `viewer()` may see, and those that it no longer may; returns what ends it."""
        desk = _Desk(viewer, push)
        self._desks.add(desk)  # first, so that what changes during the read is pushed after it
        try:
            async with self._placing:
                if not self._placed:
                    self._shown = await self._inbox.list_places()
                    self._placed = True
        except BaseException:
            self._leave(desk)
            raise
        return lambda: self._leave(desk)

    def _leave(self, desk: _Desk) -> None:
        self._desks.discard(desk)
        self._placed = self._placed and bool(self._desks)

    async def start(self) -> None:
        """Begin to follow."""
        await self._follower.start()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End following."""
        await self._follower.stop()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look_ahead(self) -> None:
        """Look for callbacks at risk, and push the lines of which that changed: their conversations did not."""
        changed = await self._inbox.lookout.look()
        if self._desks and changed:
            self._dirty |= changed
            self._wake.set()

    async def _on_rows(self, rows: Sequence[LogRow]) -> None:
        if self._desks:
            self._dirty.update(row.conversation_id for row in rows)
            self._came.update(row.conversation_id for row in rows if row.type in BRINGING)
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch = set(islice(self._dirty, INBOX_LIMIT))
            came = batch & self._came
            self._dirty -= batch
            self._came -= came
            try:
                async with self._placing:
                    await self._push_all(batch, came)
            except Exception:
                self._dirty |= batch
                self._came |= batch
                logger.exception("pushing the desk's list failed; trying again in a second")
                await asyncio.sleep(1)
            if self._dirty:
                self._wake.set()
            await asyncio.sleep(PUSH_SECONDS)

    async def _push_all(self, ids: set[UUID], came: set[UUID]) -> None:
        """Push these lines together; where one of them cannot be, each by itself, so that it keeps no other back."""
        try:
            await self._push(ids, came)
        except UnavailableError:
            raise
        except Exception:
            logger.exception("a line of the desk's list cannot be pushed; each is tried by itself")
            for one in ids:
                await self._push_alone(one, came & {one})

    async def _push_alone(self, one: UUID, came: set[UUID]) -> None:
        try:
            await self._push({one}, came)
        except UnavailableError:
            raise
        except Exception:
            logger.exception("the line of conversation %s cannot be pushed", one)

    async def _push(self, ids: set[UUID], came: Collection[UUID]) -> None:
        """Push these lines. `came`: those that were before people meanwhile, if only between two pushes."""
        left: Counter[Takes] = Counter()
        for number, item in enumerate(await self._inbox.get_items(ids, left=ids & (self._shown.keys() | came)), 1):
            state = item.conversation
            before = self._shown.pop(state.id, None)
            if state.owner.value in SHOWN:
                self._shown[state.id] = Place.of(state)
            elif before is None:  # a desk that was opened just then may have read it
                before = Place(Owner.QUEUE, None, state.skill)
            for desk in tuple(self._desks):
                desk.offer(item, before)
            for takes in self._takers():
                left[takes] += _was_taken(takes, before, state)
            if number % PAGE == 0:
                await asyncio.sleep(0)
        if len(self._shown) >= INBOX_LIMIT:
            await self._fill_up(left)

    def _takers(self) -> set[Takes]:
        return {desk.viewer().takes for desk in self._desks}

    async def _fill_up(self, left: Mapping[Takes, int]) -> None:
        """Desks list only the first who wait: for each of them who left, show the one who comes next."""
        for takes, count in left.items():
            for item in await self._inbox.list_last(takes, count) if count else ():
                for desk in tuple(self._desks):
                    if desk.viewer().takes == takes:
                        desk.push(item, False)


def _was_taken(takes: Takes, before: Place | None, state: State) -> bool:
    """Tell whether someone who waited before those who take these customers does so no longer."""
    waited = before is not None and before.owner in CAN_BE_TAKEN and takes.has(before.skill)
    return waited and not (state.owner in CAN_BE_TAKEN and takes.has(state.skill))
