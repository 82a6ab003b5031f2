"""Pure rules of cases: numbers, steps, reminders, who sees one. Time and ids are handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from warmline.casework.errors import CaseChangedError, CaseStepError, DueTimeError
from warmline.staff.model import Permission, Staff

PLAN_AHEAD = timedelta(days=366)
REMIND_BEFORE = timedelta(hours=2)
REMIND_AT_LEAST = timedelta(minutes=1)
PLAIN_KIND = "case"
"""What a case is where nothing else is said; complaints are to stand on the same base."""


class CaseStatus(StrEnum):
    """How far a case is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    DONE = "done"
    CANCELLED = "cancelled"


_SETTLED = frozenset({CaseStatus.DONE, CaseStatus.CANCELLED})
RUNNING = frozenset(CaseStatus) - _SETTLED
STEPS: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: _SETTLED | {CaseStatus.IN_PROGRESS, CaseStatus.WAITING_CUSTOMER},
    CaseStatus.IN_PROGRESS: _SETTLED | {CaseStatus.OPEN, CaseStatus.WAITING_CUSTOMER},
    CaseStatus.WAITING_CUSTOMER: _SETTLED | {CaseStatus.IN_PROGRESS},
    CaseStatus.DONE: frozenset({CaseStatus.IN_PROGRESS}),
    CaseStatus.CANCELLED: frozenset({CaseStatus.OPEN}),
}
"""Where a case may go from each status; what is done or cancelled may be taken up again."""


class CaseCategory(StrEnum):
    """What a case is about."""

    CARD = "card"
    ACCOUNT = "account"
    TRANSFER = "transfer"
    LOAN = "loan"
    SAVINGS = "savings"
    FEE = "fee"
    FRAUD = "fraud"
    APP = "app"
    SERVICE = "service"
    OTHER = "other"


_CATEGORY_WORDS: tuple[tuple[CaseCategory, re.Pattern[str]], ...] = tuple(
    (category, re.compile(words, re.I))
    for category, words in (
        (CaseCategory.FRAUD, "诈骗|詐騙|盗刷|盜刷|被骗|被騙|冒用|fraud|scam|stolen|not me"),
        (CaseCategory.FEE, "手续费|手續費|年费|年費|扣费|扣費|收费|收費|利息|fee|charge|interest"),
        (CaseCategory.TRANSFER, "转账|轉帳|转帐|汇款|匯款|到账|到帳|入账|transfer|wire|remit"),
        (CaseCategory.LOAN, "贷款|貸款|房贷|房貸|按揭|分期|loan|mortgage|instal"),
        (CaseCategory.APP, "app|登录|登入|登陆|手机银行|網銀|网银|密码锁|log ?in|sign ?in"),
        (CaseCategory.SAVINGS, "存款|定期|理财|理財|存折|存摺|saving|deposit|passbook"),
        (CaseCategory.CARD, "卡|吞|挂失|掛失|atm|机器|機器|card"),
        (CaseCategory.ACCOUNT, "账户|帳戶|开户|開戶|销户|冻结|凍結|account"),
        (CaseCategory.SERVICE, "态度|態度|服务|服務|排队|排隊|投诉|投訴|service|rude|complain"),
    )
)


def guess_category(text: str) -> CaseCategory:
    """Return what words are likely about, for a form to arrive filled; an agent has the last word."""
    return next((category for category, words in _CATEGORY_WORDS if words.search(text)), CaseCategory.OTHER)


def spell_number(day: date, count: int) -> str:
    """Return the number of the `count`th case of a day, as people say it: 20261128-0042."""
    return f"{day:%Y%m%d}-{count:04}"


def remind_at(due_at: datetime, made_at: datetime) -> datetime:
    """Return when its owner is reminded: two hours before, and never before half the time is up."""
    ahead = min(REMIND_BEFORE, max((due_at - made_at) / 2, REMIND_AT_LEAST))
    return due_at - ahead


def check_due(due_at: datetime | None, now: datetime) -> None:
    """Raise `DueTimeError` for a time that is past or further off than anybody plans."""
    if due_at is not None and not now < due_at <= now + PLAN_AHEAD:
        raise DueTimeError(due_at=due_at.isoformat())


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has something to do: a person, a skill group, or nobody in particular."""

    id: UUID | None = None
    name: str | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a member of staff, or the service itself."""

    id: UUID | None = None
    name: str | None = None


