"""What knowledge needs from outside, and what it asks of its own index."""

from __future__ import annotations

from typing import Protocol


class Actor(Protocol):
    """Who calls the API, as the dependency of the web layer returns it."""

    @property
    def actor(self) -> str:
        """For the audit trail: `staff:<id>`."""
        ...
