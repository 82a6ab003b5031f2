"""The heart over a fresh database, and a second node beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support import Heart
from warmline.kit.uow import UnitOfWork, create_engine


@pytest.fixture
def heart(uow: UnitOfWork) -> Heart:
    return Heart(uow)


@pytest.fixture
async def other(heart: Heart, database_url: str) -> AsyncIterator[Heart]:
    """Another node: its own connections and bus, the same database and keys."""
    engine = create_engine(database_url)
    yield Heart(UnitOfWork(engine), clock=heart.clock, ciphers=heart.ciphers)
    await engine.dispose()
