"""A correction taken apart: what it rejects and what is meant instead."""

import re
from functools import lru_cache
from typing import NamedTuple

from warmline.language.entities.fold import fold, load_words

_PIECE_RE = re.compile("@([A-Za-z]+)")
_LONGEST = 120
"""Characters of a text beyond which it is no mere correction."""


class _Rules(NamedTuple):
    patterns: tuple[re.Pattern[str], ...]
    not_meant: re.Pattern[str]
    not_rejected: re.Pattern[str]


@lru_cache(maxsize=512)
def split_correction(text: str) -> tuple[str, str] | None:
    """What is rejected (may be empty) and what is meant, as typed; `None` where nothing is put in place of something.

    不是信用卡，是储蓄卡 is ("信用卡", "储蓄卡"); a bare 不是信用卡 names nothing that is meant.
    """
    folded = fold(text)
    line = folded.text.replace("，", ",").rstrip()
    if len(line) > _LONGEST:
        return None
    rules = _rules()
    for pattern in rules.patterns:
        match = pattern.search(line)
        if not match or rules.not_meant.search(match["meant"]):
            continue
        rejected = match.groupdict().get("rejected") or ""
        if not rules.not_rejected.search(rejected):
            meant = folded.words(*match.span("meant")).strip()
            return folded.words(*match.span("rejected")).strip() if rejected else "", meant
    return None


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    lists = load_words("corrections")

    def spell(pattern: str) -> str:
        return _PIECE_RE.sub(lambda found: spell(lists["pieces"][found[1]]), pattern)

    patterns = tuple(re.compile(spell(p)) for p in lists["patterns"])
    return _Rules(patterns, re.compile(lists["not_meant"]), re.compile(lists["not_rejected"]))
