"""The migrations make exactly what the tables say, and bring what older versions wrote to what this one means."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from tests.support import CUSTOMER, Heart, ask_for_person, types
from warmline.conversation import commands as c
from warmline.conversation.events import Owner, Visibility
from warmline.conversation.model import Conversation, fold
from warmline.kit.uow import UnitOfWork, sqlalchemy_url
from warmline.migrate import differences, migrate, migrations_folder


def test_migrations_and_tables_agree(database_url: str) -> None:
    assert differences(database_url) == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert differences(database_url) == []


def go_back(dsn: str, revision: str) -> None:
    """Undo the migrations after `revision`."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
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
