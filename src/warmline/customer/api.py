"""The router of visitors. Mounted under `/api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from warmline.customer.errors import IdentityInvalidError, IdentityLapsedError
from warmline.customer.guard import BearerToken
from warmline.customer.model import Customer, Visitor
from warmline.customer.schemas import VisitorBody, VisitorOut
from warmline.customer.service import CustomerService
from warmline.customer.tokens import IdentityVerifier, VisitorTokens
from warmline.kit.clock import Clock
from warmline.kit.uow import Transaction, UnitOfWork


@dataclass(frozen=True)
class CustomerDeps:
    """What this router needs; without `identities` every visitor stays anonymous."""

    uow: UnitOfWork
    service: CustomerService
    tokens: VisitorTokens
    clock: Clock
    identities: IdentityVerifier | None = None


def build_router(deps: CustomerDeps) -> APIRouter:
    """Make the router of visitors."""
    router = APIRouter(tags=["visitors"])
    router.add_api_route("/visitors", VisitorApi(deps).create_visitor, methods=["POST"])
    return router


class VisitorApi:
    """Visitor tokens."""

    def __init__(self, deps: CustomerDeps) -> None:
        self._deps = deps

    async def create_visitor(self, body: VisitorBody, bearer: BearerToken = None) -> VisitorOut:
        """Get a token for a new visitor, or a fresh one in place of the old one sent in the header."""
        old = self._deps.tokens.read_renewable(bearer.credentials) if bearer else None
        async with self._deps.uow.begin() as tx:
            if body.identity is not None:
                return await self._identified(tx, body.identity, old, body.locale)
            customer = await self._known(tx, old) if old else None
            if old and customer:
                return self._answer(customer, sorted(old.also), old.lapses_at)
            return self._answer(await self._deps.service.create_anonymous(tx, locale=body.locale))

    async def _identified(self, tx: Transaction, encoded: str, old: Visitor | None, locale: str) -> VisitorOut:
        if self._deps.identities is None:
            raise IdentityInvalidError(reason="no key to verify identities is configured")
        identity = self._deps.identities.verify(encoded)
        linked = await self._deps.service.link_identity(tx, identity, visitor=old, locale=locale)
        return self._answer(linked.customer, linked.merged, identity.lapses_at)

    async def _known(self, tx: Transaction, old: Visitor) -> Customer | None:
        """Return whose token is renewed without a new identity; None if the customer is gone."""
        if old.lapses_at is not None and old.lapses_at <= self._deps.clock.now():
            raise IdentityLapsedError
        found = (await self._deps.service.get_many(tx, [old.customer_id])).get(old.customer_id)
        if found is None or found.erased_at is not None:
            return None
        # An anonymous token must not become one of the known customer that its holder is by now.
        return found if old.lapses_at is not None or found.is_unclaimed else None

    def _answer(self, customer: Customer, also: Sequence[UUID] = (), lapses_at: datetime | None = None) -> VisitorOut:
        token, expires_at = self._deps.tokens.mint(customer.id, lapses_at=lapses_at, also=also)
        return VisitorOut(
            token=token,
            customer_id=customer.id,
            also=list(also),
            name=(customer.name or None) if lapses_at else None,
            elder=customer.elder,
            expires_at=expires_at,
        )
