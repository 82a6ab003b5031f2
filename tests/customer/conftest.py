"""Customers wired over a fresh database and a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import text

from tests.fakes.clock import FakeClock
from warmline.customer.api import CustomerDeps, build_router
from warmline.customer.guard import VisitorGuard
from warmline.customer.keys import CustomerKeys
from warmline.customer.model import Customer, Identity, Linked, Visitor
from warmline.customer.service import CustomerService
from warmline.customer.tokens import IdentityVerifier, VisitorTokens
from warmline.kit.audit import audit_entry
from warmline.kit.bus import LocalBus
from warmline.kit.uow import UnitOfWork
from warmline.web.errors import install_error_handlers

MASTER_KEY, SIGNING_SECRET, BANK_SECRET = b"m" * 32, b"signing secret", b"the bank's own secret of 32 bytes"


@dataclass
class Register:
    """The customer package as a node wires it."""

    uow: UnitOfWork
    clock: FakeClock = field(default_factory=FakeClock)
    bus: LocalBus = field(default_factory=LocalBus)

    def __post_init__(self) -> None:
        self.keys = self.node_keys()
        self.service = CustomerService(clock=self.clock, keys=self.keys)
        self.tokens = VisitorTokens(SIGNING_SECRET, clock=self.clock)
        self.guard = VisitorGuard(self.tokens, self.keys)
        self.identities = IdentityVerifier(clock=self.clock, hs256_secret=BANK_SECRET)

    def node_keys(self) -> CustomerKeys:
        """Return the keys as one more node on the same database and bus holds them."""
        keys = CustomerKeys(self.uow, clock=self.clock, bus=self.bus, master_key=MASTER_KEY)
        keys.start()
        return keys

    def identity(self, ref: str = "C-1", **said: Any) -> Identity:
        """Return what the bank says of someone, good for an hour."""
        fields: dict[str, Any] = {"name": "王秀英", "elder": True, "birth_year": 1954} | said
        return Identity(ref, lapses_at=self.clock.now() + timedelta(hours=1), **fields)

    def signed(self, ref: str = "C-1", *, secret: bytes = BANK_SECRET, **claims: Any) -> str:
        """Return an identity as the bank's site signs it, good for an hour."""
        until = int((self.clock.now() + timedelta(hours=1)).timestamp())
        said = {"sub": ref, "name": "王秀英", "elder": True, "birth_year": 1954, "exp": until} | claims
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(secret))

    async def anonymous(self) -> Customer:
        """Create an anonymous customer."""
        async with self.uow.begin() as tx:
            return await self.service.create_anonymous(tx, locale="zh-Hans")

    async def link(self, identity: Identity, visitor: Visitor | None = None) -> Linked:
        """Link an identity."""
        async with self.uow.begin() as tx:
            return await self.service.link_identity(tx, identity, visitor=visitor, locale="zh-Hans")

    def visitor(self, customer: Customer, *, lapses_at: datetime | None = None) -> Visitor:
        """Return who holds a fresh token of this customer."""
        return self.tokens.read(self.tokens.mint(customer.id, lapses_at=lapses_at)[0])

    async def get(self, customer: Customer) -> Customer:
        """Load a customer again."""
        async with self.uow.begin() as tx:
            return await self.service.get(tx, customer.id)

    async def erase(self, customer: Customer) -> None:
        """Erase a customer."""
        async with self.uow.begin() as tx:
            await self.service.erase(tx, customer.id, actor="staff:boss")

    async def audited(self) -> list[tuple[str, str, str]]:
        """Return actor, action and subject of the audit trail, in order."""
        async with self.uow.begin() as tx:
            rows = await tx.connection.execute(audit_entry.select().order_by(audit_entry.c.id))
            return [(row.actor, row.action, row.subject) for row in rows]

    async def everything_stored(self) -> str:
        """Return all rows of these tables and of the audit trail as text."""
        async with self.uow.begin() as tx:
            parts = []
            for table in ("customer", "customer_key", "audit_entry"):
                rows = await tx.connection.execute(text(f"select to_jsonb(t)::text from {table} t"))
                parts += [row[0] for row in rows]
        return "\n".join(parts)

    def app(self) -> FastAPI:
        """Return an application with the visitors' router and one route for visitors only."""
        app, router = FastAPI(), APIRouter()
        install_error_handlers(app)
        guard = self.guard

        @router.get("/whoami")
        async def whoami(visitor: Visitor = Depends(guard.current_visitor)) -> list[str]:  # noqa: B008
            return sorted(str(one) for one in visitor.customer_ids)

        deps = CustomerDeps(self.uow, self.service, self.tokens, self.clock, self.identities)
        router.include_router(build_router(deps))
        app.include_router(router, prefix="/api/v1")
        return app


@pytest.fixture
def register(uow: UnitOfWork) -> Iterator[Register]:
    register = Register(uow)
    yield register
    register.keys.stop()


@pytest.fixture
async def client(register: Register) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=register.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client
