"""`warmline kb import | export | check`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warmline.kit.bus import LocalBus
from warmline.kit.clock import SystemClock
from warmline.kit.console import progress, say, say_json
from warmline.kit.ending import run_async
from warmline.kit.uow import UnitOfWork
from warmline.knowledge import files
from warmline.knowledge.check import Finding, Level, check_articles, sort_findings
from warmline.knowledge.errors import UnreadableFileError
from warmline.knowledge.formats.rows import RowProblem
from warmline.knowledge.importing import Incoming
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import LOCALES, Status, parse_locale
from warmline.knowledge.service import KnowledgeService
from warmline.knowledge.vector_cache import PgVectorCache
from warmline.knowledge.words import phrase, sentence
from warmline.language.ports import TextEmbedder, VectorCache
from warmline.language.service import FileVectorCache, MemoryVectorCache, open_embedder

SHOWN_PROBLEMS = 200
"""Problems listed for people; `--json` lists all."""


@dataclass(frozen=True)
class KnowledgeStore:
    """What the commands need of a running deployment."""

    uow: UnitOfWork
    service: KnowledgeService
    embedder: Callable[[], TextEmbedder]


Connect = Callable[[argparse.Namespace], AbstractAsyncContextManager[KnowledgeStore]]


def register(subparsers: Any, connect: Connect | None = None) -> None:
    """Add `kb`; without `connect` it can read files but reach no database."""
    parser = subparsers.add_parser("kb")
    commands = parser.add_subparsers(dest="kb_command", required=True, metavar="ACTION")
    _add_import(commands, connect)
    _add_export(commands, connect)
    _add_check(commands, connect)


def _add_import(commands: Any, connect: Connect | None) -> None:
    one = commands.add_parser(
        "import", help="read CSV, XLSX, JSON Lines or folders of Markdown into the knowledge base"
    )
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    one.add_argument("--strict", action="store_true", help="save nothing when any row is bad")
    one.add_argument("--draft", action="store_true", help="rows without a status become drafts, not published")
    one.add_argument("--dry-run", action="store_true", help="only say what would happen")
    _add_common(one)
    one.set_defaults(func=lambda args: run_async(_import(args, connect)))


def _add_export(commands: Any, connect: Connect | None) -> None:
    one = commands.add_parser("export", help="write articles to a .csv, .xlsx or .jsonl file, or a folder of Markdown")
    one.add_argument("path", type=Path, metavar="PATH")
    one.add_argument("--category", help="only this category")
    one.add_argument("--status", choices=[s.value for s in Status], help="only articles in this status")
    one.add_argument("--drafts", action="store_true", help="the newest words, published or not")
    _add_common(one)
    one.set_defaults(func=lambda args: run_async(_export(args, connect)))


def _add_check(commands: Any, connect: Connect | None) -> None:
    one = commands.add_parser("check", help="find duplicate, contradicting, expired and unreachable articles")
    one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files to check; the knowledge base when none")
    one.add_argument("--fast", action="store_true", help="leave out what needs the search")
    one.add_argument("--fail-on", choices=["error", "warning"], default="error", help="what makes the exit status 1")
    one.add_argument("--cache", type=Path, help="folder to keep vectors of files in between runs")
    _add_common(one)
    one.set_defaults(func=lambda args: run_async(_check(args, connect)))


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="data folder (default: WARMLINE_DATA, else ./data)")
    parser.add_argument("--locale", choices=LOCALES, help="language of messages; default: the terminal's")


async def _import(args: argparse.Namespace, connect: Connect | None) -> int:
    locale = _locale(args)
    if missing := [p for p in args.paths if not p.exists()]:
        return _refuse(sentence("file_missing", locale), *map(str, missing))
    loaded = files.load_paths(args.paths, default=Status.DRAFT if args.draft else Status.PUBLISHED)
    if connect is None:
        if not args.dry_run:
            return _refuse(phrase(_NO_DATABASE, locale))
        report = files.ImportReport(created=len(loaded.incoming), problems=loaded.problems)
    else:
        async with connect(args) as store:
            report = await files.import_loaded(
                store.uow,
                store.service,
                loaded,
                actor="system",
                strict=args.strict,
                dry_run=args.dry_run,
                progress=_progress(),
            )
    _tell_import(report, locale, args.json)
    return 1 if report.bad_rows else 0


async def _export(args: argparse.Namespace, connect: Connect | None) -> int:
    if connect is None:
        return _refuse(phrase(_NO_DATABASE, _locale(args)))
    wanted = ArticleFilter(status=Status(args.status) if args.status else None, category=args.category)
    async with connect(args) as store:
        found = await files.stored_articles(store.uow, store.service, wanted, drafts=args.drafts)
    try:
        files.write_path(files.records(found), args.path)
    except UnreadableFileError as error:
        return _refuse(sentence(str(error.fields["reason"]), _locale(args)), str(args.path))
    if args.json:
        say_json({"articles": len(found), "path": str(args.path)})
    else:
        say(phrase(_EXPORTED, _locale(args), count=len(found), path=args.path))
    return 0


async def _check(args: argparse.Namespace, connect: Connect | None) -> int:
    locale = _locale(args)
    if missing := [p for p in args.paths if not p.exists()]:
        return _refuse(sentence("file_missing", locale), *map(str, missing))
    if args.paths:
        loaded = files.load_paths(args.paths)
        service = KnowledgeService(clock=SystemClock(), bus=LocalBus())
        cache: VectorCache = FileVectorCache(args.cache) if args.cache else MemoryVectorCache()
        found = _search_findings(loaded.incoming, args.fast, lambda: open_embedder().embedder, cache)
        found += check_articles(loaded.incoming, service.today())
        return _tell_check(args, len(loaded.incoming), found, loaded.problems)
    if connect is None:
        return _refuse(phrase(_NO_DATABASE, locale))
    async with connect(args) as store:
        articles = await files.stored_articles(store.uow, store.service, ArticleFilter())
        incoming = [Incoming(a.id, a.content, a.status) for a in articles]
        found = check_articles(incoming, store.service.today())
        found += await asyncio.to_thread(
            _search_findings, incoming, args.fast, store.embedder, PgVectorCache.bound(store.uow)
        )
    return _tell_check(args, len(incoming), found, [])


def _search_findings(
    incoming: Sequence[Incoming], fast: bool, embedder: Callable[[], TextEmbedder], cache: VectorCache
) -> list[Finding]:
    if fast:
        return []
    from warmline.knowledge.reach import check_reach

    return check_reach(incoming, embedder(), cache, _progress())


def _tell_import(report: files.ImportReport, locale: str, as_json: bool) -> None:
    counts = {
        name: getattr(report, name)
        for name in ("created", "changed", "unchanged", "published", "retired", "refused", "bad_rows")
    }
    if as_json:
        problems = [_problem_object(p, locale) for p in report.problems]
        say_json(counts | {"problems": problems})
        return
    _tell_problems(report.problems, locale)
    say(phrase(_REFUSED if report.refused else _IMPORTED, locale, **counts))


def _tell_problems(problems: Sequence[RowProblem], locale: str) -> None:
    for problem in problems[:SHOWN_PROBLEMS]:
        progress(problem.sentence(locale))
    if len(problems) > SHOWN_PROBLEMS:
        rest = len(problems) - SHOWN_PROBLEMS
        progress(phrase(_MORE, locale, rest=rest))


def _tell_check(args: argparse.Namespace, count: int, found: Sequence[Finding], problems: Sequence[RowProblem]) -> int:
    locale = _locale(args)
    found = sort_findings(found)
    bad = [p for p in problems if not p.note]
    counts = {level.value: sum(f.level == level for f in found) for level in Level}
    counts["error"] += len(bad)
    if args.json:
        rows = [_problem_object(p, locale) for p in problems]
        findings = [_finding_object(f, locale) for f in found]
        say_json({"articles": count, **counts, "rows": rows, "findings": findings})
    else:
        _tell_problems(problems, locale)
        for one in found:
            say(f"{one.level.value:7} {_short(one.ids)}: {one.message(locale)}")
            say(f"        → {one.advice(locale)}")
        say(phrase(_CHECKED, locale, count=count, **counts))
    failing = counts["error"] + (counts["warning"] if args.fail_on == "warning" else 0)
    return 1 if failing else 0


def _finding_object(one: Finding, locale: str) -> dict[str, Any]:
    told = {"message": one.message(locale), "advice": one.advice(locale)}
    return {"code": one.code, "level": one.level.value, "ids": list(one.ids), **told, "fields": one.fields}


def _problem_object(one: RowProblem, locale: str) -> dict[str, Any]:
    place = {"file": one.file, "row": one.row, "column": one.column, "code": one.code}
    return {**place, "message": one.reason(locale), "note": one.note}


def _short(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (f" … ({len(ids)})" if len(ids) > 5 else "")


def _locale(args: argparse.Namespace) -> str:
    terminal = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return str(args.locale or parse_locale(terminal.split(".", 1)[0]) or "en")


def _progress() -> Callable[[int, int], None]:
    """A counter on a terminal's last line; silent elsewhere."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def tell(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done}/{total} ")
        sys.stderr.flush()

    return tell


def _refuse(*parts: str) -> int:
    progress(": ".join(parts))
    return 2


_MORE = ("……还有 {rest} 处，见 --json", "… and {rest} more, see --json")
_EXPORTED = ("导出 {count} 篇到 {path}", "{count} articles written to {path}")
_NO_DATABASE = ("这里没有连上数据库", "there is no database here")
_IMPORTED = (
    "新增 {created}，修改 {changed}，未变 {unchanged}；发布 {published}，下线 {retired}；有误 {bad_rows} 处",
    "{created} new, {changed} changed, {unchanged} unchanged; {published} published, {retired} retired; {bad_rows} bad",
)
_REFUSED = (
    "有 {bad_rows} 处错误，按 --strict 一篇也没有导入",
    "{bad_rows} bad: nothing was imported, as --strict asks",
)
_CHECKED = (
    "共 {count} 篇：错误 {error}，警告 {warning}，提示 {info}",
    "{count} articles; errors: {error}, warnings: {warning}, notes: {info}",
)
