"""Routers of staff: sign-in, presence, colleagues, skills and scripts. Mounted under `/api/v1`."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from warmline.kit.errors import InvalidError, NotFoundError, UnavailableError, WarmlineError
from warmline.kit.uow import UnitOfWork
from warmline.staff.accounts_api import AccountApi, build_accounts_router
from warmline.staff.guard import CSRF_COOKIE, SESSION_COOKIE, StaffGuard, signed_in
from warmline.staff.model import Grant, Permission, Presence, SignedIn
from warmline.staff.ports import ColleagueLoad, ConnectedStaff, IdentityProvider
from warmline.staff.schemas import (
    Colleague,
    LinkBody,
    LocaleText,
    Me,
    PasswordBody,
    PreferencesBody,
    PresenceBody,
    ScriptBody,
    ScriptList,
    ScriptOut,
    SignInBody,
    SignInOptions,
    Skill,
    SkillBody,
)
from warmline.staff.scripts import ScriptService
from warmline.staff.service import StaffService
from warmline.staff.sign_in import SignInService

logger = logging.getLogger(__name__)

OIDC_COOKIE = "warmline_oidc"
Signed = Annotated[SignedIn, Depends(signed_in)]


@dataclass(frozen=True)
class StaffDeps:
    """What these routers need. `public_url`: where the deployment is reached, if a proxy hides it; `breaks`: why one
    may be on a break, None: whatever is said."""

    uow: UnitOfWork
    staff: StaffService
    sign_in: SignInService
    scripts: ScriptService
    guard: StaffGuard
    bank_names: Mapping[str, str]
    oidc: IdentityProvider | None = None
    public_url: str | None = None
    desk_path: str = "/desk/"
    colleague_load: ColleagueLoad | None = None
    connected: ConnectedStaff | None = None
    breaks: Collection[str] | None = None


def build_router(deps: StaffDeps) -> APIRouter:
    """Make the routers of staff."""
    router = APIRouter()
    router.include_router(_auth_router(AuthApi(deps), deps.guard))
    router.include_router(_desk_router(DeskApi(deps), deps.guard))
    router.include_router(_script_router(ScriptApi(deps), deps.guard))
    router.include_router(build_accounts_router(AccountApi(deps.uow, deps.staff), deps.guard))
    return router


def _auth_router(api: AuthApi, guard: StaffGuard) -> APIRouter:
    router = APIRouter(prefix="/auth", tags=["sign-in"])
    anyone = [Depends(guard.current_staff())]
    same_site = [Depends(guard.same_site)]
    router.add_api_route("/options", api.options, methods=["GET"])
    router.add_api_route("/sign-in", api.sign_in, methods=["POST"], dependencies=same_site)
    router.add_api_route("/link", api.sign_in_with_link, methods=["POST"], dependencies=same_site)
    router.add_api_route("/oidc/start", api.oidc_start, methods=["GET"], response_class=RedirectResponse)
    router.add_api_route(
        "/oidc/callback",
        api.oidc_callback,
        methods=["GET"],
        response_class=RedirectResponse,
        name="oidc_callback",
    )
    router.add_api_route("/sign-out", api.sign_out, methods=["POST"], dependencies=anyone, status_code=204)
    router.add_api_route("/me", api.me, methods=["GET"], dependencies=anyone)
    router.add_api_route("/me", api.set_preferences, methods=["PUT"], dependencies=anyone)
    router.add_api_route("/password", api.change_password, methods=["POST"], dependencies=anyone)
    return router


def _desk_router(api: DeskApi, guard: StaffGuard) -> APIRouter:
    router = APIRouter(prefix="/desk", tags=["desk"])
    serving = [Depends(guard.current_staff(Permission.CONVERSATIONS_SERVE))]
    reading = [Depends(guard.current_staff(Permission.STAFF_READ))]
    managing = [Depends(guard.current_staff(Permission.STAFF_MANAGE))]
    router.add_api_route("/presence", api.set_presence, methods=["PUT"], dependencies=serving)
    router.add_api_route("/colleagues", api.list_colleagues, methods=["GET"], dependencies=reading)
    router.add_api_route("/skills", api.list_skills, methods=["GET"], dependencies=reading)
    router.add_api_route("/skills/{skill_id}", api.put_skill, methods=["PUT"], dependencies=managing)
    return router


def _script_router(api: ScriptApi, guard: StaffGuard) -> APIRouter:
    router = APIRouter(prefix="/scripts", tags=["scripts"])
    reading = [Depends(guard.current_staff(Permission.SCRIPTS_READ))]
    editing = [Depends(guard.current_staff(Permission.SCRIPTS_EDIT))]
    router.add_api_route("", api.list_scripts, methods=["GET"], dependencies=reading)
    router.add_api_route("", api.create_script, methods=["POST"], dependencies=editing, status_code=201)
    router.add_api_route("/{script_id}", api.update_script, methods=["PUT"], dependencies=editing)
    router.add_api_route("/{script_id}", api.delete_script, methods=["DELETE"], dependencies=editing, status_code=204)
    return router


class AuthApi:
    """Sign-in and the session."""

    def __init__(self, deps: StaffDeps) -> None:
        self._deps = deps

    async def options(self) -> SignInOptions:
        """Say how one may sign in here."""
        oidc = self._deps.oidc
        names = dict(self._deps.bank_names)
        called = dict(oidc.names) if oidc else {}
        return SignInOptions(oidc=oidc is not None, oidc_name=called, bank_name=names)

    async def sign_in(self, body: SignInBody, request: Request, response: Response) -> Me:
        """Sign in with a local account; sets the session and CSRF cookies."""
        grant = await self._deps.sign_in.sign_in(body.email, body.password, _address(request))
        return self._granted(grant, request, response)

    async def sign_in_with_link(self, body: LinkBody, request: Request, response: Response) -> Me:
        """Sign in with a one-time link."""
        grant = await self._deps.sign_in.sign_in_with_link(body.token, _address(request))
        return self._granted(grant, request, response)

    async def oidc_start(self, request: Request) -> RedirectResponse:
        """Go to the bank's identity provider."""
        try:
            redirect = await self._provider().start(self._callback_url(request))
        except UnavailableError as error:
            return self._back_to_desk(error)
        answer = RedirectResponse(redirect.url, status_code=303)
        answer.set_cookie(
            OIDC_COOKIE,
            redirect.flow,
            max_age=600,
            httponly=True,
            secure=self._secure(request),
            samesite="lax",
        )
        return answer

    async def oidc_callback(self, request: Request) -> RedirectResponse:
        """Come back from the bank's identity provider."""
        provider, callback = self._provider(), self._callback_url(request)
        try:
            flow = request.cookies.get(OIDC_COOKIE, "")
            identity = await provider.finish(flow, f"{callback}?{request.url.query}", callback)
            grant = await self._deps.sign_in.sign_in_with_identity(identity)
        except WarmlineError as error:
            answer = self._back_to_desk(error)
        else:
            answer = RedirectResponse(self._deps.desk_path, status_code=303)
            self._set_cookies(answer, request, grant.token, grant.csrf_token)
        answer.delete_cookie(OIDC_COOKIE)
        return answer

    async def sign_out(self, signed: Signed, response: Response) -> None:
        """End the session."""
        await self._deps.sign_in.sign_out(signed)
        response.delete_cookie(SESSION_COOKIE)
        response.delete_cookie(CSRF_COOKIE)

    async def me(self, signed: Signed, request: Request, response: Response) -> Me:
        """Say who is signed in; gives the session a new token when the present one is old.

        Otherwise no cookie is set: another tab may have been given the new one a moment ago.
        """
        grant = await self._deps.sign_in.refresh(request.cookies[SESSION_COOKIE])
        return Me.of(signed.staff) if grant is None else self._granted(grant, request, response)

    async def set_preferences(self, body: PreferencesBody, signed: Signed) -> Me:
        """Remember the language of the desk."""
        async with self._deps.uow.begin() as tx:
            return Me.of(await self._deps.staff.set_locale(tx, signed.staff.id, body.locale))

    async def change_password(self, body: PasswordBody, signed: Signed, request: Request, response: Response) -> Me:
        """Set a new password; every other session ends."""
        grant = await self._deps.sign_in.change_password(signed, body.old, body.new)
        return self._granted(grant, request, response)

    def _granted(self, grant: Grant, request: Request, response: Response) -> Me:
        self._set_cookies(response, request, grant.token, grant.csrf_token)
        return Me.of(grant.staff)

    def _set_cookies(self, response: Response, request: Request, token: str, csrf_token: str) -> None:
        secure = self._secure(request)
        response.set_cookie(SESSION_COOKIE, token, httponly=True, secure=secure, samesite="lax")
        response.set_cookie(CSRF_COOKIE, csrf_token, httponly=False, secure=secure, samesite="lax")

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or (self._deps.public_url or "").startswith("https:")

    def _callback_url(self, request: Request) -> str:
        base = (self._deps.public_url or str(request.base_url)).rstrip("/")
        path: str = request.app.url_path_for("oidc_callback")
        return base + path

    def _provider(self) -> IdentityProvider:
        if self._deps.oidc is None:
            raise NotFoundError(kind="oidc")
        return self._deps.oidc

    def _back_to_desk(self, error: WarmlineError) -> RedirectResponse:
        logger.warning("sign-in by the identity provider failed: %s", error)
        return RedirectResponse(f"{self._deps.desk_path}?sign_in_error={error.code}", status_code=303)


