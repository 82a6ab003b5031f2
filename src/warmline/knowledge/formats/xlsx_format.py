"""XLSX by openpyxl: the first sheet; formulas are refused, never computed; bombs are never unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from warmline.knowledge.formats.rows import COLUMNS, MAX_ROWS, Read, Record, Row, RowProblem, read_header

MAX_UNPACKED_BYTES = 256 * 2**20
MAX_PARTS, MAX_COLUMNS, MAX_RATIO = 1_000, 64, 300
DATES = ("valid_from", "valid_until")
FIRST_DAY, LAST_DAY = 30_000, 80_000
"""Days as spreadsheets count them, 1982 to 2119 (1986 to 2123 in books that count from 1904). Such a number without a
date's format is what pasting values leaves of a date."""
_WIDTHS = {"question": 40, "similar": 50, "answer": 80, "id": 24}


def read_xlsx(path: Path, file: str) -> Read:
    """Rows of the first sheet."""
    if problem := _packing_problem(path):
        yield RowProblem(file, None, None, problem)
        return
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            yield from _read_sheet(book, file)
        finally:
            book.close()
    except Exception:  # a file from anywhere: openpyxl and expat raise whatever its XML provokes
        yield RowProblem(file, None, None, "bad_xlsx")


def _packing_problem(path: Path) -> str | None:
    """Sizes come from the archive's directory; reading stops at them, so they cannot understate."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "bad_xlsx"
    whole = sum(p.file_size for p in parts)
    ratio = max((p.file_size / max(p.compress_size, 1) for p in parts if p.file_size > 2**20), default=0)
    bomb = len(parts) > MAX_PARTS or whole > MAX_UNPACKED_BYTES or ratio > MAX_RATIO
    return "zip_bomb" if bomb else None


def _read_sheet(book: Any, file: str) -> Read:
    sheet = next((s for s in book.worksheets), None)
    if sheet is None:
        yield RowProblem(file, None, None, "bad_xlsx")
        return
    rows = sheet.iter_rows(max_col=MAX_COLUMNS)
    columns, problems = read_header(file, [_text(c.value) for c in next(rows, ())])
    yield from problems
    for number, cells in enumerate(rows if columns else (), 2):
        if number > MAX_ROWS:
            yield RowProblem(file, number, None, "too_many_rows", {"limit": MAX_ROWS})
            return
        yield from _read_row(file, number, columns, cells, book.epoch)


def _read_row(file: str, number: int, columns: Sequence[str | None], cells: Sequence[Any], epoch: datetime) -> Read:
    named = [(c, cell) for c, cell in zip(columns, cells, strict=False) if c and cell.value is not None]
    formulas = [c for c, cell in named if cell.data_type == "f"]
    if formulas:
        yield from (RowProblem(file, number, c, "formula") for c in formulas)
        return
    values = {c: _text(_day(cell.value, epoch) if c in DATES else cell.value) for c, cell in named}
    if any(v.strip() for v in values.values()):
        yield Row(file, number, values)


def _day(value: object, epoch: datetime) -> object:
    """The day that a bare number in a column of dates counts; anything else stays what it is."""
    if isinstance(value, int | float) and FIRST_DAY <= value < LAST_DAY:
        return from_excel(value, epoch)
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_xlsx(records: Iterable[Record], path: Path) -> None:
    """Write one sheet with all columns; every cell is text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("articles")
    sheet.freeze_panes = "A2"
    for i, column in enumerate(COLUMNS):
        sheet.column_dimensions[get_column_letter(i + 1)].width = _WIDTHS.get(column, 14)
    heading = [_cell(sheet, c) for c in COLUMNS]
    for cell in heading:
        cell.font = Font(bold=True)
    sheet.append(heading)
    for record in records:
        for row in record.flat():
            sheet.append([_cell(sheet, row[c]) for c in COLUMNS])
    book.save(path)


def _cell(sheet: Any, value: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=value or None)
    if value:
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text="\n" in value, vertical="top")
    return cell
