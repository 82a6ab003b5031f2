"""One spelling of the database's address for every part."""

from __future__ import annotations

import psycopg
import pytest

from warmline.kit.errors import InvalidError
from warmline.kit.uow import UnitOfWork, create_engine, libpq_url
from warmline.migrate import differences
from warmline.settings import Settings

SCHEMES = ["postgresql", "postgres", "postgresql+psycopg"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_part_connects_whichever_way_the_address_is_spelt(database_url: str, scheme: str) -> None:
    address = Settings(database_url=database_url.replace("postgresql", scheme, 1)).database_url
    assert address == database_url
    with psycopg.connect(address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_engine_and_the_migrations_take_each_spelling(database_url: str, scheme: str) -> None:
    address = database_url.replace("postgresql", scheme, 1)
    assert differences(address) == []
    engine = create_engine(address)
    async with UnitOfWork(engine).begin() as tx:
        assert tx.connection.engine.dialect.driver == "psycopg"
    await engine.dispose()


@pytest.mark.parametrize("address", ["mysql://u:geheim@h/x", "host=h password=geheim", "postgresql"])
def test_another_address_is_refused_without_repeating_its_password(address: str) -> None:
    with pytest.raises(InvalidError, match="postgresql://user@host/name") as caught:
        Settings(database_url=address)
    assert "geheim" not in str(caught.value)
    assert caught.value.fields["field"] == "WARMLINE_DATABASE_URL"


def test_no_address_means_the_embedded_database() -> None:
    assert Settings(database_url="").database_url == ""
    assert libpq_url("postgres://u@/x?host=%2Ftmp") == "postgresql://u@/x?host=%2Ftmp"
