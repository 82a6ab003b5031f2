"""What the dialogue sees of actions, and what an adapter is to a kind of system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from warmline.connectors.model import Action, ActionResult, Attempt, Interface, Request


class Actions(Protocol):
    """The bank's systems, as far as they are configured."""

    def known(self) -> Mapping[str, Action]:
        """Return the configured actions by name."""
        ...

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """Do it, within so many seconds; never raises for what the other side does.

        `key` is the same for every try of the same deed, across restarts; `subject` is the bank's reference of whom it
        is for. Raises `UnknownActionError` for a name that is not configured.
        """
        ...

    async def compensate(
        self, name: str, result: ActionResult, *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """Undo a deed by its configured compensation; `key` is the key of the deed. FAILED when there is none."""
        ...


class System(Protocol):
    """One system of the bank, by its protocol."""

    async def open(self, seconds: float) -> None:
        """Learn what it offers; raise `SystemUnreachableError` when that is not to be had in time."""
        ...

    def interface(self, name: str) -> Interface:
        """Return an operation or a tool; raise `NotOfferedError` when there is none such or it cannot be called."""
        ...

    async def attempt(self, name: str, request: Request, seconds: float) -> Attempt:
        """Try once; never raises for what the other side does."""
        ...

    async def aclose(self) -> None:
        """Close its connections."""
        ...
