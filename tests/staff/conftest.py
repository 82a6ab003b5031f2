"""Staff wired over a fresh database, a clock that can be moved, and cheap hashing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from tests.fakes.clock import FakeClock
from warmline.kit.audit import audit_entry
from warmline.kit.bus import LocalBus
from warmline.kit.uow import UnitOfWork
from warmline.staff.api import StaffDeps, build_router
from warmline.staff.guard import StaffGuard
from warmline.staff.model import Role, Staff
from warmline.staff.passwords import Passwords
from warmline.staff.ports import IdentityProvider
from warmline.staff.scripts import ScriptService
from warmline.staff.service import StaffService
from warmline.staff.sign_in import SignInService
from warmline.web.errors import install_error_handlers

EMAIL, PASSWORD, ADDRESS = "chenxi@chunhe.example", "warm-line-37-degrees", "203.0.113.7"


@dataclass
class Office:
    """The staff package as a node wires it."""

    uow: UnitOfWork
    clock: FakeClock = field(default_factory=FakeClock)
    bus: LocalBus = field(default_factory=LocalBus)
    passwords: Passwords = field(default_factory=lambda: Passwords(time_cost=1, memory_kib=64))
    unplugged: set[UUID] = field(default_factory=set)
    """Who has no desk open."""

    def __post_init__(self) -> None:
        self.staff = StaffService(clock=self.clock, bus=self.bus)
        self.sign_in = SignInService(
            self.uow, clock=self.clock, passwords=self.passwords, staff=self.staff, address_secret=b"s" * 32
        )
        self.scripts = ScriptService(clock=self.clock)
        self.guard = StaffGuard(self.sign_in)
        self.heard: list[tuple[str, str]] = []
        self.bus.subscribe(lambda topic, text: self.heard.append((topic, text)))

    async def hire(
        self,
        email: str = EMAIL,
        *roles: Role,
        name: str = "陈曦",
        password: str | None = PASSWORD,
        locale: str = "zh-Hans",
    ) -> Staff:
        """Create an account, by default an agent's."""
        hashed = await self.passwords.hash(password) if password else None
        async with self.uow.begin() as tx:
            return await self.staff.create_account(
                tx,
                email=email,
                name=name,
                roles=roles or (Role.AGENT,),
                locale=locale,
                password_hash=hashed,
                actor="system",
            )

    async def link(self, staff: Staff) -> str:
        """Return a one-time link's token."""
        async with self.uow.begin() as tx:
            return await self.staff.create_sign_in_link(tx, staff.id, actor="system")

    async def audited(self) -> list[str]:
        """Return the actions in the audit trail, in order."""
        async with self.uow.begin() as tx:
            statement = audit_entry.select().order_by(audit_entry.c.id)
            return [row.action for row in await tx.connection.execute(statement)]

    def app(self, oidc: IdentityProvider | None = None) -> FastAPI:
        """Return an application that serves the routers of staff."""

        async def load(ids: Collection[UUID]) -> dict[UUID, int]:
            return dict.fromkeys(ids, 2)

        async def connected(ids: Collection[UUID]) -> set[UUID]:
            return set(ids) - self.unplugged

        app = FastAPI()
        install_error_handlers(app)
        names = {"zh-Hans": "春和银行", "zh-Hant": "春和銀行", "en": "Chunhe Bank"}
        deps = StaffDeps(
            self.uow, self.staff, self.sign_in, self.scripts, self.guard, names, oidc,
            colleague_load=load, connected=connected,
        )  # fmt: skip
        app.include_router(build_router(deps), prefix="/api/v1")
        return app


@pytest.fixture
def office(uow: UnitOfWork) -> Office:
    return Office(uow)


def browser(app: FastAPI, scheme: str = "http") -> httpx.AsyncClient:
    """Return a client that keeps cookies, as one tab of a browser does."""
    transport = httpx.ASGITransport(app=app, client=(ADDRESS, 4711))
    return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://desk.chunhe.example/api/v1")


def csrf(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the header that every change carries."""
    return {"X-CSRF-Token": client.cookies.get("warmline_csrf") or ""}


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(office.app()) as client:
        yield client
