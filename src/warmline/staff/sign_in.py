"""Signing in and staying signed in. Holds the unit of work: hashing runs between two transactions."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from warmline.kit import audit
from warmline.kit.clock import Clock
from warmline.kit.errors import ForbiddenError
from warmline.kit.ids import new_id, new_secret
from warmline.kit.uow import Transaction, UnitOfWork
from warmline.staff import repository
from warmline.staff import session_repository as sessions
from warmline.staff.errors import LinkSpentError, OidcRefusedError, SignInFailedError, SignInLockedError
from warmline.staff.model import (
    ACCOUNT_LOCK,
    ADDRESS_LOCK,
    Grant,
    LockPolicy,
    SessionPolicy,
    SignedIn,
    Staff,
    StaffIdentity,
    csrf_token_of,
    hash_token,
    network_of,
    normalise_email,
)
from warmline.staff.passwords import Passwords
from warmline.staff.service import StaffService


class SignInService:
    """Sign-in by password, one-time link or identity provider; sessions with rotation and expiry."""

    def __init__(
        self,
        uow: UnitOfWork,
        *,
        clock: Clock,
        passwords: Passwords,
        staff: StaffService,
        address_secret: bytes,
        policy: SessionPolicy | None = None,
        create_oidc_accounts: bool = True,
    ) -> None:
        self._uow, self._clock, self._passwords, self._staff = uow, clock, passwords, staff
        self._address_secret, self._policy = address_secret, policy or SessionPolicy()
        self._create_oidc_accounts = create_oidc_accounts

    async def sign_in(self, email: str, password: str, address: str) -> Grant:
        """Open a session. `SignInFailedError` hides what was wrong; `SignInLockedError` after too many."""
        email = normalise_email(email)
        account_key = self._failure_key("account", email)
        network = self._failure_key("network", network_of(address))
        await self._count_attempt({account_key: ACCOUNT_LOCK, network: ADDRESS_LOCK})
        async with self._uow.begin() as tx:
            staff = await repository.find_staff(tx, enabled=True, email=email)
            encoded = await repository.get_password_hash(tx, staff.id) if staff else None
        good = await self._passwords.verify(encoded, password)
        async with self._uow.begin() as tx:
            if staff is None or not good:
                subject = staff.actor if staff else "staff:unknown"
                await self._record(tx, "anonymous", "sign_in.failed", subject)
            else:
                await sessions.forget_failures(tx, account_key)
                await sessions.take_back_attempt(tx, network)
                return await self._open(tx, staff.id, "password", encoded)
        raise SignInFailedError

    async def sign_in_with_link(self, token: str, address: str) -> Grant:
        """Open a session with a one-time link; `LinkSpentError` if it was used, has lapsed or never was."""
        network = self._failure_key("network", network_of(address))
        await self._count_attempt({network: ADDRESS_LOCK})
        async with self._uow.begin() as tx:
            staff_id = await repository.use_link(tx, hash_token(token), self._clock.now())
            if staff_id is not None:
                await sessions.take_back_attempt(tx, network)
                return await self._open(tx, staff_id, "link")
        raise LinkSpentError

    async def sign_in_with_identity(self, identity: StaffIdentity) -> Grant:
        """Open a session for whom the provider vouches, making or binding the account. `OidcRefusedError`."""
        async with self._uow.begin() as tx:
            staff = await self._account_of(tx, identity)
            return await self._open(tx, staff.id, "oidc")

    async def change_password(self, signed: SignedIn, old: str, new: str) -> Grant:
        """Set a new password, end every other session, return a fresh one. A wrong `old` counts as a failure.

        An account without a password, opened by a one-time link, needs no `old`; one bound to the identity
        provider gets no password here (`ForbiddenError`).
        """
        if signed.staff.oidc:
            raise ForbiddenError(reason="oidc")
        key = self._failure_key("account", signed.staff.email)
        if signed.staff.has_password:
            await self._count_attempt({key: ACCOUNT_LOCK})
        async with self._uow.begin() as tx:
            encoded = await repository.get_password_hash(tx, signed.staff.id)
        if encoded is not None and not await self._passwords.verify(encoded, old):
            raise SignInFailedError(field="old")
        hashed = await self._passwords.hash(new, email=signed.staff.email)
        async with self._uow.begin() as tx:
            await sessions.forget_failures(tx, key)
            await self._staff.set_password_hash(tx, signed.staff.id, hashed, actor=signed.actor)
            return await self._open(tx, signed.staff.id, "password")

    async def resolve(self, token: str) -> SignedIn | None:
        """Return the live session of a token, one query; use is noted at most once a minute."""
        now = self._clock.now()
        async with self._uow.begin() as tx:
            row = await sessions.find_session(tx, token, now, self._policy)
            if row is None:
                return None
            expires_at = row.expires_at
            if now - row.seen_at >= self._policy.touch_after:
                expires_at = self._policy.expires_at(row.session_created_at, now)
                await sessions.touch_session(tx, row.session_id, now, expires_at)
            staff = repository.staff_from_row(row)
            return SignedIn(staff, row.session_id, csrf_token_of(token), expires_at)

    async def recheck(self, known: Collection[SignedIn]) -> dict[UUID, SignedIn]:
        """Return by session id those who are still signed in, as they are now; one query, whatever their tokens are."""
        sessions_of = {one.session_id: one for one in known}
        async with self._uow.begin() as tx:
            rows = await sessions.list_live(tx, list(sessions_of), self._clock.now())
        return {
            row.session_id: replace(
                sessions_of[row.session_id], staff=repository.staff_from_row(row), expires_at=row.expires_at
            )
            for row in rows
        }

    async def refresh(self, token: str) -> Grant | None:
        """Give the session a new token when the present one is old; None when it is not due or not live."""
        now = self._clock.now()
        async with self._uow.begin() as tx:
            row = await sessions.find_session(tx, token, now, self._policy, lock=True)
            if row is None or not row.current or now - row.rotated_at < self._policy.rotate_after:
                return None
            fresh, expires_at = new_secret(), self._policy.expires_at(row.session_created_at, now)
            await sessions.rotate_session(tx, row.session_id, token, fresh, now, expires_at)
            staff = repository.staff_from_row(row)
            return Grant(staff, row.session_id, fresh, csrf_token_of(fresh), expires_at)

    async def sign_out(self, signed: SignedIn) -> None:
        """End the session."""
        async with self._uow.begin() as tx:
            await self._staff.end_session(tx, signed.session_id)
            await self._record(tx, signed.actor, "sign_out", f"staff:{signed.staff.id}")

    async def sweep(self) -> int:
        """Delete lapsed sessions, links and forgotten failures; return how many."""
        async with self._uow.begin() as tx:
            return await sessions.delete_expired(tx, self._clock.now(), ACCOUNT_LOCK.forget_after)

    async def _account_of(self, tx: Transaction, identity: StaffIdentity) -> Staff:
        bound = (identity.issuer, identity.subject)
        staff = await self._staff.find_by_identity(tx, *bound)
        if staff is None and identity.email and identity.email_verified:
            staff = await self._staff.find_by_email(tx, identity.email)
            if staff is not None and staff.oidc:
                raise OidcRefusedError(reason="the account belongs to another identity")
        if staff is not None:
            if staff.disabled_at is not None:
                raise OidcRefusedError(reason="the account is disabled")
            return await self._staff.follow_identity(tx, staff, identity.roles, bound)
        if not (self._create_oidc_accounts and identity.roles and identity.email and identity.email_verified):
            raise OidcRefusedError(reason="no account, and none may be made from this identity")
        return await self._staff.create_account(
            tx,
            email=identity.email,
            name=identity.name or identity.email,
            roles=identity.roles,
            oidc=bound,
            actor="system",
        )

    async def _open(self, tx: Transaction, staff_id: UUID, how: str, checked_hash: str | None = None) -> Grant:
        """Make the session, unless the account was disabled or its password changed while it was checked."""
        unchanged = {} if checked_hash is None else {"password_hash": checked_hash}
        staff = await repository.find_staff(tx, enabled=True, id=staff_id, **unchanged)
        if staff is None:
            raise SignInFailedError
        token, now, session_id = new_secret(), self._clock.now(), new_id()
        expires_at = self._policy.expires_at(now, now)
        await sessions.insert_session(tx, session_id, staff_id, token, now, expires_at)
        await self._record(tx, staff.actor, "sign_in.succeeded", staff.actor, how=how)
        return Grant(staff, session_id, token, csrf_token_of(token), expires_at)

    async def _count_attempt(self, counted: Mapping[bytes, LockPolicy]) -> None:
        """Count an attempt against each key, in one order for all; `SignInLockedError` if one is locked."""
        now = self._clock.now()
        async with self._uow.begin() as tx:
            for key in sorted(counted):
                wait = await sessions.count_attempt(tx, key, now, counted[key])
                if wait is not None:
                    raise SignInLockedError(retry_after=math.ceil(wait.total_seconds()))

    def _failure_key(self, kind: str, value: str) -> bytes:
        return hmac.new(self._address_secret, f"{kind}:{value}".encode(), hashlib.sha256).digest()

    async def _record(self, tx: Transaction, actor: str, action: str, subject: str, **details: Any) -> None:
        await audit.record(tx, at=self._clock.now(), actor=actor, action=action, subject=subject, **details)
