"""Articles in and out of files: which format a path is in, what an import did, and what it left out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from warmline.kit.uow import UnitOfWork
from warmline.knowledge.errors import UnreadableFileError
from warmline.knowledge.formats.assemble import Draft, assemble, problem_at, records_of
from warmline.knowledge.formats.csv_format import read_csv, write_csv
from warmline.knowledge.formats.jsonl_format import read_jsonl, write_jsonl
from warmline.knowledge.formats.markdown_format import read_markdown, read_markdown_file, write_markdown
from warmline.knowledge.formats.rows import MAX_FILE_BYTES, Read, Record, RowProblem
from warmline.knowledge.importing import ImportStep, Incoming
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import Article, Problem, Status
from warmline.knowledge.service import KnowledgeService

BATCH = 200
"""Articles saved in one transaction."""
Progress = Callable[[int, int], None]
"""Told how many articles of how many are done."""


def _read_xlsx(path: Path, file: str) -> Read:
    from warmline.knowledge.formats.xlsx_format import read_xlsx  # openpyxl is loaded only for such a file

    yield from read_xlsx(path, file)


def _write_xlsx(records: Iterator[Record], path: Path) -> None:
    from warmline.knowledge.formats.xlsx_format import write_xlsx

    write_xlsx(records, path)


_READERS: dict[str, Callable[[Path, str], Read]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": _read_xlsx,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
_WRITERS: dict[str, Callable[[Iterator[Record], Path], None]] = {
    ".csv": write_csv,
    ".xlsx": _write_xlsx,
    ".jsonl": write_jsonl,
    "": write_markdown,
}


@dataclass
class ImportReport:
    """What an import did. `refused`: nothing was saved, as `--strict` asks when any row is bad."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    published: int = 0
    retired: int = 0
    refused: bool = False
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        """Problems that left something out."""
        return sum(not p.note for p in self.problems)

    def count(self, step: ImportStep) -> None:
        """Add what one article's step did."""
        self.created += step.create
        self.changed += step.change
        self.published += step.publish
        self.retired += step.retire
        self.unchanged += not (step.create or step.change or step.publish or step.retire or step.problems)


@dataclass(frozen=True)
class Loaded:
    """The articles of files, with the rows they came from, and what is wrong with other rows."""

    incoming: list[Incoming]
    drafts: dict[str, Draft]
    problems: list[RowProblem]


def read_path(path: Path) -> Read:
    """Rows of a file or of a folder of Markdown; what cannot be read at all is one problem."""
    if path.is_dir():
        yield from read_markdown(path)
        return
    suffix = path.suffix.lower()
    if path.is_fifo():
        yield from _read_pipe(path)
    elif not path.is_file():
        yield RowProblem(path.name, None, None, "file_missing")
    elif path.stat().st_size > MAX_FILE_BYTES:
        yield RowProblem(path.name, None, None, "file_too_large", {"limit": MAX_FILE_BYTES >> 20})
    elif suffix == ".md":
        yield from read_markdown_file(path, path.name, nested=False)
    elif suffix in _READERS:
        yield from _READERS[suffix](path, path.name)
    else:
        yield RowProblem(path.name, None, None, "unknown_format")


def _read_pipe(path: Path) -> Read:
    """What a pipe brings has no name to tell its format: its first bytes do."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy, path.open("rb") as pipe:
        shutil.copyfileobj(pipe, copy)
        copy.flush()
        copy.seek(0)
        begin = copy.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
        reader = _READERS[".xlsx" if begin.startswith(b"PK") else ".jsonl" if begin.startswith(b"{") else ".csv"]
        if copy.seek(0, os.SEEK_END) > MAX_FILE_BYTES:
            yield RowProblem(str(path), None, None, "file_too_large", {"limit": MAX_FILE_BYTES >> 20})
        else:
            yield from reader(Path(copy.name), str(path))


def load_paths(paths: Sequence[Path], *, default: Status = Status.PUBLISHED) -> Loaded:
    """Read everything; an id given twice in one language is reported across files too. Blocks."""
    drafts, problems = assemble((row for path in paths for row in read_path(path)), default)
    files = list(dict.fromkeys(p.file for p in problems))
    problems.sort(key=lambda p: (files.index(p.file), p.row or 0))
    return Loaded([d.incoming(default) for d in drafts.values()], drafts, problems)


def write_path(records: Iterator[Record], path: Path) -> None:
    """Write by the path's suffix; a path without one is a folder of Markdown. Raise `UnreadableFileError`."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None or path.name.startswith("-"):
        raise UnreadableFileError(file=path.name, reason="unknown_format")
    if path.suffix:
        path.parent.mkdir(parents=True, exist_ok=True)
    writer(records, path)


async def import_loaded(
    uow: UnitOfWork,
    service: KnowledgeService,
    loaded: Loaded,
    *,
    actor: str,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Save what files hold, a batch a transaction; `strict` saves nothing when any row is bad."""
    if strict or dry_run:
        report = await _pass(uow, service, loaded, None, progress)
        report.refused = strict and report.bad_rows > 0
        if report.refused:
            report.created = report.changed = report.published = report.retired = 0
        if dry_run or report.refused:
            return report
    return await _pass(uow, service, loaded, actor, progress)


async def _pass(
    uow: UnitOfWork, service: KnowledgeService, loaded: Loaded, actor: str | None, progress: Progress | None
) -> ImportReport:
    """Go through all articles once; without an actor nothing is saved."""
    report = ImportReport(problems=list(loaded.problems))
    total = len(loaded.incoming)
    for start in range(0, total, BATCH):
        batch = sorted(loaded.incoming[start : start + BATCH], key=lambda one: one.id)
        async with uow.begin() as tx:
            if actor is None:
                steps = await service.plan_import(tx, batch)
            else:
                steps = await service.save_imported(tx, batch, actor=actor)
        for step in steps:
            report.count(step)
            report.problems += [_located(loaded.drafts[step.id], p) for p in step.problems]
        if progress:
            progress(min(start + BATCH, total), total)
    return report


def _located(draft: Draft, problem: Problem) -> RowProblem:
    return problem_at(draft.places.get(problem.lang or "") or next(iter(draft.places.values())), problem)


async def stored_articles(
    uow: UnitOfWork, service: KnowledgeService, wanted: ArticleFilter, *, drafts: bool = False
) -> list[Article]:
    """Every stored article by id: with the published words, or with `drafts` the newest."""
    found: dict[str, Article] = {}
    cursor: str | None = None
    while True:
        async with uow.begin() as tx:
            page = await service.list_articles(tx, wanted, cursor=cursor, limit=BATCH)
            pending = [a.id for a in page.articles if a.has_draft and not drafts]
            live = await service.get_published(tx, pending) if pending else {}
        found |= {a.id: replace(a, content=live[a.id].content) if a.id in live else a for a in page.articles}
        cursor = page.next_cursor
        if cursor is None:
            return [found[one] for one in sorted(found)]


def records(articles: Iterable[Article]) -> Iterator[Record]:
    """Articles as records for `write_path`."""
    for one in articles:
        yield from records_of(one.id, one.status, one.content)
