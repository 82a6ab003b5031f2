"""Articles in and out of files."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from tests.knowledge.support import content, zh
from warmline.knowledge import files
from warmline.knowledge.formats.assemble import records_of
from warmline.knowledge.formats.rows import COLUMNS, join_similar, split_similar
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import Content, Status, Text, Variant, tidy

NAMES = ["articles.csv", "articles.xlsx", "articles.jsonl", "articles"]
TRICKY = content(
    zh(
        "=1+1 是公式吗",
        "- 先\n- 后\n\n---\n'=x' | 完",
        "+86 打不通",
        "甲|乙",
        "\\|",
        "no",
        "08:30",
        "{不是模板}",
    ),
    Text("zh-Hant", "卡不見了", ("丟卡",), "@我", reviewed=False),
    Text("en", "yes", ("a: b", "# c", "'quoted'"), '"answer", with, commas'),
    variants=(Variant("念，一句话", channel="voice"), Variant("慢: 慢来", channel="web", audience="elder")),
    category="卡/信用卡",
    owner="knowledge@chunhe.example",
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 12, 31),
)
PLAIN = content(zh("余额怎么查", "打开手机银行首页。"))


def write(path: Path, *articles: Incoming) -> None:
    files.write_path((r for a in articles for r in records_of(a.id, a.status, a.content)), path)


def load(*paths: Path) -> files.Loaded:
    return files.load_paths(list(paths))


def told(loaded: files.Loaded) -> list[tuple[int | None, str | None, str]]:
    return [(p.row, p.column, p.code) for p in loaded.problems]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_back_whole(tmp_path: Path, name: str) -> None:
    articles = [
        Incoming("tricky", tidy(TRICKY), Status.PUBLISHED),
        Incoming("草稿_1", tidy(content(zh("没写完", ""))), Status.DRAFT),
        Incoming("old", tidy(PLAIN), Status.RETIRED),
    ]
    write(tmp_path / name, *articles)
    loaded = load(tmp_path / name)
    assert loaded.problems == []
    assert sorted(loaded.incoming, key=lambda a: a.id) == sorted(articles, key=lambda a: a.id)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("|\\'=+-@\n\t\"#:,;"),
    max_size=12,
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=WORDS, similar=st.lists(WORDS, max_size=3), answer=WORDS, category=WORDS)
def test_any_words_survive(
    tmp_path: Path, name: str, question: str, similar: list[str], answer: str, category: str
) -> None:
    words = tidy(content(Text("zh-Hans", f"q{question}", tuple(similar), f"{answer}a"), category=category))
    folder = tmp_path / f"{abs(hash((question, *similar, answer, category)))}"
    folder.mkdir(exist_ok=True)
    article = Incoming("a", words, Status.PUBLISHED)
    write(folder / name, article)
    loaded = load(folder / name)
    assert loaded.problems == []
    assert loaded.incoming == [article]


@pytest.mark.parametrize("similar", [("a", "b|c"), ("\\|",), ("x\\",), ()])
def test_bars_among_the_words_are_kept(similar: tuple[str, ...]) -> None:
    assert split_similar(join_similar(similar)) == similar


def test_similar_questions_may_be_split_by_bars_or_line_ends() -> None:
    assert split_similar("丢卡| 卡没了\r\n卡不见了\n\n") == ("丢卡", "卡没了", "卡不见了")


CHINESE = "编号,标准问,相似问,答案,分类\r\n卡-1,储蓄卡丢了,丢卡|卡没了,先挂失,卡\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_encodings_and_chinese_headings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(CHINESE.encode(encoding))
    (article,) = load(path).incoming
    assert article == Incoming(
        "卡-1", content(zh("储蓄卡丢了", "先挂失", "丢卡", "卡没了"), category="卡"), Status.PUBLISHED
    )


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_csv_from_other_spreadsheets(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "faq.tsv"
    path.write_text(CHINESE.replace(",", mark), encoding="utf-8")
    assert [a.id for a in load(path).incoming] == ["卡-1"]


def test_bad_rows_are_told_of_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    rows = [
        "id,lang,question,answer,valid_from,valid_until,status,channel,extra",
        "a,,问题一,答案一,2026-01-01,,,,",
        "a,,问题一又来,答案,,,,,",
        "b/c,,问题二,答案二,,,,,",
        "d,fr,question,réponse,,,,,",
        "e,,问题三,,,,,,",
        "f,,,答案,,,,,",
        "g,,问题四,答案,31.12.2026,,,,",
        "h,,问题五,答案,2026-05-02,2026-05-01,,,",
        "i,,问题六,答案,,,上线,,",
        "zzz,,,念,,,,voice,",
        ",,没有编号也行,答案,,,,,",
        "j,,草稿可以没有答案,,,,draft,,",
        "a,en,question one,answer,2026-02-01,,,,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    loaded = load(path)
    assert sorted(a.id for a in loaded.incoming if not a.id.startswith("q-")) == ["a", "j"]
    assert len(loaded.incoming) == 3
    assert sorted(told(loaded), key=str) == sorted(
        [
            (1, "extra", "unknown_column"),
            (3, "id", "duplicate_row"),
            (4, "id", "bad_id"),
            (5, "lang", "unknown_language"),
            (6, "answer", "no_answer"),
            (7, "question", "no_question"),
            (8, "valid_from", "bad_date"),
            (9, "valid_until", "dates_reversed"),
            (10, "status", "bad_status"),
            (11, "id", "variant_without_text"),
            (14, "valid_from", "conflict"),
        ],
        key=str,
    )


def test_problems_read_in_the_language_of_the_editor(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("id,question,answer,valid_from\na,问,答,明天\n", encoding="utf-8")
    (problem,) = load(path).problems
    assert problem.sentence("zh-Hans") == "faq.csv 第 2 行“valid_from”列：日期“明天”看不懂，请写成 2026-01-31"
    assert "請寫成" in problem.sentence("zh-Hant")
    assert problem.sentence("en") == (
        "faq.csv, row 2, column “valid_from”: cannot read the date “明天”; write it as 2026-01-31"
    )


def test_an_article_without_id_keeps_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"question": "余额怎么查", "answer": "看首页"}\n', encoding="utf-8")
    assert load(path).incoming == load(path).incoming
    assert load(path).incoming[0].id.startswith("q-")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("faq.csv", b"", "no_header"),
        ("faq.csv", b"a,b\n1,2\n", "no_header"),
        ("faq.csv", b"\x00\x01\x02\xff", "unknown_encoding"),
        ("faq.csv", b'question,answer\n"open', "bad_csv"),
        ("faq.xlsx", b"not a zip", "bad_xlsx"),
        ("faq.xlsx", b"PK\x03\x04 broken", "bad_xlsx"),
        ("faq.pdf", b"%PDF", "unknown_format"),
        ("faq.jsonl", b"\xff\xff\xff", "unknown_encoding"),
        ("faq.jsonl", b"{oops\n", "bad_json"),
        ("faq.jsonl", b"[1]\n", "not_object"),
        ("faq.jsonl", b"[" * 5000 + b"\n", "bad_json"),
        ("faq.jsonl", b'{"question": {"a": 1}, "answer": "b"}\n', "not_text"),
        ("faq.md", b"no front matter", "no_front_matter"),
        ("faq.md", b"---\n- a list\n---\nx", "no_front_matter"),
        ("faq.md", b"---\nquestion: [open\n---\nx", "bad_yaml"),
        ("faq.md", b"---\nquestion: q\nsimilar:\n- a: b\n---\nx", "not_text"),
        ("faq.md", b"---\nquestion: q\nvariants: soon\n---\nx", "not_text"),
    ],
)
def test_unsound_files_are_one_problem(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    loaded = load(path)
    assert [p.code for p in loaded.problems] == [code]
    assert loaded.incoming == []


def test_yaml_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    path = tmp_path / "bomb.md"
    path.write_text("---\n" + "\n".join(lines) + "\nquestion: *a11\n---\nanswer", encoding="utf-8")
    loaded = load(path)
    assert "not_text" in {p.code for p in loaded.problems}
    assert loaded.incoming == []


def test_formula_cells_are_refused_and_text_that_looks_like_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "faq.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "question", "answer", "valid_from"])
    sheet.append(["a", "问一", '=HYPERLINK("http://x")', None])
    sheet.append([None, None, None, None])
    sheet.append([7, "问二", 3.0, date(2026, 5, 1)])
    book.save(path)
    loaded = load(path)
    assert told(loaded) == [(2, "answer", "formula")]
    assert loaded.incoming == [Incoming("7", content(zh("问二", "3"), valid_from=date(2026, 5, 1)), Status.PUBLISHED)]


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (date(2026, 5, 1), "yyyy-mm-dd"),
        (datetime(2026, 5, 1, 8, 30), 'yyyy"年"m"月"d"日"'),  # noqa: DTZ001 - a spreadsheet knows no zone
        (46143, "General"),
        (46143.35, "General"),
        ("2026年5月1日", "@"),
        ("2026.5.1", "@"),
        ("2026/5/1 0:00", "@"),
    ],
)
@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_a_day_is_a_day_however_the_spreadsheet_keeps_it(
    tmp_path: Path, value: object, number_format: str, epoch: datetime
) -> None:
    """Formats 27 to 36 are dates on a Chinese Excel only: elsewhere such a day is a bare number."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    sheet = book.active
    assert sheet is not None
    sheet.append(["question", "answer", "valid_from"])
    if isinstance(value, int | float) and epoch is MAC_EPOCH:
        value -= 1462
    sheet.append(["问", "答", value])
    sheet["C2"].number_format = number_format
    book.save(tmp_path / "faq.xlsx")
    (article,) = load(tmp_path / "faq.xlsx").incoming
    assert article.content.valid_from == date(2026, 5, 1)


