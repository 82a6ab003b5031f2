"""A correction taken apart: what it rejects and what is meant instead."""

import re
from functools import lru_cache

from warmline.language.entities.fold import Folded, fold

_NOT = "(?:不是|不系|唔系|并非|冇系)"
_IS = "(?:而是|应该是|应当是|是|系)"
_X = r"(?P<rejected>[^,.;!?。、\n]{1,24}?)"
_Y = r"(?P<meant>[^,.;!?。、\n]{1,30}?)"
_GAP = r"[,，;。. 、!]{0,2}"
_TAIL = r"(?:吧|啊|呀|啦|哦|哈|才对|的|谢谢)?[.。!,]?$"
_OOPS = r"(?:我?(?:刚才|刚刚)?(?:说|讲|打|写|输|填|选|按|弄|搞|记|报)(?:错|反)(?:了|咗|字)?|不对|错了|(?:不是|不系|唔系|不)(?=[,，。. ])|唔啱|不不)"
_PLAIN = r"(?!(?:i|i'm|im|i'd|is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|may|might|must|but|should|it|still|rather|if|why|there|not)\b)[\w'.$¥/-]{1,16}"
_PATTERNS = tuple(
    re.compile(p)
    for p in (
        rf"(?:^|[,。.])(?:那|嗯|哦|我)?{_OOPS}{_GAP}(?:我?(?:说的)?{_IS}){_Y}{_GAP}(?:而)?{_NOT}{_X}{_TAIL}",
        rf"^(?:那|嗯|哦|我说的|我要的)?{_NOT}{_X}{_GAP}(?:我?(?:要的|说的)?{_IS}|我要){_Y}{_TAIL}",
        rf"^(?:那|嗯|哦|我说的|我要的)?{_IS}{_Y}{_GAP}(?:而)?{_NOT}{_X}{_TAIL}",
        rf"^(?:那|嗯|哦|不好意思,?|对不起,?|抱歉,?)?{_OOPS}{_GAP}(?:我?(?:说的|指的|要的|的意思)?{_IS}){_Y}{_TAIL}",
        rf"^(?:那|嗯|哦|不好意思,?|对不起,?|抱歉,?)?(?:我?(?:刚才|刚刚)?(?:说|讲|打|写|输|填|选|按)(?:错|反)(?:了|咗)?|不对|错了)[,。. ]{_Y}{_TAIL}",
        rf"^(?:那|嗯|哦)?(?:应该是|应当是)(?P<meant>(?!已经|给|可以|没|我)[^,.;!?。、\n]{{1,12}}?)(?<![了的]){_TAIL}",
        rf"^(?:那|嗯|哦)?(?:我是说|我说的是|我指的是|我的意思是|更正一下,?是?|其实是){_Y}{_TAIL}",
        rf"^(?:那|嗯|哦|还是|请)?(?:给我|帮我)?(?:改成|改为|换成|改做|换做|改作){_Y}{_TAIL}",
        rf"^(?:no,? |sorry,? |oops,? )*(?:i (?:said|meant) )?not {_X}(?:, ?|,? but |,? it'?s |,? i mean(?:t)? ){_Y}[.!]?$",
        rf"^(?:(?:no|sorry|oops),? )*(?:it'?s |it should be |i meant? |actually,? |make it )?(?P<meant>(?!not )(?:{_PLAIN} ){{0,2}}{_PLAIN}),? (?:not|instead of|rather than) {_X}[.!]?$",
        rf"^(?:(?:no|nope|sorry|oops|wait|that'?s wrong|wrong|my mistake|typo)[,.!;]? ?)*(?:i (?:meant?|said)(?: to say)? |actually,? (?:it'?s |i meant? |make it )?|it should(?: be| have been) |make (?:it|that) |change (?:it|that) to |correction[:,]? ){_Y}(?: instead)?[.!]?$",
        rf"^(?:(?:no|nope|wrong|that'?s wrong|that'?s not it|my mistake|typo)[,.!;] ?)+(?:it'?s |it is |i want )?{_Y}[.!]?$",
        r"^no (?:it'?s |it is )?(?P<meant>(?:the|my) [^,.?!]{1,30})[.!]?$",
    )
)
_NO_MEANING_RE = re.compile(
    r"[吗么?？]|多少|怎么|什么|为啥|哪|还是|^不|^说|^因为|^很|^太|^否|(?:^|\b)(?:what|how|why|when|thanks|thank|please|sorry|idea|way|need|never|don't|i don't|not)\b|^谢"
)
_NO_REJECTED_RE = re.compile(
    r"^(?:不|很|太|说|因为|想|我不|to\b|[这那]$|that|bad|sure|really|now|yet|idea)|[吗么?？]|什么|怎么|多少|哪"
)


@lru_cache(maxsize=512)
def split_correction(text: str) -> tuple[str, str] | None:
    """What is rejected (may be empty) and what is meant, as typed; `None` where nothing is put in place of something.

    不是信用卡，是储蓄卡 is ("信用卡", "储蓄卡"); a bare 不是信用卡 names nothing that is meant.
    """
    folded = fold(text)
    shown = folded.text.replace("，", ",").strip()
    offset = folded.text.replace("，", ",").find(shown)
    if not shown or len(shown) > 120:
        return None
    for pattern in _PATTERNS:
        match = pattern.search(shown)
        if match and _is_sound(match):
            rejected = match.groupdict().get("rejected")
            return _typed(folded, match, "rejected", offset) if rejected else "", _typed(folded, match, "meant", offset)
    return None


def _is_sound(match: re.Match[str]) -> bool:
    rejected = match.groupdict().get("rejected") or ""
    return not _NO_MEANING_RE.search(match["meant"]) and not _NO_REJECTED_RE.search(rejected)


def _typed(folded: Folded, match: re.Match[str], name: str, offset: int) -> str:
    return folded.words(match.start(name) + offset, match.end(name) + offset).strip()
