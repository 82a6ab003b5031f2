"""JSON Lines: one object for each article and language; `similar` is a list, `variants` a list of objects."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from warmline.knowledge.formats.csv_format import decode
from warmline.knowledge.formats.nested import read_nested
from warmline.knowledge.formats.rows import MAX_ROWS, Read, Record, RowProblem, split_similar


def read_jsonl(path: Path, file: str) -> Read:
    """Rows of a file with one JSON object a line; blank lines are passed over."""
    text = decode(path.read_bytes())
    if text is None:
        yield RowProblem(file, None, None, "unknown_encoding")
        return
    for number, line in enumerate(text.split("\n"), 1):
        if number > MAX_ROWS:
            yield RowProblem(file, number, None, "too_many_rows", {"limit": MAX_ROWS})
            return
        if line.strip():
            yield from _read_line(file, number, line)


def _read_line(file: str, number: int, line: str) -> Read:
    try:
        value = orjson.loads(line.encode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        yield RowProblem(file, number, None, "bad_json", {"detail": error.msg})
        return
    if isinstance(value, dict):
        yield from read_nested(file, number, value)
    else:
        yield RowProblem(file, number, None, "not_object")


def write_jsonl(records: Iterable[Record], path: Path) -> None:
    """Write one line for each language of each article, empty fields left out."""
    with path.open("wb") as out:
        for record in records:
            out.write(orjson.dumps(_object(record)) + b"\n")


def _object(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {c: v for c, v in record.cells.items() if v}
    if "similar" in found:
        found["similar"] = list(split_similar(found["similar"]))
    if record.variants:
        found["variants"] = [{c: v for c, v in one.items() if v} for one in record.variants]
    return found
