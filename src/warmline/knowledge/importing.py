"""What an imported article changes, decided without IO so that the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from warmline.knowledge.model import (
    Article,
    Content,
    Problem,
    Published,
    Status,
    draft_problems,
    next_version,
    publish_problems,
    tidy,
)


@dataclass(frozen=True)
class Incoming:
    """An article as files give it: languages they do not hold are left as they are."""

    id: str
    content: Content
    status: Status


@dataclass(frozen=True)
class ImportStep:
    """What to do with one incoming article; with `problems` nothing is done."""

    id: str
    content: Content
    version: int = 0
    create: bool = False
    change: bool = False
    publish: bool = False
    retire: bool = False
    problems: tuple[Problem, ...] = ()


def decide_import(incoming: Incoming, known: Article | None, live: Published | None, today: date) -> ImportStep:
    """Compare with what answers customers (`live`, given if a newer draft exists) or the newest version."""
    base = live.content if live and incoming.status == Status.PUBLISHED else known.content if known else None
    content = tidy(merged(base, incoming.content))
    if problems := import_problems(content, incoming.status, today):
        return ImportStep(incoming.id, content, problems=problems)
    retire = incoming.status == Status.RETIRED and (known is None or known.status != Status.RETIRED)
    if known is None:
        return ImportStep(
            incoming.id, content, 1, create=True, publish=incoming.status == Status.PUBLISHED, retire=retire
        )
    change = content != base
    return ImportStep(
        incoming.id,
        content,
        version=_version(known, live, incoming.status) if change else known.version,
        change=change,
        publish=incoming.status == Status.PUBLISHED and (change or _dormant(known, live)),
        retire=retire,
    )


def import_problems(content: Content, status: Status, today: date) -> tuple[Problem, ...]:
    """Why an imported article is refused; an expired one goes in, and `kb check` tells."""
    if status != Status.PUBLISHED:
        return draft_problems(content)
    return tuple(p for p in publish_problems(content, today) if p.code != "already_expired")


def merged(old: Content | None, new: Content) -> Content:
    """`new` over `old`: its languages win whole, with their variants; empty fields leave what is there."""
    if old is None:
        return new
    langs = {t.lang for t in new.texts}
    return replace(
        new,
        texts=(*new.texts, *(t for t in old.texts if t.lang not in langs)),
        variants=(*new.variants, *(v for v in old.variants if v.lang not in langs)),
        category=new.category or old.category,
        owner=new.owner or old.owner,
        valid_from=new.valid_from or old.valid_from,
        valid_until=new.valid_until or old.valid_until,
    )


def _version(known: Article, live: Published | None, status: Status) -> int:
    """Publishing by import never writes over an editor's draft: it takes the next number."""
    return known.version + 1 if live and status == Status.PUBLISHED else next_version(known)


def _dormant(known: Article, live: Published | None) -> bool:
    """Whether content equal to the file's does not answer customers yet."""
    return known.status != Status.PUBLISHED or (known.has_draft and live is None)
