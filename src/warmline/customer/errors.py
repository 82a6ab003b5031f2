"""What can go wrong with customers and their identity."""

from __future__ import annotations

from warmline.kit.errors import UnauthenticatedError, WarmlineError


class IdentityLapsedError(UnauthenticatedError):
    """The signed identity has run out: fetch a new one from the page and ask for a visitor token again."""

    code = "identity_lapsed"


class IdentityInvalidError(UnauthenticatedError):
    """The signed identity does not verify; `reason` names the claim, never its value."""

    code = "identity_invalid"


class KeysLostError(WarmlineError):
    """The master key is not the one that this database's words are sealed under; `reason` says what to do."""

    code = "keys_lost"
