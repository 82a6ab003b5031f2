"""Use cases of promises: found in what is said, made by hand, confirmed, kept; broken ones seen at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from warmline.casework import promise_repository as sql
from warmline.casework import repository
from warmline.casework.extract import extract
from warmline.casework.model import SERVICE, Actor, Entry, Owner, check_due, remind_at, viewer_of
from warmline.casework.ports import Ciphers
from warmline.casework.promise_model import (
    Break,
    Keep,
    Promise,
    PromiseCommand,
    Promiser,
    PromiseStatus,
    RemindOfPromise,
    Withdraw,
    decide_promise,
)
from warmline.casework.service import CaseService
from warmline.casework.tables import promise as table
from warmline.conversation.events import AuthorKind
from warmline.conversation.follow import LogRow, end_of_log, read_log
from warmline.customer.service import CustomerService
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.staff.model import SignedIn

logger = logging.getLogger(__name__)

READER = "promises"
LOG_PAGE = 500
TELLING = frozenset({"message.posted"})
TURNING = frozenset({"callback.scheduled", "conversation.accepted", "conversation.handed_back", "conversation.closed"})
SPEAKERS = frozenset({AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT, AuthorKind.ASSISTANT})
BREATH = 25
"""Messages read for promises without a break: many in a row would hold up the event loop."""


@dataclass(frozen=True, slots=True)
class NewPromise:
    """A promise made by hand. `id` is chosen by whoever asks: asked again, it is the same promise."""

    id: UUID
    conversation_id: UUID
    words: str
    due_at: datetime
    whole_day: bool = False
    seq: int | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PromiseFilter:
    """Which promises: a `view` of the desk, of one conversation or customer; `settled`: not only what is owed."""

    view: str = "all"
    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class ListedPromise:
    """A promise and whom it was made to."""

    promise: Promise
    customer_name: str | None


class PromiseService:
    """What becomes of promises. What somebody has no business with does not exist for them."""

    def __init__(
        self, uow: UnitOfWork, clock: Clock, calendar: BusinessCalendar, ciphers: Ciphers,
        customers: CustomerService, cases: CaseService,
    ) -> None:  # fmt: skip
        self._uow, self._clock, self._calendar, self._ciphers = uow, clock, calendar, ciphers
        self._customers, self._cases = customers, cases
        self._zone = ZoneInfo(calendar.zone)

    async def list_promises(self, signed: SignedIn, wanted: PromiseFilter) -> list[ListedPromise]:
        """Return the promises that fit and that this member of staff may see, what is due first before the others."""
        viewer, now = viewer_of(signed.staff), self._clock.now()
        conditions = [repository.in_view(table, wanted.view, viewer, late=sql.late_promises(now))]
        if not wanted.settled:
            conditions.append(sql.owed())
        if wanted.conversation_id:
            # Whoever may read the conversation reads there what was promised.
            await self._cases.check_conversation(signed, wanted.conversation_id)
            conditions.append(table.c.conversation_id == wanted.conversation_id)
        else:
            conditions.append(repository.may_see(table, viewer))
        async with self._uow.begin() as tx:
            if wanted.customer_id:
                selves = await self._customers.list_selves(tx, wanted.customer_id)
                conditions.append(table.c.customer_id.in_(selves))
            return await self._read(tx, conditions)

    async def count_owed(self, signed: SignedIn) -> tuple[int, int]:
        """Return how many promises this member of staff is to see to: late ones, and ones they are reminded of."""
        viewer, now = viewer_of(signed.staff), self._clock.now()
        mine = repository.may_see(table, viewer) if viewer.sees_all else table.c.owner_id == viewer.id
        soon = (table.c.status == PromiseStatus.CONFIRMED.value, table.c.remind_at <= now, table.c.breaks_at > now)
        async with self._uow.begin() as tx:
            late = await sql.count_promises(tx.connection, sql.late_promises(now), mine)
            return late, await sql.count_promises(tx.connection, *soon, mine)

    async def make(self, signed: SignedIn, new: NewPromise) -> Promise:
        """Record a promise that an agent made; it is confirmed at once."""
        state = await self._cases.check_conversation(signed, new.conversation_id)
        now, by = self._clock.now(), Actor(signed.staff.id, signed.staff.name)
        check_due(new.due_at, now)
        promise = Promise(
            id=new.id, customer_id=state.customer_id, conversation_id=state.id, seq=None, case_id=new.case_id,
            promiser=Promiser.AGENT, owner=Owner(by.id, by.name, state.skill), words=new.words, due_at=new.due_at,
            whole_day=new.whole_day, callback=False, status=PromiseStatus.CONFIRMED, made_at=now, changed_at=now,
            changed_by=by, remind_at=remind_at(new.due_at, now),
        )  # fmt: skip
        async with self._uow.begin() as tx:
            if await self._cipher(tx, state.customer_id) is None:
                raise NotFoundError(what="customer", id=str(state.customer_id))
            await self._keep_new(tx, promise, 0, Entry("promise.made", by, {"due_at": new.due_at.isoformat()}), now)
            return await sql.load_promise(tx.connection, new.id, self._ciphers, tx)

    async def change(
        self, signed: SignedIn, promise_id: UUID, command: PromiseCommand, *, expect: int | None = None
    ) -> Promise:
        """Carry out a command; raise what `decide_promise` refuses it with."""
        async with self._uow.begin() as tx:
            promise = await sql.load_promise(tx.connection, promise_id, self._ciphers, tx, lock=True)
            await self._check(signed, promise)
            by = Actor(signed.staff.id, signed.staff.name)
            return await self._carry_out(tx, promise, command, by, self._clock.now(), expect)

    async def list_owed_to(self, customer_id: UUID) -> list[Promise]:
        """Return what this person was promised and has not got, what is due first before the others."""
        async with self._uow.begin() as tx:
            selves = await self._customers.list_selves(tx, customer_id)
            rows = await sql.list_owed_to(tx.connection, selves)
            ciphers = await self._ciphers.load(tx, {row.customer_id for row in rows}) if rows else {}
        return [sql.read_promise(row, ciphers) for row in rows]

    async def sweep(self) -> int:
        """Read on in the log, remind, and note what is broken; return how many. Idempotent: any node may do it.

        The log goes first: what was kept while nobody looked must not be found broken.
        """
        while await self._read_on():
            pass
        done = 0
        for find, command in ((sql.list_to_break, Break()), (sql.list_to_remind, RemindOfPromise())):
            async with self._uow.begin() as tx:
                ids = await find(tx.connection, self._clock.now())
            for one in ids:
                done += await self._try(one, command)
        return done

    async def _read_on(self) -> bool:
        """Read one page of the log, from where all nodes together have come to; tell whether there may be more."""
        async with self._uow.begin() as tx:
            cursor = await sql.load_cursor(tx.connection, READER)
        end = await end_of_log(self._uow)
        if cursor is None or cursor > end:  # the first look, or a database restored elsewhere
            async with self._uow.begin() as tx:
                if cursor is None:
                    await sql.begin_at(tx.connection, READER, end)
                else:
                    await sql.move_cursor(tx.connection, READER, cursor, end)
            return False
        rows = await read_log(self._uow, cursor, page=LOG_PAGE)
        if not rows:
            return False
        await self._take_in(rows)
        async with self._uow.begin() as tx:
            await sql.move_cursor(tx.connection, READER, cursor, rows[-1].cursor)
        return len(rows) == LOG_PAGE

    async def _take_in(self, rows: Sequence[LogRow]) -> None:
        """Do what a page of the log asks for; doing it twice does nothing more."""
        places = [(row.conversation_id, row.seq) for row in rows if row.type in TELLING | TURNING]
        if not places:
            return
        async with self._uow.begin() as tx:
            spoken = await sql.read_spoken(tx.connection, places, lambda ids: self._ciphers.load(tx, ids))
        # A callback goes before the sentence that tells of it, which is the same promise.
        for number, one in enumerate(sorted(spoken, key=lambda one: one.type in TELLING), 1):
            try:
                await (self._hear(one) if one.type in TELLING else self._turn(one))
            except Exception:
                logger.exception("entry %s of conversation %s is not read for promises", one.seq, one.conversation_id)
            if number % BREATH == 0:
                await asyncio.sleep(0)

    async def _hear(self, spoken: sql.Spoken) -> None:
        """Propose what an agent, or the assistant in its own words, promised."""
        text = spoken.words.get("text") or ""
        is_article = spoken.author == AuthorKind.ASSISTANT and spoken.words.get("sources")
        if not text or is_article or spoken.author not in SPEAKERS:
            return
        author = AuthorKind(spoken.author)
        found = extract(text, author, spoken.at.astimezone(self._zone), self._calendar)
        by_agent = author is not AuthorKind.ASSISTANT
        for place, said in enumerate(found):
            owner = Owner(spoken.author_id, spoken.author_name, spoken.skill) if by_agent else Owner(skill=spoken.skill)
            promise = _promise_of(
                spoken, owner=owner, promiser=Promiser.AGENT if by_agent else Promiser.ASSISTANT, words=said.words,
                due_at=said.due_at, whole_day=said.whole_day, status=PromiseStatus.PROPOSED,
            )  # fmt: skip
            async with self._uow.begin() as tx:
                if not await sql.list_twins(tx.connection, promise.conversation_id, promise.due_at):
                    await self._keep_new(tx, promise, place, Entry("promise.proposed", SERVICE), spoken.at)

    async def _turn(self, spoken: sql.Spoken) -> None:
        """What a conversation's turn means for the callback promised in it: kept, replaced, or not wanted any more."""
        async with self._uow.begin() as tx:
            rows = await sql.list_open_callbacks(tx.connection, spoken.conversation_id)
            ciphers = await self._ciphers.load(tx, {spoken.customer_id})
            for row in rows:
                promise = sql.read_promise(row, ciphers)
                if promise.seq is not None and promise.seq >= spoken.seq:
                    continue
                command = _after_turn(promise, spoken)
                if command is not None:
                    await self._carry_out(tx, promise, command, _speaker(spoken), spoken.at)
            if spoken.type == "callback.scheduled":
                await self._keep_callback(tx, spoken)

    async def _keep_callback(self, tx: Transaction, spoken: sql.Spoken) -> None:
        """A dated callback is the bank's word, and needs nobody's yes."""
        due_at = datetime.fromisoformat(spoken.payload["due_at"])
        for row in await sql.list_twins(tx.connection, spoken.conversation_id, due_at):
            twin = sql.read_promise(row, await self._ciphers.load(tx, {spoken.customer_id}))
            if twin.seq != spoken.seq and twin.status is PromiseStatus.PROPOSED:
                await self._carry_out(tx, twin, Withdraw("same_as_callback"), SERVICE, spoken.at)
        promise = _promise_of(
            spoken, owner=Owner(skill=spoken.skill), promiser=Promiser.BANK, words=None, due_at=due_at,
            whole_day=False, status=PromiseStatus.CONFIRMED, callback=True,
        )  # fmt: skip
        await self._keep_new(tx, promise, 0, Entry("promise.made", SERVICE, {"due_at": due_at.isoformat()}), spoken.at)

    async def _keep_new(self, tx: Transaction, promise: Promise, place: int, entry: Entry, at: datetime) -> None:
        cipher = await self._cipher(tx, promise.customer_id)
        if await sql.insert_promise(tx.connection, promise, place, cipher):
            await repository.append(tx.connection, promise.id, promise.customer_id, (entry,), at, cipher)

    async def _carry_out(
        self, tx: Transaction, promise: Promise, command: PromiseCommand, by: Actor, now: datetime,
        expect: int | None = None,
    ) -> Promise:  # fmt: skip
        changed, entries = decide_promise(promise, command, by, now, expect)
        cipher = await self._cipher(tx, promise.customer_id)
        if changed != promise:
            await sql.update_promise(tx.connection, changed, cipher)
        await repository.append(tx.connection, promise.id, promise.customer_id, entries, now, cipher)
        return changed

    async def _try(self, promise_id: UUID, command: PromiseCommand) -> bool:
        """Carry out a sweep's command; one that fails keeps no other back."""
        try:
            async with self._uow.begin() as tx:
                promise = await sql.load_promise(tx.connection, promise_id, self._ciphers, tx, lock=True)
                await self._carry_out(tx, promise, command, SERVICE, self._clock.now())
        except Exception:
            logger.exception("a sweep failed for promise %s", promise_id)
            return False
        return True

    async def _check(self, signed: SignedIn, promise: Promise) -> None:
        if not viewer_of(signed.staff).sees(promise.owner):
            await self._cases.check_conversation(signed, promise.conversation_id)

    async def _cipher(self, tx: Transaction, customer_id: UUID) -> Any:
        return (await self._ciphers.load(tx, {customer_id})).get(customer_id)

    async def _read(self, tx: Transaction, conditions: Collection[ColumnElement[bool]]) -> list[ListedPromise]:
        rows = await sql.select_promises(tx.connection, tuple(conditions))
        if not rows:
            return []
        ids = {row.customer_id for row in rows}
        ciphers, names = await self._ciphers.load(tx, ids), await self._customers.get_many(tx, ids)
        return [
            ListedPromise(
                sql.read_promise(row, ciphers), names[row.customer_id].name if row.customer_id in names else None
            )
            for row in rows
        ]


