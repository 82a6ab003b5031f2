"""Importing into and exporting from a real database."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import openpyxl
import pytest

from tests.fakes.embedder import FakeTextEmbedder
from tests.knowledge.support import RecordingBus, content, make_service, zh
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge import cli, files
from warmline.knowledge.errors import UnreadableFileError
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import Text, Variant

CSV = """id,lang,category,question,similar,answer,channel,status
lost,,cards,储蓄卡丢了怎么办,卡不见了|丢卡,先挂失。,,
lost,en,,lost debit card,,Freeze it.,,
lost,,,,,念给您听,voice,
fees,,transfers,转账收费吗,,不收。,,
later,,,以后写,,,,draft
"""


def write(tmp_path: Path, text: str = CSV) -> Path:
    path = tmp_path / "faq.csv"
    path.write_text(text, encoding="utf-8")
    return path


async def test_an_import_publishes_and_the_same_file_again_changes_nothing(uow: UnitOfWork, tmp_path: Path) -> None:
    bus = RecordingBus()
    service = make_service(bus)
    loaded = files.load_paths([write(tmp_path)])
    first = await files.import_loaded(uow, service, loaded, actor="system")
    assert (first.created, first.published, first.unchanged, first.problems) == (3, 2, 0, [])
    again = await files.import_loaded(uow, service, files.load_paths([write(tmp_path)]), actor="system")
    assert (again.created, again.changed, again.published, again.unchanged) == (0, 0, 0, 3)
    assert bus.sent == [("article.published", "*")]
    async with uow.begin() as tx:
        lost = await service.get(tx, "lost")
    assert lost.content == content(
        zh("储蓄卡丢了怎么办", "先挂失。", "卡不见了", "丢卡"),
        Text("en", "lost debit card", (), "Freeze it."),
        variants=(Variant("念给您听", channel="voice"),),
        category="cards",
    )


async def test_strict_refuses_all_and_otherwise_the_rest_goes_in(uow: UnitOfWork, tmp_path: Path) -> None:
    path = write(tmp_path, f"{CSV}bad/id,,,问,,答,,\n")
    service = make_service()
    refused = await files.import_loaded(uow, service, files.load_paths([path]), actor="system", strict=True)
    async with uow.begin() as tx:
        assert (await service.list_articles(tx, ArticleFilter())).total == 0
    assert refused.refused
    assert refused.bad_rows == 1
    assert refused.created == 0
    report = await files.import_loaded(uow, service, files.load_paths([path]), actor="system")
    assert (report.created, report.bad_rows, report.refused) == (3, 1, False)


async def test_a_dry_run_saves_nothing(uow: UnitOfWork, tmp_path: Path) -> None:
    service = make_service()
    loaded = files.load_paths([write(tmp_path)])
    report = await files.import_loaded(uow, service, loaded, actor="system", dry_run=True)
    async with uow.begin() as tx:
        assert (await service.list_articles(tx, ArticleFilter())).total == 0
    assert (report.created, report.published) == (3, 2)


async def test_what_the_database_holds_can_make_a_row_bad(uow: UnitOfWork, tmp_path: Path) -> None:
    service = make_service()
    first = write(tmp_path, "id,question,answer,valid_from\na,问,答,2026-06-01\n")
    await files.import_loaded(uow, service, files.load_paths([first]), actor="system")
    second = write(tmp_path, "id,question,answer,valid_until\na,问,答,2026-05-01\nb,另问,答,\n")
    report = await files.import_loaded(uow, service, files.load_paths([second]), actor="system")
    assert [(p.row, p.column, p.code) for p in report.problems] == [(2, "valid_until", "dates_reversed")]
    assert (report.created, report.changed) == (1, 0)


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl", "out"])
async def test_an_export_imported_again_changes_nothing(uow: UnitOfWork, tmp_path: Path, name: str) -> None:
    service = make_service()
    await files.import_loaded(uow, service, files.load_paths([write(tmp_path)]), actor="system")
    async with uow.begin() as tx:
        await service.edit(tx, "fees", content(zh("转账收费吗", "编辑中。")), actor="staff:a")
        await service.retire(tx, "lost", actor="staff:a")
    exported = await files.stored_articles(uow, service, ArticleFilter())
    files.write_path(files.records(exported), tmp_path / name)
    again = await files.import_loaded(uow, service, files.load_paths([tmp_path / name]), actor="system")
    assert (again.unchanged, again.problems) == (3, [])
    assert [a.id for a in exported] == ["fees", "later", "lost"]
    assert exported[0].content.texts[0].answer == "不收。"
    newest = await files.stored_articles(uow, service, ArticleFilter(), drafts=True)
    assert newest[0].content.texts[0].answer == "编辑中。"


def test_the_commands_import_check_and_export(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def connect(_: argparse.Namespace) -> AsyncIterator[cli.KnowledgeStore]:
        engine = create_engine(database_url)
        yield cli.KnowledgeStore(UnitOfWork(engine), make_service(), FakeTextEmbedder)
        await engine.dispose()

    def run(*arguments: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers(), connect)
        args = parser.parse_args(["kb", *arguments, "--locale", "en"])
        return args.func(args), capsys.readouterr().out

    path = write(tmp_path, f"{CSV}bad/id,,,问,,答,,\n")
    code, out = run("import", str(path))
    assert (code, out) == (1, "3 new, 0 changed, 0 unchanged; 2 published, 0 retired; 1 bad\n")
    code, out = run("import", str(write(tmp_path)), "--json")
    assert code == 0
    assert json.loads(out)["unchanged"] == 3
    code, out = run("check", "--json")
    assert code == 0
    assert json.loads(out)["articles"] == 3
    code, out = run("export", str(tmp_path / "kb.jsonl"), "--json")
    assert code == 0
    assert json.loads(out)["articles"] == 3
    assert len((tmp_path / "kb.jsonl").read_text("utf-8").splitlines()) == 4
    assert run("export", str(tmp_path / "kb.pdf"))[0] == 2


async def test_reports_name_nothing_when_there_is_nothing(uow: UnitOfWork) -> None:
    loaded = await asyncio.to_thread(files.load_paths, [])
    report = await files.import_loaded(uow, make_service(), loaded, actor="system")
    assert (report.created, report.bad_rows) == (0, 0)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx"])
def test_a_pipe_is_read_by_what_it_holds(tmp_path: Path, suffix: str) -> None:
    given = files.load_paths([write(tmp_path)])
    path = tmp_path / f"faq{suffix}"
    if suffix == ".jsonl":
        path.write_text('{"id": "lost", "question": "储蓄卡丢了怎么办", "answer": "先挂失。"}\n', encoding="utf-8")
    elif suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.create_sheet(index=0)
        sheet.append(["id", "question", "answer"])
        sheet.append(["lost", "储蓄卡丢了怎么办", "先挂失。"])
        book.save(path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"cat '{path}' > '{pipe}'"]):
        piped = files.load_paths([pipe])
    assert piped.problems == []
    assert piped.incoming[0].content.texts[0].question == given.incoming[0].content.texts[0].question


def test_an_export_to_what_looks_like_an_option_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        files.write_path(iter(()), Path("-"))
