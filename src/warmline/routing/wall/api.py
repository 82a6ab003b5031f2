"""The wall's one call, as docs/protocol.md lists it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isinf
from typing import Annotated

from fastapi import APIRouter, Depends

from warmline.conversation.events import Urgency
from warmline.routing.rest import RestService
from warmline.routing.wall import schemas as s
from warmline.routing.wall.figures import EDGES, Agents, Day
from warmline.routing.wall.repository import Standing
from warmline.routing.wall.service import Seen, Wall
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Permission, SignedIn


@dataclass(frozen=True)
class WallDeps:
    """What the wall's call needs."""

    wall: Wall
    rest: RestService
    guard: StaffGuard


def build_router(deps: WallDeps) -> APIRouter:
    """Return the router of the wall's call."""
    router = APIRouter(prefix="/desk", tags=["desk"])
    Reader = Annotated[SignedIn, Depends(deps.guard.current_staff("analytics.read"))]

    @router.get("/wall")
    async def get_wall(signed: Reader) -> s.WallView:
        """How the house stands and how its day has gone; who needs a look first, for those who supervise."""
        seen = await deps.wall.look()
        opens = signed.staff.may(Permission.CONVERSATIONS_SUPERVISE)
        return _show(seen, deps.wall.zone, deps.rest.list_breaks(signed.staff.locale), opens=opens)

    return router


def _show(seen: Seen, zone: str, breaks: Mapping[str, str], *, opens: bool) -> s.WallView:
    queued = [one for one in seen.lines if one.owner == "queue"]
    held = [one for one in seen.lines if one.owner == "agent"]
    pressing = {urgency: sum(one.count for one in queued if one.urgency == urgency) for urgency in Urgency}
    return s.WallView(
        at=seen.at,
        zone=zone,
        open=seen.open,
        waiting=s.WaitingView(
            count=sum(one.count for one in queued),
            since=min((one.since for one in queued if one.since), default=None),
            lines=_lines(queued),
            urgencies=[s.UrgencyCount(urgency=one, count=count) for one, count in pressing.items() if count],
        ),
        served=s.ServedView(count=sum(one.count for one in held), lines=_lines(held)),
        agents=_agents(seen.agents, breaks),
        owed=s.OwedView(**asdict(seen.owed)),
        today=_today(seen.day),
        feelings=[s.FeelingCount(feeling=feeling, count=count) for feeling, count in seen.feelings],
        distressed=_distressed(seen) if opens else None,
    )


def _lines(standing: Sequence[Standing]) -> list[s.GroupLineView]:
    """Those of one group and channel as one, the longest line first."""
    found: dict[tuple[str, str], s.GroupLineView] = {}
    for one in standing:
        line = found.setdefault(
            (one.skill, one.channel), s.GroupLineView(skill=one.skill, channel=one.channel, count=0, since=None)
        )
        line.count += one.count
        line.since = min((at for at in (line.since, one.since) if at), default=None)
    return sorted(found.values(), key=lambda line: (-line.count, line.skill, line.channel))


def _agents(agents: Agents, names: Mapping[str, str]) -> s.AgentsView:
    states = agents.states
    return s.AgentsView(
        free=states.get("free", 0),
        full=states.get("full", 0),
        wrapping_up=states.get("wrapping_up", 0),
        offered=states.get("offered", 0),
        on_break=states.get("break", 0),
        away=states.get("away", 0),
        breaks=[
            s.BreakCount(reason=reason, name=names.get(reason, ""), count=count)
            for reason, count in sorted(agents.breaks.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
    )


def _today(day: Day) -> s.TodayView:
    bars = zip(EDGES, day.histogram, strict=True)
    return s.TodayView(
        arrivals=day.arrivals,
        answered=day.answered,
        abandoned=day.abandoned,
        level=day.level,
        counted=day.counted,
        p50=None if day.p50 is None else round(day.p50),
        p90=None if day.p90 is None else round(day.p90),
        bars=[s.BarView(up_to=None if isinf(edge) else int(edge), count=count) for edge, count in bars],
        hours=[s.HourView(hour=hour, **asdict(one)) for hour, one in sorted(day.hours.items())],
    )


def _distressed(seen: Seen) -> list[s.DistressedView]:
    return [
        s.DistressedView(
            id=one.id,
            customer_id=one.customer_id,
            customer_name=seen.names.get(one.customer_id),
            owner=one.owner,
            skill=one.skill,
            channel=one.channel,
            agent_name=one.agent_name if one.owner == "agent" else None,
            elder=one.elder,
            urgency=one.urgency,
            since=one.since,
            feelings=list(one.feelings),
        )
        for one in seen.distressed
    ]
