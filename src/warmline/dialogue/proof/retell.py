"""A counter-example for whoever edits flows: what the proof notes in English, in Chinese words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.in_words import name_of, say_value

Both = Mapping[str, tuple[str, str]]
"""Simplified and Traditional words by what the proof writes."""
SMALL: Both = {
    "greeting": ("问好", "問好"), "thanks": ("谢谢", "謝謝"), "goodbye": ("再见", "再見"),
    "emoji": ("一个表情", "一個表情"),
    "robot": ("你是不是机器人", "你是不是機器人"), "about": ("你能做什么", "你能做什麼"), "empty": ("空话", "空話"),
    "digits": ("一串数字", "一串數字"), "deny": ("不", "不"), "abuse": ("骂人的话", "罵人的話"),
}  # fmt: skip
ACTS: Both = {
    "cancel": ("算了", "算了"), "correct": ("不对", "不對"), "repeat": ("再说一遍", "再說一遍"),
    "wait": ("等一下", "等一下"), "resume": ("接着刚才的", "接著剛才的"),
    "unavailable": ("手边没有", "手邊沒有"), "done": ("弄好了", "弄好了"),
    "dont know": ("不知道", "不知道"),
}  # fmt: skip
YES: Both = {"yes": ("是", "是"), "no": ("不", "不")}


def retell(what: str, locale: str, flow: f.Flow | None) -> str:
    """Return a line of a counter-example in the reader's language; as it is where there are no words for it."""
    if locale == "en":
        return what
    for pattern, words in _patterns():
        found = pattern.fullmatch(what)
        if found:
            said = {key: _part(key, value, locale, flow) for key, value in found.groupdict().items() if value}
            return words[locale].format(**said)
    return what


def _part(key: str, value: str, locale: str, flow: f.Flow | None) -> str:
    at = ("zh-Hans", "zh-Hant").index(locale)
    if key in ("fills", "before"):
        return "；".join(retell_pair(one, locale, flow) for one in value.split(", "))
    if key == "rest":
        return retell(value, locale, flow)
    if key == "flow":
        return flow.title.say(locale) if flow and flow.flow == value else value
    if key in ("slot", "name", "twin"):
        return name_of(value, flow, locale) if flow else value
    known = {"kind": SMALL, "act": ACTS, "yes": YES}.get(key, {})
    return known[value][at] if value in known else value


def retell_pair(pair: str, locale: str, flow: f.Flow | None) -> str:
    """Return `freeze=yes` in words, or what else was so before."""
    name, equals, value = pair.partition("=")
    if not equals or flow is None:
        return retell(pair, locale, flow)
    return f"{name_of(name, flow, locale)}：{say_value(name, value, flow, locale)}"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    rows = yaml.safe_load(Path(__file__).with_name("retell.yaml").read_text(encoding="utf-8"))
    return tuple((re.compile(pattern), {"zh-Hans": hans, "zh-Hant": hant}) for pattern, hans, hant in rows)
