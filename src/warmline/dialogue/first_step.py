"""The first thing to do, in an article's own words. Pure."""

from __future__ import annotations

import re

_BLOCKS = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"^\s*(?:\d+[.)、]|[-*+])\s+(.*)")


def first_step(answer: str) -> str:
    """Return an answer's opening words and, where a list of steps follows, the first of them."""
    blocks = [block.strip() for block in _BLOCKS.split(answer.strip()) if block.strip()]
    if not blocks:
        return ""
    lines = blocks[0].splitlines()
    lead = [line for line in lines if not _ITEM.match(line)]
    items = [found.group(1) for line in (*lines, *_lines_of(blocks, 1)) if (found := _ITEM.match(line))]
    return "\n\n".join([*(["\n".join(lead)] if lead else []), *items[:1]])


def opening_words(answer: str) -> str:
    """Return an answer's first paragraph."""
    return next((block.strip() for block in _BLOCKS.split(answer) if block.strip()), "")


def _lines_of(blocks: list[str], index: int) -> list[str]:
    return blocks[index].splitlines() if len(blocks) > index else []
