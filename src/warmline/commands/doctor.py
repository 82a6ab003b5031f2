"""`warmline doctor`: what this machine has and lacks, each line with what to do."""

from __future__ import annotations

import argparse
import asyncio
import platform
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from warmline.commands.front_end import find_front_end
from warmline.commands.running import add_settings, read_settings
from warmline.connectors.config import read_actions
from warmline.connectors.service import open_actions
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import SystemClock
from warmline.kit.console import say, say_json
from warmline.kit.embedded_postgres import DatabaseError, EmbeddedPostgres
from warmline.kit.strict_yaml import FileMistakeError
from warmline.language.errors import EmbedderUnavailable
from warmline.language.lm.service import open_model
from warmline.parts import choose_embedder
from warmline.settings import Settings

FREE_BYTES = 2 * 2**30
REACH_SECONDS, LM_SECONDS = 5, 15
OLDEST_POSTGRES = 15


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `ok` False: it does not work until `advice` is followed; None: it works with less."""

    what: str
    ok: bool | None
    found: str
    advice: str = ""


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `doctor`."""
    parser = commands.add_parser("doctor")
    add_settings(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Print the findings; exit 1 when something does not work."""
    findings = list(examine(read_settings(options)))
    if options.json:
        say_json({"findings": [asdict(finding) for finding in findings]})
    else:
        marks = {True: "ok  ", None: "note", False: "FAIL"}
        for one in findings:
            say(f"{marks[one.ok]}  {one.what:<12} {one.found}{f' — {one.advice}' if one.advice else ''}")
    return 1 if any(finding.ok is False for finding in findings) else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at what Warmline needs."""
    yield Finding("python", True, platform.python_version())
    yield _database(settings)
    yield _embeddings(settings)
    yield from _language_model(settings)
    yield from _actions(settings)
    front_end = find_front_end(demo=False)
    built = front_end.desk is not None and front_end.widget is not None
    yield Finding("front end", built or None, "built" if built else "not built", "" if built else "run `make setup`")
    free = shutil.disk_usage(settings.data if settings.data.exists() else Path()).free
    yield Finding("disk", free > FREE_BYTES or None, f"{free / 2**30:.0f} GiB free")
    yield _calendar(settings)


def _database(settings: Settings) -> Finding:
    if settings.database_url:
        return _given_database(settings.database_url)
    try:
        version = EmbeddedPostgres(settings.data).run("postgres", "--version").strip()
    except DatabaseError as error:
        return Finding("database", False, "no embedded PostgreSQL", str(error.fields["reason"]))
    return Finding("database", True, version)


def _embeddings(settings: Settings) -> Finding:
    choice = choose_embedder(settings)
    try:
        choice.embedder.embed_queries(["37"])
    except EmbedderUnavailable as error:
        return Finding("embeddings", False, choice.embedder.name, str(error))
    return Finding("embeddings", None if choice.notice else True, choice.embedder.name, choice.notice)


def _language_model(settings: Settings) -> Iterator[Finding]:
    """Ask the language model something small, where there is one."""
    help = open_model(settings, SystemClock())
    if help is not None:
        why_not = asyncio.run(help.probe(LM_SECONDS))
        advice = why_not and f"no answer ({why_not}): everything works without it"
        yield Finding("language model", None if why_not else True, settings.lm_model, advice)


def _actions(settings: Settings) -> Iterator[Finding]:
    """Look at each of the bank's systems: whether it is reached, and has what the file names."""
    if settings.actions is None:
        yield Finding("actions", None, "none", "the assistant does nothing in the bank's systems: WARMLINE_ACTIONS")
        return
    try:
        reached = asyncio.run(_reach(settings.actions))
    except FileMistakeError as error:
        yield Finding("actions", False, "unusable", str(error.fields["reason"]))
        return
    for name, count, why_not in reached:
        yield Finding("actions", not why_not, f"{name}: {count} actions", why_not and f"not reached: {why_not}")


async def _reach(path: Path) -> list[tuple[str, int, str]]:
    """Return each system with how many actions it has, and why it is not reached."""
    sheet = read_actions(path)
    service = await open_actions(sheet)
    await service.aclose()
    of = Counter(action.system for action in sheet.content.actions.values())
    return [(name, of[name], line.why_not) for name, line in service.lines.items()]


def _given_database(url: str) -> Finding:
    try:
        with psycopg.connect(url, connect_timeout=REACH_SECONDS) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0]
        return Finding("database", False, "WARMLINE_DATABASE_URL is out of reach", why)
    old = f"needs PostgreSQL {OLDEST_POSTGRES} or newer"
    return Finding("database", version >= OLDEST_POSTGRES, f"PostgreSQL {version}", old * (version < OLDEST_POSTGRES))


def _calendar(settings: Settings) -> Finding:
    unset = BusinessCalendar.from_hours(settings.hours_weekdays, settings.hours_weekends).unset_years(datetime.now(UTC))
    if not unset:
        return Finding("holidays", True, "known")
    years = ", ".join(map(str, unset))
    return Finding("holidays", None, f"{years} not published yet", "weekends count as usual until it is")
