"""Accounts, roles, skills, presence and one-time links. Every method runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from warmline.kit import audit
from warmline.kit.bus import Bus
from warmline.kit.clock import Clock
from warmline.kit.errors import InvalidError, NotFoundError
from warmline.kit.ids import new_id, new_secret
from warmline.kit.uow import Transaction
from warmline.staff import repository
from warmline.staff import session_repository as sessions
from warmline.staff.errors import EmailTakenError, OwnAccountError
from warmline.staff.model import (
    EMAIL,
    LEVEL,
    LINK_LIFETIME,
    SKILL_ID,
    Presence,
    Role,
    SkillGroup,
    Staff,
    clean_name,
    hash_token,
    normalise_email,
)

CHANGED = "staff.changed"
"""Bus topic; the text is the id of an account whose presence, roles, skills, language or standing changed."""
SESSION_ENDED = "staff.session_ended"
"""Bus topic; the text is the id of a session that was signed out of."""


class StaffService:
    """Use cases on accounts. `actor` is who does it: `staff:<id>` or `system`."""

    def __init__(self, *, clock: Clock, bus: Bus) -> None:
        self._clock, self._bus = clock, bus

    async def create_account(
        self,
        tx: Transaction,
        *,
        email: str,
        name: str,
        roles: Collection[Role],
        actor: str,
        locale: str = "zh-Hans",
        password_hash: str | None = None,
        oidc: tuple[str, str] | None = None,
    ) -> Staff:
        """Create an account; without `password_hash` or `oidc` only a link opens it. `EmailTakenError`."""
        email, name, now, staff_id = normalise_email(email), _named(name), self._clock.now(), new_id()
        if not EMAIL.fullmatch(email):
            raise InvalidError(field="email", reason="an account's address looks like chen@bank.example")
        values = {
            "id": staff_id,
            "email": email,
            "name": name,
            "roles": sorted(set(roles)),
            "locale": locale,
            "password_hash": password_hash,
            "oidc_issuer": oidc[0] if oidc else None,
            "oidc_subject": oidc[1] if oidc else None,
            "presence": Presence.AWAY,
            "presence_at": now,
            "created_at": now,
        }
        if not await repository.insert_staff(tx, values):
            raise EmailTakenError(field="email")
        await self._record(tx, actor, "account.created", staff_id, roles=values["roles"])
        return await self.get(tx, staff_id)

    async def get(self, tx: Transaction, staff_id: UUID) -> Staff:
        """Return an account, disabled or not."""
        staff = await repository.find_staff(tx, id=staff_id)
        if staff is None:
            raise NotFoundError(kind="staff", id=str(staff_id))
        return staff

    async def get_many(self, tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Staff]:
        """Return those accounts that exist, in one query."""
        found = await repository.list_staff(tx, ids=list(ids))
        return {staff.id: staff for staff in found}

    async def find_by_email(self, tx: Transaction, email: str) -> Staff | None:
        """Return the account with this address."""
        return await repository.find_staff(tx, email=normalise_email(email))

    async def list_accounts(self, tx: Transaction) -> list[Staff]:
        """Return every account, disabled or not, by name."""
        return await repository.list_staff(tx)

    async def list_colleagues(self, tx: Transaction) -> list[Staff]:
        """Return everyone whose account is enabled, by name."""
        return await repository.list_staff(tx, enabled=True)

    async def set_presence(self, tx: Transaction, staff_id: UUID, presence: Presence, reason: str = "") -> Staff:
        """Say whether new conversations may come, and why not; the moment is kept only when it changes."""
        known = await self.get(tx, staff_id)
        if known.presence is not presence:
            now = self._clock.now()
            await self._change(tx, staff_id, presence=presence, presence_reason=reason, presence_at=now)
        elif known.presence_reason != reason:
            await self._change(tx, staff_id, presence_reason=reason)
        return await self.get(tx, staff_id)

    async def set_work(
        self, tx: Transaction, staff_id: UUID, *, languages: Collection[str], chats: int | None, actor: str
    ) -> Staff:
        """Say in which languages and how many at once somebody serves."""
        spoken = sorted(set(languages))
        await self._change(tx, staff_id, languages=spoken, chats=chats)
        await self._record(tx, actor, "account.work_changed", staff_id, languages=spoken, chats=chats)
        return await self.get(tx, staff_id)

    async def set_locale(self, tx: Transaction, staff_id: UUID, locale: str) -> Staff:
        """Remember the language that someone chose for their desk."""
        await self._change(tx, staff_id, locale=locale, locale_chosen=True)
        return await self.get(tx, staff_id)

    async def rename(self, tx: Transaction, staff_id: UUID, name: str, *, actor: str) -> Staff:
        """Change the name that customers and colleagues see."""
        await self._change(tx, staff_id, name=_named(name))
        await self._record(tx, actor, "account.renamed", staff_id)
        return await self.get(tx, staff_id)

    async def set_roles(self, tx: Transaction, staff_id: UUID, roles: Collection[Role], *, actor: str) -> Staff:
        """Give someone exactly these roles; what is lost with them is refused from the next call on.

        `OwnAccountError` for an administrator who would no longer be one.
        """
        named = sorted(set(roles))
        if actor == f"staff:{staff_id}" and Role.ADMIN not in named:
            raise OwnAccountError(field="roles")
        await self._change(tx, staff_id, roles=named)
        await self._record(tx, actor, "account.roles_changed", staff_id, roles=named)
        return await self.get(tx, staff_id)

    async def set_password_hash(self, tx: Transaction, staff_id: UUID, password_hash: str, *, actor: str) -> None:
        """Set a new password and end every session and unused link made under the old one."""
        await self._change(tx, staff_id, password_hash=password_hash)
        await sessions.delete_sessions_of(tx, staff_id)
        await self._record(tx, actor, "account.password_changed", staff_id)

    async def disable(self, tx: Transaction, staff_id: UUID, *, actor: str) -> None:
        """Close an account: sessions and links end now, presence becomes away. `OwnAccountError` for one's own."""
        if actor == f"staff:{staff_id}":
            raise OwnAccountError(field="id")
        now = self._clock.now()
        away: dict[str, Any] = {"presence": Presence.AWAY, "presence_at": now}
        await self._change(tx, staff_id, disabled_at=now, **away)
        await sessions.delete_sessions_of(tx, staff_id)
        await self._record(tx, actor, "account.disabled", staff_id)

    async def enable(self, tx: Transaction, staff_id: UUID, *, actor: str) -> None:
        """Open a closed account again."""
        await self._change(tx, staff_id, disabled_at=None)
        await self._record(tx, actor, "account.enabled", staff_id)

    async def end_session(self, tx: Transaction, session_id: UUID) -> None:
        """End one session; what is open under it, on any node, closes at once."""
        await sessions.delete_session(tx, session_id)
        tx.after_commit(lambda: self._bus.publish(SESSION_ENDED, str(session_id)))

    async def put_skill_group(
        self, tx: Transaction, group_id: str, names: Mapping[str, str], *, actor: str = "system"
    ) -> SkillGroup:
        """Create a skill group or rename it; `names` by locale. `InvalidError` if its id is no plain word."""
        if not SKILL_ID.fullmatch(group_id):
            raise InvalidError(field="id", reason="a skill group's name is one word of 1 to 40 characters")
        names = {locale: _named(name) for locale, name in names.items()}
        group = SkillGroup(group_id, names)
        await repository.put_skill_group(tx, group)
        now, subject = self._clock.now(), f"skill:{group_id}"
        await audit.record(tx, at=now, actor=actor, action="skill_group.saved", subject=subject, names=dict(names))
        return group

    async def delete_skill_group(self, tx: Transaction, group_id: str, *, actor: str) -> list[UUID]:
        """Delete a skill group; return its members, who have left it. `NotFoundError`.

        Whether anyone waits for it is for `routing.groups` to know.
        """
        members = await repository.list_members(tx, group_id)
        if not await repository.delete_skill_group(tx, group_id):
            raise NotFoundError(kind="skill", id=group_id, reason=f"there is no skill group {group_id}")
        for member in members:
            await self._change(tx, member, id=member)
        now, subject, left = self._clock.now(), f"skill:{group_id}", [str(one) for one in members]
        await audit.record(tx, at=now, actor=actor, action="skill_group.deleted", subject=subject, members=left)
        return members

    async def list_skill_groups(self, tx: Transaction) -> list[SkillGroup]:
        """Return all skill groups."""
        return await repository.list_skill_groups(tx)

    async def set_skills(
        self, tx: Transaction, staff_id: UUID, skills: Collection[str] | Mapping[str, int], *, actor: str
    ) -> Staff:
        """Give someone exactly these skills, by level or at the plain one; an unknown one is a `NotFoundError`."""
        levels = dict(skills) if isinstance(skills, Mapping) else dict.fromkeys(skills, LEVEL)
        known = {group.id for group in await repository.list_skill_groups(tx)}
        for skill in levels.keys() - known:
            raise NotFoundError(kind="skill", id=skill)
        await self._change(tx, staff_id, id=staff_id)
        await repository.replace_skills(tx, staff_id, levels)
        await self._record(tx, actor, "account.skills_changed", staff_id, skills=levels)
        return await self.get(tx, staff_id)

    async def create_sign_in_link(self, tx: Transaction, staff_id: UUID, *, actor: str) -> str:
        """Return the token of a link that signs in once, within 30 minutes."""
        await self.get(tx, staff_id)
        token, now = new_secret(), self._clock.now()
        await repository.insert_link(tx, staff_id, hash_token(token), now, now + LINK_LIFETIME)
        await self._record(tx, actor, "sign_in_link.created", staff_id)
        return token

    async def follow_identity(
        self, tx: Transaction, staff: Staff, roles: frozenset[Role] | None, oidc: tuple[str, str]
    ) -> Staff:
        """Bind an account to its identity at the provider and take over the roles that it states."""
        try:
            await self._change(tx, staff.id, oidc_issuer=oidc[0], oidc_subject=oidc[1])
        except IntegrityError as error:
            raise EmailTakenError(field="oidc_subject") from error
        if roles is not None and roles != staff.roles:
            return await self.set_roles(tx, staff.id, roles, actor="system")
        return await self.get(tx, staff.id)

    async def find_by_identity(self, tx: Transaction, issuer: str, subject: str) -> Staff | None:
        """Return the account bound to an identity at a provider."""
        return await repository.find_staff(tx, oidc_issuer=issuer, oidc_subject=subject)

    async def _change(self, tx: Transaction, staff_id: UUID, **values: Any) -> None:
        if not await repository.update_staff(tx, staff_id, **values):
            raise NotFoundError(kind="staff", id=str(staff_id))
        tx.after_commit(lambda: self._bus.publish(CHANGED, str(staff_id)))

    async def _record(self, tx: Transaction, actor: str, action: str, staff_id: UUID, **details: Any) -> None:
        now: datetime = self._clock.now()
        subject = f"staff:{staff_id}"
        await audit.record(tx, at=now, actor=actor, action=action, subject=subject, **details)


def _named(name: str) -> str:
    """Return a name as it is shown; `InvalidError` where nothing is left to show."""
    if not (shown := clean_name(name)):
        raise InvalidError(field="name", reason="a name has letters")
    return shown
