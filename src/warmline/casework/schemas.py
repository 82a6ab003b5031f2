"""What the API takes and shows of cases and promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from warmline.casework.draft import CaseDraft
from warmline.casework.model import Case, CaseCategory, CaseStatus, Owner
from warmline.casework.promise_model import Promiser, PromiseStatus
from warmline.casework.promises import ListedPromise
from warmline.casework.repository import Logged
from warmline.casework.service import ListedCase, OpenedCase

TITLE_MAX, TEXT_MAX, WORDS_MAX = 120, 4000, 400
View = Literal["mine", "group", "overdue", "all"]
REVISION = Field(ge=1, le=2**31 - 1, description="The revision that was looked at; 409 where there is a newer one.")


class OwnerView(BaseModel):
    """Who has it: a person, a group, or nobody in particular."""

    id: UUID | None
    name: str | None
    skill: str | None


class CaseView(BaseModel):
    """A case. `title` and `description` are null once erased; `overdue`: it runs, and its time has gone by."""

    id: UUID
    number: str
    kind: str
    customer_id: UUID
    customer_name: str | None
    category: CaseCategory
    title: str | None
    description: str | None
    owner: OwnerView
    status: CaseStatus
    due_at: datetime | None
    overdue: bool
    opened_at: datetime
    opened_by: str | None
    changed_at: datetime
    changed_by: str | None
    settled_at: datetime | None
    revision: int
    conversations: list[UUID]


class CaseEntry(BaseModel):
    """A line of a case's log; `by` null is the service itself. `promise_id`: it is about a promise in this case."""

    type: str
    at: datetime
    by: str | None
    by_id: UUID | None
    details: dict[str, Any]
    words: str | None
    erased: bool
    promise_id: UUID | None


class PromiseView(BaseModel):
    """A promise. `words` are null once erased, and of a callback; `late`: its time has gone by, and it is owed."""

    id: UUID
    customer_id: UUID
    customer_name: str | None
    conversation_id: UUID
    seq: int | None
    case_id: UUID | None
    promiser: Promiser
    owner: OwnerView
    words: str | None
    due_at: datetime
    whole_day: bool
    callback: bool
    status: PromiseStatus
    owed: bool
    late: bool
    reminded: bool
    made_at: datetime
    done_at: datetime | None
    changed_by: str | None
    revision: int


class CaseList(BaseModel):
    items: list[CaseView]


class PromiseList(BaseModel):
    items: list[PromiseView]


class CaseDetail(BaseModel):
    case: CaseView
    log: list[CaseEntry]
    promises: list[PromiseView]


class CaseDraftView(BaseModel):
    """The form for a new case as it arrives."""

    title: str
    description: str
    category: CaseCategory
    skill: str | None


class WorkCounts(BaseModel):
    """What is to be seen to: late cases, late promises, and promises whose time comes near."""

    late_cases: int
    late_promises: int
    due_soon: int


class NewCaseBody(BaseModel):
    """`id`: chosen by the client; asked again under the same, it is the same case."""

    id: UUID
    conversation_id: UUID
    title: str = Field(min_length=1, max_length=TITLE_MAX)
    description: str = Field(default="", max_length=TEXT_MAX)
    category: CaseCategory = CaseCategory.OTHER
    due_at: AwareDatetime | None = None
    owner_id: UUID | None = None
    skill: str | None = Field(default=None, max_length=60)


class EditCaseBody(BaseModel):
    """What is sent is changed; `due_at` null: due at no time; `owner` as a whole."""

    expect_revision: int = REVISION
    title: str | None = Field(default=None, min_length=1, max_length=TITLE_MAX)
    description: str | None = Field(default=None, max_length=TEXT_MAX)
    category: CaseCategory | None = None
    due_at: AwareDatetime | None = None
    owner_id: UUID | None = None
    skill: str | None = Field(default=None, max_length=60)


class MoveCaseBody(BaseModel):
    status: CaseStatus
    expect_revision: int = REVISION