class DeskApi:
    """Presence, colleagues and skills."""

    def __init__(self, deps: StaffDeps) -> None:
        self._deps = deps

    async def set_presence(self, body: PresenceBody, signed: Signed) -> Me:
        """Say whether new conversations may come."""
        known = self._deps.breaks
        reason = body.reason if body.status is Presence.BREAK else ""
        if reason and known is not None and reason not in known:
            raise InvalidError(field="reason", reason=f"a break is one of {', '.join(known)}")
        async with self._deps.uow.begin() as tx:
            return Me.of(await self._deps.staff.set_presence(tx, signed.staff.id, body.status, reason))

    async def list_colleagues(self, signed: Signed) -> list[Colleague]:
        """List who else serves customers, whoever can take one first; without an open desk a person is away."""
        async with self._deps.uow.begin() as tx:
            everyone = await self._deps.staff.list_colleagues(tx)
        serving = [one for one in everyone if one.serves and one.id != signed.staff.id]
        ids = [one.id for one in serving]
        load = await self._deps.colleague_load(ids) if self._deps.colleague_load else {}
        there = await self._deps.connected(ids) if self._deps.connected else ids
        shown = [
            Colleague(
                id=one.id,
                name=one.name,
                skills=list(one.skills),
                presence=one.presence if one.id in there else Presence.AWAY,
                load=load.get(one.id, 0),
            )
            for one in serving
        ]
        return sorted(shown, key=lambda one: (list(Presence).index(one.presence), one.load))

    async def list_skills(self, signed: Signed) -> list[Skill]:
        """List the skill groups."""
        async with self._deps.uow.begin() as tx:
            groups = await self._deps.staff.list_skill_groups(tx)
        return [Skill.of(group, signed.staff.locale) for group in groups]

    async def put_skill(self, skill_id: str, body: SkillBody, signed: Signed) -> Skill:
        """Create a skill group, or rename it."""
        async with self._deps.uow.begin() as tx:
            group = await self._deps.staff.put_skill_group(tx, skill_id, body.names, actor=signed.actor)
        return Skill.of(group, signed.staff.locale)


class ScriptApi:
    """Prepared wordings (话术)."""

    def __init__(self, deps: StaffDeps) -> None:
        self._deps = deps

    async def list_scripts(self, locale: Annotated[LocaleText | None, Query()] = None) -> ScriptList:
        """List scripts by category and title."""
        async with self._deps.uow.begin() as tx:
            found = await self._deps.scripts.list_scripts(tx, locale)
        return ScriptList(items=[ScriptOut.of(script) for script in found])

    async def create_script(self, body: ScriptBody, signed: Signed) -> ScriptOut:
        """Add a script."""
        async with self._deps.uow.begin() as tx:
            return ScriptOut.of(await self._deps.scripts.create(tx, body.draft(), actor=signed.actor))

    async def update_script(self, script_id: UUID, body: ScriptBody, signed: Signed) -> ScriptOut:
        """Change a script."""
        async with self._deps.uow.begin() as tx:
            changed = await self._deps.scripts.update(tx, script_id, body.draft(), actor=signed.actor)
        return ScriptOut.of(changed)

    async def delete_script(self, script_id: UUID, signed: Signed) -> None:
        """Delete a script."""
        async with self._deps.uow.begin() as tx:
            await self._deps.scripts.delete(tx, script_id, actor=signed.actor)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
