"""The SQL of accounts, skills, links and scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from warmline.kit.uow import Transaction
from warmline.staff.model import Presence, Role, Script, ScriptDraft, SkillGroup, Staff
from warmline.staff.tables import script, sign_in_link, skill_group, staff_account, staff_skill

_LEVELS = (
    select(func.jsonb_object_agg(staff_skill.c.skill_id, staff_skill.c.level))
    .where(staff_skill.c.staff_id == staff_account.c.id)
    .correlate(staff_account)
    .scalar_subquery()
)
STAFF_COLUMNS: Sequence[ColumnElement[Any]] = (
    staff_account.c.id,
    staff_account.c.email,
    staff_account.c.name,
    staff_account.c.roles,
    staff_account.c.presence,
    staff_account.c.presence_at,
    staff_account.c.presence_reason,
    staff_account.c.languages,
    staff_account.c.chats,
    staff_account.c.locale,
    staff_account.c.locale_chosen,
    staff_account.c.disabled_at,
    staff_account.c.oidc_subject.is_not(None).label("oidc"),
    staff_account.c.password_hash.is_not(None).label("has_password"),
    _LEVELS.label("levels"),
)


def staff_from_row(row: Row[Any]) -> Staff:
    """Build a `Staff` from a row of `STAFF_COLUMNS`; a role or presence that a newer version gave them is none here."""
    return Staff(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(role for role in Role if role in row.roles),
        skills=tuple(sorted(row.levels or ())),
        levels=dict(row.levels or {}),
        languages=tuple(row.languages),
        chats=row.chats,
        presence_reason=row.presence_reason,
        presence=next((one for one in Presence if one == row.presence), Presence.AWAY),
        presence_at=row.presence_at,
        locale=row.locale,
        locale_chosen=row.locale_chosen,
        oidc=row.oidc,
        has_password=row.has_password,
        disabled_at=row.disabled_at,
    )


async def insert_staff(tx: Transaction, values: dict[str, Any]) -> bool:
    """Store an account; False if its address is taken."""
    statement = pg_insert(staff_account).values(values).on_conflict_do_nothing(index_elements=["email"])
    done = await tx.connection.execute(statement.returning(staff_account.c.id))
    return done.first() is not None


async def find_staff(tx: Transaction, *, enabled: bool = False, **columns: Any) -> Staff | None:
    """Return the one account whose columns have these values, if any; `enabled` leaves out closed ones."""
    where = [staff_account.c[name] == value for name, value in columns.items()]
    if enabled:
        where.append(staff_account.c.disabled_at.is_(None))
    row = (await tx.connection.execute(select(*STAFF_COLUMNS).where(*where))).first()
    return staff_from_row(row) if row else None


async def get_password_hash(tx: Transaction, staff_id: UUID) -> str | None:
    """Return an account's encoded password hash."""
    statement = select(staff_account.c.password_hash).where(staff_account.c.id == staff_id)
    encoded: str | None = await tx.connection.scalar(statement)
    return encoded


async def list_staff(tx: Transaction, *, ids: Collection[UUID] | None = None, enabled: bool = False) -> list[Staff]:
    """Return all accounts, or those of `ids`, by name; `enabled` leaves out closed ones."""
    statement = select(*STAFF_COLUMNS).order_by(staff_account.c.name, staff_account.c.id)
    if ids is not None:
        statement = statement.where(staff_account.c.id.in_(ids))
    if enabled:
        statement = statement.where(staff_account.c.disabled_at.is_(None))
    return [staff_from_row(row) for row in await tx.connection.execute(statement)]


async def update_staff(tx: Transaction, staff_id: UUID, **values: Any) -> bool:
    """Change an account's columns; False if there is none."""
    statement = update(staff_account).where(staff_account.c.id == staff_id).values(**values)
    return (await tx.connection.execute(statement)).rowcount == 1


