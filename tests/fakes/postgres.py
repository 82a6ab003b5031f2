"""Databases that tests do not start from the wheel."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from warmline.kit.embedded_postgres import EmbeddedPostgres


class GivenPostgres(EmbeddedPostgres):
    """A server that somebody else runs, at the libpq URL of any of its databases."""

    def __init__(self, url: str) -> None:
        super().__init__(Path("nowhere"))
        self._given = urlsplit(url)

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It goes on running."""

    def url(self, database: str = "warmline") -> str:
        """Return the URL of a database on this server."""
        return self._given._replace(path=f"/{database}").geturl()
