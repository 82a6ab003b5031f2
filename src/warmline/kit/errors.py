"""Errors carry a code and named fields; the web layer alone knows about HTTP."""

from __future__ import annotations

from typing import Any


class WarmlineError(Exception):
    """Base of everything a caller can put right: `code` is stable, `fields` fill the sentence shown."""

    code = "error"

    def __init__(self, **fields: Any) -> None:
        super().__init__(self.code, fields)
        self.fields: dict[str, Any] = fields

    def __str__(self) -> str:
        return f"{self.code} {self.fields}" if self.fields else self.code


class UsageError(WarmlineError):
    """A command was asked in a way that makes no sense; it ends with status 2."""

    code = "wrong_usage"


class NotFoundError(WarmlineError):
    """The thing named does not exist, or not for this caller."""

    code = "not_found"


class ForbiddenError(WarmlineError):
    """The caller is known and may not do this."""

    code = "forbidden"


class UnauthenticatedError(WarmlineError):
    """The caller is not known: sign in, or ask for a visitor token."""

    code = "unauthenticated"


class InvalidError(WarmlineError):
    """The input is malformed; `fields` says what and where."""

    code = "invalid"


class ConflictError(WarmlineError):
    """The state has moved on; load again and decide anew."""

    code = "conflict"


class BusyError(WarmlineError):
    """Too many requests or a full queue; `retry_after` is in seconds."""

    code = "busy"


class UnavailableError(WarmlineError):
    """A part this needs is down; the caller may try again."""

    code = "unavailable"
