"""From rows to articles and back. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from warmline.knowledge.formats.rows import Record, Row, RowProblem, join_similar, split_similar
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import (
    ID_PATTERN,
    LANGS,
    ZH_HANS,
    ZH_HANT,
    Content,
    Problem,
    Status,
    Text,
    Variant,
    draft_problems,
    language_of,
    parse_locale,
    tidy,
)
from warmline.language.service import normalise

_YES = frozenset({"yes", "y", "true", "1", "是", "已审校"})
_NO = frozenset({"no", "n", "false", "0", "否", ""})
_STATUSES = {s.value: s for s in Status} | {
    "草稿": Status.DRAFT,
    "已发布": Status.PUBLISHED,
    "发布": Status.PUBLISHED,
    "已下线": Status.RETIRED,
    "下线": Status.RETIRED,
}
_DAY_RE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?", re.ASCII)
_SHARED = ("category", "owner", "valid_from", "valid_until", "status")
"""Columns that belong to the article: rows of one id may leave them empty but not differ."""


@dataclass
class Draft:
    """An article while its rows are gathered; `places` says where each language came from."""

    id: str
    texts: dict[str, Text] = field(default_factory=dict)
    variants: dict[tuple[str, str | None, str | None], Variant] = field(default_factory=dict)
    shared: dict[str, tuple[str, Row]] = field(default_factory=dict)
    places: dict[str, Row] = field(default_factory=dict)

    def status(self, default: Status) -> Status:
        """What the rows say, or the default."""
        return _STATUSES[self.shared["status"][0].casefold()] if "status" in self.shared else default

    def incoming(self, default: Status) -> Incoming:
        """The article these rows make."""
        told = {name: value for name, (value, _) in self.shared.items()}
        content = Content(
            texts=tuple(self.texts.values()),
            variants=tuple(self.variants.values()),
            category=told.get("category", ""),
            owner=told.get("owner", ""),
            valid_from=_date(told.get("valid_from", "")),
            valid_until=_date(told.get("valid_until", "")),
        )
        return Incoming(self.id, tidy(content), self.status(default))


def assemble(
    rows: Iterable[Row | RowProblem], default: Status = Status.PUBLISHED
) -> tuple[dict[str, Draft], list[RowProblem]]:
    """Gather rows into articles by id; bad rows are left out and told of, whatever the order of rows."""
    problems: list[RowProblem] = []
    drafts: dict[str, Draft] = {}
    variants: list[Row] = []
    for row in rows:
        if isinstance(row, RowProblem):
            problems.append(row)
        elif row.cell("channel") or row.cell("audience"):
            variants.append(row)
        else:
            problems += _add_text(drafts, row)
    for draft in drafts.values():
        if draft.status(default) == Status.PUBLISHED:
            problems += _drop_unanswered(draft)
    for row in variants:
        problems += _add_variant(drafts, row)
    return {k: d for k, d in drafts.items() if d.texts}, problems


def _add_text(drafts: dict[str, Draft], row: Row) -> list[RowProblem]:
    if problems := _cell_problems(row):
        return problems
    text = _text(row)
    if not text.question:
        return [_problem(row, "question", "no_question")]
    if problems := _model_problems(row, Content(texts=(text,), category=row.cell("category"), owner=row.cell("owner"))):
        return problems
    draft = drafts.setdefault(_id(row), Draft(_id(row)))
    if text.lang in draft.places:
        return [_problem(row, "id", "duplicate_row", first=draft.places[text.lang].place)]
    if problems := _share(draft, row):
        return problems
    draft.places[text.lang] = row
    draft.texts[text.lang] = text
    return []


def _drop_unanswered(draft: Draft) -> list[RowProblem]:
    gone = [lang for lang, text in draft.texts.items() if not text.answer]
    draft.texts = {lang: text for lang, text in draft.texts.items() if lang not in gone}
    return [_problem(draft.places[lang], "answer", "no_answer") for lang in gone]


def _add_variant(drafts: dict[str, Draft], row: Row) -> list[RowProblem]:
    if problems := _cell_problems(row):
        return problems
    variant = Variant(
        answer=row.cell("answer"),
        lang=_lang(row) or ZH_HANS,
        channel=row.cell("channel").casefold() or None,
        audience=row.cell("audience").casefold() or None,
    )
    if problems := _model_problems(row, Content(texts=(), variants=(variant,))):
        return problems
    draft = drafts.get(_id(row))
    if draft is None or variant.lang not in draft.texts:
        return [_problem(row, "id", "variant_without_text")]
    scope = (variant.lang, variant.channel, variant.audience)
    if scope in draft.variants:
        return [_problem(row, "channel", "variant_twice")]
    draft.variants[scope] = variant
    return []


def _id(row: Row) -> str:
    """The row's id, or one made of its question so that the next import knows it again."""
    given = row.cell("id")
    return given or "q-" + hashlib.sha256(normalise(row.cell("question")).encode()).hexdigest()[:12]


