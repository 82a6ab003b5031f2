"""Column types PostgreSQL has and SQLAlchemy does not name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, an int here."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the SQL name of the type."""
        return "xid8"

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], int | None]:
        """Drivers hand it over as text."""
        return lambda value: None if value is None else int(value)
