"""Promises in what is said: against labelled lines, and what may never happen whatever is said."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.casework.extract import Said, extract
from warmline.conversation.events import AuthorKind
from warmline.kit.calendar import BusinessCalendar

LINES = Path(__file__).parents[1] / "data" / "promises.jsonl"
SAID_AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""
CALENDAR = BusinessCalendar.from_hours(weekdays="08:30-21:00", weekends="09:00-18:00")
BY = [AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT, AuthorKind.ASSISTANT]


def labelled(part: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["part"] == part]


def read(text: str, author: AuthorKind = AuthorKind.AGENT, said_at: datetime = SAID_AT) -> list[str]:
    """Return by when what was promised, a day for one of which any moment will do."""
    return [_spell(said) for said in extract(text, author, said_at, CALENDAR)]


def _spell(said: Said) -> str:
    if said.whole_day:
        return (said.due_at - timedelta(seconds=1)).date().isoformat()
    return said.due_at.isoformat()[:16]


@pytest.mark.parametrize("line", labelled("seen"), ids=lambda line: line["text"][:30])
def test_lines_the_patterns_were_written_with_are_read_exactly(line: dict[str, Any]) -> None:
    assert sorted(read(line["text"], AuthorKind(line["author"]))) == sorted(line["due"])


def test_lines_kept_aside_are_read_nearly_all() -> None:
    hits = wrong = missed = 0
    for line in labelled("blind"):
        found, wanted = set(read(line["text"], AuthorKind(line["author"]))), set(line["due"])
        hits, wrong, missed = hits + len(found & wanted), wrong + len(found - wanted), missed + len(wanted - found)
    assert hits + missed >= 60
    assert hits / (hits + wrong) >= 0.95
    assert hits / (hits + missed) >= 0.95


@pytest.mark.parametrize("author", [AuthorKind.CUSTOMER, AuthorKind.HELPER, AuthorKind.SYSTEM])
def test_who_is_not_of_the_bank_promises_nothing(author: AuthorKind) -> None:
    assert read("明天上午十点给您回电", author) == []


def test_the_words_are_the_clause_as_it_was_typed() -> None:
    found = extract("陳女士您好！我聽明白了，明天上午十點給您回電。", AuthorKind.AGENT, SAID_AT, CALENDAR)
    assert [said.words for said in found] == ["明天上午十點給您回電"]


def test_working_days_go_around_weekends_and_holidays() -> None:
    before_national_day = datetime(2026, 9, 29, 10, 0, tzinfo=SAID_AT.tzinfo)
    assert read("三个工作日内退给您", said_at=before_national_day) == ["2026-10-09"]
    assert read("四个工作日内退给您", said_at=before_national_day) == ["2026-10-10"], "a Saturday that is worked"


def test_what_is_past_by_now_is_no_promise() -> None:
    assert read("我今天上午九点给您打电话") == []
    assert read("我昨天给您回电") == []


@given(st.text(max_size=300), st.sampled_from(BY))
def test_whatever_is_said_every_promise_lies_ahead_and_has_words(text: str, author: AuthorKind) -> None:
    for said in extract(text, author, SAID_AT, CALENDAR):
        assert said.due_at > SAID_AT
        assert said.words.strip()


PIECES = "明天|上午|十点|给您|回电|三|个工作日|内|我|退|，|。|？|24小时|周五|前|I'll |by |Friday "


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=60))
def test_words_of_promises_in_any_order_are_read_without_a_fault(words: list[str]) -> None:
    for said in extract("".join(words), AuthorKind.AGENT, SAID_AT, CALENDAR):
        assert said.due_at > SAID_AT


LONG = ["一" * 20_000, "明天" * 10_000, "我，" * 10_000, "我明天给您回电，" * 2_500, "1" * 20_000, "a " * 10_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_messages_are_read_in_time(text: str) -> None:
    began = time.process_time()
    extract(text, AuthorKind.AGENT, SAID_AT, CALENDAR)
    assert time.process_time() - began < 1
