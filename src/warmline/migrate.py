"""Bring a database to the newest schema (Alembic; expand, backfill, contract)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from warmline.kit.sql_types import Xid8
from warmline.kit.uow import sqlalchemy_url
from warmline.tables import all_tables

if TYPE_CHECKING:
    from alembic.config import Config

logger = logging.getLogger(__name__)

LOCK = 37


def migrations_folder() -> Path:
    """Where the migrations lie: beside the package when installed, at the root of the source tree otherwise."""
    installed = Path(__file__).parent / "migrations"
    return installed if installed.exists() else Path(__file__).resolve().parents[2] / "migrations"


def migrate(dsn: str) -> None:
    """Apply every migration that `dsn` lacks; several nodes may start at once."""
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.connect() as connection:
        if not is_current(connection):
            from alembic import command  # half a second, which the usual start need not spend

            connection.rollback()
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            command.upgrade(_config(connection), "head")
            connection.commit()
    engine.dispose()


def is_current(connection: Connection) -> bool:
    """Tell whether the database is at the newest revision, or at one that only a newer version knows.

    While versions are exchanged, nodes of the one before start on what the next one has already expanded.
    """
    known = list_revisions()
    revision = None
    if connection.scalar(text("select to_regclass('alembic_version')")):
        revision = connection.scalar(text("select version_num from alembic_version"))
    if revision and revision not in known:
        logger.warning("a newer version has migrated this database to %s", revision)
        return True
    return revision == known[-1]


def list_revisions() -> list[str]:
    """Return the revisions in the order in which they are applied; their files are numbered."""
    return sorted(one.name.partition("_")[0] for one in (migrations_folder() / "versions").glob("[0-9]*_*.py"))


def make_migration(dsn: str, message: str) -> None:
    """Write a new migration from what the tables say and the database lacks."""
    from alembic import command

    engine = create_engine(sqlalchemy_url(dsn))
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
    engine.dispose()


def differences(dsn: str) -> list[object]:
    """Return in what a migrated database differs from the tables; empty when the migrations are complete."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(sqlalchemy_url(dsn))
    ischema_names.setdefault("xid8", Xid8)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, all_tables())
    engine.dispose()
    return list(found)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
