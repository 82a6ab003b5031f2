"""Reads the wall, once for all who look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from warmline.casework import promise_repository as promises_sql
from warmline.casework import repository as cases_sql
from warmline.casework.tables import promise
from warmline.customer.service import CustomerService
from warmline.kit.clock import Clock
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.routing.lookout import Lookout
from warmline.routing.rules import GroupRules
from warmline.routing.service import RoutingService
from warmline.routing.wall import repository
from warmline.routing.wall.figures import (
    Agents,
    Day,
    Felt,
    count_agents,
    count_feelings,
    find_distressed,
    sum_up,
)
from warmline.routing.wall.repository import Standing

KEPT_SECONDS = 1.0
SHARE = 20
"""What took long to read is kept this many times as long: a busy day costs no more than a twentieth of a core."""
AHEAD = timedelta(hours=1)
_ANY = GroupRules()


@dataclass(frozen=True)
class Owed:
    """What is promised: callbacks of the next hour, and what casework counts."""

    callbacks_soon: int
    callbacks_late: int
    callbacks_at_risk: int
    late_cases: int
    late_promises: int
    promises_soon: int


@dataclass(frozen=True)
class Seen:
    """The wall at one moment."""

    at: datetime
    open: bool
    lines: Sequence[Standing]
    agents: Agents
    owed: Owed
    day: Day
    feelings: Sequence[tuple[str, int]]
    distressed: Sequence[Felt]
    names: dict[UUID, str | None]


class Wall:
    """How the house stands, for a supervisor. `within`: whose desk was seen that lately is there."""

    def __init__(
        self, uow: UnitOfWork, clock: Clock, routing: RoutingService, customers: CustomerService, lookout: Lookout,
        *, within: timedelta,
    ) -> None:  # fmt: skip
        self._uow, self._clock, self._routing, self._customers = uow, clock, routing, customers
        self._lookout, self._within = lookout, within
        self._seen: Seen | None = None
        self._good_until = 0.0
        self._reading = asyncio.Lock()

    @property
    def zone(self) -> str:
        """The bank's time zone, in which the hours of the day are."""
        return self._routing.calendar.zone

    async def look(self) -> Seen:
        """Return the wall, a second old at most, or as old as reading it is dear."""
        async with self._reading:
            if self._seen is None or time.monotonic() >= self._good_until:
                began = time.monotonic()
                self._seen = await self.read()
                ended = time.monotonic()
                self._good_until = ended + max(KEPT_SECONDS, SHARE * (ended - began))
            return self._seen

    async def read(self) -> Seen:
        """Read the wall anew."""
        now, zone = self._clock.now(), self._routing.zone
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._uow.begin() as tx:
            lines = await repository.list_lines(tx.connection)
            seats = await repository.list_seats(tx.connection, now, self._within)
            owed = await self._read_owed(tx, now)
            felt = await repository.list_felt(tx.connection)
            contacts = await repository.list_contacts(tx.connection, midnight, now)
            distressed = find_distressed(felt)
            found = await self._customers.get_many(tx, {one.customer_id for one in distressed})
        return Seen(
            at=now,
            open=self._routing.calendar.is_open(now),
            lines=lines,
            agents=count_agents(seats),
            owed=owed,
            day=sum_up(contacts, self._target, lambda at: datetime.fromtimestamp(at, zone).hour),
            feelings=count_feelings(felt),
            distressed=distressed,
            names={id: one.name for id, one in found.items()},
        )

    def _target(self, group: str) -> float:
        return self._routing.rules.groups.get(group, _ANY).target.seconds

    async def _read_owed(self, tx: Transaction, now: datetime) -> Owed:
        due = await repository.list_callbacks(tx.connection, now, now + AHEAD)
        reminded = (promise.c.status == "confirmed", promise.c.remind_at <= now, promise.c.breaks_at > now)
        return Owed(
            callbacks_soon=len(due),
            callbacks_late=sum(late for _, late in due),
            callbacks_at_risk=sum(self._lookout.risk_of(one) is not None for one, _ in due),
            late_cases=await cases_sql.count_cases(tx.connection, cases_sql.late_cases(now)),
            late_promises=await promises_sql.count_promises(tx.connection, promises_sql.late_promises(now)),
            promises_soon=await promises_sql.count_promises(tx.connection, *reminded),
        )
