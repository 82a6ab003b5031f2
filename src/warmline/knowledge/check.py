"""`kb check`: what an editor should look at, from the articles alone. Pure; search is checked in `reach`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from warmline.knowledge import words
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import (
    AUDIENCES,
    CHANNELS,
    EN,
    ZH_HANS,
    ZH_HANT,
    Status,
    Variant,
    publish_problems,
)
from warmline.language.service import normalise

_NOISE_RE = re.compile(r"[\W_]+")


class Level(StrEnum):
    """`error`: customers get a wrong answer or none; `warning`: likely so; `info`: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


LEVELS = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}

_SAYINGS: dict[str, tuple[Level, tuple[str, str], tuple[str, str]]] = {
    "same_words": (
        Level.ERROR,
        ("两篇文章有同一句问法“{text}”", "two articles hold the same words “{text}”"),
        ("只留在真正回答它的那一篇", "keep them in the one that really answers them"),
    ),
    "unfit": (
        Level.ERROR,
        ("{place}{reason}", "{place}{reason}"),
        ("补好再发布", "mend it and publish again"),
    ),
    "unreachable": (
        Level.ERROR,
        (
            "自己的问法“{text}”搜不到这篇，先找到的是 {other}",
            "its own words “{text}” do not find it; {other} comes first",
        ),
        ("改写这句问法，或合并两篇", "reword them, or merge the two articles"),
    ),
    "overtaken": (
        Level.WARNING,
        ("自己的问法“{text}”先找到的是 {other}", "its own words “{text}” find {other} first"),
        ("让两篇的问法各说各的事", "make the questions of the two tell them apart"),
    ),
    "contested": (
        Level.WARNING,
        (
            "问法“{text}”更像 {other} 的“{nearest}”",
            "the words “{text}” are nearer to “{nearest}” of {other}",
        ),
        ("移到那一篇，或加上能区分的词", "move them there, or add the word that tells them apart"),
    ),
    "near_questions": (
        Level.WARNING,
        (
            "两篇的标准问几乎一样而答案不同：“{text}”和“{nearest}”",
            "nearly the same question, different answers: “{text}” and “{nearest}”",
        ),
        ("合并成一篇，或在问题里写清区别", "merge them, or say the difference in the question"),
    ),
    "expired": (
        Level.WARNING,
        ("已于 {day} 失效，不再回答顾客", "ended on {day} and answers no customer"),
        ("改日期，或下线", "change the date, or retire it"),
    ),
    "not_yet_valid": (
        Level.INFO,
        ("从 {day} 起才生效", "answers from {day} on"),
        ("不用处理；要提前就改日期", "nothing to do, unless it should start earlier"),
    ),
    "untranslated": (
        Level.INFO,
        ("{count} 篇没有{lang_name}", "{count} articles have no {lang_name} text"),
        ("先译问得最多的几篇", "translate the most asked first"),
    ),
    "review_needed": (
        Level.INFO,
        (
            "{count} 篇繁体文字未审校，目前由简体转换",
            "{count} Traditional texts await review; conversion serves instead",
        ),
        ("审校后标为 reviewed: yes", "review them and mark them reviewed: yes"),
    ),
    "variant_unused": (
        Level.WARNING,
        ("变体（{scope}）永远用不到：{reason}", "the variant for {scope} is never used: {reason}"),
        ("改正或删去", "correct or remove it"),
    ),
}  # fmt: skip

_REASONS = {
    "unknown_channel": ("没有这个渠道", "there is no such channel"),
    "unknown_audience": ("没有这个人群", "there is no such audience"),
    "same_as_main": ("与主答案相同", "it equals the main answer"),
    "no_text": ("没有这种语言的主答案", "the article has no main answer in its language"),
}
_LANGUAGE_NAMES = {
    EN: ("英文", "English"),
    ZH_HANT: ("繁体中文", "Traditional"),
    ZH_HANS: ("简体中文", "Simplified"),
}


