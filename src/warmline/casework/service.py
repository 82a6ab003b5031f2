"""Use cases of cases: open, find, read, change, comment on, link; and noticing by itself what is late."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from warmline.casework import promise_repository as promises_sql
from warmline.casework import repository
from warmline.casework.draft import CaseDraft, fill_draft
from warmline.casework.model import (
    PLAIN_KIND,
    Actor,
    Case,
    CaseCategory,
    CaseCommand,
    CaseEdit,
    CaseStatus,
    CommentCase,
    Entry,
    NoteOverdue,
    Owner,
    RemindOfCase,
    Viewer,
    check_due,
    decide_case,
    remind_at,
    spell_number,
    viewer_of,
)
from warmline.casework.ports import Ciphers, SeesConversation
from warmline.casework.promise_model import Promise
from warmline.casework.tables import case_event, case_file
from warmline.casework.tables import promise as promise_table
from warmline.conversation.events import Visibility
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService
from warmline.customer.service import CustomerService
from warmline.kit import audit
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.staff.model import SignedIn
from warmline.staff.service import StaffService

logger = logging.getLogger(__name__)

READS_KEPT = 20_000
DRAFT_EVENTS = 200


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is to become a case. `id` is chosen by whoever asks: asked again, it is the same case."""

    id: UUID
    conversation_id: UUID
    title: str
    description: str
    category: CaseCategory
    due_at: datetime | None = None
    owner_id: UUID | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: a `view` of the desk, running ones or `closed` ones, of one conversation or customer, by number."""

    view: str = "all"
    closed: bool = False
    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in a list."""

    case: Case
    customer_name: str | None
    conversations: list[UUID]


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as it is read."""

    listed: ListedCase
    log: list[repository.Logged]
    promises: list[Promise]


class CaseService:
    """What people do with cases. What somebody has no business with does not exist for them."""

    def __init__(
        self, uow: UnitOfWork, clock: Clock, calendar: BusinessCalendar, ciphers: Ciphers,
        conversations: ConversationService, customers: CustomerService, staff: StaffService, sees: SeesConversation,
    ) -> None:  # fmt: skip
        self._uow, self._clock, self._calendar, self._ciphers = uow, clock, calendar, ciphers
        self._conversations, self._customers, self._staff, self._sees = conversations, customers, staff, sees
        self._reads: OrderedDict[tuple[UUID, UUID], None] = OrderedDict()

    async def draft(self, signed: SignedIn, conversation_id: UUID) -> CaseDraft:
        """Return the form filled from the slip, or from what the customer wrote last."""
        state = await self.check_conversation(signed, conversation_id)
        _, events = await self._conversations.view(conversation_id, Visibility.STAFF, limit=DRAFT_EVENTS)
        return fill_draft(events, state.skill)

    async def open(self, signed: SignedIn, new: NewCase) -> ListedCase:
        """Open a case from a conversation."""
        state = await self.check_conversation(signed, new.conversation_id)
        now, by = self._clock.now(), _actor(signed)
        check_due(new.due_at, now)
        async with self._uow.begin() as tx:
            cipher = (await self._ciphers.load(tx, {state.customer_id})).get(state.customer_id)
            if cipher is None:
                raise NotFoundError(what="customer", id=str(state.customer_id))
            owner = await self._owner(tx, new.owner_id, new.skill or state.skill)
            day = self._calendar.local_date(now)
            case = Case(
                id=new.id, number=spell_number(day, await repository.next_number(tx.connection, day)), kind=PLAIN_KIND,
                customer_id=state.customer_id, category=new.category, title=new.title, description=new.description,
                owner=owner, status=CaseStatus.OPEN, due_at=new.due_at, opened_at=now, opened_by=by, changed_at=now,
                changed_by=by, remind_at=remind_at(new.due_at, now) if new.due_at else None,
            )  # fmt: skip
            if await repository.insert_case(tx.connection, case, cipher):
                entry = Entry("case.opened", by, {"conversation": str(state.id)})
                await repository.append(tx.connection, case.id, case.customer_id, (entry,), now, cipher)
                await repository.link(tx.connection, case.id, state.id, now)
        return (await self.read(signed, new.id)).listed

    async def read(self, signed: SignedIn, case_id: UUID, *, changed: bool = False) -> OpenedCase:
        """Return a case with its log and its promises; the read is in the audit trail, once for a session.

        Who `changed` it is shown it once more, also where they have just given it to somebody else.
        """
        async with self._uow.begin() as tx:
            case = await repository.load_case(tx.connection, case_id, self._ciphers, tx)
            if not changed:
                self._check(viewer_of(signed.staff), case)
            ciphers = await self._ciphers.load(tx, {case.customer_id})
            of_case = (promise_table.c.case_id == case_id,)
            rows = await promises_sql.select_promises(tx.connection, of_case)
            promises = [promises_sql.read_promise(row, ciphers) for row in rows]
            subjects = [case_id, *(one.id for one in promises)]
            log = await repository.read_log(tx.connection, subjects, ciphers.get(case.customer_id))
            listed = (await self._listed(tx, [case]))[0]
            await self._note_read(tx, signed, case)
        return OpenedCase(listed, log, promises)

    async def list_cases(self, signed: SignedIn, wanted: CaseFilter) -> list[ListedCase]:
        """Return the cases that fit and that this member of staff may see."""
        viewer, table, now = viewer_of(signed.staff), case_file, self._clock.now()
        late = repository.late_cases(now)
        conditions = [repository.may_see(table, viewer, opened_by=True)]
        conditions.append(repository.in_view(table, wanted.view, viewer, late=late))
        conditions.append(repository.closed() if wanted.closed else repository.running())
        if wanted.conversation_id:
            conditions.append(repository.linked_to(wanted.conversation_id))
        if wanted.number:
            conditions.append(table.c.number.contains(wanted.number, autoescape=True))
        async with self._uow.begin() as tx:
            if wanted.customer_id:
                selves = await self._customers.list_selves(tx, wanted.customer_id)
                conditions.append(table.c.customer_id.in_(selves))
            rows = await repository.select_cases(tx.connection, conditions, running_first=not wanted.closed)
            ciphers = await self._ciphers.load(tx, {row.customer_id for row in rows}) if rows else {}
            return await self._listed(tx, [repository.read_case(row, ciphers) for row in rows])

    async def count_late(self, signed: SignedIn) -> int:
        """Return how many late cases this member of staff is to see to."""
        viewer = viewer_of(signed.staff)
        seen = repository.may_see(case_file, viewer, opened_by=True)
        mine = seen if viewer.sees_all else (case_file.c.owner_id == viewer.id) & seen
        async with self._uow.begin() as tx:
            return await repository.count_cases(tx.connection, repository.late_cases(self._clock.now()) & mine)

    async def change(
        self, signed: SignedIn, case_id: UUID, command: CaseCommand, *, expect: int | None = None
    ) -> OpenedCase:
        """Carry out a command; raise what `decide_case` refuses it with."""
        async with self._uow.begin() as tx:
            case = await self._locked(tx, signed, case_id)
            await self._carry_out(tx, case, command, _actor(signed), expect)
        return await self.read(signed, case_id, changed=True)

    async def edit(
        self, signed: SignedIn, case_id: UUID, edit: CaseEdit, *, owner_id: UUID | None, skill: str | None,
        assigns: bool, expect: int,
    ) -> OpenedCase:  # fmt: skip
        """Change fields and, where it `assigns`, who has it."""
        if assigns:
            async with self._uow.begin() as tx:
                edit = replace(edit, owner=await self._owner(tx, owner_id, skill))
        return await self.change(signed, case_id, edit, expect=expect)

    async def comment(self, signed: SignedIn, case_id: UUID, client_id: str, words: str) -> OpenedCase:
        """Add a comment; the same `client_id` twice is one comment."""
        async with self._uow.begin() as tx:
            case = await self._locked(tx, signed, case_id)
            if not await repository.has_client_id(tx.connection, case_id, client_id):
                await self._carry_out(tx, case, CommentCase(words), _actor(signed), None, client_id=client_id)
        return await self.read(signed, case_id)

    async def link(self, signed: SignedIn, case_id: UUID, conversation_id: UUID) -> OpenedCase:
        """Link one more conversation of the same customer."""
        state = await self.check_conversation(signed, conversation_id)
        now = self._clock.now()
        async with self._uow.begin() as tx:
            case = await self._locked(tx, signed, case_id)
            if state.customer_id not in await self._customers.list_selves(tx, case.customer_id):
                raise NotFoundError(what="conversation", id=str(conversation_id))
            if await repository.link(tx.connection, case_id, conversation_id, now):
                entry = Entry("case.linked", _actor(signed), {"conversation": str(conversation_id)})
                await repository.append(tx.connection, case_id, case.customer_id, (entry,), now, None)
        return await self.read(signed, case_id)

    async def sweep(self) -> int:
        """Remind of what comes near and note what is late; return how many. Idempotent: any node may do it."""
        now, done = self._clock.now(), 0
        looks: tuple[tuple[str, str, CaseCommand], ...] = (
            ("due_at", "overdue_at", NoteOverdue()), ("remind_at", "reminded_at", RemindOfCase()),
        )  # fmt: skip
        for column, noted, command in looks:
            async with self._uow.begin() as tx:
                ids = await repository.list_due(tx.connection, column, now, done=noted)
            for one in ids:
                done += await self._try(one, command)
        return done

    async def _try(self, case_id: UUID, command: CaseCommand) -> bool:
        """Carry out a sweep's command; one that fails keeps no other back."""
        try:
            async with self._uow.begin() as tx:
                case = await repository.load_case(tx.connection, case_id, self._ciphers, tx, lock=True)
                await self._carry_out(tx, case, command, Actor(), None)
        except Exception:
            logger.exception("a sweep failed for case %s", case_id)
            return False
        return True

    async def forget(self, tx: Transaction, customer_ids: Collection[UUID]) -> None:
        """Within `tx`, blank the words of people being erased; nothing is owed to them any more."""
        ids = list(customer_ids)
        for table in (case_file, case_event, promise_table):
            await tx.connection.execute(update(table).where(table.c.customer_id.in_(ids)).values(sealed=None))
        now = self._clock.now()
        running = (case_file.c.customer_id.in_(ids), repository.running())
        ended = {"status": CaseStatus.CANCELLED.value, "settled_at": now, "revision": case_file.c.revision + 1}
        await tx.connection.execute(update(case_file).where(*running).values(ended))
        owed = (promise_table.c.customer_id.in_(ids), promises_sql.owed())
        gone = {"status": "withdrawn", "done_at": now, "revision": promise_table.c.revision + 1}
        await tx.connection.execute(update(promise_table).where(*owed).values(gone))

    async def check_conversation(self, signed: SignedIn, conversation_id: UUID) -> Conversation:
        """Return a conversation; `NotFoundError` where it is not this person's business."""
        state = await self._conversations.get(conversation_id)
        if not self._sees(signed.staff, state):
            raise NotFoundError(what="conversation", id=str(conversation_id))
        return state

    async def _locked(self, tx: Transaction, signed: SignedIn, case_id: UUID) -> Case:
        case = await repository.load_case(tx.connection, case_id, self._ciphers, tx, lock=True)
        self._check(viewer_of(signed.staff), case)
        return case

    async def _carry_out(
        self, tx: Transaction, case: Case, command: CaseCommand, by: Actor, expect: int | None, *, client_id: str = ""
    ) -> None:
        now = self._clock.now()
        changed, entries = decide_case(case, command, by, now, expect)
        if client_id:
            entries = tuple(replace(one, details={**one.details, "client_id": client_id}) for one in entries)
        cipher = (await self._ciphers.load(tx, {case.customer_id})).get(case.customer_id)
        if changed != case:
            await repository.update_case(tx.connection, changed, cipher)
        await repository.append(tx.connection, case.id, case.customer_id, entries, now, cipher)

    async def _owner(self, tx: Transaction, owner_id: UUID | None, skill: str | None) -> Owner:
        name = None
        if owner_id is not None:
            found = (await self._staff.get_many(tx, {owner_id})).get(owner_id)
            if found is None or not found.serves:
                raise NotFoundError(what="colleague", id=str(owner_id))
            name = found.name
        if skill is not None and skill not in {group.id for group in await self._staff.list_skill_groups(tx)}:
            raise NotFoundError(what="skill", id=skill)
        return Owner(owner_id, name, skill)

    def _check(self, viewer: Viewer, case: Case) -> None:
        if not viewer.sees(case.owner, case.opened_by.id):
            raise NotFoundError(what="case", id=str(case.id))

    async def _listed(self, tx: Transaction, cases: list[Case]) -> list[ListedCase]:
        if not cases:
            return []
        names = await self._customers.get_many(tx, {one.customer_id for one in cases})
        links = await repository.list_links(tx.connection, {one.id for one in cases})
        return [
            ListedCase(one, names[one.customer_id].name if one.customer_id in names else None, links.get(one.id, []))
            for one in cases
        ]

    async def _note_read(self, tx: Transaction, signed: SignedIn, case: Case) -> None:
        key = (signed.session_id, case.id)
        if key not in self._reads:
            subject = f"customer:{case.customer_id}"
            await audit.record(
                tx, at=self._clock.now(), actor=signed.actor, action="case.read", subject=subject, case=str(case.id)
            )
            tx.after_commit(lambda: self._remember(key))

    def _remember(self, key: tuple[UUID, UUID]) -> None:
        self._reads[key] = None
        if len(self._reads) > READS_KEPT:
            self._reads.popitem(last=False)


def _actor(signed: SignedIn) -> Actor:
    return Actor(signed.staff.id, signed.staff.name)
