"""Rows from nested values, as JSON Lines and Markdown front matter hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warmline.knowledge.formats.rows import (
    VARIANT_COLUMNS,
    Read,
    Row,
    RowProblem,
    column_of,
    join_similar,
)


def read_nested(file: str, number: int, values: Mapping[str, Any]) -> Read:
    """The main row and a row for each of `variants`; a value of the wrong kind is a problem of its column."""
    variants = values.get("variants") or []
    cells: dict[str, str] = {}
    problems: list[RowProblem] = []
    for name, value in values.items():
        column = column_of(str(name))
        if column is None:
            if name != "variants":
                fields = {"value": str(name)[:40]}
                yield RowProblem(file, number, str(name)[:40], "unknown_column", fields, note=True)
        elif (cell := _cell(column, value)) is None:
            problems.append(RowProblem(file, number, column, "not_text"))
        else:
            cells[column] = cell
    if not isinstance(variants, list) or not all(isinstance(v, dict) for v in variants):
        problems.append(RowProblem(file, number, "variants", "not_text"))
    if problems:
        yield from problems
        return
    yield Row(file, number, cells)
    for one in variants:
        yield _variant(file, number, cells, one)


def _variant(file: str, number: int, main: Mapping[str, str], values: Mapping[str, Any]) -> Row | RowProblem:
    cells = {c: main.get(c, "") for c in ("id", "lang")}
    if not cells["id"]:
        cells["question"] = main.get("question", "")
    for name, value in values.items():
        column = column_of(str(name))
        cell = _cell(column, value) if column in VARIANT_COLUMNS and column else None
        if column is None or cell is None:
            return RowProblem(file, number, "variants", "not_text")
        cells[column] = cell
    if not cells.get("channel") and not cells.get("audience"):
        return RowProblem(file, number, "variants", "variant_for_nobody")
    return Row(file, number, cells)


def _cell(column: str, value: Any) -> str | None:
    """A value as the text of its column; None when it is of a kind that cannot be."""
    if column == "similar" and isinstance(value, list):
        return join_similar(value) if all(isinstance(v, str) for v in value) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else None
