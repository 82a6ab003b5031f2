"""What staff needs from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from warmline.staff.model import StaffIdentity

ColleagueLoad = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, int]]]
"""How many conversations each of these has; whoever is missing has none."""
ConnectedStaff = Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]
"""Which of these have a desk open now."""


@dataclass(frozen=True)
class Redirect:
    """Where to send the browser, and the sealed state to keep in its cookie until it returns."""

    url: str
    flow: str


class IdentityProvider(Protocol):
    """The bank's sign-in (OpenID Connect)."""

    @property
    def names(self) -> Mapping[str, str]:
        """What the button calls it, by locale; none: a plain word for it."""
        ...

    async def start(self, redirect_uri: str) -> Redirect:
        """Begin a sign-in that returns to `redirect_uri`. `OidcUnavailableError`."""
        ...

    async def finish(self, flow: str, answer_url: str, redirect_uri: str) -> StaffIdentity:
        """Check the answer in `answer_url` against `flow`; `OidcRefusedError`, `OidcUnavailableError`."""
        ...
