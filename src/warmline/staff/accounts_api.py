"""Router of accounts, for administrators: who works here, as what, in which skill groups."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from warmline.kit.uow import Transaction, UnitOfWork
from warmline.staff.guard import StaffGuard, signed_in
from warmline.staff.model import LINK_LIFETIME, Permission, SignedIn, Staff
from warmline.staff.schemas import Account, AccountEdit, AccountLink, AccountList, AccountNew
from warmline.staff.service import StaffService

Signed = Annotated[SignedIn, Depends(signed_in)]


def build_accounts_router(api: AccountApi, guard: StaffGuard) -> APIRouter:
    """Make the router of `/staff`."""
    router = APIRouter(prefix="/staff", tags=["staff"])
    managing = [Depends(guard.current_staff(Permission.STAFF_MANAGE))]
    router.add_api_route("", api.list_accounts, methods=["GET"], dependencies=managing)
    router.add_api_route("", api.create_account, methods=["POST"], dependencies=managing, status_code=201)
    router.add_api_route("/{staff_id}", api.edit_account, methods=["PUT"], dependencies=managing)
    router.add_api_route("/{staff_id}/link", api.create_link, methods=["POST"], dependencies=managing, status_code=201)
    router.add_api_route("/{staff_id}/disable", api.disable_account, methods=["POST"], dependencies=managing)
    router.add_api_route("/{staff_id}/enable", api.enable_account, methods=["POST"], dependencies=managing)
    return router


class AccountApi:
    """Accounts of staff."""

    def __init__(self, uow: UnitOfWork, staff: StaffService) -> None:
        self._uow, self._staff = uow, staff

    async def list_accounts(self) -> AccountList:
        """List all accounts, closed ones too."""
        async with self._uow.begin() as tx:
            return AccountList(items=[Account.of(one) for one in await self._staff.list_accounts(tx)])

    async def create_account(self, body: AccountNew, signed: Signed) -> Account:
        """Open an account without a password; give its owner a link."""
        async with self._uow.begin() as tx:
            made = await self._staff.create_account(
                tx, email=body.email, name=body.name, roles=body.roles, locale=body.locale, actor=signed.actor
            )
            if body.skills:
                made = await self._staff.set_skills(tx, made.id, body.leveled({}), actor=signed.actor)
            made = await self._set_work(tx, made, body, signed)
        return Account.of(made)

    async def edit_account(self, staff_id: UUID, body: AccountEdit, signed: Signed) -> Account:
        """Set name, roles and skill groups; only what differs is changed."""
        async with self._uow.begin() as tx:
            known = await self._staff.get(tx, staff_id)
            if known.name != body.name:
                known = await self._staff.rename(tx, staff_id, body.name, actor=signed.actor)
            if known.roles != set(body.roles):
                known = await self._staff.set_roles(tx, staff_id, body.roles, actor=signed.actor)
            if known.levels != (levels := body.leveled(known.levels)):
                known = await self._staff.set_skills(tx, staff_id, levels, actor=signed.actor)
            known = await self._set_work(tx, known, body, signed)
        return Account.of(known)

    async def _set_work(self, tx: Transaction, known: Staff, body: AccountEdit, signed: SignedIn) -> Staff:
        languages = known.languages if body.languages is None else tuple(sorted(set(body.languages)))
        chats = body.chats if "chats" in body.model_fields_set else known.chats
        if (known.languages, known.chats) == (languages, chats):
            return known
        return await self._staff.set_work(tx, known.id, languages=languages, chats=chats, actor=signed.actor)

    async def create_link(self, staff_id: UUID, signed: Signed) -> AccountLink:
        """Make a link that signs its owner in, once."""
        async with self._uow.begin() as tx:
            token = await self._staff.create_sign_in_link(tx, staff_id, actor=signed.actor)
        return AccountLink(token=token, minutes=int(LINK_LIFETIME.total_seconds() // 60))

    async def disable_account(self, staff_id: UUID, signed: Signed) -> Account:
        """Close an account; its sessions end now."""
        async with self._uow.begin() as tx:
            await self._staff.disable(tx, staff_id, actor=signed.actor)
            return Account.of(await self._staff.get(tx, staff_id))

    async def enable_account(self, staff_id: UUID, signed: Signed) -> Account:
        """Open a closed account again."""
        async with self._uow.begin() as tx:
            await self._staff.enable(tx, staff_id, actor=signed.actor)
            return Account.of(await self._staff.get(tx, staff_id))
