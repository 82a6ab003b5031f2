"""The migrations make exactly what the tables say, and bring what older versions wrote to what this one means."""

from __future__ import annotations

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.support import CUSTOMER, Heart, ask_for_person, types
from warmline.conversation import commands as c
from warmline.conversation.events import Owner, Visibility
from warmline.conversation.model import Conversation, fold
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, sqlalchemy_url
from warmline.migrate import _config, differences, list_revisions, migrate, migrations_folder


def test_migrations_and_tables_agree(database_url: str) -> None:
    assert differences(database_url) == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert differences(database_url) == []


REVISIONS = list_revisions()


def test_the_numbers_of_the_files_are_the_order_in_which_they_are_applied() -> None:
    scripts = ScriptDirectory(str(migrations_folder()))
    assert [one.revision for one in scripts.walk_revisions()][::-1] == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_database_of_every_earlier_version_comes_to_the_newest(postgres: EmbeddedPostgres, revision: str) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute(f"create database upgraded_{revision}".encode())
    url = postgres.url(f"upgraded_{revision}")
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)
    engine.dispose()
    assert differences(url) != [] or revision >= "0005", "the later ones change the tables no more"
    migrate(url)
    assert differences(url) == []
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute(f"drop database upgraded_{revision} with (force)".encode())


async def test_a_node_of_the_version_before_starts_on_what_a_newer_one_has_expanded(
    uow: UnitOfWork, database_url: str
) -> None:
    await run(uow, "UPDATE alembic_version SET version_num = '9999'")
    migrate(database_url)


def go_back(dsn: str, revision: str) -> None:
    """Undo the migrations after `revision`."""
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)
    engine.dispose()


async def run(uow: UnitOfWork, statement: str, **values: object) -> None:
    async with uow.begin() as tx:
        await tx.connection.execute(text(statement), values)


async def erase_as_once(uow: UnitOfWork, state: Conversation, *, said: bool) -> None:
    """Erase a customer as the first versions did: their conversation went on, `said` whether its log says it."""
    customer = "INSERT INTO customer (id, elder, locale, verified, created_at, updated_at, erased_at)"
    await run(uow, f"{customer} VALUES (:id, false, 'en', 'none', now(), now(), now())", id=state.customer_id)
    if said:
        event = "INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)"
        row = "SELECT id, last_seq + 1, 'words.erased', 'system', 'all', '{}', now() FROM conversation WHERE id = :id"
        await run(uow, f"{event} {row}", id=state.id)
        await run(uow, "UPDATE conversation SET last_seq = last_seq + 1 WHERE id = :id", id=state.id)


async def test_who_was_erased_by_the_first_versions_waits_for_nobody(uow: UnitOfWork, database_url: str) -> None:
    heart = Heart(uow)
    before = [await heart.open() for _ in range(5)]
    queued, held, done, asking, alive = before
    await heart.do(queued, ask_for_person())
    await heart.hand_to(held)
    await heart.do(done, c.Close(CUSTOMER, "customer_left"))
    await heart.say(asking, "卡丢了怎么办")
    await heart.do(alive, ask_for_person())
    for state in (queued, asking):
        await erase_as_once(uow, state, said=True)
    for state in (held, done):
        await erase_as_once(uow, state, said=False)
    go_back(database_url, "0005")
    migrate(database_url)
    ended = ["words.erased", "conversation.closed"]
    for state, wanted in ((queued, ended), (asking, ended), (held, ended[::-1]), (done, ended[::-1]), (alive, [])):
        events = await heart.service.events_after(state.id, 0, Visibility.STAFF)
        row = await heart.service.get(state.id)
        assert row == fold(state, events[1:])
        assert [event.seq for event in events] == list(range(1, row.last_seq + 1))
        assert (row.erased, row.owner) == ((True, Owner.CLOSED) if wanted else (False, Owner.QUEUE))
        assert [kind for kind in types(events) if kind in ended] == wanted
    assert await heart.service.list_owed(heart.clock.now().replace(year=2100)) == []


async def test_what_clients_of_the_erased_called_their_messages_goes(uow: UnitOfWork, database_url: str) -> None:
    heart = Heart(uow)
    erased, alive = await heart.open(), await heart.open()
    for state in (erased, alive):
        await heart.say(state, "卡丢了", "my card 6222")
    await run(uow, "UPDATE conversation SET erased = true WHERE id = :id", id=erased.id)
    go_back(database_url, "0006")
    migrate(database_url)
    said = [(await heart.service.events_after(one.id, 1, Visibility.STAFF))[0].payload for one in (erased, alive)]
    assert [getattr(one, "client_id", None) for one in said] == ["~2", "my card 6222"]
