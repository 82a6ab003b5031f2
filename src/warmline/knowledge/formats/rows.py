"""The columns every format shares, and a row with its place in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from warmline.knowledge import words

COLUMNS = (
    "id", "lang", "category", "question", "similar", "answer", "channel", "audience",
    "valid_from", "valid_until", "status", "owner", "reviewed",
)  # fmt: skip
VARIANT_COLUMNS = ("channel", "audience", "answer")
MAX_FILE_BYTES = 64 * 2**20
MAX_ROWS = 500_000

_ALIASES = {
    "编号": "id", "知识编号": "id", "article_id": "id",
    "语言": "lang", "语种": "lang", "language": "lang", "locale": "lang",
    "分类": "category", "类别": "category", "目录": "category",
    "问题": "question", "标准问": "question", "标准问题": "question", "title": "question",
    "相似问": "similar", "相似问题": "similar", "相似问法": "similar", "similar_questions": "similar",
    "答案": "answer", "回答": "answer", "标准答案": "answer",
    "渠道": "channel", "人群": "audience", "受众": "audience",
    "生效日期": "valid_from", "失效日期": "valid_until",
    "状态": "status", "负责人": "owner", "已审校": "reviewed",
}  # fmt: skip
_SPLIT_RE = re.compile(r"(?<!\\)\||\n")


@dataclass(frozen=True)
class Row:
    """One row: `number` as a spreadsheet counts (the header is 1); all of a Markdown file is row 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell, trimmed; empty when there is none."""
        return self.cells.get(column, "").strip()

    @property
    def place(self) -> str:
        """Where it is, short: `faq.csv:3`."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class RowProblem:
    """Something a person should put right; a `note` left nothing out."""

    file: str
    row: int | None
    column: str | None
    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    note: bool = False

    def reason(self, locale: str) -> str:
        """Why, without the place."""
        return words.sentence(self.code, locale, **self.fields)

    def sentence(self, locale: str) -> str:
        """Where and why, in the reader's language."""
        return words.place(self.file, self.row, self.column, self.reason(locale), locale)


Read = Iterator[Row | RowProblem]
"""What a format yields: rows, and problems in between; the rest goes on."""


@dataclass(frozen=True)
class Record:
    """One language of an article for writing: cells by column, and its variants."""

    cells: Mapping[str, str]
    variants: tuple[Mapping[str, str], ...] = ()

    def flat(self) -> Iterator[dict[str, str]]:
        """The main row, then a row for each variant."""
        yield {c: self.cells.get(c, "") for c in COLUMNS}
        for one in self.variants:
            yield {c: one.get(c, self.cells[c] if c in ("id", "lang") else "") for c in COLUMNS}


def column_of(heading: str) -> str | None:
    """The column a heading names, in English or Chinese; None for others."""
    name = heading.strip().lstrip("\ufeff").casefold().replace(" ", "_")
    return name if name in COLUMNS else _ALIASES.get(name)


def split_similar(cell: str) -> tuple[str, ...]:
    r"""Similar questions of a cell: separated by line ends or `|`; `\|` is a bar among the words."""
    return tuple(p.strip().replace("\\|", "|") for p in _SPLIT_RE.split(cell.replace("\r", "\n")) if p.strip())


def join_similar(similar: Iterable[str]) -> str:
    """The cell that `split_similar` reads back."""
    return "\n".join(s.replace("|", "\\|") for s in similar)


def read_header(file: str, headings: Iterable[str]) -> tuple[list[str | None], list[RowProblem]]:
    """The column of each heading, with notes on unknown ones; a problem when there is no question column."""
    listed = list(headings)
    columns = [column_of(h) for h in listed]
    columns = [c if c not in columns[:i] else None for i, c in enumerate(columns)]
    if "question" not in columns:
        return [], [RowProblem(file, 1, None, "no_header")]
    unknown = [h for h, c in zip(listed, columns, strict=True) if c is None and h.strip()]
    return columns, [RowProblem(file, 1, h[:40], "unknown_column", {"value": h[:40]}, note=True) for h in unknown]
