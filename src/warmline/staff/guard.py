"""Who is signed in, for any router: session cookie, CSRF header on every change, permission."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from hmac import compare_digest
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request, WebSocket
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection

from warmline.kit.errors import ForbiddenError, UnauthenticatedError
from warmline.staff.errors import CsrfFailedError
from warmline.staff.model import Permission, SignedIn
from warmline.staff.sign_in import SignInService

SESSION_COOKIE = "warmline_session"
CSRF_COOKIE = "warmline_csrf"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_cookie_scheme = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="staff session",
    description="Set by /auth/sign-in. A change also carries the warmline_csrf cookie in X-CSRF-Token.",
    auto_error=False,
)
SessionCookie = Annotated[str | None, Depends(_cookie_scheme)]


class StaffGuard:
    """Turns a request into a `SignedIn`. `public_origins`: further origins the desk is served under."""

    def __init__(self, sign_in: SignInService, *, public_origins: Collection[str] = ()) -> None:
        self._sign_in, self._origins = sign_in, frozenset(public_origins)

    def current_staff(
        self, permission: Permission | str | None = None
    ) -> Callable[[Request, str | None], Awaitable[SignedIn]]:
        """Return a FastAPI dependency that yields who is signed in, or raises 401 or 403."""
        wanted = None if permission is None else Permission(permission)

        async def dependency(request: Request, cookie: SessionCookie = None) -> SignedIn:
            signed = await self._resolve(cookie)
            if request.method not in _SAFE_METHODS:
                given = request.headers.get(CSRF_HEADER, "")
                if not compare_digest(given.encode(), signed.csrf_token.encode()):
                    raise CsrfFailedError
                self.check_origin(request)
            if wanted is not None and not signed.staff.may(wanted):
                raise ForbiddenError(permission=wanted.value)
            request.state.signed_in = signed
            return signed

        return dependency

    async def identify_socket(self, socket: WebSocket) -> SignedIn:
        """Return who opened a socket by its cookie; a page of another site may not open one."""
        self.check_origin(socket)
        return await self._resolve(socket.cookies.get(SESSION_COOKIE))

    async def recheck(self, known: Collection[SignedIn]) -> Mapping[UUID, SignedIn]:
        """Return by session id who of those who opened sockets is still signed in, as they are now."""
        return await self._sign_in.recheck(known)

    async def same_site(self, request: Request) -> None:
        """FastAPI dependency of calls made before there is a session: refuses other sites' pages."""
        self.check_origin(request)

    def check_origin(self, connection: HTTPConnection) -> None:
        """Raise `CsrfFailedError` when a browser says that another site's page is asking."""
        origin = connection.headers.get("origin")
        if origin is None or origin in self._origins:
            return
        if urlsplit(origin).netloc != connection.headers.get("host"):
            raise CsrfFailedError

    async def _resolve(self, cookie: str | None) -> SignedIn:
        signed = await self._sign_in.resolve(cookie) if cookie else None
        if signed is None:
            raise UnauthenticatedError
        return signed


def signed_in(request: Request) -> SignedIn:
    """Return who the route's `current_staff` dependency found."""
    signed: SignedIn = request.state.signed_in
    return signed