def _promise_of(
    spoken: sql.Spoken, *, owner: Owner, promiser: Promiser, words: str | None, due_at: datetime, whole_day: bool,
    status: PromiseStatus, callback: bool = False,
) -> Promise:  # fmt: skip
    return Promise(
        id=new_id(), customer_id=spoken.customer_id, conversation_id=spoken.conversation_id, seq=spoken.seq,
        case_id=None, promiser=promiser, owner=owner, words=words, due_at=due_at, whole_day=whole_day,
        callback=callback, status=status, made_at=spoken.at, changed_at=spoken.at, changed_by=SERVICE,
        remind_at=remind_at(due_at, spoken.at) if status is PromiseStatus.CONFIRMED else None,
    )  # fmt: skip


def _after_turn(promise: Promise, spoken: sql.Spoken) -> PromiseCommand | None:
    if spoken.type == "conversation.accepted":
        return Keep()
    if promise.status is PromiseStatus.BROKEN:
        return None
    reasons = {"callback.scheduled": "rescheduled", "conversation.handed_back": "customer_back"}
    return Withdraw(reasons.get(spoken.type, "closed"))


def _speaker(spoken: sql.Spoken) -> Actor:
    is_agent = spoken.author in (AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT)
    return Actor(spoken.author_id, spoken.author_name) if is_agent else SERVICE
