"""What can go wrong with embeddings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EmbedderUnavailable(Exception):
    """No embedding can be made here; ``reason`` says why in one line."""

    reason: str
    code: str = "language.embedder_unavailable"

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class EndpointNotAllowed(Exception):
    """The embeddings endpoint's origin is not on the allow-list."""

    url: str
    code: str = "language.endpoint_not_allowed"

    def __str__(self) -> str:
        return f"{self.url} is not an allowed endpoint"