@pytest.mark.parametrize("value", [20260501, 12, -1, True, "26-5-1", "01.05.2026", "2026-13-01"])
def test_what_is_no_day_is_told_of(tmp_path: Path, value: object) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["question", "answer", "valid_from"])
    sheet.append(["问", "答", value])
    book.save(tmp_path / "faq.xlsx")
    assert told(load(tmp_path / "faq.xlsx")) == [(2, "valid_from", "bad_date")]


def test_rows_keep_their_numbers_across_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "faq.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "question", "answer"])
    sheet.cell(row=9, column=1, value="x/y")
    sheet.cell(row=9, column=2, value="问")
    sheet.cell(row=9, column=3, value="答")
    book.save(path)
    assert told(load(path)) == [(9, "id", "bad_id")]


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * 2**20))
    assert [p.code for p in load(path).problems] == ["zip_bomb"]


def test_entities_that_unfold_without_end_do_no_harm(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    write(good, Incoming("a", PLAIN, Status.PUBLISHED))
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for part in source.infolist():
            data = doctype.encode() if part.filename.startswith("xl/worksheets/") else source.read(part)
            target.writestr(part.filename, data)
    loaded = load(bad)
    assert loaded.incoming == []
    assert len(loaded.problems) == 1


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(CHINESE, encoding="utf-8")
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 10)
    assert [p.code for p in load(path).problems] == ["file_too_large"]


