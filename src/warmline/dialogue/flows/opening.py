"""Whether words ask for something to be done, or only about it. Pure."""

from __future__ import annotations

import re

from warmline.language.service import normalise

_WANTS = re.compile(
    r"帮我|帮忙|帮俺|替我|给我(?!打|说|讲)|我要|我想|俺要|想要|要办|需要办|麻烦|请(?:给|帮|把|马上)|赶紧|马上|立刻|现在就|唔该|我想|"
    r"\b(?:please|i want|i need|i'd like|i would like|can you|could you|help me|let me|for me)\b"
)
_ASKS_ABOUT = re.compile(
    r"怎么|怎样|咋|如何|多少|多久|几天|什么|啥|为什么|为何|哪里|哪儿|吗|嘛|么$|点样|边度|要不要|能不能|可不可以|是否|有没有|"
    r"\b(?:how|what|why|when|where|which|do i|does|is there|are there)\b"
)
_ASKED_FOR = re.compile(
    r"帮我|帮忙|帮俺|替我|给我(?!打|说|讲)|麻烦|请(?:给|帮|把|马上)|唔该|"
    r"\b(?:please|pls|can you|could you|help me|for me)\b"
)
_DO_IT = re.compile(r"^(?:can|could) you (?!tell|explain)")


def wants_done(text: str) -> bool:
    """Tell whether words ask for something to be done at once: 帮我激活 does, 怎么激活 asks how."""
    said = normalise(text)
    if _DO_IT.search(said):
        return True
    return bool(_WANTS.search(said)) and not _ASKS_ABOUT.search(said)


def asks_about(text: str) -> bool:
    """Tell whether words ask about something, whatever else they do."""
    return bool(_ASKS_ABOUT.search(normalise(text)))


def asks_only(text: str) -> bool:
    """Tell whether words ask about something and nobody to do it: 有违约金吗 does, 能帮我查一下吗 does not."""
    said = normalise(text)
    return bool(_ASKS_ABOUT.search(said)) and not _ASKED_FOR.search(said)
