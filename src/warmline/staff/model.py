"""Pure rules of staff: roles and what they allow, lock-out, sessions, scripts. Time is handed in."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from uuid import UUID


class Role(StrEnum):
    """What someone is here to do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ANALYST = "analyst"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing a role may do."""

    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS_SERVE = "conversations.serve"
    CONVERSATIONS_SUPERVISE = "conversations.supervise"
    CASES_READ = "cases.read"
    CASES_WORK = "cases.work"
    CUSTOMERS_READ = "customers.read"
    CUSTOMERS_READ_UNMASKED = "customers.read_unmasked"
    CUSTOMERS_ERASE = "customers.erase"
    CUSTOMERS_EXPORT = "customers.export"
    ARTICLES_READ = "articles.read"
    ARTICLES_EDIT = "articles.edit"
    FLOWS_READ = "flows.read"
    FLOWS_EDIT = "flows.edit"
    SCRIPTS_READ = "scripts.read"
    SCRIPTS_EDIT = "scripts.edit"
    ANALYTICS_READ = "analytics.read"
    STAFF_READ = "staff.read"
    STAFF_MANAGE = "staff.manage"
    AUDIT_READ = "audit.read"


_AGENT = frozenset(
    {
        Permission.CONVERSATIONS_READ,
        Permission.CONVERSATIONS_SERVE,
        Permission.CASES_READ,
        Permission.CASES_WORK,
        Permission.CUSTOMERS_READ,
        Permission.CUSTOMERS_READ_UNMASKED,
        Permission.ARTICLES_READ,
        Permission.FLOWS_READ,
        Permission.SCRIPTS_READ,
        Permission.STAFF_READ,
    }
)
"""Whoever serves a customer may call them by name; phone numbers stay masked for all."""

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _AGENT
    | {
        Permission.CONVERSATIONS_SUPERVISE,
        Permission.SCRIPTS_EDIT,
        Permission.ANALYTICS_READ,
    },
    Role.EDITOR: frozenset(
        {
            Permission.ARTICLES_READ,
            Permission.ARTICLES_EDIT,
            Permission.FLOWS_READ,
            Permission.FLOWS_EDIT,
            Permission.SCRIPTS_READ,
            Permission.SCRIPTS_EDIT,
            Permission.STAFF_READ,
        }
    ),
    Role.ANALYST: frozenset(
        {Permission.ANALYTICS_READ, Permission.ARTICLES_READ, Permission.FLOWS_READ, Permission.STAFF_READ}
    ),
    Role.ADMIN: frozenset(Permission),
}
"""The whole table of rights; whatever it does not list is refused."""


def can(roles: Iterable[Role], permission: Permission | str) -> bool:
    """Tell whether any of `roles` carries `permission`; an unknown one is a `ValueError`, an unknown role has none."""
    wanted = Permission(permission)
    return any(wanted in PERMISSIONS.get(role, frozenset()) for role in roles)


class Presence(StrEnum):
    """Whether new conversations may come to someone."""

    AVAILABLE = "available"
    BREAK = "break"
    AWAY = "away"


LEVEL = 2
"""Of a skill, where none is set: 1 learns it, 2 does it, 3 is who others ask."""
MISSED_OFFER = "missed_offer"
"""Why somebody is away who was offered a customer and did not answer."""


@dataclass(frozen=True)
class Staff:
    """Someone who works here. `locale_chosen`: by themselves; `oidc`: through the bank's identity provider.

    `levels`: 1 to 3 of each skill; `languages`: those customers may speak to them, none named: any; `chats`: so many
    at once, None: as everybody; `presence_reason`: why they are on a break or away, where it is known.
    """

    id: UUID
    email: str
    name: str
    roles: frozenset[Role]
    skills: tuple[str, ...]
    presence: Presence
    presence_at: datetime
    locale: str
    locale_chosen: bool
    oidc: bool
    has_password: bool
    disabled_at: datetime | None
    levels: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    chats: int | None = None
    presence_reason: str = ""

    @property
    def actor(self) -> str:
        """How the audit trail names this person."""
        return f"staff:{self.id}"

    def may(self, permission: Permission | str) -> bool:
        """Tell whether this person's roles carry `permission`; a disabled account may nothing."""
        return self.disabled_at is None and can(self.roles, permission)

    @property
    def serves(self) -> bool:
        """Whether customers come to this person: by role or by a skill, not merely by the right to."""
        chosen = bool(self.skills) or not self.roles.isdisjoint({Role.AGENT, Role.SUPERVISOR})
        return chosen and self.may(Permission.CONVERSATIONS_SERVE)


