"""Markdown folders: one file for each language of an article, YAML front matter above the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from warmline.knowledge.formats.csv_format import decode
from warmline.knowledge.formats.nested import read_nested
from warmline.knowledge.formats.rows import Read, Record, RowProblem, split_similar
from warmline.knowledge.model import LANGS, ZH_HANS

MAX_MARKDOWN_BYTES = 2**20
_FRONT_RE = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
_UNSAFE_RE = re.compile(r"[^\w -]+")
_LANG_SUFFIXES = {f".{lang.lower()}": lang for lang in LANGS}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every scalar stays text, so that `no`, `08:30` and dates read as they are written."""


def read_markdown(folder: Path) -> Read:
    """Rows of every `.md` file below `folder`, by name; links and hidden folders are passed over."""
    paths = sorted(p for p in folder.rglob("*.md") if _is_ours(p, folder))
    if not paths:
        yield RowProblem(str(folder), None, None, "no_files")
    for path in paths:
        yield from read_markdown_file(path, path.relative_to(folder).as_posix(), nested=path.parent != folder)


def _is_ours(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    hidden = any(p.startswith(".") for p in parts) or path.name.lower() == "readme.md"
    linked = any((folder / Path(*parts[: i + 1])).is_symlink() for i in range(len(parts)))
    return not hidden and not linked and path.is_file()


def read_markdown_file(path: Path, file: str, *, nested: bool) -> Read:
    """The rows of one file; what its front matter lacks comes from its name and, if `nested`, its folder."""
    if path.stat().st_size > MAX_MARKDOWN_BYTES:
        yield RowProblem(file, None, None, "file_too_large", {"limit": 1})
        return
    text = decode(path.read_bytes())
    if text is None:
        yield RowProblem(file, None, None, "unknown_encoding")
        return
    found = _FRONT_RE.match(text.replace("\r\n", "\n"))
    if found is None:
        yield RowProblem(file, 1, None, "no_front_matter")
        return
    try:
        front = yaml.load(found[1], Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        yield RowProblem(file, _line(error), None, "bad_yaml", {"detail": _detail(error)})
        return
    if not isinstance(front, dict):
        yield RowProblem(file, 1, None, "no_front_matter")
        return
    yield from read_nested(file, 1, _defaults(path, nested) | front | {"answer": found[2]})


def _defaults(path: Path, nested: bool) -> dict[str, Any]:
    stem, lang = path.name.removesuffix(".md"), ZH_HANS
    for suffix, named in _LANG_SUFFIXES.items():
        if stem.lower().endswith(suffix):
            stem, lang = stem[: -len(suffix)], named
    found = {"id": stem, "lang": lang}
    return found | ({"category": path.parent.name} if nested and lang == ZH_HANS else {})


def _line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 2 if mark else 1


def _detail(error: Exception) -> str:
    return str(getattr(error, "problem", None) or "nested too deeply")


def write_markdown(records: Iterable[Record], folder: Path) -> None:
    """Write `<category>/<id>.md`, and `<id>.<lang>.md` for languages other than zh-Hans."""
    for record in records:
        category = record.cells.get("category", "")
        parent = folder / (_UNSAFE_RE.sub("-", category).strip(" -") or "articles") if category else folder
        parent.mkdir(parents=True, exist_ok=True)
        lang = record.cells["lang"]
        name = f"{record.cells['id']}.md" if lang == ZH_HANS else f"{record.cells['id']}.{lang}.md"
        (parent / name).write_text(_document(record), encoding="utf-8")


def _document(record: Record) -> str:
    front: dict[str, Any] = {c: v for c, v in record.cells.items() if v and c != "answer"}
    if "similar" in front:
        front["similar"] = list(split_similar(front["similar"]))
    if record.variants:
        front["variants"] = [{c: v for c, v in one.items() if v} for one in record.variants]
    return f"---\n{_yaml(front)}---\n{record.cells.get('answer', '')}\n"


def _yaml(front: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000))
