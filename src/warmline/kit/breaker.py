"""A circuit breaker: a system that keeps failing is left alone for a while. Pure; `now` is in seconds."""

from __future__ import annotations

FAILURES = 5
REST_SECONDS = 10.0


class Breaker:
    """Opens after five failures in a row; after ten seconds one try may show whether the system is back."""

    def __init__(self, failures: int = FAILURES, rest_seconds: float = REST_SECONDS) -> None:
        self._limit, self._rest = failures, rest_seconds
        self._failed = 0
        self._closed_again_at = 0.0
        self._probing = False

    def may_try(self, now: float) -> bool:
        """Tell whether to try; whoever is told so after a rest is the only one until the outcome is noted."""
        if self._failed < self._limit:
            return True
        if self._probing or now < self._closed_again_at:
            return False
        self._probing = True
        return True

    def note(self, *, alive: bool, now: float) -> None:
        """Take in what a try showed."""
        self._probing = False
        self._failed = 0 if alive else self._failed + 1
        if self._failed >= self._limit:
            self._closed_again_at = now + self._rest

    def give_up_probe(self) -> None:
        """Take in that a try was broken off and showed nothing."""
        self._probing = False
