"""What can go wrong with accounts, sign-in and scripts."""

from __future__ import annotations

from warmline.kit.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    UnauthenticatedError,
    UnavailableError,
)


class SignInFailedError(UnauthenticatedError):
    """Wrong address or password, or no such account; which of them is never said."""

    code = "sign_in_failed"


class SignInLockedError(BusyError):
    """Too many failures for this account or address; `retry_after` in seconds."""

    code = "sign_in_locked"


class LinkSpentError(UnauthenticatedError):
    """The one-time link was used, has lapsed, or never was."""

    code = "link_spent"


class CsrfFailedError(ForbiddenError):
    """A change without the session's CSRF token, or from another site."""

    code = "csrf_failed"


class EmailTakenError(ConflictError):
    """Another account has this address."""

    code = "email_taken"


class OwnAccountError(ConflictError):
    """Nobody closes their own account or gives up their own administration: someone must be left to undo it."""

    code = "own_account"


class WeakPasswordError(InvalidError):
    """The password is too short (`min`), too long (`max`) or the account's own address."""

    code = "password_too_weak"


class ShortcutTakenError(ConflictError):
    """Another script of this `locale` has this `shortcut`."""

    code = "shortcut_taken"


class OidcRefusedError(ForbiddenError):
    """The identity provider's answer is not accepted; `reason` is for the log and the operator."""

    code = "oidc_refused"


class OidcUnavailableError(UnavailableError):
    """The identity provider does not answer, or not as the standard asks."""

    code = "oidc_unavailable"
