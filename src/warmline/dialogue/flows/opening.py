"""Whether words ask for something to be done, or only about it. Pure."""

from __future__ import annotations

import re

from warmline.language.service import asks, normalise

_WANTS = re.compile(
    r"帮我|帮忙|帮俺|替我|给我(?!打|说|讲)|我要|我想|俺要|想要|要办|需要办|麻烦|请(?:给|帮|把|马上)|赶紧|马上|立刻|现在就|唔该|我想|"
    r"\b(?:please|i want|i need|i'd like|i would like|can you|could you|help me|let me|for me)\b"
)
_ASKED_FOR = re.compile(
    r"帮我|帮忙|帮俺|替我|给我(?!打|说|讲)|麻烦|请(?:给|帮|把|马上)|唔该|"
    r"\b(?:please|pls|can you|could you|help me|for me)\b"
)
_WHERE_TO = re.compile(r"(?:走?到|卡在|去)哪(?:一步|儿|里)?了")
"""What became of it is to be looked up: 查查钱到哪了."""
_DO_IT = re.compile(r"^(?:can|could) you (?!tell|explain)")


def wants_done(text: str) -> bool:
    """Tell whether words ask for something to be done at once: 帮我激活 does, 怎么激活 asks how."""
    said = normalise(text)
    if _DO_IT.search(said):
        return True
    return bool(_WANTS.search(said)) and not asks(_WHERE_TO.sub("", said))


def asks_only(text: str) -> bool:
    """Tell whether words ask about something and nobody to do it: 有违约金吗 does, 能帮我查一下吗 does not."""
    said = normalise(text)
    return asks(said) and not _ASKED_FOR.search(said)
