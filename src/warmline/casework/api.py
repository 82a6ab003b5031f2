"""The calls of cases and promises, as docs/protocol.md lists them.

Annotations are evaluated here, not postponed: FastAPI reads dependencies that close over `deps`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from warmline.casework import schemas as s
from warmline.casework.model import CaseEdit, MoveCase
from warmline.casework.promise_model import Confirm, Keep, PromiseCommand, Withdraw
from warmline.casework.promises import ListedPromise, NewPromise, PromiseFilter, PromiseService
from warmline.casework.service import CaseFilter, CaseService, NewCase
from warmline.kit.clock import Clock
from warmline.staff.model import SignedIn


@dataclass(frozen=True)
class CaseworkDeps:
    """`reader` and `worker` are FastAPI dependencies returning who is signed in, or refusing."""

    cases: CaseService
    promises: PromiseService
    clock: Clock
    reader: Callable[..., Any]
    worker: Callable[..., Any]


def build_router(deps: CaseworkDeps) -> APIRouter:
    """Return the routers of cases and of promises."""
    router = APIRouter()
    cases, promises = APIRouter(prefix="/cases", tags=["cases"]), APIRouter(prefix="/promises", tags=["promises"])
    _add_reading(cases, deps)
    _add_working(cases, deps)
    _add_promises(promises, deps)
    router.include_router(cases)
    router.include_router(promises)
    return router


def _add_reading(router: APIRouter, deps: CaseworkDeps) -> None:
    Reader = Annotated[SignedIn, Depends(deps.reader)]
    cases, now = deps.cases, deps.clock.now

    @router.get("")
    async def list_cases(
        signed: Reader,
        view: s.View = "all",
        closed: bool = False,
        conversation_id: UUID | None = None,
        customer_id: UUID | None = None,
        number: Annotated[str, Query(max_length=20, pattern=r"^[0-9-]*$")] = "",
    ) -> s.CaseList:
        """The running cases, the soonest due first; or the `closed` ones, last changed first."""
        wanted = CaseFilter(view, closed, conversation_id, customer_id, number)
        return s.CaseList(items=[s.show_case(one, now()) for one in await cases.list_cases(signed, wanted)])

    @router.get("/counts")
    async def count_work(signed: Reader) -> s.WorkCounts:
        """What is late or soon due: a supervisor's count is of everybody's."""
        late, soon = await deps.promises.count_owed(signed)
        return s.WorkCounts(late_cases=await cases.count_late(signed), late_promises=late, due_soon=soon)

    @router.get("/draft")
    async def draft_case(conversation_id: UUID, signed: Reader) -> s.CaseDraftView:
        """The form for a case from this conversation, filled with what is known."""
        return s.show_draft(await cases.draft(signed, conversation_id))

    @router.get("/{case_id}")
    async def read_case(case_id: UUID, signed: Reader) -> s.CaseDetail:
        """A case with its log and its promises; the read is in the audit trail."""
        return s.show_opened(await cases.read(signed, case_id), now())


def _add_working(router: APIRouter, deps: CaseworkDeps) -> None:
    Worker = Annotated[SignedIn, Depends(deps.worker)]
    cases, now = deps.cases, deps.clock.now

    @router.post("", status_code=201)
    async def open_case(body: s.NewCaseBody, signed: Worker) -> s.CaseView:
        """Open a case from a conversation."""
        return s.show_case(await cases.open(signed, NewCase(**body.model_dump())), now())

    @router.patch("/{case_id}")
    async def edit_case(case_id: UUID, body: s.EditCaseBody, signed: Worker) -> s.CaseDetail:
        """Change what is sent."""
        sent = body.model_fields_set
        edit = CaseEdit(
            title=body.title, description=body.description, category=body.category, due_at=body.due_at,
            no_due="due_at" in sent and body.due_at is None,
        )  # fmt: skip
        assigns = not sent.isdisjoint({"owner_id", "skill"})
        opened = await cases.edit(
            signed, case_id, edit, owner_id=body.owner_id, skill=body.skill, assigns=assigns,
            expect=body.expect_revision,
        )  # fmt: skip
        return s.show_opened(opened, now())

    @router.post("/{case_id}/status")
    async def move_case(case_id: UUID, body: s.MoveCaseBody, signed: Worker) -> s.CaseDetail:
        """Move it to another status."""
        opened = await cases.change(signed, case_id, MoveCase(body.status), expect=body.expect_revision)
        return s.show_opened(opened, now())

    @router.post("/{case_id}/comments")
    async def comment_case(case_id: UUID, body: s.CommentBody, signed: Worker) -> s.CaseDetail:
        """Say something about it."""
        return s.show_opened(await cases.comment(signed, case_id, str(body.client_id), body.text), now())

    @router.post("/{case_id}/conversations")
    async def link_conversation(case_id: UUID, body: s.CaseLinkBody, signed: Worker) -> s.CaseDetail:
        """Link one more conversation of the same customer."""
        return s.show_opened(await cases.link(signed, case_id, body.conversation_id), now())


def _add_promises(router: APIRouter, deps: CaseworkDeps) -> None:
    Reader = Annotated[SignedIn, Depends(deps.reader)]
    Worker = Annotated[SignedIn, Depends(deps.worker)]
    promises, now = deps.promises, deps.clock.now

    async def change(signed: SignedIn, promise_id: UUID, command: PromiseCommand, expect: int) -> s.PromiseView:
        changed = await promises.change(signed, promise_id, command, expect=expect)
        return s.show_promise(ListedPromise(changed, None), now())

    @router.get("")
    async def list_promises(
        signed: Reader,
        view: s.View = "all",
        conversation_id: UUID | None = None,
        customer_id: UUID | None = None,
        settled: bool = False,
    ) -> s.PromiseList:
        """What is owed, due first before the others; with `settled` also what was kept, broken or withdrawn."""
        wanted = PromiseFilter(view, conversation_id, customer_id, settled)
        found = await promises.list_promises(signed, wanted)
        return s.PromiseList(items=[s.show_promise(one, now()) for one in found])

    @router.post("", status_code=201)
    async def make_promise(body: s.NewPromiseBody, signed: Worker) -> s.PromiseView:
        """Record a promise by hand."""
        made = await promises.make(signed, NewPromise(**body.model_dump()))
        return s.show_promise(ListedPromise(made, None), now())

    @router.post("/{promise_id}/confirm")
    async def confirm_promise(promise_id: UUID, body: s.ConfirmBody, signed: Worker) -> s.PromiseView:
        """Yes, that was promised; or change what was."""
        command = Confirm(body.words, body.due_at, body.whole_day, body.case_id)
        return await change(signed, promise_id, command, body.expect_revision)

    @router.post("/{promise_id}/withdraw")
    async def withdraw_promise(promise_id: UUID, body: s.WithdrawBody, signed: Worker) -> s.PromiseView:
        """It is no promise, or no longer one."""
        return await change(signed, promise_id, Withdraw(body.reason), body.expect_revision)

    @router.post("/{promise_id}/keep")
    async def keep_promise(promise_id: UUID, body: s.KeepBody, signed: Worker) -> s.PromiseView:
        """It is done; in time it was kept, later it was broken and is made good."""
        return await change(signed, promise_id, Keep(), body.expect_revision)
