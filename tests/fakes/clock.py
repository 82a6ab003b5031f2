"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Tells the moment it was set to."""

    def __init__(self, moment: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        """Go on by `timedelta(**by)`."""
        self.moment += timedelta(**by)
