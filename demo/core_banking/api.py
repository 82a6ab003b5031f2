"""The service's operations over HTTP, each a thin shell around a desk; its OpenAPI document is made from this."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from demo.core_banking import answers as a
from demo.core_banking.bank import Bank
from demo.core_banking.ledger import Caller
from demo.core_banking.problems import Refusal

BEARER = HTTPBearer(auto_error=False)
PROBLEM = "application/problem+json"
MOST = Decimal("999999999.99")
AS_TEXT = WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}(\.\d{1,2})?$", "description": "yuan"})
Yuan = Annotated[Decimal, Field(gt=0, le=MOST, decimal_places=2), AS_TEXT]
Months = Annotated[Literal[3, 6, 12, 24], BeforeValidator(int)]
Last4 = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
Id = Annotated[str, Path(min_length=1, max_length=64)]
Mobile = Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")]
CustomerHeader = Annotated[str, Header(alias="X-Customer", description="The bank's reference; empty: not known yet.")]
KeyHeader = Annotated[
    str,
    Header(alias="Idempotency-Key", min_length=8, max_length=200, description="The same for every try of one deed."),
]
Digits = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


def name_caller(customer: CustomerHeader = "") -> Caller:
    """Return for whom a question is."""
    return Caller(customer)


def name_doer(key: KeyHeader, customer: CustomerHeader = "") -> Caller:
    """Return for whom a deed is, and its key."""
    return Caller(customer, key)


Asking = Annotated[Caller, Depends(name_caller)]
Doing = Annotated[Caller, Depends(name_doer)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CodeWanted(Body):
    card_last4: Last4 | None = None
    phone_last4: Last4 | None = None


class CodeGiven(CodeWanted):
    code: Digits


class AnswersGiven(Body):
    card_last4: Last4
    id_last4: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{4}$")]
    birth_date: date


class FreezeWanted(Body):
    reason: Literal["lost", "stolen", "suspicious"]


class DisputeWanted(Body):
    reason: Literal["not_mine", "wrong_amount", "not_received", "duplicate"]


class LimitWanted(Body):
    daily_limit: Annotated[Decimal, Field(ge=0, le=MOST, decimal_places=2), AS_TEXT]


class MachineClaim(Body):
    kind: Literal["withdrawal", "deposit"]
    amount: Yuan
    date: date
    place: Annotated[str, Field(min_length=1, max_length=100)]
    card_last4: Last4 | None = None


class VisitWanted(Body):
    branch_id: str
    date: date
    time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    matter: Annotated[str, Field(min_length=1, max_length=200)]
    name: Annotated[str, Field(max_length=60)] | None = None


class PhoneGiven(Body):
    phone: Mobile


class PhoneWanted(Body):
    new_phone: Mobile
    code: Digits


class Problem(BaseModel):
    """RFC 9457; `code` is stable, further fields say what the customer can be told."""

    model_config = ConfigDict(extra="allow")

    title: str
    status: int
    code: str


class BankHolder:
    """The bank that is served now; a reset puts a new one in its place."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank


def create_api(token: str) -> FastAPI:
    """Return an application without operations yet; all of them want the bearer token."""
    app = FastAPI(
        title="春和银行核心系统 Chunhe Bank core banking",
        version="1.0.0",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_operation,
        dependencies=[Depends(_check_token(token))],
        responses={"4XX": {"model": Problem, "content": {PROBLEM: {}}}},
    )
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


def build_operations(holder: BankHolder) -> APIRouter:
    """Return the bank's operations; each one's name is its operationId."""
    router = APIRouter(route_class=_LeavesOutEmpty)
    for build in (_identity, _cards, _accounts, _claims, _loans, _visits):
        build(router, holder)
    return router