async def put_skill_group(tx: Transaction, group: SkillGroup) -> None:
    """Insert a skill group or rename it."""
    names = dict(group.names)
    statement = pg_insert(skill_group).values(id=group.id, names=names)
    await tx.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"names": names}))


async def list_members(tx: Transaction, group_id: str) -> list[UUID]:
    """Return the accounts that have this skill."""
    statement = select(staff_skill.c.staff_id).where(staff_skill.c.skill_id == group_id)
    return list(await tx.connection.scalars(statement.order_by(staff_skill.c.staff_id)))


async def delete_skill_group(tx: Transaction, group_id: str) -> bool:
    """Delete a skill group, its members' skill with it; False if there is none."""
    return (await tx.connection.execute(delete(skill_group).where(skill_group.c.id == group_id))).rowcount == 1


async def list_skill_groups(tx: Transaction) -> list[SkillGroup]:
    """Return all skill groups by id."""
    rows = await tx.connection.execute(select(skill_group).order_by(skill_group.c.id))
    return [SkillGroup(row.id, row.names) for row in rows]


async def replace_skills(tx: Transaction, staff_id: UUID, levels: Mapping[str, int]) -> None:
    """Make these, all of which exist, the skills of one account."""
    await tx.connection.execute(delete(staff_skill).where(staff_skill.c.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "skill_id": skill, "level": level} for skill, level in sorted(levels.items())]
    if rows:
        await tx.connection.execute(insert(staff_skill), rows)


async def insert_link(tx: Transaction, staff_id: UUID, token_hash: bytes, now: datetime, expires_at: datetime) -> None:
    """Store a one-time link's hash."""
    row = {"staff_id": staff_id, "token_hash": token_hash, "created_at": now, "expires_at": expires_at}
    await tx.connection.execute(insert(sign_in_link).values(row))


async def use_link(tx: Transaction, token_hash: bytes, now: datetime) -> UUID | None:
    """Use a link up; of two callers at once only one gets its account."""
    usable = (sign_in_link.c.token_hash == token_hash, sign_in_link.c.used_at.is_(None))
    statement = update(sign_in_link).where(*usable, sign_in_link.c.expires_at > now).values(used_at=now)
    row = (await tx.connection.execute(statement.returning(sign_in_link.c.staff_id))).first()
    return row.staff_id if row else None


async def list_scripts(tx: Transaction, locale: str | None = None) -> list[Script]:
    """Return scripts by category and title, of one locale or of all."""
    statement = select(script).order_by(script.c.category, script.c.title, script.c.id)
    if locale is not None:
        statement = statement.where(script.c.locale == locale)
    return [_script_from_row(row) for row in await tx.connection.execute(statement)]


async def insert_script(tx: Transaction, script_id: UUID, values: dict[str, Any]) -> bool:
    """Store a script; False if its shortcut is taken."""
    statement = pg_insert(script).values(id=script_id, **values).on_conflict_do_nothing()
    return (await tx.connection.execute(statement.returning(script.c.id))).first() is not None


async def shortcut_is_taken(tx: Transaction, draft: ScriptDraft, but: UUID) -> bool:
    """Tell whether another script than `but` has the draft's shortcut in its locale."""
    same = (script.c.locale == draft.locale, script.c.shortcut == draft.shortcut, script.c.id != but)
    return bool(draft.shortcut) and (await tx.connection.execute(select(script.c.id).where(*same))).first() is not None


async def update_script(tx: Transaction, script_id: UUID, values: dict[str, Any]) -> bool:
    """Change a script; False if there is none."""
    done = await tx.connection.execute(update(script).where(script.c.id == script_id).values(**values))
    return done.rowcount == 1


async def delete_scripts(tx: Transaction, ids: Iterable[UUID]) -> int:
    """Delete scripts; return how many there were."""
    return (await tx.connection.execute(delete(script).where(script.c.id.in_(list(ids))))).rowcount


def _script_from_row(row: Row[Any]) -> Script:
    return Script(row.title, row.text, row.shortcut, row.category, row.locale, row.id)