def _lang(row: Row) -> str | None:
    tag = row.cell("lang")
    if not tag:
        return ZH_HANS
    known = parse_locale(tag)
    return language_of(known) if known else None


def _text(row: Row) -> Text:
    lang = _lang(row) or ZH_HANS
    reviewed = lang != ZH_HANT or row.cell("reviewed").casefold() in _YES
    raw = Text(lang, row.cell("question"), split_similar(row.cell("similar")), row.cell("answer"), reviewed)
    return tidy(Content(texts=(raw,))).texts[0]


def _cell_problems(row: Row) -> list[RowProblem]:
    """What can be wrong with cells one by one."""
    found = []
    if row.cell("id") and not ID_PATTERN.fullmatch(row.cell("id")):
        found.append(_problem(row, "id", "bad_id"))
    if not row.cell("id") and not row.cell("question"):
        found.append(_problem(row, "question", "no_question"))
    if _lang(row) is None:
        found.append(_problem(row, "lang", "unknown_language"))
    if (status := row.cell("status")) and status.casefold() not in _STATUSES:
        found.append(_problem(row, "status", "bad_status", value=status[:40]))
    if (mark := row.cell("reviewed")).casefold() not in _YES | _NO:
        found.append(_problem(row, "reviewed", "bad_yes_no", value=mark[:40]))
    for name in ("valid_from", "valid_until"):
        try:
            _date(row.cell(name))
        except ValueError:
            found.append(_problem(row, name, "bad_date", value=row.cell(name)[:40]))
    return found


def _share(draft: Draft, row: Row) -> list[RowProblem]:
    told = {name: value for name in _SHARED if (value := row.cell(name))}
    differing = [
        _problem(row, name, "conflict", first=draft.shared[name][1].place, other=draft.shared[name][0])
        for name, value in told.items()
        if name in draft.shared and draft.shared[name][0] != value
    ]
    if differing:
        return differing
    merged = {**{n: (v, row) for n, v in told.items()}, **draft.shared}
    start, end = (_date(merged[n][0]) if n in merged else None for n in ("valid_from", "valid_until"))
    if start and end and end < start:
        return [_problem(row, "valid_until", "dates_reversed")]
    draft.shared = merged
    return []


def _date(cell: str) -> date | None:
    """A day as 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日 or with a time behind it."""
    if not cell:
        return None
    if not (found := _DAY_RE.fullmatch(cell)):
        raise ValueError("not a day")
    return date(*(int(part) for part in found.groups()))


def _model_problems(row: Row, content: Content) -> list[RowProblem]:
    return [problem_at(row, p) for p in draft_problems(tidy(content))]


def problem_at(row: Row, problem: Problem) -> RowProblem:
    """A rule of the model that a row breaks, at the row's place."""
    column = "answer" if problem.field == "variants" else problem.field
    return _problem(row, None if column == "texts" else column, problem.code, limit=problem.limit)


def _problem(row: Row, column: str | None, code: str, **fields: Any) -> RowProblem:
    return RowProblem(row.file, row.number, column, code, fields)


def records_of(article_id: str, status: Status, content: Content) -> Iterator[Record]:
    """An article as records, a language each; what belongs to the whole article stands in the first."""
    shared: Mapping[str, str] = {
        "category": content.category,
        "valid_from": content.valid_from.isoformat() if content.valid_from else "",
        "valid_until": content.valid_until.isoformat() if content.valid_until else "",
        "status": status.value,
        "owner": content.owner,
    }
    for text in sorted(content.texts, key=lambda t: LANGS.index(t.lang)):
        cells = {
            "id": article_id,
            "lang": text.lang,
            "category": shared["category"],
            "question": text.question,
            "similar": join_similar(text.similar),
            "answer": text.answer,
            **{name: shared[name] for name in _SHARED if name != "category"},
            "reviewed": ("yes" if text.reviewed else "no") if text.lang == ZH_HANT else "",
        }
        yield Record(cells, tuple(_variant_cells(v) for v in content.variants if v.lang == text.lang))


def _variant_cells(variant: Variant) -> dict[str, str]:
    return {"channel": variant.channel or "", "audience": variant.audience or "", "answer": variant.answer}
