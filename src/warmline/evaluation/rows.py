"""Reading JSON Lines that people made: bad rows are counted and skipped, and the rest goes on."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

_SHOWN = 5
Row = TypeVar("Row")


class BadInput(Exception):
    """A file cannot be used at all; the message says which and why."""


@dataclass
class Console:
    """Progress and warnings for people, on standard error."""

    quiet: bool = False
    bad_rows: int = field(default=0, init=False)

    def say(self, line: str) -> None:
        """Write one line unless quiet."""
        if not self.quiet:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    def bad_row(self, path: str, number: int, reason: str) -> None:
        """Count a skipped row; the first few are shown."""
        self.bad_rows += 1
        if self.bad_rows <= _SHOWN:
            self.say(f"{path}:{number}: skipped, {reason}")


def read_rows(paths: Sequence[str], parse: Callable[[dict[str, Any]], Row], console: Console) -> list[Row]:
    """Rows of all files (pipes too) in order; raises ``BadInput`` when a file is unreadable or no row is good."""
    before = console.bad_rows
    found = [row for path in paths for row in _read_one(path, parse, console)]
    skipped = console.bad_rows - before
    if skipped:
        console.say(f"{skipped} bad rows skipped, {len(found)} kept: {', '.join(paths)}")
    if not found:
        raise BadInput(f"no usable row in {', '.join(paths)}")
    return found


def _read_one(path: str, parse: Callable[[dict[str, Any]], Row], console: Console) -> Iterator[Row]:
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        row = json.loads(line.decode("utf-8-sig"))
                        if not isinstance(row, dict):
                            raise TypeError("not an object")
                        yield parse(row)
                    except (ValueError, TypeError, KeyError) as error:
                        console.bad_row(path, number, _reason(error))
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    if isinstance(error, json.JSONDecodeError):
        return "not JSON"
    return str(error)


def text_of(row: dict[str, Any], name: str) -> str:
    """A text field that is there and not blank."""
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} is not a text")
    return value


def texts_of(row: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts; blank ones are dropped, a missing list is empty."""
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name!r} is not a list of texts")
    return tuple(v for v in value if v.strip())


def id_of(row: dict[str, Any], name: str) -> str:
    """An identifier: text or whole number."""
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError(f"{name!r} is not an id")
    return str(value)


def label_of(row: dict[str, Any], name: str) -> str | None:
    """An id, or None for an explicit null."""
    return None if row[name] is None else id_of(row, name)
