"""Identifiers: UUIDv7, so that primary keys are roughly ordered by time (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of Unix milliseconds, 74 random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def new_secret(n_bytes: int = 32) -> str:
    """Return a URL-safe random secret of `n_bytes` bytes of entropy."""
    return secrets.token_urlsafe(n_bytes)
