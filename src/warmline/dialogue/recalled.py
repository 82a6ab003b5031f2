"""Earlier contacts in words: how often, on which days, and the promise that was made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Protocol

from warmline.dialogue.earlier import CALLBACK, Recall
from warmline.dialogue.flows.expressions import STYLES
from warmline.kit.i18n import pick_locale

COUNTED = 4
"""So many times are said in a word."""


class Say(Protocol):
    """Says a sentence by its key."""

    def __call__(self, key: str, locale: str, **values: object) -> str: ...


def say_recall(say: Say, recall: Recall, now: datetime, zone: tzinfo, locale: str) -> str:
    """Return the sentence owed to who comes again with the same matter."""
    promise, today = recall.promise, now.astimezone(zone).date()
    days = say_days([one.astimezone(zone).date() for one in recall.days], today, locale)
    count = recall.count
    times = say(f"times_{count}" if count <= COUNTED else "times_more", locale)
    if promise is None or (promise.kind == CALLBACK and not promise.broken):
        return say("earlier_seen", locale, days=days, times=times)
    due = promise.due.astimezone(zone).isoformat()
    if promise.kind == CALLBACK:
        return say("earlier_no_call", locale, days=days, times=times, when=STYLES["moment"](due, locale))
    key = "earlier_broken" if promise.broken else "earlier_awaited"
    return say(key, locale, days=days, times=times, when=STYLES["day"](due, locale))


def say_days(days: Sequence[date], today: date, locale: str) -> str:
    """Say days as a person would: 11月24日、昨天; on 24 November and yesterday."""
    english = pick_locale(locale) == "en"
    said = list(dict.fromkeys(_say_day(day, (today - day).days, english=english) for day in days))
    if not english:
        return "、".join(said)
    return " and ".join([part for part in (", ".join(said[:-1]), said[-1]) if part])


def _say_day(day: date, ago: int, *, english: bool) -> str:
    near = {0: ("今天", "today"), 1: ("昨天", "yesterday")}.get(ago)
    if near is not None:
        return near[english]
    return f"on {day.day} {day:%B}" if english else f"{day.month}月{day.day}日"
