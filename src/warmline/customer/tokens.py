"""Visitor tokens of our own, and identities signed by the bank's site: JWTs (RFC 7519), by joserfc."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import Key, OctKey, RSAKey
from joserfc.jws import CompactSignature

from warmline.customer.errors import IdentityInvalidError, IdentityLapsedError
from warmline.customer.model import ALSO_LIMIT, Identity, Visitor
from warmline.kit.clock import Clock
from warmline.kit.errors import UnauthenticatedError

LIFETIME = timedelta(days=30)
RENEWABLE = timedelta(days=7)
"""How long after its end an anonymous token is still exchanged for a fresh one: holding it is all its holder shows."""
LEEWAY_SECONDS = 60
TYPE = "warmline-visitor"
LONGEST = 8192
"""Characters of a token; longer ones are refused unread."""


class VisitorTokens:
    """Mints and reads visitor tokens; one minted from an identity never outlives it."""

    def __init__(self, secret: bytes, *, clock: Clock, lifetime: timedelta = LIFETIME) -> None:
        key = hmac.new(secret, b"warmline visitor token", hashlib.sha256).digest()
        self._key, self._clock, self._lifetime = OctKey.import_key(key), clock, lifetime

    def mint(
        self, customer_id: UUID, *, lapses_at: datetime | None = None, also: Iterable[UUID] = ()
    ) -> tuple[str, datetime]:
        """Return a token and when it runs out. `lapses_at`: the end of the identity it rests on."""
        now = self._clock.now()
        expires_at = (now + self._lifetime).replace(microsecond=0)
        claims: dict[str, Any] = {"sub": str(customer_id), "iat": int(now.timestamp())}
        if lapses_at is not None:
            expires_at = min(expires_at, lapses_at.replace(microsecond=0))
            claims["lapses"] = int(lapses_at.timestamp())
        claims["exp"] = int(expires_at.timestamp())
        claims["also"] = [str(one) for one in list(also)[-ALSO_LIMIT:]]
        return jwt.encode({"alg": "HS256", "typ": TYPE}, claims, self._key), expires_at

    def read(self, token: str) -> Visitor:
        """Return who holds a live token; `IdentityLapsedError` if its identity ran out."""
        visitor = self.read_lapsed(token)
        if visitor is None:
            raise UnauthenticatedError
        self.check_live(visitor)
        return visitor

    def find_customer(self, token: str) -> UUID | None:
        """Return whose live token this is; None if it is not good for anything."""
        visitor = self.read_lapsed(token)
        return visitor.customer_id if visitor and visitor.expires_at > self._clock.now() else None

    def check_live(self, visitor: Visitor) -> None:
        """Raise as `read` does once the token this visitor came with has run out."""
        if visitor.expires_at <= self._clock.now():
            raise IdentityLapsedError if visitor.lapses_at else UnauthenticatedError

    def read_renewable(self, token: str) -> Visitor | None:
        """Return who may exchange this token for a fresh one; None once an anonymous one is `RENEWABLE` past its end.

        One that rests on an identity is worth nothing without a new identity of the same person, at any age.
        """
        visitor = self.read_lapsed(token)
        if visitor and visitor.lapses_at is None and visitor.expires_at + RENEWABLE <= self._clock.now():
            return None
        return visitor

    def read_lapsed(self, token: str) -> Visitor | None:
        """Return who held a token that may have run out; None if it is not one of ours."""
        if len(token) > LONGEST:
            return None
        try:
            found = jwt.decode(token, self._key, algorithms=["HS256"])
            if found.header.get("typ") != TYPE:
                return None
            claims = found.claims
            lapses = claims.get("lapses")
            return Visitor(
                customer_id=UUID(claims["sub"]),
                also=frozenset(UUID(one) for one in claims["also"]),
                lapses_at=None if lapses is None else datetime.fromtimestamp(lapses, UTC),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            )
        except (JoseError, ValueError, KeyError, TypeError):
            return None


class IdentityVerifier:
    """Verifies identities that the bank's site signed: HS256 by a shared secret, RS256 by its public key."""

    def __init__(
        self,
        *,
        clock: Clock,
        hs256_secret: bytes | None = None,
        rs256_public_pem: str | None = None,
        audience: str = "",
    ) -> None:
        self._clock, self._audience = clock, audience
        self._keys: dict[str, Key] = {}
        if hs256_secret:
            if len(hs256_secret) < 32:
                raise ValueError("the secret that signs identities has at least 32 bytes")
            self._keys["HS256"] = OctKey.import_key(hs256_secret)
        if rs256_public_pem:
            self._keys["RS256"] = RSAKey.import_key(rs256_public_pem)
        if not self._keys:
            raise ValueError("identities need a secret or a public key to verify them")

    def verify(self, encoded: str) -> Identity:
        """Return who the bank says this is. `IdentityLapsedError`, `IdentityInvalidError`."""
        if len(encoded) > LONGEST:
            raise IdentityInvalidError(reason="too long")
        now = self._clock.now()
        required: dict[str, jwt.ClaimsOption] = {"sub": {"essential": True}, "exp": {"essential": True}}
        if self._audience:
            required["aud"] = {"essential": True, "value": self._audience}
        registry = jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY_SECONDS, **required)
        try:
            claims = jwt.decode(encoded, self._key_for, algorithms=list(self._keys)).claims
            registry.validate(claims)
        except ExpiredTokenError as error:
            raise IdentityLapsedError from error
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise IdentityInvalidError(reason=type(error).__name__) from error
        identity = _identity_from(claims, now.year)
        if identity.lapses_at <= now:
            raise IdentityLapsedError
        return identity

    def _key_for(self, signed: Any) -> Key:
        """The key follows the algorithm, so a public key can never be used as a shared secret."""
        headers: CompactSignature = signed
        return self._keys[headers.headers()["alg"]]


def _identity_from(claims: dict[str, Any], year: int) -> Identity:
    """Check the types of what we read; a claim of the wrong type is an `IdentityInvalidError`."""
    ref, name, elder, born = (claims.get(claim) for claim in ("sub", "name", "elder", "birth_year"))
    if not isinstance(ref, str) or not 0 < len(ref) <= 200:
        raise IdentityInvalidError(reason="sub")
    if name is not None and not (isinstance(name, str) and len(name) <= 80):
        raise IdentityInvalidError(reason="name")
    if elder is not None and not isinstance(elder, bool):
        raise IdentityInvalidError(reason="elder")
    if born is not None and (not isinstance(born, int) or not 1890 <= born <= year):
        raise IdentityInvalidError(reason="birth_year")
    try:
        lapses_at = datetime.fromtimestamp(claims["exp"], UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise IdentityInvalidError(reason="exp") from error
    # An odd character in a name is no reason to keep a customer out: it is left away.
    shown = "".join(sign for sign in name or "" if sign.isprintable()).strip()
    return Identity(ref, shown or None, elder, born, lapses_at)