def test_a_missing_file_and_an_empty_folder_are_told_of(tmp_path: Path) -> None:
    assert [p.code for p in load(tmp_path / "none.csv", tmp_path).problems] == ["file_missing", "no_files"]


def test_markdown_fills_in_from_names_and_follows_no_links(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("---\nquestion: 外面\n---\n答", encoding="utf-8")
    folder = tmp_path / "kb"
    (folder / "cards").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("---\nquestion: 里\n---\n答", encoding="utf-8")
    (folder / "cards" / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / "README.md").write_text("about", encoding="utf-8")
    (folder / "cards" / "lost.md").write_text("---\r\nquestion: no\r\nowner: 08:30\r\n---\r\n先挂失\r\n", "utf-8")
    (folder / "cards" / "lost.en.md").write_text("---\nquestion: lost\n---\nFreeze it.\n", encoding="utf-8")
    loaded = load(folder)
    assert loaded.problems == []
    assert loaded.incoming == [
        Incoming(
            "lost",
            Content(
                texts=(zh("no", "先挂失"), Text("en", "lost", (), "Freeze it.")),
                category="cards",
                owner="08:30",
            ),
            Status.PUBLISHED,
        )
    ]


def test_the_same_id_in_two_files_is_reported(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(CHINESE, encoding="utf-8")
    (problem,) = load(tmp_path / "a.csv", tmp_path / "b.csv").problems
    assert (problem.file, problem.code, problem.fields["first"]) == ("b.csv", "duplicate_row", "a.csv:2")


def test_columns_are_the_same_everywhere(tmp_path: Path) -> None:
    article = Incoming("tricky", tidy(TRICKY), Status.PUBLISHED)
    for name in NAMES:
        write(tmp_path / name, article)
    heading = (tmp_path / "articles.csv").read_text("utf-8-sig").split("\n", 1)[0].strip()
    assert heading == ",".join(COLUMNS)
    first = json.loads((tmp_path / "articles.jsonl").read_text("utf-8").split("\n", 1)[0])
    assert set(first) <= set(COLUMNS) | {"variants"}
    assert {p.as_posix().removeprefix(f"{tmp_path}/") for p in (tmp_path / "articles").rglob("*.md")} == {
        "articles/卡-信用卡/tricky.md",
        "articles/卡-信用卡/tricky.zh-Hant.md",
        "articles/卡-信用卡/tricky.en.md",
    }


def test_what_is_wrong_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = ["id,question,answer", "a,问一,", "b/c,问二,答", "d,,答", "e,问三,", 'f,"没有关上,答']
    (tmp_path / "z.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "a.csv").write_text("\n".join(rows[:2]), encoding="utf-8")
    found = [(p.file, p.row, p.code) for p in load(tmp_path / "z.csv", tmp_path / "a.csv").problems]
    codes = ("no_answer", "bad_id", "no_question", "no_answer", "bad_csv")
    assert found == [*(("z.csv", row, code) for row, code in enumerate(codes, 2)), ("a.csv", 2, "duplicate_row")]


@pytest.mark.parametrize("begin", "=+-@＝＋－＠")
def test_csv_is_safe_to_open_in_a_spreadsheet(tmp_path: Path, begin: str) -> None:
    article = Incoming("a", content(zh(f"{begin}cmd", f"{begin}x")), Status.PUBLISHED)
    write(tmp_path / "a.csv", article)
    written = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert f",'{begin}cmd," in written
    assert f",'{begin}x," in written
    assert load(tmp_path / "a.csv").incoming == [article]
