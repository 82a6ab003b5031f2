"""Staffing of this house: what is expected by its own log, how many it takes, where it will be short, and what if."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal

from warmline.kit.apart import run_apart
from warmline.kit.clock import Clock
from warmline.kit.uow import UnitOfWork
from warmline.routing.model import CHATS_PER_AGENT, PICKUP_SECONDS, mean_handle_seconds
from warmline.routing.service import RoutingService
from warmline.routing.staffing import repository
from warmline.routing.staffing.erlang import Target
from warmline.routing.staffing.errors import DayOutOfReachError, TooLittleHistoryError
from warmline.routing.staffing.forecast import FEWEST_DAYS, Expected, Forecast, kind_of_day
from warmline.routing.staffing.habits import Habits, learn_patience
from warmline.routing.staffing.hazard import WAITING_BANDS, constant_hazard
from warmline.routing.staffing.model import DAY, DAY_SLOTS, SLOT
from warmline.routing.staffing.planning import Basis, Spans, draw_arrivals, make_team, mean_patience
from warmline.routing.staffing.repository import PastContact
from warmline.routing.staffing.simulate import simulate
from warmline.routing.staffing.summary import Interval, every, summarise

HISTORY = timedelta(weeks=13)
HORIZON = timedelta(days=60)
KEPT = timedelta(minutes=10)
"""The log of weeks is read anew so often at most."""
MOST_RUNS, EVENTS = 20, 40_000
"""A day is played often, a very busy one less often: some 40,000 customers take about a second."""
WORTH_STAFFING = 0.25
"""Below this many expected in a quarter of an hour nobody is asked to be there outside opening hours."""


@dataclass(frozen=True)
class Past:
    """The log of the weeks behind."""

    read_at: datetime
    days: Mapping[date, Sequence[float]]
    contacts: Sequence[PastContact]


@dataclass(frozen=True)
class Outlook:
    """A day: what is expected and how many agents it takes; `planned` None where that is not known."""

    day: date
    basis: Basis
    past: Past
    expected: Sequence[Expected]
    needed: Sequence[int]
    planned: Sequence[int | None]
    planned_from: Literal["given", "online"] | None


class StaffingService:
    """Forecasts, counts and plays days of this house."""

    def __init__(self, uow: UnitOfWork, clock: Clock, routing: RoutingService) -> None:
        self._uow, self._clock, self._routing = uow, clock, routing
        self._past: Past | None = None
        self._reading, self._playing = asyncio.Lock(), asyncio.Lock()

    @property
    def zone(self) -> str:
        """The bank's time zone."""
        return self._routing.calendar.zone

    def today(self) -> date:
        """Return the day it is at the bank."""
        return self._routing.calendar.local_date(self._clock.now())

    def start_of(self, day: date, quarter: int) -> datetime:
        """Return the moment at which a quarter of an hour begins."""
        return datetime.combine(day, time(), self._routing.zone) + timedelta(minutes=15 * quarter)

    async def look(self, day: date, target: Target, given: Spans | None) -> Outlook:
        """Return what is expected of a day and how many it takes; `DayOutOfReachError`, `TooLittleHistoryError`."""
        past = await self._read(day)
        forecast = self._forecast(past, day)
        basis, expected = _basis(past), forecast.expect(day)
        open_now = self._open_quarters(day)
        needed = [
            basis.need(one.mean, target) if is_open or one.mean >= WORTH_STAFFING else 0
            for one, is_open in zip(expected, open_now, strict=True)
        ]
        planned, source = await self._planned(day, given, open_now)
        return Outlook(day, basis, past, expected, needed, planned, source)

    async def play(self, day: date, agents: Spans, within: int) -> tuple[Outlook, int, list[Interval], Interval | None]:
        """Return the day as it would be with these agents, its runs, quarters and the whole of it."""
        past = await self._read(day)
        forecast = self._forecast(past, day)
        outlook = Outlook(day, _basis(past), past, forecast.expect(day), (), agents.by_quarter(), "given")
        async with self._playing:  # one at a time: each takes a core for a second
            runs, quarters, whole = await run_apart(lambda: _play(outlook, forecast.spread, within), "staffing")
        return outlook, runs, quarters, whole

    def _forecast(self, past: Past, day: date) -> Forecast:
        calendar = self._routing.calendar
        known = {one: counts for one, counts in past.days.items() if one < day}
        if len(known) < FEWEST_DAYS:
            raise TooLittleHistoryError(days=len(known), needed=FEWEST_DAYS)
        return Forecast(known, lambda one: kind_of_day(calendar, one))

    async def _planned(
        self, day: date, given: Spans | None, is_open: Sequence[bool]
    ) -> tuple[list[int | None], Literal["given", "online"] | None]:
        if given is not None:
            return list(given.by_quarter()), "given"
        if day != self.today():
            return [None] * DAY_SLOTS, None
        online = len((await self._routing.get_situation()).agents)
        passed = (self._clock.now() - self.start_of(day, 0)) // timedelta(minutes=15)
        return [online if one >= passed and is_open[one] else None for one in range(DAY_SLOTS)], "online"

    def _open_quarters(self, day: date) -> list[bool]:
        return [self._routing.calendar.is_open(self.start_of(day, quarter)) for quarter in range(DAY_SLOTS)]

    async def _read(self, day: date) -> Past:
        today = self.today()
        if not today <= day <= today + HORIZON:
            raise DayOutOfReachError(field="day", given=day, first=today, last=today + HORIZON)
        async with self._reading:
            now = self._clock.now()
            if self._past is None or now - self._past.read_at >= KEPT or today not in self._past_days():
                self._past = await self._read_log(now, today)
            return self._past

    def _past_days(self) -> set[date]:
        return {self._routing.calendar.local_date(self._past.read_at)} if self._past else set()

    async def _read_log(self, now: datetime, today: date) -> Past:
        """Whole days before today; a house that begins has no days before its first customer."""
        since, until = self.start_of(today, 0) - HISTORY, self.start_of(today, 0)
        async with self._uow.begin() as tx:
            counts = await repository.count_arrivals(tx.connection, since, until)
        async with self._uow.begin() as tx:
            contacts = await repository.list_contacts(tx.connection, since)
        return Past(now, self._by_day(counts, today), contacts)

    def _by_day(self, counts: Mapping[int, int], today: date) -> dict[date, list[float]]:
        local = {datetime.fromtimestamp(quarter, self._routing.zone): count for quarter, count in counts.items()}
        if not local:
            return {}
        first = min(local).date()
        days = {first + timedelta(days=n): [0.0] * DAY_SLOTS for n in range((today - first).days)}
        for moment, count in local.items():
            days[moment.date()][moment.hour * 4 + moment.minute // 15] += count
        return days


def _basis(past: Past) -> Basis:
    handled = [one.service for one in past.contacts if one.service]
    return Basis(mean_handle_seconds(handled) + PICKUP_SECONDS, mean_patience(past.contacts), CHATS_PER_AGENT)


def _play(outlook: Outlook, spread: float, within: int) -> tuple[int, list[Interval], Interval | None]:
    """Play the day; how busy it is as a whole differs from run to run as it did in the past."""
    total = sum(one.mean for one in outlook.expected)
    runs = max(1, min(MOST_RUNS, int(EVENTS / (total + 1))))
    team = make_team([one or 0 for one in outlook.planned], outlook.basis.places)
    habits = _habits(outlook)
    played = []
    for seed in range(runs):
        busy = Random(seed).gammavariate(1 / spread, spread) if spread > 0 else 1.0
        played.append(simulate(draw_arrivals([one.mean * busy for one in outlook.expected], seed), team, habits, seed))
    quarters = [_by_agent(one, outlook.basis.places) for one in summarise(played, team, every(SLOT), [0], within)]
    whole = [_by_agent(one, outlook.basis.places) for one in summarise(played, team, [0.0, DAY], [0], within)]
    return runs, quarters, whole[0] if whole else None


def _by_agent(one: Interval, places: int) -> Interval:
    return Interval(
        one.start, one.end, one.arrivals, one.agents / places, one.mean_wait, one.p50, one.p90, one.level,
        one.abandonment, one.occupancy,
    )  # fmt: skip


def _habits(outlook: Outlook) -> Habits:
    contacts = outlook.past.contacts
    services = [one.service for one in contacts if one.service] or [mean_handle_seconds(())]
    patience = learn_patience(contacts) if any(not one.served for one in contacts) else {}
    return Habits(patience, {(None, None): services}, [constant_hazard(PICKUP_SECONDS)] * (len(WAITING_BANDS) + 1))
