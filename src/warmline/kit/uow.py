"""The unit of work: one transaction for one load or one save, with callbacks for after its commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from warmline.kit.errors import InvalidError, UnavailableError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every package's tables hang on this metadata."""


class Transaction:
    """An open transaction: repositories execute on `connection`; `after_commit` runs only if it commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self._after: list[Callable[[], None]] = []

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Register a quick, non-raising callback to run once the transaction is durable."""
        self._after.append(callback)

    def _committed(self) -> None:
        for callback in self._after:
            callback()


class UnitOfWork:
    """Opens transactions on one engine. `async with uow.begin() as tx` commits at its end, or rolls back."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Yield a transaction; commit on a clean exit, then run its after-commit callbacks.

        `UnavailableError` when the database is away: whether the transaction was kept is then unknown.
        """
        try:
            async with self.engine.connect() as connection, connection.begin():
                tx = Transaction(connection)
                yield tx
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise UnavailableError(part="database") from error
        tx._committed()


def create_engine(dsn: str, *, pool_size: int = 10) -> AsyncEngine:
    """Make the engine for a database address; sessions end transactions idle for 10 s and think in UTC."""
    options = "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
    args: dict[str, Any] = {"options": options, "application_name": "warmline", "prepare_threshold": 2}
    # Parameters may be people's words, and errors end in logs.
    return create_async_engine(
        sqlalchemy_url(dsn),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=args,
    )


def libpq_url(address: str) -> str:
    """Return a database address as libpq spells it, `postgresql://`; `InvalidError`, without the address, otherwise."""
    scheme, mark, rest = address.partition("://")
    if not mark or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise InvalidError(field="WARMLINE_DATABASE_URL", reason="must look like postgresql://user@host/name")
    return f"postgresql://{rest}"


def sqlalchemy_url(address: str) -> str:
    """Return a database address as SQLAlchemy spells it, with the driver; `InvalidError` as `libpq_url`."""
    return libpq_url(address).replace("postgresql", "postgresql+psycopg", 1)
