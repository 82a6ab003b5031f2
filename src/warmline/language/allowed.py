"""Where texts may be sent at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from warmline.language.errors import EndpointNotAllowed


def check_allowed(base_url: str, allowed_origins: Collection[str], prefix: str = "WARMLINE_EMBEDDINGS") -> None:
    """Raise `EndpointNotAllowed` unless the URL's scheme, host and port are on the list, without credentials."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or parts.username or origin not in allowed_origins:
        raise EndpointNotAllowed(
            reason=f"{parts.scheme}://{parts.hostname} is no origin of {prefix}_ALLOWED_ORIGINS,"
            " so no text may be sent there"
        )


def check_sealed(base_url: str, prefix: str) -> None:
    """Raise `EndpointNotAllowed` for a URL over which others could read along, or that holds more than an address."""
    parts = urlsplit(base_url)
    if parts.query or parts.fragment or parts.password:
        raise EndpointNotAllowed(reason=f"an address holds no password, query or fragment; the key is {prefix}_KEY")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise EndpointNotAllowed(reason="http is for this machine alone (127.0.0.1, localhost): use https")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