@dataclass(frozen=True)
class Finding:
    """Something found, in which articles, and what to do about it."""

    code: str
    ids: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """How bad it is."""
        return _SAYINGS[self.code][0]

    def message(self, locale: str) -> str:
        """What was found, in the reader's language."""
        return words.phrase(_SAYINGS[self.code][1], locale, **self._spoken(locale))

    def advice(self, locale: str) -> str:
        """What to do."""
        return words.phrase(_SAYINGS[self.code][2], locale)

    def _spoken(self, locale: str) -> dict[str, Any]:
        told = dict(self.fields)
        if "lang" in told:
            told["lang_name"] = words.phrase(_LANGUAGE_NAMES[told["lang"]], locale)
        if self.code == "variant_unused":
            told["reason"] = words.phrase(_REASONS[told["reason"]], locale)
        if self.code == "unfit":
            told["reason"] = words.sentence(told["problem"], locale, limit=told["limit"])
            told["place"] = f"[{told['field']}{' ' + told['in_lang'] if told['in_lang'] else ''}] "
        return told


def check_articles(articles: Sequence[Incoming], today: date) -> list[Finding]:
    """Everything that needs no search; retired articles are passed over."""
    alive = [a for a in articles if a.status != Status.RETIRED]
    live = [a for a in alive if a.status == Status.PUBLISHED]
    found = [
        *_same_words(alive),
        *_unfit(live, today),
        *_dates(live, today),
        *_variants(alive),
        *_languages(live),
    ]
    return sort_findings(found)


def sort_findings(found: Sequence[Finding]) -> list[Finding]:
    """Worst first, then by kind and article."""
    return sorted(found, key=lambda f: (LEVELS[f.level], f.code, f.ids, str(f.fields.get("text"))))


def bare(text: str) -> str:
    """A text without punctuation and spaces, for comparing; text of nothing else stays as it is."""
    folded = normalise(text)
    return _NOISE_RE.sub("", folded) or folded


def _same_words(articles: Sequence[Incoming]) -> Iterator[Finding]:
    holders: dict[str, dict[str, str]] = defaultdict(dict)
    for one in articles:
        for text in one.content.texts:
            for line in (text.question, *text.similar):
                if line:
                    holders[bare(line)].setdefault(one.id, line)
    for ids in holders.values():
        if len(ids) > 1:
            yield Finding("same_words", tuple(sorted(ids)), {"text": next(iter(ids.values()))})


def _unfit(articles: Sequence[Incoming], today: date) -> Iterator[Finding]:
    for one in articles:
        for p in publish_problems(one.content, today):
            if p.code != "already_expired":
                fields = {"problem": p.code, "field": p.field, "in_lang": p.lang, "limit": p.limit}
                yield Finding("unfit", (one.id,), fields)


def _dates(articles: Sequence[Incoming], today: date) -> Iterator[Finding]:
    for one in articles:
        start, end = one.content.valid_from, one.content.valid_until
        if end and end < today:
            yield Finding("expired", (one.id,), {"day": end.isoformat()})
        elif start and start > today:
            yield Finding("not_yet_valid", (one.id,), {"day": start.isoformat()})


def _variants(articles: Sequence[Incoming]) -> Iterator[Finding]:
    for one in articles:
        for variant in one.content.variants:
            if reason := _useless(one, variant):
                scope = " + ".join(x for x in (variant.lang, variant.channel, variant.audience) if x)
                yield Finding("variant_unused", (one.id,), {"scope": scope, "reason": reason})


def _useless(one: Incoming, variant: Variant) -> str | None:
    text = one.content.text(variant.lang)
    if variant.channel and variant.channel not in CHANNELS:
        return "unknown_channel"
    if variant.audience and variant.audience not in AUDIENCES:
        return "unknown_audience"
    if text is None:
        return "no_text"
    broader = any(v != variant and v.lang == variant.lang and v.channel is None for v in one.content.variants)
    return "same_as_main" if variant.answer == text.answer and not broader else None


def _languages(articles: Sequence[Incoming]) -> Iterator[Finding]:
    missing = [a.id for a in articles if a.content.text(EN) is None]
    if missing:
        yield Finding("untranslated", tuple(missing), {"lang": EN, "count": len(missing)})
    unreviewed = [a.id for a in articles if (t := a.content.text(ZH_HANT)) and not t.reviewed]
    if unreviewed:
        yield Finding("review_needed", tuple(unreviewed), {"count": len(unreviewed)})
