"""The migrations make exactly what the tables say."""

from __future__ import annotations

from warmline.migrate import differences, migrate


def test_migrations_and_tables_agree(database_url: str) -> None:
    assert differences(database_url) == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    assert differences(database_url) == []
