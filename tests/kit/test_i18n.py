"""Every sentence exists in three languages, with the same names to fill in, and can be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
import yaml

import warmline
from warmline.kit.i18n import LOCALES, Words, describe_moment, pick_locale

HOUSE = Path(warmline.__file__).parent
FILES = sorted(HOUSE.rglob("words.yaml"))
FORBIDDEN = ("亲，", "亲~", "亲！", "您的来电对我们很重要", "祝您生活愉快")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_files_are_found() -> None:
    assert {"web", "routing", "dialogue"} <= {path.parent.name for path in FILES}


@each_file
def test_every_sentence_is_there_in_every_language_and_no_other(path: Path) -> None:
    words = Words.load(path)
    assert {tuple(sorted(by_locale)) for by_locale in words.sentences.values()} == {tuple(sorted(LOCALES))}


@each_file
def test_every_language_fills_in_the_same_names(path: Path) -> None:
    different = {
        key: [placeholders(by_locale[locale]) for locale in LOCALES]
        for key, by_locale in Words.load(path).sentences.items()
        if len({frozenset(placeholders(by_locale[locale])) for locale in LOCALES}) > 1
    }
    assert different == {}


@each_file
def test_every_sentence_can_be_said(path: Path) -> None:
    words = Words.load(path)
    for key, by_locale in words.sentences.items():
        for locale in LOCALES:
            said = words.say(key, locale, **dict.fromkeys(placeholders(by_locale[locale]), "X"))
            assert said
            assert said == said.strip()
            assert not [word for word in FORBIDDEN if word in said]


@each_file
def test_no_key_is_written_twice(path: Path) -> None:
    keys = [line.split(":")[0] for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    assert sorted(set(keys)) == sorted(keys)


def test_a_missing_translation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(yaml.safe_dump({"hello": {"zh-Hans": "您好", "en": ""}}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValueError, match="hello has no zh-Hant, en"):
        Words.load(path)


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-MO,zh;q=0.9", "zh-Hant"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("EN", "en"),
        ("fr-FR", "zh-Hans"),
        ("", "zh-Hans"),
        (None, "zh-Hans"),
    ],
)
def test_any_language_tag_leads_to_one_of_ours(wanted: str | None, locale: str) -> None:
    assert pick_locale(wanted) == locale


def test_names_are_filled_in_and_braces_in_them_stay() -> None:
    words = Words({"hello": {"zh-Hans": "您好，{name}。", "zh-Hant": "您好，{name}。", "en": "Hello, {name}."}})
    assert words.say("hello", "zh-TW", name="{陈}曦") == "您好，{陈}曦。"


@pytest.mark.parametrize(
    ("days", "zh", "hant", "en"),
    [
        (0, "今天 10:30", "今天 10:30", "today at 10:30"),
        (1, "明天（周二）10:30", "明天（週二）10:30", "tomorrow (Tue) at 10:30"),
        (4, "11月27日（周五）10:30", "11月27日（週五）10:30", "Fri 27 November at 10:30"),
    ],
)
def test_a_moment_is_said_as_a_person_would(days: int, zh: str, hant: str, en: str) -> None:
    moment = MONDAY + timedelta(days=days, minutes=30)
    said = [describe_moment(moment, MONDAY, SHANGHAI, locale) for locale in LOCALES]
    assert said == [zh, hant, en]


def test_the_day_changes_at_the_banks_midnight() -> None:
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    assert describe_moment(late + timedelta(minutes=1), late, SHANGHAI, "en") == "tomorrow (Tue) at 00:00"
