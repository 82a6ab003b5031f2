"""What can go wrong with embeddings and language models."""

from __future__ import annotations

from warmline.kit.errors import UnavailableError, UsageError


class EmbedderUnavailable(UnavailableError):
    """No embedding can be made here; `reason` says why in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)

    def __str__(self) -> str:
        return str(self.fields["reason"])


class EndpointNotAllowed(UsageError):
    """An endpoint that texts may not be sent to; `reason` names it and what to set."""

    code = "endpoint_not_allowed"