class _LeavesOutEmpty(APIRoute):
    """What has no value is left out of an answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "response_model_exclude_none": True})


def _name_operation(route: APIRoute) -> str:
    return route.name


def _check_token(token: str) -> Any:
    def check(given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
        if given is None or not secrets.compare_digest(given.credentials.encode(), token.encode()):
            raise Refusal("unauthenticated", 401)

    return check


async def _refuse(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    body = {"title": refusal.code.replace("_", " "), "status": refusal.status, "code": refusal.code, **refusal.fields}
    return JSONResponse(body, refusal.status, media_type=PROBLEM)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    where = [".".join(map(str, one["loc"])) for one in error.errors()]
    body = {"title": "invalid request", "status": 422, "code": "invalid", "where": where}
    return JSONResponse(body, 422, media_type=PROBLEM)


def _identity(router: APIRouter, holder: BankHolder) -> None:
    @router.post("/codes")
    async def send_code(by: Asking, body: CodeWanted) -> a.CodeSent:
        return holder.bank.identity.send_code(by, body.card_last4 or "", body.phone_last4 or "")

    @router.post("/codes/check")
    async def check_code(by: Asking, body: CodeGiven) -> a.Checked:
        return holder.bank.identity.check_code(by, body.code, body.card_last4 or "", body.phone_last4 or "")

    @router.post("/answers/check")
    async def check_answers(by: Asking, body: AnswersGiven) -> a.Checked:
        return holder.bank.identity.check_answers(by, body.card_last4, body.id_last4, body.birth_date)

    @router.post("/phone/codes")
    async def send_code_to(by: Asking, body: PhoneGiven) -> a.CodeSent:
        return holder.bank.identity.send_code_to(by, body.phone)

    @router.put("/phone")
    async def change_phone(by: Doing, body: PhoneWanted) -> a.PhoneChanged:
        return holder.bank.identity.change_phone(by, body.new_phone, body.code)


def _cards(router: APIRouter, holder: BankHolder) -> None:
    @router.get("/cards")
    async def list_cards(by: Asking) -> a.Cards:
        return holder.bank.cards.list_cards(by)

    @router.post("/cards/{card_id}/freeze")
    async def freeze_card(by: Doing, card_id: Id, body: FreezeWanted) -> a.Frozen:
        return holder.bank.cards.freeze_card(by, card_id, body.reason)

    @router.post("/cards/{card_id}/unblock")
    async def unblock_card(by: Doing, card_id: Id) -> a.CardDone:
        return holder.bank.cards.unblock_card(by, card_id)

    @router.post("/cards/{card_id}/activate")
    async def activate_card(by: Doing, card_id: Id) -> a.CardDone:
        return holder.bank.cards.activate_card(by, card_id)


def _accounts(router: APIRouter, holder: BankHolder) -> None:
    @router.get("/accounts")
    async def list_accounts(by: Asking) -> a.Accounts:
        return holder.bank.accounts.list_accounts(by)

    @router.get("/accounts/{account_id}/transactions")
    async def list_transactions(
        by: Asking,
        account_id: Id,
        days: Annotated[int, Query(ge=1, le=366)] = 30,
        limit: Annotated[int, Query(ge=1, le=50)] = 5,
    ) -> a.Transactions:
        return holder.bank.accounts.list_transactions(by, account_id, days, limit)

    @router.get("/spending")
    async def list_spending(
        by: Asking,
        days: Annotated[int, Query(ge=1, le=366)] = 30,
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> a.Spending:
        return holder.bank.accounts.list_spending(by, days, limit)

    @router.get("/accounts/{account_id}/limits")
    async def get_limits(by: Asking, account_id: Id) -> a.Limits:
        return holder.bank.accounts.get_limits(by, account_id)

    @router.put("/accounts/{account_id}/limits")
    async def change_limit(by: Doing, account_id: Id, body: LimitWanted) -> a.LimitChanged:
        return holder.bank.accounts.change_limit(by, account_id, body.daily_limit)

    @router.get("/transfers")
    async def find_transfers(
        by: Asking,
        amount: Yuan | None = None,
        date: date | None = None,
        counterparty: Annotated[str, Query(max_length=60)] = "",
    ) -> a.Transfers:
        return holder.bank.accounts.find_transfers(by, amount, date, counterparty)


def _claims(router: APIRouter, holder: BankHolder) -> None:
    @router.post("/transfers/{transfer_id}/trace")
    async def trace_transfer(by: Doing, transfer_id: Id) -> a.AnswerPromised:
        return holder.bank.accounts.trace_transfer(by, transfer_id)

    @router.post("/transactions/{transaction_id}/dispute")
    async def open_dispute(by: Doing, transaction_id: Id, body: DisputeWanted) -> a.DisputeOpened:
        return holder.bank.accounts.open_dispute(by, transaction_id, body.reason)

    @router.post("/machine-claims")
    async def open_machine_claim(by: Doing, body: MachineClaim) -> a.AnswerPromised:
        asked = (body.kind, body.amount, body.date, body.place, body.card_last4 or "")
        return holder.bank.accounts.open_machine_claim(by, *asked)


def _loans(router: APIRouter, holder: BankHolder) -> None:
    @router.get("/instalments/quote")
    async def quote_instalment(by: Asking, amount: Yuan, months: Months) -> a.InstalmentQuote:
        return holder.bank.loans.quote_instalment(by, amount, months)

    @router.get("/loans")
    async def list_loans(by: Asking) -> a.Loans:
        return holder.bank.loans.list_loans(by)

    @router.get("/loans/{loan_id}/prepayment")
    async def quote_prepayment(
        by: Asking, loan_id: Id, date: date, amount: Yuan | None = None, all: bool = False
    ) -> a.PrepaymentQuote:
        return holder.bank.loans.quote_prepayment(by, loan_id, date, amount, all)


def _visits(router: APIRouter, holder: BankHolder) -> None:
    @router.get("/branches")
    async def list_branches(near: Annotated[str, Query(max_length=60)] = "") -> a.Branches:
        return holder.bank.visits.list_branches(near)

    @router.get("/branches/{branch_id}/times")
    async def list_visit_times(branch_id: Id, date: date) -> a.VisitTimes:
        return holder.bank.visits.list_visit_times(branch_id, date)

    @router.post("/visits")
    async def book_visit(by: Doing, body: VisitWanted) -> a.VisitBooked:
        wanted = (body.branch_id, body.date, body.time, body.matter, body.name or "")
        return holder.bank.visits.book_visit(by, *wanted)

    @router.post("/visits/{reference}/cancel")
    async def cancel_visit(by: Doing, reference: Id) -> a.VisitCancelled:
        return holder.bank.visits.cancel_visit(by, reference)
