"""Password hashing: argon2id in worker threads, few at once, as costly for accounts that do not exist."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from warmline.kit.ids import new_secret
from warmline.staff.errors import WeakPasswordError

SHORTEST = 12
LONGEST = 256


def check_password(password: str, *, email: str = "") -> None:
    """Raise `WeakPasswordError` unless 12 to 256 characters, not all alike, and not the address itself."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 4:
        raise WeakPasswordError(field="password", min=SHORTEST, max=LONGEST)
    if email and password.casefold() in (email.casefold(), email.casefold().partition("@")[0]):
        raise WeakPasswordError(field="password", min=SHORTEST, max=LONGEST)


class Passwords:
    """Hashes and verifies; the default cost is OWASP's for argon2id: 19 MiB, two passes, one lane."""

    def __init__(self, *, time_cost: int = 2, memory_kib: int = 19_456, parallelism: int = 1, at_once: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._at_once = asyncio.Semaphore(at_once)
        self._decoy: str | None = None

    async def hash(self, password: str, *, email: str = "") -> str:
        """Return the encoded hash; `WeakPasswordError` if the password will not do."""
        check_password(password, email=email)
        async with self._at_once:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Compare; without a hash do the same work against a decoy and say no."""
        async with self._at_once:
            return await asyncio.to_thread(self._verify, encoded, password[: LONGEST + 1])

    def _verify(self, encoded: str | None, password: str) -> bool:
        if self._decoy is None:
            self._decoy = self._hasher.hash(new_secret())
        try:
            return self._hasher.verify(encoded or self._decoy, password) and encoded is not None
        except (VerificationError, InvalidHashError):
            return False
