"""The sockets open on this node. Who is behind each is looked at again every few seconds, and at once when the bus
says that something changed: a socket is worth what its token or session is worth now, not when it was opened."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Protocol
from uuid import UUID

from warmline.customer.guard import VisitorGuard
from warmline.customer.keys import CLAIMED, ERASED
from warmline.customer.model import Visitor
from warmline.kit.bus import Bus
from warmline.kit.errors import BusyError, UnauthenticatedError, UnavailableError, WarmlineError
from warmline.staff.guard import StaffGuard
from warmline.staff.model import SignedIn
from warmline.staff.service import CHANGED as STAFF_CHANGED
from warmline.staff.service import SESSION_ENDED

RECHECK_SECONDS = 3.0
CHUNK = 500
"""Sockets looked at in one query, so that the event loop is never held up for long."""
PER_CUSTOMER = 10
"""Sockets of one customer: as many tabs and devices as anyone has open."""
RETRY_SECONDS = 5


class Line(Protocol):
    """A socket whose other end is known: exactly one of a visitor and a member of staff."""

    visitor: Visitor | None
    signed: SignedIn | None

    def tell_changed(self) -> None:
        """The member of staff behind it changed somehow; what exactly follows with `recognise`."""
        ...

    def recognise(self, signed: SignedIn) -> None:
        """The member of staff behind it, as they are now."""
        ...

    def dismiss(self, error: WarmlineError) -> None:
        """Say why, and close."""
        ...


class Lines:
    """All lines of this node. `connected` is kept to be the members of staff who have one."""

    def __init__(
        self, visitors: VisitorGuard, staff: StaffGuard, bus: Bus, connected: set[UUID], *, per_address: int
    ) -> None:
        self._visitors, self._staff, self._connected, self._per_address = visitors, staff, connected, per_address
        self._lines: defaultdict[UUID, set[Line]] = defaultdict(set)
        self._addresses: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        bus.subscribe(self._on_bus)

    @contextlib.contextmanager
    def seat(self, address: str) -> Iterator[bool]:
        """Count a socket of this address, known or not, while it is open; False when it has too many."""
        self._addresses[address] += 1
        try:
            yield self._addresses[address] <= self._per_address
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def enter(self, line: Line) -> None:
        """Watch over this line from now on; `BusyError` when its customer has too many."""
        lines = self._lines[_person(line)]
        if line.visitor and len(lines) >= PER_CUSTOMER:
            raise BusyError(retry_after=RETRY_SECONDS)
        lines.add(line)
        if line.signed:
            self._connected.add(line.signed.staff.id)

    def leave(self, line: Line) -> None:
        """Forget a line that has closed, or that never entered."""
        person = _person(line)
        self._lines[person].discard(line)
        if not self._lines[person]:
            del self._lines[person]
            self._connected.discard(person)

    async def recheck(self) -> None:
        """Look at everyone again."""
        everyone = [line for lines in self._lines.values() for line in lines]
        for start in range(0, len(everyone), CHUNK):
            await self._recheck(everyone[start : start + CHUNK])

    async def _recheck(self, lines: Collection[Line]) -> None:
        if visitors := {line.visitor for line in lines if line.visitor}:
            refused = await self._visitors.recheck(visitors)
            for line in lines:
                if line.visitor in refused:
                    line.dismiss(refused[line.visitor])
        if staff := [line.signed for line in lines if line.signed]:
            live = await self._staff.recheck(staff)
            for line in lines:
                if line.signed is None:
                    continue
                if now := live.get(line.signed.session_id):
                    line.recognise(now)
                else:
                    line.dismiss(UnauthenticatedError())

    def _on_bus(self, topic: str, text: str) -> None:
        if topic not in (CLAIMED, ERASED, STAFF_CHANGED, SESSION_ENDED):
            return
        if topic == SESSION_ENDED:
            lines = {line for lines in self._lines.values() for line in lines if _session(line) == text}
        else:
            lines = set(self._lines.get(UUID(text), ()))
        if topic == STAFF_CHANGED:
            for line in lines:
                line.tell_changed()
        if lines:
            task = asyncio.create_task(self._recheck_soon(lines))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _recheck_soon(self, lines: Collection[Line]) -> None:
        with contextlib.suppress(UnavailableError):  # the next round looks again
            await self._recheck(lines)


def _person(line: Line) -> UUID:
    if line.signed:
        return line.signed.staff.id
    assert line.visitor is not None
    return line.visitor.customer_id


def _session(line: Line) -> str | None:
    return str(line.signed.session_id) if line.signed else None
