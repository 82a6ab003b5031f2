"""The heart over a real database, and a second node beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support import Heart, fresh_database
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, create_engine


@pytest.fixture(scope="module")
def shared_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The database of a module whose tests look at their own conversations only."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
async def heart(shared_url: str) -> AsyncIterator[Heart]:
    engine = create_engine(shared_url)
    yield Heart(UnitOfWork(engine))
    await engine.dispose()


@pytest.fixture
async def other(heart: Heart, shared_url: str) -> AsyncIterator[Heart]:
    """Another node: its own connections and bus, the same database and keys."""
    engine = create_engine(shared_url)
    yield Heart(UnitOfWork(engine), clock=heart.clock, ciphers=heart.ciphers)
    await engine.dispose()


@pytest.fixture
def alone(uow: UnitOfWork) -> Heart:
    """The heart over a database of its own."""
    return Heart(uow)