SERVICE = Actor()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log. `details` holds no words of people; `words` are sealed."""

    type: str
    by: Actor
    details: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of work for a customer. `title` and `description` read as None once erased."""

    id: UUID
    number: str
    kind: str
    customer_id: UUID
    category: CaseCategory
    title: str | None
    description: str | None
    owner: Owner
    status: CaseStatus
    due_at: datetime | None
    opened_at: datetime
    opened_by: Actor
    changed_at: datetime
    changed_by: Actor
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    settled_at: datetime | None = None
    revision: int = 1

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it is late: it runs, and its time has gone by."""
        return self.status in RUNNING and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class CaseEdit:
    """What is to be other than it is; None leaves a field alone. `no_due`: it is due at no time any more."""

    title: str | None = None
    description: str | None = None
    category: CaseCategory | None = None
    owner: Owner | None = None
    due_at: datetime | None = None
    no_due: bool = False


@dataclass(frozen=True, slots=True)
class MoveCase:
    """A step to another status."""

    to: CaseStatus


@dataclass(frozen=True, slots=True)
class CommentCase:
    """Something to say about it."""

    words: str


@dataclass(frozen=True, slots=True)
class RemindOfCase:
    """Its time comes near."""


@dataclass(frozen=True, slots=True)
class NoteOverdue:
    """Its time has gone by."""


CaseCommand = CaseEdit | MoveCase | CommentCase | RemindOfCase | NoteOverdue
Changed = tuple[Case, tuple[Entry, ...]]


def decide_case(case: Case, command: CaseCommand, by: Actor, now: datetime, expect: int | None = None) -> Changed:
    """Return the case afterwards and what to log; nothing to log is nothing changed.

    `expect`: the revision that was looked at. Raise `CaseChangedError`, `CaseStepError`, `DueTimeError`.
    """
    if expect is not None and expect != case.revision:
        raise CaseChangedError(by=case.changed_by.name or "", at=case.changed_at.isoformat(), revision=case.revision)
    match command:
        case MoveCase(to):
            return _move(case, to, by, now)
        case CommentCase(words):
            return case, (Entry("case.commented", by, words=words),)
        case RemindOfCase():
            return _remind(case, now)
        case NoteOverdue():
            return _note_overdue(case, now)
        case CaseEdit():
            return _edit(case, command, by, now)


def _move(case: Case, to: CaseStatus, by: Actor, now: datetime) -> Changed:
    if to is case.status:
        return case, ()
    if to not in STEPS[case.status]:
        raise CaseStepError(status=case.status.value, wanted=to.value)
    settled = None if to in RUNNING else now
    moved = replace(_touched(case, by, now), status=to, settled_at=settled)
    late = {"late": True} if settled and case.is_overdue(now) else {}
    return moved, (Entry("case.moved", by, {"from": case.status.value, "to": to.value, **late}),)


def _remind(case: Case, now: datetime) -> Changed:
    if case.status not in RUNNING or case.remind_at is None or case.reminded_at or now < case.remind_at:
        return case, ()
    return replace(case, reminded_at=now), (Entry("case.reminded", SERVICE, _due(case)),)


def _note_overdue(case: Case, now: datetime) -> Changed:
    if not case.is_overdue(now) or case.overdue_at:
        return case, ()
    # Whoever is late needs no reminder besides: after a standstill there is one line, not two.
    noted = replace(case, overdue_at=now, reminded_at=case.reminded_at or now)
    return noted, (Entry("case.overdue", SERVICE, _due(case)),)


def _edit(case: Case, edit: CaseEdit, by: Actor, now: datetime) -> Changed:
    wanted: dict[str, Any] = {
        name: value
        for name in ("title", "description", "category", "owner")
        if (value := getattr(edit, name)) is not None and value != getattr(case, name)
    }
    due_at = None if edit.no_due else edit.due_at or case.due_at
    entries = []
    if "owner" in wanted:
        owner: Owner = wanted["owner"]
        to = {"to": str(owner.id) if owner.id else None, "name": owner.name, "skill": owner.skill}
        entries.append(Entry("case.assigned", by, to))
    if due_at != case.due_at:
        check_due(due_at, now)
        # A new time counts anew: reminded again, and late again only when this one has gone by.
        wanted |= {"due_at": due_at, "remind_at": due_at and remind_at(due_at, now)}
        wanted |= {"reminded_at": None, "overdue_at": None}
        entries.append(Entry("case.due_changed", by, {"from": _iso(case.due_at), "to": _iso(due_at)}))
    if fields := sorted(wanted.keys() & {"title", "description", "category"}):
        entries.append(Entry("case.edited", by, {"fields": fields}))
    if not entries:
        return case, ()
    return replace(_touched(case, by, now), **wanted), tuple(entries)


def _touched(case: Case, by: Actor, now: datetime) -> Case:
    return replace(case, revision=case.revision + 1, changed_at=now, changed_by=by)


def _due(case: Case) -> dict[str, Any]:
    return {"due_at": _iso(case.due_at)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes: themselves, their skill groups, or everything's."""

    id: UUID
    skills: frozenset[str]
    sees_all: bool

    def sees(self, owner: Owner, opened_by: UUID | None = None) -> bool:
        """Tell whether work is this person's business: least privilege per skill group, as for conversations."""
        if self.sees_all or self.id in (owner.id, opened_by):
            return True
        return owner.skill is None or owner.skill in self.skills


def viewer_of(staff: Staff) -> Viewer:
    """Return what a member of staff may see of cases and promises."""
    return Viewer(staff.id, frozenset(staff.skills), staff.may(Permission.CONVERSATIONS_SUPERVISE))
