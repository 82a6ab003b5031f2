"""CSV: read in UTF-8 with or without BOM, UTF-16 with BOM or GB18030; written in UTF-8 with BOM for Excel."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from warmline.knowledge.formats.rows import COLUMNS, MAX_ROWS, Read, Record, Row, RowProblem, read_header

CELL_LIMIT = 1_000_000
_RISKY_RE = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""Spreadsheets run a cell that begins so as a formula (OWASP, CSV injection; the wide signs on an East Asian one): it
gets a leading `'`."""
_GUARDED_RE = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def decode(data: bytes) -> str | None:
    """The text of a file, or None when it is in no encoding we know."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def read_csv(path: Path, file: str) -> Read:
    """Rows of a CSV separated by commas, semicolons or tabs."""
    text = decode(path.read_bytes())
    if text is None:
        yield RowProblem(file, None, None, "unknown_encoding")
        return
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0  # the last row that was sound
    try:
        columns, problems = read_header(file, next(reader, []))
        yield from problems
        if not columns:
            return
        number = 1
        for number, values in enumerate(reader, 2):
            if number > MAX_ROWS:
                yield RowProblem(file, number, None, "too_many_rows", {"limit": MAX_ROWS})
                return
            if any(v.strip() for v in values):
                yield Row(file, number, {c: _unguarded(v) for c, v in zip(columns, values, strict=False) if c})
    except csv.Error as error:
        yield RowProblem(file, number + 1, None, "bad_csv", {"detail": str(error)})


def write_csv(records: Iterable[Record], path: Path) -> None:
    """Write all columns, one row for each language and variant."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        _write(records, out)


def _write(records: Iterable[Record], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in records:
        for row in record.flat():
            writer.writerow([_guarded(row[c]) for c in COLUMNS])


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",\t;", key=header.count)


def _guarded(value: str) -> str:
    return f"'{value}" if _RISKY_RE.match(value) else value


def _unguarded(value: str) -> str:
    return value[1:] if _GUARDED_RE.match(value) else value
