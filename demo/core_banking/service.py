"""The whole service: operations, memory of keys, fault switch, and what a demo needs to see and to start anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.routing import Match
from starlette.types import ASGIApp, Scope

from demo.core_banking.api import BankHolder, build_operations, create_api
from demo.core_banking.bank import Bank, system_clock
from demo.core_banking.faults import Fault, FaultSwitch, Faulty, Slow
from demo.core_banking.once import Once
from demo.core_banking.problems import not_found


class Reset(BaseModel):
    """`now` sets the service's clock, which goes on from there."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime | None = None


def create_service(token: str) -> ASGIApp:
    """Return the application to serve; whoever starts it hands over its token."""
    holder, switch = BankHolder(Bank()), FaultSwitch()
    app, router = create_api(token), build_operations(holder)
    operations = [route for route in router.routes if isinstance(route, APIRoute)]
    once = Once(Slow(app, lambda: holder.bank))
    app.include_router(router)
    app.include_router(_demo(holder, switch, once.forget, {route.name for route in operations}))

    def find(scope: Scope) -> str:
        matching = (route.name for route in operations if route.matches(scope)[0] is Match.FULL)
        return next(matching, "")

    return Faulty(once, switch, find)


def _demo(holder: BankHolder, switch: FaultSwitch, forget: Callable[[], None], operations: set[str]) -> APIRouter:
    router = APIRouter(prefix="/demo", include_in_schema=False)

    @router.post("/reset")
    async def reset(body: Reset | None = None) -> dict[str, bool]:
        holder.bank = Bank(_clock_from(body.now if body else None))
        switch.active.clear()
        forget()
        return {"done": True}

    @router.get("/outbox")
    async def get_outbox() -> dict[str, Any]:
        return {"messages": holder.bank.ledger.outbox}

    @router.get("/deeds")
    async def get_deeds() -> dict[str, Any]:
        return {"deeds": [asdict(deed) for deed in holder.bank.ledger.deeds]}

    @router.get("/faults")
    async def get_faults() -> dict[str, list[Fault]]:
        return {"faults": list(switch.active.values())}

    @router.put("/faults")
    async def put_fault(body: Fault) -> dict[str, list[Fault]]:
        if body.operation not in {"*", *operations}:
            raise not_found("operation")
        switch.put(body)
        return {"faults": list(switch.active.values())}

    return router


def _clock_from(now: datetime | None) -> Callable[[], datetime]:
    ahead = now - system_clock() if now else None
    return (lambda: system_clock() + ahead) if ahead else system_clock
