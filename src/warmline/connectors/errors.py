"""What can go wrong with actions before any of them is called."""

from __future__ import annotations

from warmline.kit.errors import NotFoundError, UnavailableError


class UnknownActionError(NotFoundError):
    """No action of this name is configured; `name` was asked for."""

    code = "unknown_action"


class SystemUnreachableError(UnavailableError):
    """A system did not say what it offers; `reason` says why in one line, without its words."""

    code = "system_unreachable"


class NotOfferedError(NotFoundError):
    """The system has no such operation or tool, or one that cannot be called; `reason` says which and why."""

    code = "not_offered"
