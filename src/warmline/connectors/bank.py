"""The actions of a node: opened when it starts, nothing while there is no actions file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warmline.connectors.model import Action, ActionResult, Effect, Status

if TYPE_CHECKING:
    from warmline.connectors.service import ActionService


class BankActions:
    """What the bank's systems can do, by an actions file; `open` and `close` frame its life."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._service: ActionService | None = None

    async def open(self) -> None:
        """Open the systems; `FileMistakeError` for a file that cannot be used."""
        if self._path is not None:
            # Whoever has no actions file does not wait for an HTTP client to load.
            from warmline.connectors.config import read_actions
            from warmline.connectors.service import open_actions

            self._service = await open_actions(read_actions(self._path))

    async def close(self) -> None:
        """Close what is open."""
        if self._service is not None:
            await self._service.aclose()

    def known(self) -> Mapping[str, Action]:
        """Return the configured actions."""
        return self._service.known() if self._service else {}

    async def describe(self) -> Mapping[str, Action]:
        """Return the actions as the systems describe them; `SystemUnreachableError` where one is away."""
        if self._service is None:
            return {}
        await self._service.reach()
        return self._service.known()

    def effects(self) -> Mapping[str, Effect]:
        """Return what each action does."""
        return {name: action.effect for name, action in self.known().items()}

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """Carry one out; surely nothing happens where it is not configured."""
        if self._service is None or name not in self._service.known():
            return ActionResult(Status.FAILED, code="not_configured")
        return await self._service.call(name, arguments, key=key, subject=subject, within=within)

    async def compensate(
        self, name: str, result: ActionResult, *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        """Undo a deed by its configured compensation."""
        if self._service is None:
            return ActionResult(Status.FAILED, code="not_configured")
        return await self._service.compensate(name, result, key=key, within=within, subject=subject)