SKILL_ID = re.compile(r"[\w.-]{1,40}")
"""What names a skill group: one word, in any script."""


@dataclass(frozen=True)
class SkillGroup:
    """A group of skills that conversations are routed by; `names` by locale."""

    id: str
    names: Mapping[str, str]

    def name(self, locale: str) -> str:
        """Return the name in `locale`, else in any."""
        return self.names.get(locale) or next(iter(self.names.values()), self.id)


@dataclass(frozen=True)
class StaffIdentity:
    """What an identity provider says of someone who signs in; `roles` None when it says nothing of them."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str
    roles: frozenset[Role] | None


@dataclass(frozen=True)
class SignedIn:
    """A live session."""

    staff: Staff
    session_id: UUID
    csrf_token: str
    expires_at: datetime

    @property
    def actor(self) -> str:
        """How the audit trail names who is signed in."""
        return self.staff.actor


@dataclass(frozen=True)
class Grant:
    """A new session or a rotated one: `token` is shown once and kept only as a hash."""

    staff: Staff
    session_id: UUID
    token: str
    csrf_token: str
    expires_at: datetime


@dataclass(frozen=True)
class SessionPolicy:
    """How long a session lasts without use and at all, and how often its token changes."""

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(hours=24)
    rotate_after: timedelta = timedelta(hours=1)
    grace: timedelta = timedelta(seconds=60)
    touch_after: timedelta = timedelta(seconds=60)

    def expires_at(self, created_at: datetime, seen_at: datetime) -> datetime:
        """Return when a session last seen at `seen_at` ends."""
        return min(seen_at + self.idle, created_at + self.absolute)


def hash_token(token: str) -> bytes:
    """Return what is stored of a 256-bit random token; such tokens need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token_of(session_token: str) -> str:
    """Return the CSRF token bound to a session token; it reveals nothing of that token."""
    return hmac.new(session_token.encode(), b"warmline csrf", hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class LockPolicy:
    """After `free` failures each further one locks for twice as long, from `first` up to `longest`."""

    free: int
    first: timedelta = timedelta(seconds=15)
    longest: timedelta = timedelta(minutes=15)
    forget_after: timedelta = timedelta(hours=24)

    def lock_for(self, failures: int) -> timedelta:
        """Return how long to lock after the `failures`th failure in a row."""
        over = failures - self.free
        if over <= 0:
            return timedelta(0)
        return min(self.first * (1 << min(over - 1, 20)), self.longest)


ACCOUNT_LOCK = LockPolicy(free=5)
ADDRESS_LOCK = LockPolicy(free=30)
LINK_LIFETIME = timedelta(minutes=30)


EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


def clean_name(name: str) -> str:
    """Return a name as customers may see it: nothing hidden in it, and nothing that turns the line around."""
    return "".join(sign for sign in name if sign.isprintable()).strip()


def normalise_email(email: str) -> str:
    """Return the form under which an address is stored and compared."""
    return email.strip().casefold()


def network_of(address: str) -> str:
    """Return what failures are counted by: an IPv4 address, or the /64 that one IPv6 subscriber holds."""
    try:
        parsed = ip_address(address.split("%", 1)[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


@dataclass(frozen=True)
class ScriptDraft:
    """A prepared wording (话术) before it is stored; `shortcut` is unique within its locale unless empty."""

    title: str
    text: str
    shortcut: str
    category: str
    locale: str


@dataclass(frozen=True)
class Script(ScriptDraft):
    """A stored one."""

    id: UUID
