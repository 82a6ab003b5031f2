"""The only source of the present moment; pure code is handed `now` instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return an aware UTC datetime."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that goes on from a moment of its own; `set` moves it."""

    def __init__(self, start: datetime) -> None:
        self._ahead = timedelta(0)
        self.set(start)

    def set(self, now: datetime) -> None:
        """Go on from `now`."""
        self._ahead = now - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead
