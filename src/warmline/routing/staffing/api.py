"""The calls about staffing, as docs/protocol.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from warmline.routing.staffing import schemas as s
from warmline.routing.staffing.erlang import Target, on_the_roster
from warmline.routing.staffing.errors import (
    AgentsUnclearError,
    DayOutOfReachError,
    SpansOverlapError,
    TargetUnclearError,
)
from warmline.routing.staffing.model import SLOT
from warmline.routing.staffing.planning import NoSpanError, OverlapError, Spans, clock
from warmline.routing.staffing.service import HORIZON, Outlook, StaffingService
from warmline.routing.staffing.summary import Interval


@dataclass(frozen=True)
class StaffingDeps:
    """`reader` is a FastAPI dependency that lets those pass who read figures of the whole house."""

    staffing: StaffingService
    reader: Callable[..., Any]


def build_router(deps: StaffingDeps) -> APIRouter:
    """Return the router of the calls about staffing."""
    router = APIRouter(prefix="/desk/staffing", tags=["desk"], dependencies=[Depends(deps.reader)])
    staffing = deps.staffing

    @router.get("")
    async def get_staffing(
        day: Annotated[str, Query(max_length=20)] = "",
        target: Annotated[str, Query(max_length=20)] = "80/20",
        planned: Annotated[str, Query(max_length=2000)] = "",
        shrinkage: Annotated[float, Query(ge=0, le=0.9)] = 0.0,
    ) -> s.StaffingView:
        """What is expected of a day, how many it takes, and where it will be short."""
        given = _spans((part for part in planned.split(",") if part.strip()), "planned") if planned else None
        outlook = await staffing.look(_day(staffing, day), _target(target), given)
        return _show(staffing, outlook, target, shrinkage)

    @router.post("/simulate")
    async def simulate_staffing(body: s.SimulateBody) -> s.SimulatedView:
        """What customers would meet with on a day staffed like this."""
        agents = _spans((f"{one.start}-{one.end}={one.agents}" for one in body.agents), "agents")
        outlook, runs, quarters, whole = await staffing.play(body.day, agents, body.within)
        return s.SimulatedView(
            day=body.day,
            runs=runs,
            within=body.within,
            basis=_basis(outlook),
            whole=_interval(whole) if whole else None,
            quarters=[_interval(one) for one in quarters],
        )

    return router


def _day(staffing: StaffingService, given: str) -> date:
    try:
        return date.fromisoformat(given) if given else staffing.today()
    except ValueError as error:
        today = staffing.today()
        raise DayOutOfReachError(field="day", given=given, first=today, last=today + HORIZON) from error


def _target(given: str) -> Target:
    try:
        return Target.parse(given)
    except ValueError as error:
        raise TargetUnclearError(field="target", given=given) from error


def _spans(parts: Iterable[str], field: str) -> Spans:
    try:
        return Spans.parse(parts)
    except NoSpanError as error:
        raise AgentsUnclearError(field=field, given=error.given) from error
    except OverlapError as error:
        raise SpansOverlapError(field=field, at=error.at) from error


def _show(staffing: StaffingService, outlook: Outlook, target: str, shrinkage: float) -> s.StaffingView:
    rows = zip(outlook.expected, outlook.needed, outlook.planned, strict=True)
    missing = [None if planned is None else max(0, need - planned) for _, need, planned in rows]
    quarters = [
        s.QuarterView(
            start=clock(quarter * SLOT),
            at=staffing.start_of(outlook.day, quarter),
            expected=round(one.mean, 2),
            low=one.low,
            high=one.high,
            needed=outlook.needed[quarter],
            on_roster=on_the_roster(outlook.needed[quarter], shrinkage),
            planned=outlook.planned[quarter],
            short=missing[quarter],
        )
        for quarter, one in enumerate(outlook.expected)
    ]
    return s.StaffingView(
        day=outlook.day,
        zone=staffing.zone,
        target=target,
        shrinkage=shrinkage,
        basis=_basis(outlook),
        planned_from=outlook.planned_from,
        quarters=quarters,
        short=_stretches(missing),
    )


def _stretches(missing: Sequence[int | None]) -> list[s.ShortView]:
    """Where it is short, neighbouring quarters with the same number as one."""
    found = []
    for by, quarters in groupby(range(len(missing)), key=lambda quarter: missing[quarter]):
        each = list(quarters)
        if by:
            found.append(s.ShortView(start=clock(each[0] * SLOT), end=clock((each[-1] + 1) * SLOT), by=by))
    return found


def _basis(outlook: Outlook) -> s.BasisView:
    basis = outlook.basis
    return s.BasisView(
        taken_up_seconds=round(basis.taken_up, 1),
        patience_seconds=None if basis.patience is None else round(basis.patience, 1),
        places=basis.places,
        days=len(outlook.past.days),
        conversations=len(outlook.past.contacts),
    )


def _interval(one: Interval) -> s.IntervalView:
    numbers = {name: value if value is None else round(value, 4) for name, value in asdict(one).items()}
    return s.IntervalView.model_validate({**numbers, "start": clock(one.start), "end": clock(one.end)})
