"""What the dialogue needs of the bank's systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from warmline.connectors.model import Action, ActionResult


class Actions(Protocol):
    """Carries out actions by name."""

    def known(self) -> Mapping[str, Action]:
        """Return the configured actions."""
        ...

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, subject: str, within: float
    ) -> ActionResult:
        """Carry one out for the customer `subject`, within so many seconds.

        `key` is the same for every try of the same deed, across restarts. Never raises for what the other side does.
        """
        ...
