"""What can go wrong with embeddings."""

from __future__ import annotations

from warmline.kit.errors import UnavailableError, UsageError


class EmbedderUnavailable(UnavailableError):
    """No embedding can be made here; `reason` says why in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)

    def __str__(self) -> str:
        return str(self.fields["reason"])


class EndpointNotAllowed(UsageError):
    """The embeddings endpoint's origin is not on the allow-list; `reason` names it."""

    code = "endpoint_not_allowed"
