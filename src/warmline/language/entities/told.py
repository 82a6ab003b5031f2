"""What stands behind a word that tells of it: about closing an account, 换一点日元."""

import re
from collections.abc import Sequence

from warmline.language.entities.fold import fold

_LONGEST = 24
"""Characters of what is told; of English words four times as many."""
_END = (
    r"(?=[,，.。;；!！?？、\n]|$|请|麻烦|帮|行吗|可以吗|能不能|可不可以"
    r"|约个|预约|\b(?:please|on (?:mon|tues|wednes|thurs|fri|satur)day|tomorrow|today|next|this (?:week|afternoon)"
    r"|at \d)\b)"
)
_NOTHING = re.compile(r"(?:个|一下|点|些|一?张)?(?:事情?|业务|手续|时间|号|东西|it|that|this|something|a visit)?$")


def find_told(text: str, leads: Sequence[str]) -> str:
    """Return what is told behind the first of these words, as typed; a Chinese word, being a verb, is part of it.

    Empty where nothing is, or nothing that says what: 办个事.
    """
    folded = fold(text)
    for lead in leads:
        spelled = re.escape(fold(lead).text)
        pattern = (
            rf"\b{spelled} (?P<told>.{{3,{4 * _LONGEST}}}?) ?{_END}"
            if lead.isascii()
            else rf"(?P<told>{spelled}(?P<what>.{{1,{_LONGEST}}}?)){_END}"
        )
        for found in re.finditer(pattern, folded.text):
            what = found["told"] if lead.isascii() else found["what"]
            if not _NOTHING.fullmatch(what):
                return folded.words(*found.span("told")).strip()
    return ""