class CommentBody(BaseModel):
    """`client_id`: new for each comment; sent again, it is the same one."""

    client_id: UUID
    text: str = Field(min_length=1, max_length=TEXT_MAX)


class CaseLinkBody(BaseModel):
    conversation_id: UUID


class NewPromiseBody(BaseModel):
    """A promise made by hand, confirmed at once; `due_at` of a `whole_day` is the day's end."""

    id: UUID
    conversation_id: UUID
    words: str = Field(min_length=1, max_length=WORDS_MAX)
    due_at: AwareDatetime
    whole_day: bool = False
    case_id: UUID | None = None


class ConfirmBody(BaseModel):
    """Yes; with other words or another time where they were read wrongly."""

    expect_revision: int = REVISION
    words: str | None = Field(default=None, min_length=1, max_length=WORDS_MAX)
    due_at: AwareDatetime | None = None
    whole_day: bool | None = None
    case_id: UUID | None = None


class WithdrawBody(BaseModel):
    """`not_a_promise`: it was read where there was none; else what came of it."""

    expect_revision: int = REVISION
    reason: Literal["not_a_promise", "customer_agreed", "mistaken"] = "not_a_promise"


class KeepBody(BaseModel):
    expect_revision: int = REVISION


def show_owner(owner: Owner) -> OwnerView:
    """Return the API's view of an owner."""
    return OwnerView(id=owner.id, name=owner.name, skill=owner.skill)


def show_case(listed: ListedCase, now: datetime) -> CaseView:
    """Return the API's view of a case."""
    case: Case = listed.case
    return CaseView(
        id=case.id, number=case.number, kind=case.kind, customer_id=case.customer_id,
        customer_name=listed.customer_name or None, category=case.category, title=case.title,
        description=case.description, owner=show_owner(case.owner), status=case.status, due_at=case.due_at,
        overdue=case.is_overdue(now), opened_at=case.opened_at, opened_by=case.opened_by.name,
        changed_at=case.changed_at, changed_by=case.changed_by.name, settled_at=case.settled_at,
        revision=case.revision, conversations=listed.conversations,
    )  # fmt: skip


def show_promise(listed: ListedPromise, now: datetime) -> PromiseView:
    """Return the API's view of a promise; late is late, whether or not anybody has noted it yet."""
    one = listed.promise
    return PromiseView(
        id=one.id, customer_id=one.customer_id, customer_name=listed.customer_name or None,
        conversation_id=one.conversation_id, seq=one.seq, case_id=one.case_id, promiser=one.promiser,
        owner=show_owner(one.owner), words=one.words, due_at=one.due_at, whole_day=one.whole_day,
        callback=one.callback, status=one.status, owed=one.is_open,
        late=one.is_open and (one.status is PromiseStatus.BROKEN or one.breaks_at <= now),
        reminded=one.reminded_at is not None, made_at=one.made_at, done_at=one.done_at,
        changed_by=one.changed_by.name, revision=one.revision,
    )  # fmt: skip


def show_entry(logged: Logged, case_id: UUID) -> CaseEntry:
    """Return the API's view of a line of the log."""
    return CaseEntry(
        type=logged.type, at=logged.at, by=logged.by.name, by_id=logged.by.id, details=logged.details,
        words=logged.words, erased=logged.erased,
        promise_id=logged.subject_id if logged.subject_id != case_id else None,
    )  # fmt: skip


def show_opened(opened: OpenedCase, now: datetime) -> CaseDetail:
    """Return the API's view of a case as it is read."""
    case, name = opened.listed.case, opened.listed.customer_name
    return CaseDetail(
        case=show_case(opened.listed, now),
        log=[show_entry(one, case.id) for one in opened.log],
        promises=[show_promise(ListedPromise(one, name), now) for one in opened.promises],
    )


def show_draft(draft: CaseDraft) -> CaseDraftView:
    """Return the API's view of a form as it arrives."""
    return CaseDraftView(title=draft.title, description=draft.description, category=draft.category, skill=draft.skill)
