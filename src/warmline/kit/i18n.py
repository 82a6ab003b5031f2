"""Sentences by key and language, written side by side in one YAML file per package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

LOCALES = ("zh-Hans", "zh-Hant", "en")
DEFAULT_LOCALE = "zh-Hans"


def pick_locale(wanted: str | None) -> str:
    """Map any language tag (`zh-TW`, `zh-HK`, `zh`, `en-GB`, `zh-Hant-HK`) to one of `LOCALES`."""
    tag = (wanted or "").replace("_", "-").lower()
    if tag.startswith("en"):
        return "en"
    if tag.startswith("zh") and any(part in tag for part in ("hant", "tw", "hk", "mo")):
        return "zh-Hant"
    return DEFAULT_LOCALE


@dataclass(frozen=True)
class Words:
    """The sentences of one package: `words.say("key", locale, name=value)`."""

    sentences: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, path: Path) -> Words:
        """Read a YAML file of `key: {locale: sentence}`; raise `ValueError` on a missing translation."""
        sentences = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, by_locale in sentences.items():
            missing = [locale for locale in LOCALES if not by_locale.get(locale)]
            if missing:
                raise ValueError(f"{path.name}: {key} has no {', '.join(missing)}")
        return cls(sentences)

    def say(self, key: str, locale: str, /, **values: object) -> str:
        """Return the sentence of `key` with `{name}` filled in."""
        return self.sentences[key][pick_locale(locale)].format(**values).strip()


def describe_moment(moment: datetime, now: datetime, zone: ZoneInfo, locale: str) -> str:
    """Say a moment as a person would: 今天 14:30, 明天（周二）09:00, tomorrow (Tue) 09:00."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    clock = f"{local:%H:%M}"
    if pick_locale(locale) == "en":
        weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
        near = {0: "today", 1: f"tomorrow ({weekday})"}
        return f"{near.get(days, f'{weekday} {local.day} {local:%B}')} at {clock}"
    traditional = pick_locale(locale) == "zh-Hant"
    week = "週" if traditional else "周"
    weekday = week + "一二三四五六日"[local.weekday()]
    near = {0: "今天 ", 1: f"明天（{weekday}）"}
    return f"{near.get(days, f'{local.month}月{local.day}日（{weekday}）')}{clock}"
