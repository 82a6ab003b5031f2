"""Which customer is asking, for any router: the visitor token on every call."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from warmline.customer.errors import IdentityLapsedError
from warmline.customer.model import Standing, Visitor
from warmline.customer.ports import CustomerKeysPort
from warmline.customer.tokens import VisitorTokens
from warmline.kit.errors import UnauthenticatedError

_scheme = HTTPBearer(
    scheme_name="visitor token", description="From POST /visitors.", bearerFormat="JWT", auto_error=False
)
BearerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]


class VisitorGuard:
    """Turns a token into a `Visitor`.

    An erased customer's token is worth nothing; one from before an identity claimed its customer is no longer
    enough, since whoever still has it did not show that identity.
    """

    def __init__(self, tokens: VisitorTokens, keys: CustomerKeysPort) -> None:
        self._tokens, self._keys = tokens, keys

    async def current_visitor(self, bearer: BearerToken = None) -> Visitor:
        """FastAPI dependency. `IdentityLapsedError`, `UnauthenticatedError`."""
        if bearer is None:
            raise UnauthenticatedError
        return await self.identify(bearer.credentials)

    async def identify(self, token: str) -> Visitor:
        """Return who holds `token`, for sockets as for calls."""
        visitor = self._tokens.read(token)
        await self.check(visitor)
        return visitor

    async def check(self, visitor: Visitor) -> None:
        """Raise as `identify` does if the visitor's token has lost its worth since; asked on every message."""
        self._judge(visitor, await self._keys.get_standing(visitor.customer_id))

    async def recheck(self, visitors: Collection[Visitor]) -> dict[Visitor, UnauthenticatedError]:
        """Return those of whom `check` would not approve now, and what it would raise; one query."""
        standings = await self._keys.get_standings({one.customer_id for one in visitors})
        refused: dict[Visitor, UnauthenticatedError] = {}
        for one in visitors:
            try:
                self._judge(one, standings.get(one.customer_id, Standing.GONE))
            except UnauthenticatedError as error:
                refused[one] = error
        return refused

    def _judge(self, visitor: Visitor, standing: Standing) -> None:
        self._tokens.check_live(visitor)
        if standing is Standing.GONE:
            raise UnauthenticatedError
        if standing is Standing.CLAIMED and visitor.lapses_at is None:
            raise IdentityLapsedError
