"""Write the table of settings into docs/operations.md, between its markers; `--check` fails when it is out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from warmline.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"
BEGIN, END = "<!-- settings: begin (make by scripts/settings_table.py) -->", "<!-- settings: end -->"


def describe() -> str:
    """Return the table: one row for each field of `Settings`, in its order."""
    rows = [row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(["| variable | default | holds |", "|---|---|---|", *rows])


def row(name: str, field: FieldInfo) -> str:
    """Return one line of the table; raise `ValueError` for a setting that says nothing of itself."""
    if not field.description:
        raise ValueError(f"setting {name} has no description")
    shown = "" if field.default in ("", None) else f"`{field.default}`"
    words = field.description.replace("|", "\\|")
    return f"| `WARMLINE_{name.upper()}` | {shown} | {words} |"


def replaced(page: str, table: str) -> str:
    """Return the page with the table between its markers; raise `ValueError` where they are missing."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{PAGE.name} lacks the markers of the settings table")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main() -> int:
    """Write the page, or compare with what is there."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = replaced(page, describe())
    if fresh == page:
        return 0
    if "--check" in sys.argv:
        sys.stderr.write("docs/operations.md is out of date: run scripts/settings_table.py\n")
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
