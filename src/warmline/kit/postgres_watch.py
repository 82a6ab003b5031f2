"""Keeps the embedded PostgreSQL running: started again when it was killed, so that the service recovers by itself."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from warmline.kit.embedded_postgres import DatabaseError, EmbeddedPostgres

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
RETRY_SECONDS = 0.5


class PostgresWatch:
    """Watches a started server from a thread of its own, while the context lasts."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="postgres watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            if self._server.is_running():
                continue
            logger.error("the database has ended; starting it again")
            try:
                self._server.revive()
            except DatabaseError as error:
                # The last backends of the dead server may still be ending; the next look tries again.
                logger.error("the database does not start yet: %s", error)
                self._over.wait(RETRY_SECONDS)
            else:
                logger.error("the database runs again")
