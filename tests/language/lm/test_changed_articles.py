"""The demo's articles, each with one thing changed as a careless or hostile model might: the check sees it.

`python -m tests.language.lm.test_changed_articles` counts over all articles and shows what is missed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from warmline.kit.console import say
from warmline.language.lm.faithful import find_fault

FOLDER = Path(__file__).parents[3] / "demo" / "articles"
EVERY = 7
"""Of the articles one in so many is tried in a run of the tests."""
TOLERATED = 0.01
"""Some changes mean the same (两次, 二次), some leave out what nothing turns on."""
Change = Callable[[str, random.Random], str]


def put(pattern: str, new: str | Callable[[re.Match[str], random.Random], str]) -> Change:
    """Change one of the places that match."""

    def change(text: str, luck: random.Random) -> str:
        places = list(re.finditer(pattern, text))
        if not places:
            return text
        at = luck.choice(places)
        return text[: at.start()] + (new if isinstance(new, str) else new(at, luck)) + text[at.end() :]

    return change


def add(chinese: str, english: str) -> Change:
    """Add a sentence."""
    return lambda text, _: text + (chinese if "。" in text else english)


def swap_numbers(text: str, luck: random.Random) -> str:
    """Let two numbers change places."""
    found = list(re.finditer(r"\d[\d,.]*\d|\d", text))
    pairs = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if a[0] != b[0]]
    if not pairs:
        return text
    a, b = luck.choice(pairs)
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def other(found: re.Match[str], luck: random.Random, among: str) -> str:
    return luck.choice([one for one in among if one != found[0]])


CHANGES: dict[str, Change] = {
    "a figure": put(r"(?m)(?<!^)\d(?!\d?[.)、]\s)", lambda found, luck: other(found, luck, "0123456789")),
    "a Chinese figure": put(
        r"[两三四五六七八九](?=[天个年次张万千百小位步])", lambda f, luck: other(f, luck, "三四五六七八九")
    ),
    "two numbers swapped": swap_numbers,
    "a day is a month": put(r"(?<=\d) ?个?工作日|(?<=\d )天|working days?", "个月"),
    "ten thousand are a hundred million": put(r"(?<=\d )万", "亿"),
    "at most is at least": put("最多|至多|不超过|最高", "至少"),
    "from is up to": put("以上", "以下"),
    "within is beyond": put("以下|以内", "以上"),
    "a day's is a month's": put("每天|每日|一天", "每月"),
    "a denial is gone": put(r"不(?=能|用|会|要|可|收|算)|没有|无需|\bnot |n't\b", ""),
    "a denial comes in": put(r"(?<!不)(?=可以|需要|收取|能在|支持)", "不"),
    "a denial in English": put(r"\b(?:can|will|do|is|are)\b", lambda found, _: found[0] + " not"),
    "can is cannot": put("可以", "无法"),
    "free is charged": put("免费|不收费", "收费"),
    "another button": put(r"(?<=“)[^”]{2,}(?=”)", "立即转账"),
    "a promise": add("我们保证马上为您处理好。", " We guarantee it will arrive immediately."),
    "a link": add("详见 chunhe-help.cc/x", " See chunhe-help.cc/x"),
    "a phone number": add("请拨打 95599。", " Call 95599."),
    "a name": add("请找王经理。", " Ask for Mr Wang."),
    "a condition is gone": put(r"(?<=。)[^。]*(?:不|免|元|%)[^。]*。", ""),
}


def articles() -> list[str]:
    return [path.read_text(encoding="utf-8").split("---\n", 2)[2].strip() for path in sorted(FOLDER.glob("*/*.md"))]


def tried(change: Change, every: int = 1) -> Iterator[tuple[str, str, str]]:
    """Yield each article with its changed one and the fault that was found."""
    luck = random.Random(37)
    for text in articles()[::every]:
        changed = change(text, luck)
        if changed != text:
            yield text, changed, find_fault(changed, text)


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_article_is_seen(name: str) -> None:
    found = [fault for _, _, fault in tried(CHANGES[name], EVERY)]
    assert found
    assert found.count("") <= max(1, TOLERATED * len(found))


def main() -> None:
    """Count over all articles."""
    total = missed = 0
    for name, change in CHANGES.items():
        found = list(tried(change))
        total, missed = total + len(found), missed + sum(not fault for _, _, fault in found)
        say(f"{name:36} {sum(bool(fault) for _, _, fault in found):5} of {len(found):5}")
        for text, changed, _ in [one for one in found if not one[2]][:3]:
            at = next(i for i, pair in enumerate(zip(text + " ", changed + " ", strict=False)) if pair[0] != pair[1])
            say(f"      {text[max(0, at - 12) : at + 12]!r} -> {changed[max(0, at - 12) : at + 12]!r}")
    say(f"{'all':36} {total - missed:5} of {total:5}")


if __name__ == "__main__":
    main()
