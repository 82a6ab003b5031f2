"""Prepared wordings (话术): list, create, change, delete. Every method runs in the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from warmline.kit import audit
from warmline.kit.clock import Clock
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id
from warmline.kit.uow import Transaction
from warmline.staff import repository
from warmline.staff.errors import ShortcutTakenError
from warmline.staff.model import Script, ScriptDraft


class ScriptService:
    """Use cases on scripts. `actor` is `staff:<id>` or `system`."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def list_scripts(self, tx: Transaction, locale: str | None = None) -> list[Script]:
        """Return scripts by category and title, of one locale or of all."""
        return await repository.list_scripts(tx, locale)

    async def create(self, tx: Transaction, draft: ScriptDraft, *, actor: str) -> Script:
        """Store a new script; `ShortcutTakenError` names the clash."""
        script_id = new_id()
        values = {**asdict(draft), "updated_at": self._clock.now(), "updated_by": actor}
        if not await repository.insert_script(tx, script_id, values):
            raise ShortcutTakenError(shortcut=draft.shortcut, locale=draft.locale)
        await self._record(tx, actor, "script.created", script_id)
        return Script(**asdict(draft), id=script_id)

    async def update(self, tx: Transaction, script_id: UUID, draft: ScriptDraft, *, actor: str) -> Script:
        """Replace a script's content; `NotFoundError`, `ShortcutTakenError`."""
        if await repository.shortcut_is_taken(tx, draft, but=script_id):
            raise ShortcutTakenError(shortcut=draft.shortcut, locale=draft.locale)
        values = {**asdict(draft), "updated_at": self._clock.now(), "updated_by": actor}
        try:
            found = await repository.update_script(tx, script_id, values)
        except IntegrityError as error:
            raise ShortcutTakenError(shortcut=draft.shortcut, locale=draft.locale) from error
        if not found:
            raise NotFoundError(kind="script", id=str(script_id))
        await self._record(tx, actor, "script.changed", script_id)
        return Script(**asdict(draft), id=script_id)

    async def delete(self, tx: Transaction, script_id: UUID, *, actor: str) -> None:
        """Delete a script; `NotFoundError`."""
        if not await repository.delete_scripts(tx, [script_id]):
            raise NotFoundError(kind="script", id=str(script_id))
        await self._record(tx, actor, "script.deleted", script_id)

    async def _record(self, tx: Transaction, actor: str, action: str, script_id: UUID) -> None:
        await audit.record(tx, at=self._clock.now(), actor=actor, action=action, subject=f"script:{script_id}")
